from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from didban.guard import entries
from didban.guard.entries import FIRST_SEAL, Entry, Outcome

_texts = st.text(st.characters(codec="utf-8"), max_size=30)
_entries = st.builds(
    Entry,
    entry=st.integers(1, 10**9),
    at=_texts,
    who=_texts,
    purpose=st.none() | _texts,
    reference=_texts,
    command=_texts,
    snapshot=_texts,
    asked=st.integers(0, 10**9),
    matched=st.integers(0, 10**9),
    outcome=st.sampled_from(Outcome),
    run=st.none() | _texts,
    torn=st.none() | st.integers(1, 9),
)


@given(_entries)
def test_what_is_written_is_read_back(entry: Entry):
    """`read` is the inverse of `write`, and the seal covers the bytes that it gives."""
    raw, seal = entries.write(entry, FIRST_SEAL)
    line = entries.read(raw[:-1])

    assert line is not None
    assert (line.entry, line.seal) == (entry, seal)
    assert entries.seal_of(FIRST_SEAL, line.body) == seal


@given(_entries)
def test_an_entry_is_one_line(entry: Entry):
    """No text in an entry can begin another line."""
    raw, _ = entries.write(entry, FIRST_SEAL)

    assert raw.count(b"\n") == 1


@given(_entries, st.data())
def test_any_changed_byte_is_seen(entry: Entry, data: st.DataObject):
    """A line with one byte changed is no entry, or does not fit its seal."""
    raw, _ = entries.write(entry, FIRST_SEAL)
    body = bytearray(raw[:-1])
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    line = entries.read(bytes(body))

    assert line is None or line.seal != entries.seal_of(FIRST_SEAL, line.body)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_none(raw: bytes):
    """Reading never raises."""
    line = entries.read(raw)

    assert line is None or isinstance(line.entry, Entry)
