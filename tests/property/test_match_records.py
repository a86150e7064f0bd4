"""Whatever a list says of somebody comes out of a snapshot as it went in."""

from __future__ import annotations

from io import BytesIO

from hypothesis import example, given
from hypothesis import strategies as st

from didban.match.documents import number_key
from didban.match.features import names_of
from didban.match.index.building import SegmentBuilder
from didban.match.index.layers import Layer
from didban.model.documents import Document
from didban.model.records import Record
from specimens import person

ANY_TEXT = st.text(st.characters(), max_size=30)  # with lone surrogates, which JSON may hold
SCHEMATA = st.sampled_from(["Person", "Organization", "Vessel", "Passport", "Ownership", "Thing"])
PROPERTIES = st.sampled_from(
    [
        "name",
        "alias",
        "weakAlias",
        "firstName",
        "lastName",
        "birthDate",
        "gender",
        "nationality",
        "passportNumber",
        "notes",
    ]
)
DOCUMENTS = st.builds(
    Document,
    number=ANY_TEXT | st.from_regex(r"[A-Z]{0,2}[0-9]{1,40}", fullmatch=True),
    issuer=st.none() | st.sampled_from(["uto", "xar", "gb"]),
    number_to=st.none() | ANY_TEXT | st.from_regex(r"[A-Z]{0,2}[0-9]{1,40}", fullmatch=True),
    status=st.none() | ANY_TEXT.filter(bool),
)
RECORDS = st.builds(
    Record,
    id=ANY_TEXT,
    schema=SCHEMATA,
    caption=ANY_TEXT,
    properties=st.dictionaries(PROPERTIES, st.lists(ANY_TEXT, max_size=3).map(tuple), max_size=5),
    documents=st.lists(DOCUMENTS, max_size=3).map(tuple),
    datasets=st.lists(ANY_TEXT, max_size=2).map(tuple),
    referents=st.lists(ANY_TEXT, max_size=2).map(tuple),
    first_seen=st.none() | st.dates().map(str),
)


@given(st.lists(RECORDS, max_size=6, unique_by=lambda record: record.id))
def test_a_record_comes_out_as_it_went_in(records):
    """In order, by number and by identifier, whatever characters it holds."""
    layer = Layer.of_records(records)

    assert list(layer.records()) == records
    for number, record in enumerate(records):
        assert layer.find(record.id) == number
        assert layer.record(number) == record


@given(st.lists(RECORDS, max_size=6, unique_by=lambda record: record.id))
@example([person('Ali "the Lion" Karimi'), person("Jan Kowal / Jan Kowalski", alias="Kowal")])
def test_a_name_comes_out_as_its_list_writes_it(records):
    """One that is a value of its record, one made of several, one of two in a value, and quotes."""
    layer = Layer.of_records(records)

    names = [layer.name(number).text for number in range(layer.names)]

    assert names == [name.text for record in records for name in names_of(record)]


@given(RECORDS)
def test_a_record_can_be_read_back_while_its_segment_is_written(record):
    """An update looks at what it has written itself."""
    builder = SegmentBuilder(BytesIO())
    builder.add(record)
    builder.add(record)

    assert builder.record(0) == builder.record(1) == record


@given(st.lists(RECORDS, max_size=6, unique_by=lambda record: record.id))
def test_a_document_finds_its_holders(records):
    """A number that is long enough to be looked up leads to the records that state it."""
    layer = Layer.of_records(records)

    for number, record in enumerate(records):
        for document in record.documents:
            found = layer.with_document(Document(number=document.number))
            if document.number_to is None and number_key(document.number) is not None:
                assert number in found
            assert found <= set(range(len(records)))


@given(
    st.lists(RECORDS, max_size=6, unique_by=lambda record: record.id),
    st.integers(0, 6),
    st.sets(st.integers(0, 5)),
)
def test_taking_over_layers_is_adding_their_records(records, first, dead):
    """To the byte, without what was withdrawn: referents, documents, ranges and all."""
    layers = [Layer.of_records(records[:first]), Layer.of_records(records[first:])]
    layers[0].withdraw(n for n in dead if n < layers[0].size)

    taken_over = Layer.of_layers(layers)

    left = [r for n, r in enumerate(records) if n not in dead or n >= layers[0].size]
    anew = Layer.of_records(left)
    assert dict(taken_over.segment.sections) == dict(anew.segment.sections)
    assert taken_over.segment.meta == anew.segment.meta
