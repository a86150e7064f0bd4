"""The bytes of trust do not change: words, a charter, a checkpoint with a cosignature.

`tests/golden/exchange/trust.json` is for whoever writes another implementation. After a deliberate
change of the protocol write it anew with `python tests/golden/test_trust_bytes.py`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from didban.exchange import charter, words
from didban.guard import merkle
from didban.guard.checkpoints import Checkpoint, Signer
from didban.guard.cosigning import Cosigner
from didban.guard.crypto import dsse
from didban.model.actors import AuthorityKind
from didban.model.exchange.charters import Group, Member, NetworkCharter

GOLDEN = Path(__file__).with_name("exchange") / "trust.json"
AT = datetime(2031, 5, 4, 10, 0, 7, tzinfo=UTC)
ROOTS = {
    code: dsse.SigningKey.of(code, hashlib.sha256(code.encode()).digest())
    for code in ("xar", "xbo", "xca")
}
LOG = Signer("xar/didban/audit", bytes(range(32)))
WITNESS = Cosigner("xbo/didban/witness", bytes(range(32, 64)))


def vectors() -> dict[str, Any]:
    """Return everything as it is worked out now."""
    made = NetworkCharter(
        network="gulf",
        version=1,
        made_at=AT,
        agreement="Memorandum of 2031",
        threshold=2,
        members=tuple(Member(node=code, root=root.public) for code, root in ROOTS.items()),
        kinds=(AuthorityKind.POLICE, AuthorityKind.CUSTOMS),
        groups=(Group(code="ports", authorities=("xar", "xbo")),),
        panel=("xbo",),
        secretariat="xca",
        is_training=True,
    )
    signed = charter.sign(charter.unsigned(made), ROOTS["xar"], ROOTS["xbo"])
    leaf = merkle.leaf_hash(b"an entry")
    note = LOG.sign(Checkpoint(origin=LOG.origin, size=1, root=leaf, at=AT))
    return {
        "roots": {code: root.public.hex() for code, root in ROOTS.items()},
        "words": {code: " ".join(words.of(code, root.public)) for code, root in ROOTS.items()},
        "charter": signed.to_json(),
        "checkpoint": {
            "log": LOG.verifier.text(),
            "witness": WITNESS.witness.text(),
            "note": note + WITNESS.sign(note, AT),
        },
    }


def test_the_bytes_of_trust_are_those_that_were_published():
    """All of it is worked out from keys and times: nothing in it is random."""
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == vectors()


def test_the_cosigned_note_holds():
    """For whoever has the two public keys."""
    note = json.loads(GOLDEN.read_text(encoding="utf-8"))["checkpoint"]["note"]
    assert LOG.verifier.is_signed(note)
    assert WITNESS.witness.seen_at(note) == AT


if __name__ == "__main__":
    text = json.dumps(vectors(), indent=1, ensure_ascii=False)
    GOLDEN.write_text(text + "\n", encoding="utf-8")
