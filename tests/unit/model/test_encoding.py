from __future__ import annotations

import pytest

from didban.errors import IntegrityFailure, InvalidInput
from didban.guard import checkpoints
from didban.guard.checkpoints import Checkpoint, Signer, Verifier
from didban.guard.cosigning import Cosigner, Witness
from didban.model.encoding import b64, from_b64
from specimens import BUILT_AT

NONE = ["Ä", "\ud800", "A", "AAAAA", "A===", "AA=A", "AA==AA==", "AA\n==", "AA-_", "∀=="]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_base64_raises_one_error(text):
    """The library raises another for text outside ASCII, which callers forgot."""
    with pytest.raises(ValueError, match=r".*"):
        from_b64(text)


def test_bytes_come_back():
    """Every byte, at each of the three places."""
    every = bytes(range(256)) * 3
    assert from_b64(b64(every)) == every


@pytest.mark.parametrize("text", NONE)
def test_signed_lines_and_keys_from_outside_are_refused_in_words(text):
    """They come from other nodes, and from files."""
    signer, cosigner = Signer("xar/didban/audit", bytes(32)), Cosigner("xbo/witness", bytes(32))
    note = signer.sign(Checkpoint(origin=signer.origin, size=0, root=bytes(32), at=BUILT_AT))
    body = note.rpartition("\n\n")[0]

    assert not signer.verifier.is_signed(f"{body}\n\n— {signer.origin} {text}\n")
    assert signer.verifier.is_signed(
        f"{body}\n\n— {signer.origin} {text}\n{note.splitlines()[-1]}\n"
    )
    assert cosigner.witness.seen_at(f"{body}\n\n— {cosigner.witness.name} {text}\n") is None
    for read in (Verifier.from_text, Witness.from_text):
        with pytest.raises(InvalidInput):
            read(f"xar/didban/audit+0a0b0c0d+{text}")
    with pytest.raises(IntegrityFailure):
        checkpoints.read(note.replace(b64(bytes(32)), text))
