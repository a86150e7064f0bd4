"""Whatever another node sends, reading it ends with a value or with `Malformed`."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import Malformed
from didban.model.exchange.envelopes import (
    MAX_DEPTH,
    MOST_EPOCHS,
    Envelope,
    Fields,
    Header,
    Place,
    Recipient,
)

MOST = 100_000
words = st.text(string.ascii_letters + string.digits + "-_.:é", min_size=1, max_size=40)
hashes = st.binary(min_size=32, max_size=32)
numbers = st.integers(min_value=0, max_value=2**53 - 1)
moments = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(
    lambda since: datetime(1990, 1, 1, tzinfo=UTC) + since
)
places = st.builds(Place, feed=words, epoch=st.integers(0, MOST_EPOCHS), seq=numbers, prev=hashes)
recipients = st.builds(Recipient, node=words, key=words, wrapped=st.binary(max_size=80))
headers = st.builds(
    Header,
    sender=words,
    kind=words,
    time=moments,
    place=st.none() | places,
    nonce=st.just(b"") | st.binary(min_size=16, max_size=16),
    record=st.none() | words,
    rev=st.none() | numbers,
    valid_until=st.none() | moments,
    handling=st.none() | words,
    recipients=st.lists(recipients, max_size=3).map(tuple),
    ciphertext=st.just(b"") | hashes,
    plaintext=st.just(b"") | hashes,
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(headers)
def test_a_header_is_read_as_it_was_written(header: Header):
    """Clause 4.1."""
    assert Header.from_bytes(header.to_bytes()) == header


@given(headers, st.data())
def test_a_changed_header_is_another_header_or_none(header: Header, data):
    """No flipped byte goes unseen: the bytes say the same, or something else, or nothing."""
    raw = bytearray(header.to_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = Header.from_bytes(bytes(raw))
    except Malformed:
        return
    assert found != header or found.to_bytes() != bytes(raw)


@given(st.binary(max_size=300) | plain.map(lambda one: json.dumps(one).encode()))
def test_arbitrary_bytes_are_no_header_and_break_nothing(raw: bytes):
    """Clause 2: `Malformed`, and never another error."""
    with pytest.raises(Malformed):
        Header.from_bytes(raw)
    with pytest.raises(Malformed):
        Envelope.from_json(raw)


@given(plain)
def test_what_we_write_others_may_read(content):
    """What is within clause 2.1 is read as it was written."""
    assert Fields.parsed(json.dumps(content).encode(), MOST) == content


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1,"\\u0061":2}',
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[9007199254740992]",
        b"[-9007199254740992]",
        b"[" + b"9" * 100_000 + b"]",
        b'["\\u0000"]',
        b'{"\\u0000":1}',
        b'["\\ud800"]',
        b'["\\udc00\\ud800"]',
        b'["\x00"]',
        b'["\xff"]',
        b'["\n"]',
        '["ö"]'.encode("utf-16"),
        '["ö"]'.encode("latin-1"),
        b"\xef\xbb\xbf[]",
        b"[1]x",
        b"",
        b"[" * 50_000,
        b'{"a":' * 40_000,
        b"[" * 33 + b"]" * 33,
        b"[]" + b" " * MOST,
    ],
)
def test_what_parsers_disagree_on_is_refused(raw: bytes):
    """Members twice, numbers that are none, depth, zero characters, other encodings, size."""
    with pytest.raises(Malformed):
        Fields.parsed(raw, MOST)


@pytest.mark.parametrize(
    "content",
    [
        [[[[]]] * 100] * 100,
        ["[" * 1000, '{"' * 1000, "\\" * 99 + '"'],
        ["\\u0000", "𐏑", "\\ud800"],
        [9007199254740991, -9007199254740991, 1.5e300],
        json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH),
    ],
)
def test_what_only_looks_like_it_is_taken(content):
    """Brackets within texts are no depth; a backslash before a u is no character."""
    assert Fields.parsed(json.dumps(content).encode(), MOST) == content
