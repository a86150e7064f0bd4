"""The bytes of a segment: a change here needs a new version in its first sixteen bytes."""

from __future__ import annotations

import hashlib
import json
import struct
from io import BytesIO
from itertools import pairwise

import pytest

from didban.match.index.building import SegmentBuilder
from didban.match.index.layers import Layer
from didban.match.index.segments import Segment, SegmentWriter
from didban.model.documents import Document
from didban.model.records import Record
from specimens import passport, person

HEADER = struct.Struct("<16sQQ16s")
SECTIONS = {
    "birth_key": "I", "birth_record": "I",
    "document_key": "Q", "document_record": "I",
    "form_codes": "B", "form_length": "B", "form_mask": "I", "form_token": "I",
    "form_unvocalised": "B", "form_weight": "H",
    "id_hash": "Q", "id_record": "I",
    "key": "Q", "key_form": "I", "length_start": "I",
    "name_organised": "B", "name_quality": "B", "name_record": "I", "name_start": "I", "name_token": "I",
    "name_at": "I", "apart_name": "I", "apart_text": "B", "apart_text_start": "Q",
    "posting": "I", "posting_start": "I", "single_name": "I", "single_start": "I",
    "range_high": "Q", "range_key": "Q", "range_low": "Q",
    "range_reach": "Q", "range_record": "I",
    "record_class": "H", "record_json": "B", "record_start": "Q", "record_years": "H",
    "token_class": "H", "token_frequency": "I", "token_initial": "B", "token_rarity": "B",
    "token_text": "B", "token_text_start": "I",
}  # fmt: skip


@pytest.fixture
def written() -> bytes:
    """Return the segment of three invented records."""
    file = BytesIO()
    builder = SegmentBuilder(file)
    builder.add(person("Ali Karimi", alias="علی کریمی", id="p1", birthDate="1965"))
    builder.add(person("Zoltan", id="p2", documents=(passport(),), referents=("old",)))
    blanks = Document(number="A001", number_to="A900", issuer="uto")
    builder.add(person("", id="d1", schema="Passport", documents=(blanks,)))
    builder.finish({"note": "kept"})
    return file.getvalue()


def test_the_header_points_to_a_table_and_bears_its_digest(written):
    """Sixteen bytes of name and version, two numbers, sixteen bytes of digest."""
    magic, start, length, digest = HEADER.unpack_from(written)

    assert magic == b"DIDBAN-SEGMENT\x00\x03"
    assert start + length == len(written)
    assert digest == hashlib.blake2b(written[start:], digest_size=16).digest()


def test_the_table_names_every_section_with_its_item_type(written):
    """What the kernels and the other readers of a segment rely on."""
    table = json.loads(written[HEADER.unpack_from(written)[1] :])

    assert {name: item for name, (_, _, item) in table["sections"].items()} == SECTIONS
    assert table["meta"]["note"] == "kept"
    assert table["meta"]["classes"] == [[1, ["invented"], 2], [7, ["invented"], 1]]


def test_sections_are_aligned_and_do_not_overlap(written):
    """Each begins at a multiple of 64 bytes, behind the one before."""
    table = json.loads(written[HEADER.unpack_from(written)[1] :])
    places = sorted((offset, size) for offset, size, _ in table["sections"].values())

    assert all(offset % 64 == 0 for offset, _ in places)
    assert all(a + size <= b for (a, size), (b, _) in pairwise(places))
    assert places[0][0] >= HEADER.size


def test_offsets_and_numbers_of_a_segment_fit_together(written):
    """Every start begins at 0 and ends with the size of what it points into."""
    segment = Segment(written, "a test")

    for starts, rows in {
        "posting_start": len(segment["posting"]) // 3,
        "single_start": len(segment["single_name"]),
        "name_start": len(segment["name_token"]),
        "apart_text_start": len(segment["apart_text"]),
        "token_text_start": len(segment["token_text"]),
        "record_start": len(segment["record_json"]),
        "length_start": len(segment["form_length"]),
    }.items():
        offsets = list(segment[starts])
        assert offsets == sorted(offsets), starts
        assert (offsets[0], offsets[-1]) == (0, rows), starts
    assert len(segment["form_codes"]) == 16 * len(segment["form_length"])
    assert len(segment["key"]) == len(segment["key_form"])
    assert list(segment["id_hash"]) == sorted(segment["id_hash"])


def test_records_stand_in_it_as_plain_json(written):
    """Who has only this file and no Didban can still read what it says."""
    segment = Segment(written, "a test")
    start = segment["record_start"]

    first = json.loads(bytes(segment["record_json"][start[0] : start[1]]))

    assert first["id"] == "p1"
    assert first["properties"]["alias"] == ["علی کریمی"]


def test_the_same_records_make_the_same_bytes(written):
    """No clock, no hash seed, no order of sets enters."""
    again = BytesIO()
    builder = SegmentBuilder(again)
    for record in _records(written):
        builder.add(record)
    builder.finish({"note": "kept"})

    assert again.getvalue() == written


def test_a_section_written_in_pieces_is_one_section():
    """Records go to the file one by one."""
    file = BytesIO()
    writer = SegmentWriter(file)
    writer.begin("pieces")
    writer.append(b"one ")
    writer.append(b"two")
    assert writer.read_back(4, 3) == b"two"
    writer.write("whole", b"three")
    writer.finish({})

    segment = Segment(file.getvalue(), "a test")

    assert bytes(segment["pieces"]) == b"one two"
    assert bytes(segment["whole"]) == b"three"


def _records(written: bytes) -> list[Record]:
    return list(Layer(Segment(written, "a test")).records())
