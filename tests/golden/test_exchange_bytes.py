"""The bytes of the exchange do not change: keys, a descriptor, a feed in two epochs, a courier file.

`tests/golden/exchange/vectors.json` is for whoever writes another implementation: it has the private
keys too. After a deliberate change of the protocol: raise `VERSION` of the envelopes, and write the
file anew with `python tests/golden/test_exchange_bytes.py`. What is random in it (salts, content
keys, HPKE) is then another one; everything else is worked out again from the keys by this test.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from didban.exchange.epochs import Statement
from didban.guard.crypto import dsse, envelopes
from didban.guard.crypto.hpke import PrivateKey, Suite
from didban.model.actors import Authority, AuthorityKind
from didban.model.exchange.descriptors import Descriptor, NodeRole, OnlineKey, SealingKey
from didban.model.exchange.envelopes import Envelope, Header, Place
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.signed import Signed

GOLDEN = Path(__file__).with_name("exchange") / "vectors.json"
BEGUN, ENDS = datetime(2031, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC)
AT = datetime(2031, 5, 4, 10, 0, 0, 120, tzinfo=UTC)
ROOT = dsse.SigningKey.of("root", bytes(range(32)))
SIGNING = dsse.SigningKey.of("xar-sign-1", bytes(range(32, 64)))
XBO = PrivateKey("xbo-seal-1", Suite.HYBRID, bytes(range(64, 160)))
XCA = PrivateKey("xca-seal-1", Suite.X25519, bytes(range(160, 192)))
READERS = {"xbo": XBO, "xca": XCA}
FEED = "xar.fed_golden"


def said() -> list[tuple[Header, dict[str, Any] | None]]:
    """Return what is published: members, a record for both, something for no one, a new epoch."""

    def header(kind: Kind, seq: int, epoch: int = 1, **more: Any) -> Header:
        place = Place(feed=FEED, epoch=epoch, seq=seq, prev=bytes(32))
        return Header(sender="xar", kind=kind, time=AT, place=place, **more)

    record: dict[str, Any] = {
        "record": "rec_golden",
        "rev": 3,
        "handling": "H1",
        "valid_until": ENDS,
    }
    return [
        (header(Kind.MEMBERS, 1), {"readers": ["xbo", "xca"]}),
        (header(Kind.PUT, 2, **record), {"note": "ملاحظة – заметка"}),
        (header(Kind.RENEW, 3), None),
        (header(Kind.EPOCH, 3, 2), {}),
    ]


def statement(last: Envelope) -> Statement:
    """Return what the root key says of the second epoch."""
    return Statement(node="xar", feed=FEED, epoch=2, last_seq=2, last_hash=last.hash, made_at=AT)


def signed(payload: bytes, kind: str) -> Signed:
    """Return bytes under the root key."""
    return Signed(payload=payload, signatures={ROOT.id: ROOT.sign(kind, payload)})


def descriptor() -> Descriptor:
    """Return what the node says of itself."""
    about = Authority(
        code="xar",
        name="Arvand Border Police",
        kind=AuthorityKind.BORDER,
        country="XAR",
        groups=("coast",),
    )
    online = OnlineKey(id=SIGNING.id, public=SIGNING.public, valid_from=BEGUN, valid_until=ENDS)
    sealing = SealingKey(id=XCA.id, suite=XCA.suite, public=XCA.public.raw, valid_until=ENDS)
    return Descriptor(
        node="xar",
        version=1,
        role=NodeRole.MEMBER,
        root=ROOT.public,
        made_at=BEGUN,
        expires_at=ENDS,
        authorities=(about,),
        endpoints=("https://node.xar.example",),
        online_keys=(online,),
        sealing_keys=(sealing,),
        log="xar/didban/audit+f710bd18+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        witness="xar/didban/witness+00000000+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    )


def written() -> dict[str, Any]:
    """Return new vectors from the fixed keys."""
    made: list[Envelope] = []
    to = [(node, key.public) for node, key in READERS.items()]
    for header, content in said():
        is_epoch = header.kind == Kind.EPOCH
        before = made[-2 if is_epoch else -1].hash if made else bytes(32)
        told = signed(statement(made[1]).to_bytes(), dsse.EPOCH).to_json() if is_epoch else content
        raw = None if told is None else json.dumps(told).encode()
        made.append(envelopes.seal(placed(header, before), raw, SIGNING, to))
    call = Header(sender="xar", kind=Call.PULL, time=AT, nonce=bytes(range(16)))
    asked = envelopes.seal(call, b'{"feeds":[],"wait":25}', SIGNING, to[:1])
    return {
        "keys": {
            "root": {"seed": ROOT.raw.hex(), "public": ROOT.public.hex()},
            SIGNING.id: {"seed": SIGNING.raw.hex(), "public": SIGNING.public.hex()},
            **{
                key.id: {
                    "suite": key.suite,
                    "private": key.raw.hex(),
                    "public": key.public.raw.hex(),
                }
                for key in READERS.values()
            },
        },
        "descriptor": signed(descriptor().to_bytes(), dsse.DESCRIPTOR).to_json(),
        "pae": dsse.pae(dsse.ENVELOPE, made[2].header).hex(),
        "entries": [shown(each) for each in made],
        "call": shown(asked),
    }


def placed(header: Header, before: bytes) -> Header:
    """Return a header behind this entry."""
    assert header.place is not None
    return replace(header, place=replace(header.place, prev=before))


def shown(envelope: Envelope) -> dict[str, Any]:
    """Return an envelope and everything that lies between its bytes and what it says."""
    header = Header.from_bytes(envelope.header)
    found: dict[str, Any] = {
        "envelope": envelope.to_json(),
        "header": envelope.header.decode("ascii"),
        "hash": envelope.hash.hex(),
    }
    if envelope.body is not None:
        key = XBO.unwrap(header.recipients[0].wrapped, envelopes.context_of(header))
        context = envelopes.context_of(header)
        salted = ChaCha20Poly1305(key).decrypt(bytes(12), envelope.body, context)
        found |= {
            "context": context.decode(),
            "content_key": key.hex(),
            "salt": salted[:16].hex(),
            "content": salted[16:].decode(),
        }
    return found


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    """Return what was written down once."""
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return found


def test_the_keys_are_these(vectors):
    """Public keys follow from the private ones: seeds of Ed25519, ML-KEM and X25519."""
    assert written()["keys"] == vectors["keys"]


def test_a_descriptor_is_these_bytes(vectors):
    """Clause 3: the same bytes and, since Ed25519 has no chance in it, the same signature."""
    assert vectors["descriptor"] == signed(descriptor().to_bytes(), dsse.DESCRIPTOR).to_json()


def test_what_is_signed_is_these_bytes(vectors):
    """Clause 4.4: DSSE's encoding of the type and the header."""
    bare = vectors["entries"][2]
    assert vectors["pae"] == dsse.pae(dsse.ENVELOPE, bare["header"].encode()).hex()
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@pytest.mark.parametrize("which", [0, 1, 2, 3, "call"])
def test_an_envelope_is_these_bytes(vectors, which):
    """Clauses 4 and 5: each step between the bytes and what they say, forwards and backwards."""
    one = vectors["call"] if which == "call" else vectors["entries"][which]
    envelope = Envelope.from_json(one["envelope"])
    header = envelopes.verify(envelope, SIGNING.public)
    assert header.to_bytes() == envelope.header == one["header"].encode("ascii")
    assert envelope.signature == SIGNING.sign(dsse.ENVELOPE, envelope.header)
    assert envelope.hash.hex() == one["hash"] == hashlib.sha256(envelope.header).hexdigest()
    assert "content" in one or envelope.body is None
    if envelope.body is None:
        assert header.ciphertext == header.plaintext == b""
        return
    key, context = bytes.fromhex(one["content_key"]), one["context"].encode()
    salted = bytes.fromhex(one["salt"]) + one["content"].encode()
    assert context == envelopes.context_of(header)
    assert envelope.body == ChaCha20Poly1305(key).encrypt(bytes(12), salted, context)
    assert header.ciphertext == hashlib.sha256(envelope.body).digest()
    assert header.plaintext == hashlib.sha256(salted).digest()
    for recipient in header.recipients:
        reader = READERS[recipient.node]
        assert reader.unwrap(recipient.wrapped, context) == key
        opened = envelopes.open_body(envelope, header, recipient.node, {reader.id: reader})
        assert opened == one["content"].encode()


def test_the_entries_are_a_feed(vectors):
    """Clauses 6 and 9: numbers and hashes go on; the new epoch goes on behind the second entry."""
    headers = [Header.from_bytes(each["header"].encode()) for each in vectors["entries"]]
    hashes = [bytes(32), *(bytes.fromhex(each["hash"]) for each in vectors["entries"])]
    places = [each.place for each in headers if each.place is not None]
    assert [(at.epoch, at.seq) for at in places] == [(1, 1), (1, 2), (1, 3), (2, 3)]
    assert [at.prev for at in places] == [hashes[0], hashes[1], hashes[2], hashes[2]]


def test_the_header_says_no_more_than_was_meant(vectors):
    """Clause 4.1: members in this order, and what was published."""
    names = [list(json.loads(each["header"])) for each in vectors["entries"]]
    place = ["v", "from", "feed", "epoch", "seq", "prev", "kind", "time"]
    about = ["record", "rev", "valid_until", "handling"]
    ends = ["to", "c", "p"]
    assert names == [place + ends, place + about + ends, place + ends, place + ends]
    for (meant, content), each in zip(said(), vectors["entries"], strict=True):
        found = Header.from_bytes(each["header"].encode())
        assert (found.kind, found.time, found.record, found.rev) == (
            meant.kind,
            meant.time,
            meant.record,
            meant.rev,
        )
        if content:
            assert json.loads(each["content"]) == content


def test_a_new_epoch_is_signed_by_the_root_key(vectors):
    """Clause 9: the statement is these bytes, under this signature."""
    content = json.loads(vectors["entries"][3]["content"])
    last = Envelope.from_json(vectors["entries"][1]["envelope"])
    assert base64.b64decode(content["payload"]) == statement(last).to_bytes()
    assert content == signed(statement(last).to_bytes(), dsse.EPOCH).to_json()


if __name__ == "__main__":
    text = json.dumps(written(), indent=1, ensure_ascii=False)
    GOLDEN.write_text(text + "\n", encoding="utf-8")
