"""The receiver's review: what this side decides about an alert of another node (PR-52), as data.

An alert on a person arrives as information. Under whose law it was made, somebody else decided;
whether anything is asked here, a person of this side decides, having seen what its sender attached
and what is known of it. `model.bank.standing` obeys the review; `intake.reviews` runs the machine.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.alerts import Action
from didban.model.identity import identity_of
from didban.model.machines import Machine, Transition

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.alerts import Alert
    from didban.model.marking import Marking
    from didban.model.records import Record


class ReviewState(StrEnum):
    """Where a review stands. Only what is `ACCEPTED` asks for anything."""

    WAITING = "waiting"
    PROPOSED = "proposed"  # one person would accept it: something speaks against it
    ACCEPTED = "accepted"
    REFUSED = "refused"  # glossary: `flag`; it stays information
    WITHDRAWN = "withdrawn"  # the record is here no more


class ReviewEvent(StrEnum):
    """What moves a review."""

    ACCEPT = "accept"
    PROPOSE = "propose"
    AGREE = "agree"
    REFUSE = "refuse"
    CHANGE = "change"  # what was judged says something else now
    WITHDRAW = "withdraw"


class ReviewGuard(StrEnum):
    """What whoever causes an event must have shown to hold."""

    UNFLAGGED = "unflagged"  # nothing speaks against it
    SECOND_PERSON = "second_person"  # another one than who proposed it (PR-28)
    COMPLETE = "complete"  # what weighs on a person names the decision that it rests on
    NOT_BARRED = "not_barred"  # the register of assessments lets this owner ask for it (PR-55)
    GROUND = "ground"
    WORDS = "words"


class Doubt(StrEnum):
    """What speaks against accepting an alert; any of them needs two persons.

    The first three are the reviewer's to answer, the others the node's to find.
    """

    CLAIM_FOR_PROTECTION = "claim_for_protection"  # or refugee papers (PR-16)
    HUMAN_RIGHTS = "human_rights"  # Art. 2: no fair trial, ill-treatment
    POLITICAL = "political"  # Art. 3: political, military, religious or racial
    REFUSED_BEFORE = "refused_before"  # by whomever it was submitted then (PR-57)
    PARTNER_ASSESSED = "partner_assessed"  # the owner or its state is in the register (PR-55)
    SPOKEN_AGAINST = "spoken_against"  # disputed, or with counter-evidence (PR-48)
    REFUSED_HERE = "refused_here"  # this very review was refused


ASKED_OF_REVIEWER: Final = (Doubt.CLAIM_FOR_PROTECTION, Doubt.HUMAN_RIGHTS, Doubt.POLITICAL)


class ReviewGround(StrEnum):
    """Why an alert is not accepted here."""

    ART_2 = "art2"
    ART_3 = "art3"
    PROTECTION = "protection"
    HARM = "harm"  # what is held of the partner (PR-55)
    THRESHOLD = "threshold"
    INCOMPLETE = "incomplete"
    QUALITY = "quality"
    LAW = "law"  # not possible under the receiver's own law


_S, _E, _G = ReviewState, ReviewEvent, ReviewGuard
_Arrow = Transition[ReviewState, ReviewEvent]
_ACCEPTING = (_G.COMPLETE, _G.NOT_BARRED)


def _arrow(source: ReviewState, event: ReviewEvent, target: ReviewState, *guards: str) -> _Arrow:
    return Transition(source=source, event=event, target=target, guards=guards)


REVIEW: Final = Machine(
    name="review",
    initial=_S.WAITING,
    final=frozenset(),  # whatever is decided, a changed alert is looked at again
    transitions=(
        _arrow(_S.WAITING, _E.ACCEPT, _S.ACCEPTED, _G.UNFLAGGED, *_ACCEPTING),
        _arrow(_S.WAITING, _E.PROPOSE, _S.PROPOSED, _G.WORDS, *_ACCEPTING),
        _arrow(_S.REFUSED, _E.PROPOSE, _S.PROPOSED, _G.WORDS, *_ACCEPTING),
        _arrow(_S.PROPOSED, _E.AGREE, _S.ACCEPTED, _G.SECOND_PERSON, _G.WORDS, *_ACCEPTING),
        *(
            _arrow(state, _E.REFUSE, _S.REFUSED, _G.GROUND, _G.WORDS)
            for state in (_S.WAITING, _S.PROPOSED, _S.ACCEPTED)
        ),
        *(_arrow(state, _E.CHANGE, _S.WAITING) for state in ReviewState),
        *(
            _arrow(state, _E.WITHDRAW, _S.WITHDRAWN)
            for state in ReviewState
            if state != "withdrawn"
        ),
    ),
)
"""The whole life. One person may refuse; against a doubt only two may accept."""

OPEN: Final = frozenset({_S.WAITING, _S.PROPOSED})
"""States in which somebody still has to decide."""

ADVERSE: Final = frozenset(Action) - {
    Action.PROTECT, Action.IDENTIFY, Action.INFORM, Action.SEIZE,
}  # fmt: skip
"""What weighs on a person: not asked for an owner whom no assurance makes safe (PR-55)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The review of one record.

    - `digest`: of what was judged (`judged`): a decision holds for that and nothing else.
    - `doubts`: what speaks against it, as of the last step.
    - `proposed_by`: who would accept it; `decided_by`: who did, or refused; a panel is `node:<code>`.
    """

    id: str
    record: str
    owner: str
    state: ReviewState
    digest: bytes
    opened_at: datetime
    doubts: tuple[Doubt, ...] = ()
    ground: ReviewGround | None = None
    proposed_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStep:
    """One line of a review's history. `words`: why, as it was written."""

    at: datetime
    actor: str
    event: ReviewEvent
    state: ReviewState
    digest: bytes
    words: str = ""


def judged(entity: Record, alert: Alert | None, marking: Marking) -> bytes:
    """Return the SHA-256 of what a reviewer judges: who it is about, what is asked, on what basis.

    What else changes (addresses, a later confirmation by the owner) leaves the decision standing.
    Other nodes compute the same (protocol 15.4).
    """
    content = [
        identity_of(entity).to_json(),
        asdict(alert) if alert else None,
        marking.legal_basis,
        marking.purpose,
    ]
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def as_it_holds(decided: ReviewState, digest: bytes, now: bytes) -> ReviewState:
    """Return where a review stands for what the record says now: what changed waits again."""
    return decided if digest == now else ReviewState.WAITING
