"""What casework keeps and says: the hit, its evidence and history, the question to an owner."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from didban.model.hits import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.alerts import Action
    from didban.model.hits import Clock, HitState, Outcome, Urgency, Whose
    from didban.model.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one feature of a match says (`match.evidence.Explanation`), as the hit keeps it.

    - `asked`, `listed`: the two values compared; `weight`: natural log-odds.
    """

    feature: str
    asked: str
    listed: str
    similarity: float
    weight: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMatch:
    """A match as a hit takes it up: what was asked by whom, what it resembles, and why.

    - `asked`: the person or thing that was looked for, as it was asked.
    - `record_version`: the version of the record that was compared.
    """

    id: str
    check: str
    authority: str
    asked_by: str
    asked_at: datetime
    place: str
    asked: Record
    record: str
    record_version: int
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A hit as it stands.

    - `authority`: whose hit it is; only its users see it. `owner`: who owns the record.
    - `record_version`: the version that was last looked at; a newer one is compared anew.
    - `round`: how often the owner was asked, 0 before.
    - `is_held`: whether a person is kept waiting while the owner is asked.
    - `assignee`: the user whose work it is, None where it is anybody's; `aside_until`: it leaves the
      inbox until then, or until something happens to it. Neither moves it nor stops a clock.
    - `asked`, None once the personal content is erased.
    """

    id: str
    match: str
    check: str
    authority: str
    owner: str
    record: str
    record_version: int
    state: HitState
    score: float
    checked_by: str
    checked_at: datetime
    place: str
    asked: Record | None
    evidence: tuple[Evidence, ...]
    opened_at: datetime
    changed_at: datetime
    round: int = 0
    is_held: bool = False
    is_record_gone: bool = False
    action: Action | None = None
    outcome: Outcome | None = None
    assignee: str | None = None
    aside_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsWanted:
    """Which hits of an authority an inbox asks for.

    - `due_before`: only those with a deadline before; `whose`: None for everybody's.
    - `is_aside`: only those that are put aside, or only those that are not; None for both.
    """

    states: frozenset[HitState] = OPEN
    due_before: datetime | None = None
    whose: Whose | None = None
    is_aside: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HitEntry:
    """One line of a hit's history: who, when, what, where it stood after, and why.

    - `facts`: codes and numbers; `words`: a reason as it was written, "" once it is erased.
    """

    at: datetime
    actor: str
    authority: str
    event: str
    state: HitState
    facts: Mapping[str, str | int | bool]
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """A deadline of a hit that has not run out."""

    clock: Clock
    due_at: datetime


class Disclosure(StrEnum):
    """How much an owner is told when it is asked (PR-53)."""

    FULL = "full"
    WITHHELD = "withheld"  # not where, when, nor by whom; a second person agreed
    NONE = "none"  # no question leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the desk answers before the owner is asked (PR-53). Nothing is taken for granted.

    - `flagged`: an Art. 2 or 3 flag on the record or on its owner.
    - `disclosure`: what the desk wants to do; FULL is open only when all three answers are no.
    """

    claim_for_protection: bool
    refugee_papers: bool
    flagged: bool
    disclosure: Disclosure = Disclosure.FULL

    @property
    def is_clear(self) -> bool:
        """Whether nothing speaks against an open question."""
        return not (self.claim_for_protection or self.refugee_papers or self.flagged)


class QuestionKind(StrEnum):
    """What an owner is asked for."""

    CONFIRMATION = "confirmation"
    SUPPLEMENT = "supplement"


class QuestionState(StrEnum):
    """Where a question stands: a draft waits for the second person that the gate asks for."""

    DRAFT = "draft"
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class AnswerKind(StrEnum):
    """What an owner's desk answers."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    WILL_BE_CONFIRMED = "will_be_confirmed"
    SUPPLEMENT = "supplement"
    NO_RECORD = "no_record"  # of another node, which does not have the record for who asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as the asking side keeps it.

    - `identity`: what the owner is shown of the person or thing that was met; None once erased.
    - `visible_from`: when it leaves: at once, or later where the time of the encounter is withheld.
    - `feedback`, `feedback_at`: what the owner was told of the outcome.
    """

    id: str
    hit: str
    kind: QuestionKind
    state: QuestionState
    owner: str
    record: str
    record_version: int
    urgency: Urgency
    disclosure: Disclosure
    identity: Record | None
    asked_by: str
    authority: str
    place: str
    checked_at: datetime
    words: str = ""
    visible_from: datetime | None = None
    reply_by: datetime | None = None
    answer: AnswerKind | None = None
    feedback: Outcome | None = None
    feedback_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersWord:
    """What an owner answers.

    - `proof`: the signed entry that says so, where it is of another node.
    - `is_shared`: whether who else holds the record is told, by a keyed hash, that the two are not
      one.
    """

    kind: AnswerKind
    words: str = ""
    until: datetime | None = None
    proof: Mapping[str, str | int | bool] = field(default_factory=dict)
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOwner:
    """A question as the owner's desk sees it.

    Where the gate withheld the encounter, everything that tells where, when or by whom the person
    was met is None: the field is the same, so that code cannot forget it (PR-53).

    - `arrived_at`: when it left the asking side, which a lot decided where the time is withheld.
    - `node`: the other node that asked; None for an authority of this bank.
    """

    id: str
    kind: QuestionKind
    arrived_at: datetime | None
    record: str
    record_version: int
    identity: Record | None
    words: str
    urgency: Urgency | None
    reply_by: datetime | None
    authority: str | None
    place: str | None
    met_at: datetime | None
    answer: AnswerKind | None
    feedback: Outcome | None
    node: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question of another node as the owner's side keeps it.

    - `round`: how often it was put; `reply_by`: on the clock of this side, from its arrival.
    - `authority`, `place`, `met_at`, `urgency`: None where the asking side withholds the encounter.
    - `overdue_at`: when the supervisor was told; `settled_at`: when nothing was left to be said.
    """

    id: str
    node: str
    owner: str
    kind: QuestionKind
    state: QuestionState
    record: str
    record_version: int
    round: int
    identity: Record | None
    words: str
    authority: str | None
    place: str | None
    met_at: datetime | None
    urgency: Urgency | None
    arrived_at: datetime
    reply_by: datetime | None = None
    overdue_at: datetime | None = None
    answer: AnswerKind | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    feedback: Outcome | None = None
    settled_at: datetime | None = None

    def seen(self) -> AskedOwner:
        """Return it as the owner's desk sees it."""
        names = AskedOwner.__dataclass_fields__
        return AskedOwner(**{name: getattr(self, name) for name in names})


def as_owner_sees(question: Question) -> AskedOwner:
    """Return a question without what its disclosure keeps back."""
    is_open = question.disclosure is Disclosure.FULL
    return AskedOwner(
        id=question.id,
        kind=question.kind,
        arrived_at=question.visible_from,
        record=question.record,
        record_version=question.record_version,
        identity=question.identity,
        words=question.words if is_open else "",
        urgency=question.urgency if is_open else None,
        reply_by=question.reply_by if is_open else None,
        authority=question.authority if is_open else None,
        place=question.place if is_open else None,
        met_at=question.checked_at if is_open else None,
        answer=question.answer,
        feedback=question.feedback if is_open else None,
    )
