"""What nodes say to each other about a hit, as bytes have it: question, reply, feedback.

The codec is strict: what is not laid down is refused. A question that withholds the encounter has
no member that could tell where, when or by whom somebody was met (PR-53).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.casework import QuestionKind
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields, time_text
from didban.model.exchange.letters import entity_of
from didban.model.hits import Outcome, Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.records import Record

_MAX_WORDS: Final = 4_000
_MAX_ROUNDS: Final = 9


class Putting(StrEnum):
    """What becomes of a question."""

    PUT = "put"
    REPEATED = "repeated"
    ESCALATED = "escalated"  # every round brought nothing: the owner's superior is told
    WITHDRAWN = "withdrawn"  # it is not needed any more


class Said(StrEnum):
    """What the owner's node replies."""

    RECEIVED = "received"  # its desk has it, and its clock runs
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    WILL_BE_CONFIRMED = "will_be_confirmed"
    SUPPLEMENT = "supplement"
    NO_RECORD = "no_record"  # gone, or never open to who asks: which, is not said (PR-09)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """Who met somebody, where and when, and how soon an answer is needed: of an open question."""

    authority: str
    place: str
    met_at: datetime
    urgency: Urgency

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "authority": self.authority,
            "place": self.place,
            "met_at": time_text(self.met_at),
            "urgency": self.urgency,
        }

    @classmethod
    def of(cls, fields: Fields) -> Encounter:
        """Read what `to_json` wrote. Raises Malformed."""
        found = cls(
            authority=fields.text("authority"),
            place=_words(fields, "place"),
            met_at=fields.time("met_at"),
            urgency=fields.member("urgency", Urgency),
        )
        fields.require_all_read()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PutQuestion:
    """A question as it travels. It is whole each time: what was lost before is made good.

    - `record`, `version`: the owner's record, and which of its versions was seen.
    - `identity`: what identifies who was met, and nothing else (PR-42); None in a supplement.
    - `encounter`: None where the gate withheld it.
    """

    id: str
    step: Putting
    kind: QuestionKind
    record: str
    version: int
    round: int
    identity: Record | None = None
    words: str = ""
    encounter: Encounter | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        said: dict[str, Any] = {
            "id": self.id,
            "step": self.step,
            "kind": self.kind,
            "record": self.record,
            "version": self.version,
            "round": self.round,
        }
        if self.identity is not None:
            said["identity"] = self.identity.to_json()
        if self.words:
            said["words"] = self.words
        if self.encounter is not None:
            said["encounter"] = self.encounter.to_json()
        return said

    @classmethod
    def from_json(cls, data: object) -> PutQuestion:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        has_encounter = fields.has("encounter")
        found = cls(
            id=fields.identifier("id"),
            step=fields.member("step", Putting),
            kind=fields.member("kind", QuestionKind),
            record=fields.text("record"),
            version=fields.number("version"),
            round=fields.number("round"),
            identity=entity_of(Fields(fields.raw("identity"))) if fields.has("identity") else None,
            words=_words(fields, "words") if fields.has("words") else "",
            encounter=Encounter.of(Fields(fields.raw("encounter"))) if has_encounter else None,
        )
        fields.require_all_read()
        if found.encounter is None and (
            found.kind is QuestionKind.SUPPLEMENT or found.step is not Putting.PUT or found.words
        ):
            raise Malformed("a question that withholds the encounter is put once, and says no more")
        if not 1 <= found.round <= _MAX_ROUNDS:
            raise Malformed("'round' is no number of rounds")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the owner's node says to a question.

    - `until`: when it will be confirmed; with `RECEIVED`, by when the desk owes its reply.
    """

    question: str
    said: Said
    words: str = ""
    until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        said: dict[str, Any] = {"question": self.question, "said": self.said}
        if self.words:
            said["words"] = self.words
        if self.until is not None:
            said["until"] = time_text(self.until)
        return said

    @classmethod
    def from_json(cls, data: object) -> Reply:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            question=fields.identifier("question"),
            said=fields.member("said", Said),
            words=_words(fields, "words") if fields.has("words") else "",
            until=fields.time("until") if fields.has("until") else None,
        )
        fields.require_all_read()
        if found.said in {Said.REFUTED, Said.SUPPLEMENT} and not found.words.strip():
            raise Malformed("a refutation says why, and a supplement says something")
        if found.said is Said.WILL_BE_CONFIRMED and found.until is None:
            raise Malformed("who confirms later names a time")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What became of a hit that the owner confirmed, or not."""

    question: str
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"question": self.question, "outcome": self.outcome}

    @classmethod
    def from_json(cls, data: object) -> Feedback:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            question=fields.identifier("question"), outcome=fields.member("outcome", Outcome)
        )
        fields.require_all_read()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNonMatch:
    """That somebody is not the person or thing of a record (PR-25), without saying who.

    - `digest`: `model.non_match.digest` under the key `salt`, which nobody else is given.
    """

    record: str
    salt: bytes
    digest: bytes

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"record": self.record, "salt": b64(self.salt), "digest": b64(self.digest)}

    @classmethod
    def from_json(cls, data: object) -> ToldNonMatch:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            record=fields.text("record"),
            salt=fields.bytes("salt", 32),
            digest=fields.bytes("digest", 32),
        )
        fields.require_all_read()
        return found


def _words(fields: Fields, name: str) -> str:
    found = fields.raw(name)
    if not isinstance(found, str) or len(found) > _MAX_WORDS:
        raise Malformed(f"'{name}' is no text of at most {_MAX_WORDS} characters")
    return found
