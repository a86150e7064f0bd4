"""What goes between a node and its devices: read back as it was written, refused as what it is."""

from __future__ import annotations

import lzma
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import Malformed
from didban.model.exchange.envelopes import Envelope
from didban.model.records import Record
from didban.screening.devices import frames
from didban.screening.devices.packages import RECORDS_IN_PART, Package, Part, parts_of

_ENVELOPES = st.builds(
    Envelope,
    header=st.binary(max_size=200),
    key=st.text(st.characters(codec="ascii"), max_size=40),
    signature=st.binary(min_size=64, max_size=64),
    body=st.none() | st.binary(max_size=300),
)
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
_RECORDS = st.builds(
    lambda key, name: Record(id=key, schema="Person", properties={"name": (name,)}),
    _TEXT,
    _TEXT,
)


@given(st.lists(_ENVELOPES, max_size=4), st.integers(min_value=1, max_value=900))
def test_envelopes_are_read_as_they_were_written_and_a_torn_end_is_told(envelopes, cut):
    """Whatever is cut off: what is whole before it is read, and where the rest begins is known."""
    whole = [frames.to_bytes(one) for one in envelopes]
    raw = b"".join(whole)
    assert list(frames.read(raw)) == envelopes

    torn, found = raw[: -min(cut, len(raw))] if raw else b"", []
    ends = None
    reading = frames.read(torn)
    try:
        while (one := next(reading, None)) is not None:
            found.append(one)
    except frames.CutOff as end:
        ends = end.at
    assert found == envelopes[: len(found)]
    assert ends in {None, sum(map(len, whole[: len(found)]))}


@given(st.lists(_RECORDS, max_size=5), st.lists(_TEXT, max_size=5))
def test_a_part_says_what_was_put_in(put, withdraw):
    """In any script."""
    part = Part(put=tuple(put), withdraw=tuple(withdraw))

    assert Part.from_bytes(part.to_bytes()) == part


@given(st.integers(0, 3 * RECORDS_IN_PART), st.integers(0, 2 * RECORDS_IN_PART))
def test_nothing_is_lost_between_parts_and_the_last_one_closes_them(put, withdraw):
    """However many there are."""
    edition = object()
    given_in: Any = (range(put), range(withdraw), edition)
    made: Any = list(parts_of(*given_in))

    assert [one for part in made for one in part.put] == list(range(put))
    assert [one for part in made for one in part.withdraw] == list(range(withdraw))
    assert [part.edition for part in made] == [None] * (len(made) - 1) + [edition]


@given(st.binary(max_size=400))
def test_foreign_bytes_are_malformed_and_nothing_worse(raw):
    """As a package, as a part, as a return."""
    for read in (Package.from_bytes, Part.from_bytes, lambda given: list(frames.read(given))):
        with suppress(Malformed):
            read(raw)


def test_a_part_that_swells_is_not_unpacked():
    """What is a few kilobytes on the line may be gigabytes in memory."""
    bomb = lzma.compress(b" " * 70_000_000, lzma.FORMAT_XZ, check=lzma.CHECK_NONE)

    with pytest.raises(Malformed):
        Part.from_bytes(bomb)
