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
    roles=("analyst", "second_line"),
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
    '"reference":"Tor 4 – دروازه","request":"r-1",'
    '"roles":["analyst","second_line"],"salt":"000102030405060708090a0b0c0d0e0f",'
    '"subject":"rec_9"}'
).encode()

NOTE = """\
xar/didban/audit
7
feYJt264GXtvum7ElgJnfNHZNx0MZnkY9fga84fMWuk=
time 2031-05-04T10:00:00Z

— xar/didban/audit 9xC9GOO7rHNEcDA4b+RBQhc0y7T6WZbClL/RfO4uDLkOjCURelDEiUIVlyDUdnwOAoToE/Wp2ZC1dnaj6CLh8S1pCQU=
"""


def test_an_entry_is_sealed_by_these_bytes():
    """Clause 2 of docs/reference/audit-log.md."""
    assert canonical(ENTRY) == BYTES
    assert (
        merkle.leaf_hash(BYTES).hex()
        == "7de609b76eb8197b6fba6ec49602677cd1d9371d0c667918f5f81af387cc5ae9"
    )


def test_the_marks_of_an_entry_are_these():
    """Clause 3: fourteen times four bytes."""
    assert field_marks(ENTRY).hex() == (
        "989f16ddb81ed7e0ece988601b722f1a3570e5a73fe07a8a6429e9e850b5a36f"
        "a5838c653866e7022d0bbbce91eec38dd2e114910ab9575a"
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
