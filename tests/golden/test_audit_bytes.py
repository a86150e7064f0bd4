"""The bytes that audit entries are sealed by, and the text of a checkpoint, do not change."""

from __future__ import annotations

from datetime import UTC, datetime

from didban.guard import merkle
from didban.guard.checkpoints import Checkpoint, Signer
from didban.model.audit import AuditEntry, canonical, field_marks

ENTRY = AuditEntry(
    number=7,
    at=datetime(2031, 5, 4, 10, 0, 0, 120, tzinfo=UTC),
    actor="usr_4kq2",
    authority="xar",
    device=None,
    purpose="border_control",
    reference="Tor 4 – دروازه",
    place="Gate 4",
    request="r-1",
    deed="record.viewed",
    subject="rec_9",
    facts={"version": 3, "first": True, "state": "active"},
    salt=bytes(range(16)),
)

BYTES = (
    '{"actor":"usr_4kq2","at":"2031-05-04T10:00:00.000120Z","authority":"xar",'
    '"deed":"record.viewed","device":null,"facts":{"first":true,"state":"active","version":3},'
    '"form":1,"number":7,"place":"Gate 4","purpose":"border_control",'
    '"reference":"Tor 4 – دروازه","request":"r-1","salt":"000102030405060708090a0b0c0d0e0f",'
    '"subject":"rec_9"}'
).encode()

NOTE = """\
xar/didban/audit
7
NajFutgIyzmwUZbQMQ+sgJ6qKdP4n3ThgvfO9ABmieI=
time 2031-05-04T10:00:00Z

— xar/didban/audit 9xC9GN32otsRaAOcclQEZalsSyv8+Xn5xyuZ4r0Xr6hMNcYsqokwTPDryK5ur9dmjhp3hGExWWYK7IcRYcHmiMGNcwU=
"""


def test_an_entry_is_sealed_by_these_bytes():
    """Clause 2 of docs/reference/audit-log.md."""
    assert canonical(ENTRY) == BYTES
    assert (
        merkle.leaf_hash(BYTES).hex()
        == "35a8c5bad808cb39b05196d0310fac809eaa29d3f89f74e182f7cef4006689e2"
    )


def test_the_marks_of_an_entry_are_these():
    """Clause 3: thirteen times four bytes."""
    assert field_marks(ENTRY).hex() == (
        "989f16ddb81ed7e0ece988601b722f1a3fe07a8a6429e9e850b5a36fa5838c65"
        "3866e7022d0bbbce91eec38dd2e114910ab9575a"
    )


def test_a_checkpoint_is_this_text():
    """Clause 5: signatures of Ed25519 are the same each time."""
    signer = Signer("xar/didban/audit", bytes(range(32)))
    checkpoint = Checkpoint(
        origin=signer.origin,
        size=7,
        root=merkle.leaf_hash(BYTES),
        at=datetime(2031, 5, 4, 10, tzinfo=UTC),
    )
    assert signer.sign(checkpoint) == NOTE
    assert (
        signer.verifier.text()
        == "xar/didban/audit+f710bd18+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    )
