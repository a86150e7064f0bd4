"""Words, descriptors and charters: what is written is read, and what was changed is found."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban import clock
from didban.errors import InvalidInput, PeerFault
from didban.exchange import descriptors, words
from didban.guard.crypto import dsse
from didban.guard.crypto.hpke import Suite
from didban.model.actors import Authority, AuthorityKind
from didban.model.exchange.charters import NetworkCharter
from didban.model.exchange.descriptors import Descriptor, NodeRole, OnlineKey, SealingKey
from didban.model.exchange.signed import Signed

ROOT = dsse.SigningKey.of("root", bytes(range(32)))
NOW = clock.now()
CODES = st.from_regex(r"[a-z]{3}(-[a-z]{1,8})?", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
TIMES = st.datetimes(datetime(2030, 1, 1), datetime(2034, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda moment: moment.replace(tzinfo=UTC)
)
KEYS = st.binary(min_size=32, max_size=32)


@st.composite
def said(draw) -> Descriptor:
    """Draw what a node might say of itself now."""
    code = draw(CODES)
    others = draw(st.lists(CODES.filter(lambda one: one != code), max_size=3, unique=True))
    authorities = tuple(
        Authority(
            code=one,
            name=draw(TEXTS),
            kind=draw(st.sampled_from(AuthorityKind)),
            country=draw(st.none() | CODES),
            groups=tuple(draw(st.lists(CODES, max_size=2))),
        )
        for one in (code, *others)
    )
    online = tuple(
        OnlineKey(
            id=f"key_{number}",
            public=draw(KEYS),
            valid_from=draw(TIMES),
            valid_until=draw(TIMES),
            compromised_since=draw(st.none() | TIMES),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    sealing = (
        SealingKey(id="seal", suite=Suite.X25519, public=draw(KEYS), valid_until=draw(TIMES)),
    )
    return Descriptor(
        node=code,
        version=draw(st.integers(1, 2**53 - 1)),
        role=draw(st.sampled_from(NodeRole)),
        root=ROOT.public,
        made_at=NOW,
        expires_at=NOW + timedelta(days=draw(st.integers(1, 396))),
        authorities=authorities,
        endpoints=tuple(draw(st.lists(st.just("https://x.example.org"), max_size=2))),
        online_keys=online,
        sealing_keys=sealing,
        log=draw(TEXTS),
        witness=draw(TEXTS),
        contact=draw(st.just("") | TEXTS),
        certificate=draw(st.just("") | TEXTS),
        is_training=draw(st.booleans()),
    )


@given(said())
def test_a_descriptor_reads_as_it_was_written(descriptor):
    """In the same bytes, which are what was signed."""
    signed = descriptors.sign(descriptor, ROOT)
    assert descriptors.read(signed) == descriptor
    assert Signed.from_json(json.loads(json.dumps(signed.to_json()))) == signed


@given(said(), st.data())
def test_any_changed_byte_of_a_descriptor_is_found(descriptor, data):
    """Of what is signed, and of the signature."""
    signed = descriptors.sign(descriptor, ROOT)
    place = data.draw(st.integers(0, len(signed.payload) + 63))
    [(name, signature)] = signed.signatures.items()
    both = bytearray(signed.payload + signature)
    both[place] ^= data.draw(st.integers(1, 255))
    cut = len(signed.payload)
    changed = Signed(payload=bytes(both[:cut]), signatures={name: bytes(both[cut:])})
    with pytest.raises(PeerFault):
        descriptors.read(changed)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["descriptors", "payload", "signatures", "node"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_file_holds_it_is_read_or_refused(raw):
    """Nothing else happens, and nothing is believed without a signature."""
    with pytest.raises(PeerFault):
        descriptors.chain([], descriptors.from_file(raw), NOW)
    with pytest.raises(PeerFault):
        NetworkCharter.from_bytes(raw)


@given(CODES, KEYS, st.integers(0, 12), st.sampled_from(words.WORDS))
def test_a_word_that_was_misheard_never_gives_the_same_words(code, root, place, other):
    """And hardly ever words that fit at all."""
    found = words.of(code, root)
    assert words.read(" ".join(found)) == found
    assert words.read("- ".join(found).upper()) == found
    heard = [*found[:place], other, *found[place + 1 :]]
    if other != found[place]:
        try:
            assert words.read(" ".join(heard)) != found
        except InvalidInput:
            return


@given(CODES, KEYS)
def test_a_word_that_was_left_out_is_found(code, root):
    """Wherever it stood."""
    found = words.of(code, root)
    for place in range(words.COUNT):
        with pytest.raises(InvalidInput):
            words.read(" ".join(found[:place] + found[place + 1 :]))


def test_words_are_hardly_mistaken_for_each_other():
    """256 of them, plain letters, none one letter away from another."""
    assert len(set(words.WORDS)) == 256
    assert list(words.WORDS) == sorted(words.WORDS)
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 9 for word in words.WORDS)
    assert [pair for pair in itertools.combinations(words.WORDS, 2) if _is_near(*pair)] == []


def _is_near(one: str, other: str) -> bool:
    """Return whether one letter more, less or different makes one word of the other."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    rest = short[same:] if len(long) > len(short) else short[same + 1 :]
    return long[same + 1 :] == rest
