"""Notices and diffusions, as data: their life (4.3), and what must hold before one may leave.

A notice asks everybody, a diffusion some; both walk the same way, and neither skips its review. No
arrow leads from `draft` to `published` but through `approved`, and none leads there but the word of
another person than the drafter (PR-13). `RULES` holds the gates by colour; `blocks` says what stands
against a draft (PR-14, PR-15, PR-17, PR-19), and every item is named at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.alerts import Action, NoticeType, PersonStatus
from didban.model.bank import has_minimum_identity
from didban.model.dates import parse_date
from didban.model.machines import Machine, Transition
from didban.model.minors import may_be_minor
from didban.model.schemata import is_a

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.model.alerts import Alert
    from didban.model.bank import BankRecord

LEAST_PENALTY_MONTHS: Final = 24
LEAST_REMAINING_MONTHS: Final = 6


class NoticeForm(StrEnum):
    """Whom it asks."""

    NOTICE = "notice"  # every member of the network
    DIFFUSION = "diffusion"  # those whom its drafter names


class NoticeState(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"
    COMPLIANCE_REVIEW = "compliance_review"
    REFUSED = "refused"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class NoticeEvent(StrEnum):
    """What moves a notice."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    REFUSE = "refuse"
    APPEAL = "appeal"
    ENDORSE = "endorse"  # the first of two reviewers
    APPROVE = "approve"
    PUBLISH = "publish"
    ADD = "add"  # an addendum
    EXTEND = "extend"
    SUSPEND = "suspend"
    LIFT = "lift"
    ACHIEVE = "achieve"
    CANCEL = "cancel"
    EXPIRE = "expire"


class NoticeGuard(StrEnum):
    """What whoever causes an event must have shown to hold."""

    OWNER = "owner"  # of the authority that drafted it (PR-07)
    UNBLOCKED = "unblocked"  # `blocks` names nothing
    REVIEWER = "reviewer"  # a person who neither drafted nor submitted it, nor decided it before
    TWO_REVIEWERS = "two_reviewers"  # where `needs_two` says so, another one endorsed it
    NEEDS_TWO = "needs_two"
    APPEAL_LEFT = "appeal_left"
    GROUND = "ground"
    WORDS = "words"


class RefusedGround(StrEnum):
    """Why a review refuses."""

    ART_2 = "art2"
    ART_3 = "art3"
    QUALITY = "quality"
    THRESHOLD = "threshold"
    INCOMPLETE = "incomplete"


_S, _E, _G = NoticeState, NoticeEvent, NoticeGuard
_Arrow = Transition[NoticeState, NoticeEvent]


def _arrow(
    source: NoticeState, event: NoticeEvent, target: NoticeState, *guards: NoticeGuard
) -> _Arrow:
    return Transition(source=source, event=event, target=target, guards=guards)


NOTICE: Final = Machine(
    name="notice",
    initial=_S.DRAFT,
    final=frozenset({_S.CANCELLED, _S.EXPIRED}),
    transitions=(
        _arrow(_S.DRAFT, _E.CHANGE, _S.DRAFT, _G.OWNER),
        _arrow(_S.DRAFT, _E.SUBMIT, _S.COMPLIANCE_REVIEW, _G.OWNER, _G.UNBLOCKED),
        _arrow(_S.COMPLIANCE_REVIEW, _E.RETURN, _S.DRAFT, _G.REVIEWER, _G.WORDS),
        _arrow(
            _S.COMPLIANCE_REVIEW, _E.REFUSE, _S.REFUSED, _G.REVIEWER, _G.GROUND, _G.WORDS
        ),
        _arrow(_S.COMPLIANCE_REVIEW, _E.ENDORSE, _S.COMPLIANCE_REVIEW, _G.REVIEWER, _G.NEEDS_TWO),
        _arrow(
            _S.COMPLIANCE_REVIEW, _E.APPROVE, _S.APPROVED,
            _G.REVIEWER, _G.UNBLOCKED, _G.TWO_REVIEWERS,
        ),
        _arrow(_S.REFUSED, _E.APPEAL, _S.COMPLIANCE_REVIEW, _G.OWNER, _G.APPEAL_LEFT, _G.WORDS),
        _arrow(_S.APPROVED, _E.PUBLISH, _S.PUBLISHED, _G.OWNER, _G.UNBLOCKED),
        _arrow(_S.PUBLISHED, _E.ADD, _S.PUBLISHED, _G.OWNER, _G.WORDS),
        _arrow(_S.PUBLISHED, _E.EXTEND, _S.PUBLISHED, _G.REVIEWER, _G.WORDS),
        _arrow(_S.PUBLISHED, _E.SUSPEND, _S.SUSPENDED, _G.WORDS),
        _arrow(_S.SUSPENDED, _E.LIFT, _S.PUBLISHED, _G.REVIEWER, _G.WORDS),
        _arrow(_S.PUBLISHED, _E.ACHIEVE, _S.FULFILLED, _G.OWNER, _G.WORDS),
        _arrow(_S.SUSPENDED, _E.ACHIEVE, _S.FULFILLED, _G.OWNER, _G.WORDS),
        _arrow(_S.FULFILLED, _E.CANCEL, _S.CANCELLED),
        *(
            _arrow(state, _E.CANCEL, _S.CANCELLED, _G.WORDS)
            for state in (_S.DRAFT, _S.REFUSED, _S.APPROVED, _S.PUBLISHED, _S.SUSPENDED)
        ),
        _arrow(_S.PUBLISHED, _E.EXPIRE, _S.EXPIRED),
        _arrow(_S.SUSPENDED, _E.EXPIRE, _S.EXPIRED),
    ),
)  # fmt: skip
"""The whole life. Beyond the letter of 4.3, so that nothing hangs: what was drafted, refused or
approved can be given up, and an owner may cancel what it published without a complaint."""

STANDING: Final = frozenset({_S.PUBLISHED, _S.SUSPENDED})
"""States in which a notice is out; its record bears its colour."""

ENDED: Final = frozenset({_S.FULFILLED, _S.CANCELLED, _S.EXPIRED})


class Basis(StrEnum):
    """On what the person is wanted."""

    PROSECUTION = "prosecution"
    SENTENCE = "sentence"


class Matter(StrEnum):
    """Matters that no notice serves (Art. 3, and private disputes)."""

    POLITICAL = "political"
    MILITARY = "military"
    RELIGIOUS = "religious"
    RACIAL = "racial"
    PRIVATE_DISPUTE = "private_dispute"
    ADMINISTRATIVE = "administrative"


class RefugeeCheck(StrEnum):
    """Whether it was looked into that the person sought protection from the drafting state."""

    NOT_DONE = "not_done"
    CLEAR = "clear"
    PROTECTED = "protected"


class Flag(StrEnum):
    """What calls for two reviewers. `REPEAT` is the node's to find, the others anybody's to raise."""

    POLITICAL = "political"
    ASYLUM = "asylum"
    REPEAT = "repeat"  # the same person was refused or withdrawn before (PR-57)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudicialDocument:
    """The warrant or judgment: its number, its day, who issued it."""

    id: str = ""
    on: date | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What a notice rests on, as its drafter states it. None: not answered yet.

    - `max_penalty_months`: the highest that the law threatens; `remaining_months`: of a sentence.
    - `offence`: its code; `matters`: what the case is also about.
    - `extradition_assured`: whether extradition will be asked for.
    """

    offence: str = ""
    basis: Basis | None = None
    max_penalty_months: int | None = None
    remaining_months: int | None = None
    document: JudicialDocument = field(default_factory=JudicialDocument)
    extradition_assured: bool | None = None
    refugee_check: RefugeeCheck = RefugeeCheck.NOT_DONE
    matters: frozenset[Matter] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The gates of one colour.

    - `actions`, `statuses`: what may be asked of whom; no status: not about persons alone.
    - `is_judicial`: an offence, a judicial document and a refugee check are needed.
    - `is_red_type`: thresholds of penalty, extradition, age and identity hold.
    """

    actions: frozenset[Action]
    statuses: frozenset[PersonStatus] = frozenset()
    is_judicial: bool = False
    is_red_type: bool = False
    only_adults: bool = False


_A, _P = Action, PersonStatus
_WATCHED = frozenset({_P.CONVICTED, _P.CHARGED, _P.SUSPECT, _P.POSSIBLE_THREAT})

RULES: Final[Mapping[NoticeType, Rule]] = {
    NoticeType.RED: Rule(
        actions=frozenset({_A.ARREST}),
        statuses=frozenset({_P.CONVICTED, _P.CHARGED}),
        is_judicial=True,
        is_red_type=True,
        only_adults=True,
    ),
    NoticeType.BLUE: Rule(
        actions=frozenset({_A.LOCATE, _A.IDENTIFY, _A.INFORM}),
        statuses=frozenset({_P.CONVICTED, _P.CHARGED, _P.SUSPECT, _P.WITNESS, _P.VICTIM}),
        is_judicial=True,
    ),
    NoticeType.GREEN: Rule(
        actions=frozenset({_A.INFORM, _A.DISCREET_CHECK, _A.INQUIRY_CHECK, _A.SPECIFIC_CHECK}),
        statuses=_WATCHED,
        only_adults=True,
    ),
    NoticeType.YELLOW: Rule(
        actions=frozenset({_A.LOCATE, _A.PROTECT, _A.IDENTIFY}),
        statuses=frozenset({_P.MISSING, _P.VICTIM}),
    ),
    NoticeType.BLACK: Rule(actions=frozenset({_A.IDENTIFY}), statuses=frozenset({_P.DECEASED})),
    NoticeType.ORANGE: Rule(actions=frozenset({_A.INFORM})),
    NoticeType.PURPLE: Rule(actions=frozenset({_A.INFORM})),
    NoticeType.SILVER: Rule(actions=frozenset({_A.INFORM, _A.IDENTIFY}), is_judicial=True),
    NoticeType.UN_SPECIAL: Rule(
        actions=frozenset({_A.INFORM, _A.REFUSE_ENTRY, _A.SEIZE}),
        statuses=_WATCHED,
    ),
}


class Block(StrEnum):
    """What stands against a draft, or is missing in it."""

    OFFENCE = "offence"
    FACTS = "facts"
    ENDS_ON = "ends_on"
    BASIS = "basis"
    PENALTY = "penalty"
    REMAINING = "remaining"
    DOCUMENT_ID = "document_id"
    DOCUMENT_DATE = "document_date"
    DOCUMENT_AUTHORITY = "document_authority"
    EXTRADITION = "extradition"
    REFUGEE_CHECK = "refugee_check"
    STATUS = "status"  # PR-15
    IDENTITY = "identity"  # PR-19
    ACTION = "action"
    MINOR = "minor"  # PR-17
    GUARDIAN = "guardian"  # PR-17
    MATTER = "matter"
    RECORD = "record"  # gone, disputed, suspended, or obtained by ill-treatment (PR-55)


MISSING: Final = frozenset(Block) - {Block.ACTION, Block.MINOR, Block.MATTER, Block.RECORD}
"""What can be missing: the share of it that is there is the completeness of a draft."""


def blocks(
    colour: NoticeType, dossier: Dossier, alert: Alert, record: BankRecord, today: date
) -> tuple[Block, ...]:
    """Return everything that keeps a notice from leaving, in the order of `Block`.

    Does not decide whether it is right: that is a person's, in the review.
    """
    found = set(_missing(colour, dossier, alert, record, today))
    rule = RULES[colour]
    if alert.action_requested not in rule.actions:
        found.add(Block.ACTION)
    if dossier.matters:
        found.add(Block.MATTER)
    if dossier.refugee_check is RefugeeCheck.PROTECTED and rule.is_judicial:
        found.add(Block.REFUGEE_CHECK)
    if may_be_minor(record.entity, today) and rule.only_adults:
        found.add(Block.MINOR)
    if record.marking.is_tainted or record.suspensions or record.is_disputed:
        found.add(Block.RECORD)
    return tuple(block for block in Block if block in found)


def completeness(
    colour: NoticeType, dossier: Dossier, alert: Alert, record: BankRecord, today: date
) -> int:
    """Return how much of what the colour needs is there, in percent."""
    needed = _needed(colour, record)
    missing = set(_missing(colour, dossier, alert, record, today)) & needed
    return 100 * (len(needed) - len(missing)) // len(needed)


def needs_two(flags: frozenset[Flag]) -> bool:
    """Return whether two reviewers must agree."""
    return bool(flags)


def _needed(colour: NoticeType, record: BankRecord) -> frozenset[Block]:
    rule = RULES[colour]
    needed = {Block.FACTS, Block.ENDS_ON, Block.IDENTITY}
    is_person = is_a(record.entity.schema, "Person")
    if rule.statuses and is_person:
        needed |= {Block.STATUS}
    if rule.is_judicial:
        needed |= {
            Block.OFFENCE, Block.DOCUMENT_ID, Block.DOCUMENT_DATE, Block.DOCUMENT_AUTHORITY,
        }  # fmt: skip
    if rule.is_judicial and is_person:
        needed |= {Block.REFUGEE_CHECK}
    if rule.is_red_type:
        needed |= {Block.BASIS, Block.PENALTY, Block.REMAINING, Block.EXTRADITION}
    if colour is NoticeType.YELLOW:
        needed |= {Block.GUARDIAN}
    return frozenset(needed)


def _missing(
    colour: NoticeType, dossier: Dossier, alert: Alert, record: BankRecord, today: date
) -> Iterator[Block]:
    """Yield what the colour needs and is not there, or is there and does not reach (PR-14)."""
    paper, ends = dossier.document, alert.valid_until
    is_sentence = dossier.basis is Basis.SENTENCE
    is_there = {
        Block.OFFENCE: bool(dossier.offence.strip()),
        Block.FACTS: bool(alert.facts.strip()),
        Block.ENDS_ON: ends is not None and ends > today,
        Block.BASIS: dossier.basis is not None,
        Block.PENALTY: is_sentence or (dossier.max_penalty_months or 0) >= LEAST_PENALTY_MONTHS,
        Block.REMAINING: not is_sentence
        or (dossier.remaining_months or 0) >= LEAST_REMAINING_MONTHS,
        Block.DOCUMENT_ID: bool(paper.id.strip()),
        Block.DOCUMENT_DATE: paper.on is not None and paper.on <= today,
        Block.DOCUMENT_AUTHORITY: bool(paper.authority.strip()),
        Block.EXTRADITION: dossier.extradition_assured is True,
        Block.REFUGEE_CHECK: dossier.refugee_check is not RefugeeCheck.NOT_DONE,
        Block.STATUS: alert.person_status in RULES[colour].statuses,
        Block.IDENTITY: has_minimum_identity(record) and _is_named_enough(colour, record),
        Block.GUARDIAN: not may_be_minor(record.entity, today)
        or bool(alert.guardian_consent.strip()),
    }
    yield from (block for block in _needed(colour, record) if not is_there[block])


def _is_named_enough(colour: NoticeType, record: BankRecord) -> bool:
    """Return whether a red-type notice says (name + date of birth) or (name + photo or prints)."""
    if not RULES[colour].is_red_type:
        return True
    births = [parse_date(text) for text in record.entity.values("birthDate")]
    is_born = any(birth is not None and birth.day for birth in births)
    return bool(record.entity.values("name", "alias")) and (is_born or record.is_pictured)
