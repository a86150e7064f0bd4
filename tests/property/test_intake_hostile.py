"""Whatever bytes come in: an error that says so, or records and rejects; no crash, no silent loss."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import InvalidInput
from intake_help import Asked, Outcome, read_asked, read_list

MAPPING = 'schema = "Person"\nid = "id"\n[columns]\nname = "name"\n"born" = "birthDate"\n'
_ROWS = 30


def _ftm(number: int) -> str:
    return json.dumps({"id": f"r{number}", "schema": "Person", "properties": {"name": ["N A"]}})


_LISTS = {
    "ftm": [_ftm(number) for number in range(_ROWS)],
    "stolen-documents": [
        "issuing_state,document_type,number,number_to,status,reported_on",
        *(f"UTO,P,N{1000 + n},,stolen,2024-01-02" for n in range(_ROWS)),
    ],
    "csv": ["id,name,born", *(f"r{n},Nadir Arvandi,1965-03-02" for n in range(_ROWS))],
}
_QUERIES = {
    "lines": [json.dumps({"id": f"q{n}", "properties": {"name": ["N A"]}}) for n in range(_ROWS)],
    "table": ["id,name,born", *(f"q{n},Nadir Arvandi,1965" for n in range(_ROWS))],
    "paxlst": [
        "UNH+1+PAXLST:D:02B:UN:IATA'",
        *(f"NAD+FL+++ARVANDI{chr(65 + n % 26)}:NADIR'" for n in range(_ROWS)),
        "UNT+32+1'",
    ],
}
_JUNK = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=40).map(lambda piece: piece * 50),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=80).map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.sampled_from([b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00" * 64]),
)
_LINE_JUNK = _JUNK.map(lambda junk: junk.replace(b"\n", b" "))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _read(kind: str, data: bytes) -> Outcome | None:
    """Return what the reader made of it, or None when it was refused whole."""
    with _folder() as folder:
        try:
            return read_list(kind, data, folder, mapping=MAPPING if kind == "csv" else None)
        except InvalidInput:
            return None


def _ask(data: bytes) -> Asked | None:
    with _folder() as folder:
        try:
            return read_asked(data, folder, "asked.data")
        except InvalidInput:
            return None


def _bytes(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _is_writable(outcome: Outcome | Asked) -> bool:
    """Tell whether all that came out can be written to a file."""
    records = outcome.records if isinstance(outcome, Outcome) else outcome.queries
    return all(json.dumps(record.to_json(), ensure_ascii=False).encode() for record in records)


@pytest.mark.parametrize("kind", sorted(_LISTS))
@given(data=_JUNK)
def test_junk_is_refused_or_gives_nothing_unwritable(kind, data):
    """Random bytes, marks of other encodings, zeros."""
    outcome = _read(kind, data)

    assert outcome is None or _is_writable(outcome)


@given(
    data=_JUNK, start=st.sampled_from(["{", "UNA:+.? 'UNB+", "UNH+1+PAXLST'NAD+FL+++", "name\n"])
)
def test_junk_behind_a_good_beginning_is_no_crash(data, start):
    """Each format of queries is entered, and left in order."""
    asked = _ask(start.encode() + data)

    assert asked is None or _is_writable(asked)


@pytest.mark.parametrize("kind", sorted(_LISTS))
@given(cut=st.integers(0, 3000))
def test_a_list_cut_anywhere_gives_every_whole_row(kind, cut):
    """The last row may be lost, and then it is told; the others may not."""
    whole = _bytes(_LISTS[kind])
    data = whole[: min(cut, len(whole))]
    has_header = kind != "ftm"
    rows = max(0, data.count(b"\n") - has_header)

    outcome = _read(kind, data)

    if outcome is None:
        assert rows == 0
    else:
        assert rows <= len(outcome.records) <= rows + 1


@pytest.mark.parametrize("kind", sorted(_LISTS))
@given(share=st.floats(0.2, 0.99))
def test_a_packed_list_that_is_cut_off_says_so(kind, share):
    """What could be unpacked is kept."""
    packed = gzip.compress(_bytes(_LISTS[kind] * 200 if kind == "ftm" else _LISTS[kind]))

    outcome = _read(kind, packed[: int(len(packed) * share)])

    if outcome is not None:
        assert any("cut off" in reject.reason for reject in outcome.rejects)


@pytest.mark.parametrize("kind", sorted(_LISTS))
@given(junk=_LINE_JUNK, place=st.integers(2, _ROWS - 1))
def test_a_line_of_junk_costs_no_other_row(kind, junk, place):
    """Open quotes, zeros, broken encodings: the rows around it are all there."""
    lines = [line.encode() for line in _LISTS[kind]]
    sound = _read(kind, _bytes(_LISTS[kind]))
    assert sound is not None
    expected = {record.id for record in sound.records}
    lines[place:place] = [junk]

    outcome = _read(kind, b"\n".join(lines) + b"\n")

    assert outcome is not None
    assert expected <= {record.id for record in outcome.records}
    assert _is_writable(outcome)


@pytest.mark.parametrize("kind", ["lines", "table"])
@given(junk=_LINE_JUNK, place=st.integers(2, _ROWS - 1))
def test_a_line_of_junk_costs_no_other_query(kind, junk, place):
    """A traveller must not be lost because the one before was damaged."""
    lines = [line.encode() for line in _QUERIES[kind]]
    lines[place:place] = [junk]

    asked = _ask(b"\n".join(lines) + b"\n")

    assert asked is not None
    assert {f"q{n}" for n in range(_ROWS)} <= {query.id for query in asked.queries}


@given(junk=_LINE_JUNK.map(lambda junk: junk.replace(b"?", b" ")), place=st.integers(1, _ROWS - 1))
def test_a_segment_of_junk_costs_no_other_traveller(junk, place):
    """As long as it does not end the message or hide the next terminator."""
    segments = [segment.encode() for segment in _QUERIES["paxlst"]]
    segments[place:place] = [b"FTX+" + junk.replace(b"'", b" ") + b"'"]

    asked = _ask(b"\n".join(segments) + b"\n")

    assert asked is not None
    assert len(asked.queries) == _ROWS


@given(data=st.binary(max_size=2000), size=st.integers(1, 50))
def test_the_cutter_does_not_depend_on_how_the_bytes_arrive(data, size):
    """In one piece or in many, the segments are the same."""
    from didban.intake.queries.edifact import read_segments

    message = b"UNA:+.? 'UNH+1+PAXLST'" + data
    pieces = [message[start : start + size] for start in range(0, len(message), size)]

    assert list(read_segments(pieces)) == list(read_segments([message]))
