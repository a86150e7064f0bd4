"""The verifiable oblivious pseudo-random function of RFC 9497: ristretto255-SHA512, mode 1 (VOPRF).

The owner of a key learns nothing of what it evaluates; who asked learns the output for its own
inputs alone, and the proof shows that the announced key made all of them: none was marked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voprf import ristretto

from didban.errors import BadSignature, Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

ELEMENT_BYTES: Final = 32
PROOF_BYTES: Final = 64
TAG_BYTES: Final = 8
SALT_BYTES: Final = 32

STEPS: Final = (16, 64, 256, 1_024, 4_096)
"""To how many elements a question is filled up, so that their number tells little."""

MOST: Final = STEPS[-1]
_PANIC: Final = "PanicException"
_DUMMY_BYTES: Final = 32


class OwnerKey:
    """The key under which one list is tagged and asked about, for one reader and one epoch."""

    def __init__(self, secret: bytes, salt: bytes, context: bytes) -> None:
        """Derive it.

        - `secret`: of the node; `salt`: kept in the bank, alone with this epoch. Where either is
          gone nobody can make a tag of it any more.
        - `context`: whose list it is, for whom, and of which epoch; known to both sides.
        """
        seed = hmac.digest(secret, salt + context, hashlib.sha256)
        self._evaluator = ristretto.Evaluator.from_seed(seed, context)

    @property
    def public(self) -> bytes:
        """What proofs are verified by."""
        return bytes(self._evaluator.public_key.serialize())

    def evaluate(self, elements: bytes) -> bytes:
        """Return the proof and the evaluated elements. Raises Malformed where one is no point."""
        if not elements or len(elements) % ELEMENT_BYTES or len(elements) > MOST * ELEMENT_BYTES:
            raise Malformed(f"expected 1 to {MOST} elements of {ELEMENT_BYTES} bytes")
        try:
            read = [
                ristretto.BlindedInput.deserialize(elements[at : at + ELEMENT_BYTES])
                for at in range(0, len(elements), ELEMENT_BYTES)
            ]
        except ValueError as wrong:
            raise Malformed("an element is no point of the group") from wrong
        return bytes(self._evaluator.evaluate_batch(read).serialize())

    def tag(self, text: bytes) -> int:
        """Return the tag of an input that the owner knows (about 75 microseconds)."""
        return tag_of(self._evaluator.evaluate_known_input(text))


@dataclass(frozen=True, slots=True)
class Blinding:
    """Inputs that were blinded, among fillers. Lives in this process alone, for one question."""

    elements: bytes
    _clients: Sequence[ristretto.Client]
    _count: int

    @classmethod
    def of(cls, inputs: Sequence[bytes]) -> Blinding:
        """Blind at most `MOST` inputs, filled up to one of `STEPS` with random ones."""
        wanted = next(step for step in STEPS if len(inputs) <= step)
        fillers = [secrets.token_bytes(_DUMMY_BYTES) for _ in range(wanted - len(inputs))]
        pairs = [ristretto.Client.blind(text) for text in (*inputs, *fillers)]
        elements = b"".join(bytes(element.serialize()) for _, element in pairs)
        return cls(elements, [client for client, _ in pairs], len(inputs))

    def finish(self, evaluated: bytes, public: bytes) -> list[int]:
        """Return the tag of each input, in order.

        Raises Malformed where this is no answer to that question, BadSignature where its proof does
        not hold for the key that was announced.
        """
        if len(evaluated) != PROOF_BYTES + len(self.elements):
            raise Malformed("the answer has another number of elements than the question")
        try:
            output = ristretto.VerifiableBatchOutput.deserialize(evaluated)
            key = ristretto.PublicKey.deserialize(public)
        except ValueError as wrong:
            raise Malformed("the proof, an element or the key is none") from wrong
        try:
            found = ristretto.Client.finalize_batch(self._clients, output, key)
        except BaseException as wrong:
            # A proof that fails in a batch leaves the library as a panic, which is no Exception.
            if isinstance(wrong, ValueError) or type(wrong).__name__ == _PANIC:
                raise BadSignature("the proof does not hold for the announced key") from None
            raise
        return [tag_of(output) for output in found[: self._count]]


def new_salt() -> bytes:
    """Return a salt for a new epoch."""
    return secrets.token_bytes(SALT_BYTES)


def dummy_tag() -> int:
    """Return the tag of nobody."""
    return tag_of(secrets.token_bytes(TAG_BYTES))


def tag_of(output: bytes) -> int:
    """Return the tag of an output: its first 64 bits, as a signed number."""
    return int.from_bytes(output[:TAG_BYTES], "big", signed=True)


def packed(tags: Sequence[int]) -> bytes:
    """Return tags as they are sent: 8 bytes each, rising, so that their order tells nothing."""
    return b"".join(tag.to_bytes(TAG_BYTES, "big", signed=True) for tag in sorted(tags))


def unpacked(raw: bytes) -> list[int]:
    """Return what `packed` made. Raises Malformed."""
    if len(raw) % TAG_BYTES:
        raise Malformed(f"tags have {TAG_BYTES} bytes each")
    return [tag_of(raw[at : at + TAG_BYTES]) for at in range(0, len(raw), TAG_BYTES)]
