"""The alert part of a record: what its owner asks others to do, and why they may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Action(StrEnum):
    """What the owner asks (glossary: `action_requested`)."""

    ARREST = "arrest"
    LOCATE = "locate"
    DISCREET_CHECK = "discreet_check"
    INQUIRY_CHECK = "inquiry_check"
    SPECIFIC_CHECK = "specific_check"
    REFUSE_ENTRY = "refuse_entry"
    SEIZE = "seize"
    PROTECT = "protect"
    IDENTIFY = "identify"
    INFORM = "inform"


class PersonStatus(StrEnum):
    """What the person is to the owner's case (glossary: `person_status`)."""

    CONVICTED = "convicted"
    CHARGED = "charged"
    SUSPECT = "suspect"
    WITNESS = "witness"
    VICTIM = "victim"
    MISSING = "missing"
    DECEASED = "deceased"
    POSSIBLE_THREAT = "possible_threat"
    ASSOCIATE_OF = "associate_of"


_ALL: Final = frozenset(Action)
_FOR_SAFETY: Final = frozenset({Action.LOCATE, Action.PROTECT, Action.IDENTIFY, Action.INFORM})

ACTIONS_FOR: Final[Mapping[PersonStatus, frozenset[Action]]] = {
    PersonStatus.CONVICTED: _ALL,
    PersonStatus.CHARGED: _ALL,
    PersonStatus.SUSPECT: _ALL,
    PersonStatus.POSSIBLE_THREAT: _ALL - {Action.ARREST},
    PersonStatus.WITNESS: _FOR_SAFETY,
    PersonStatus.VICTIM: _FOR_SAFETY,
    PersonStatus.MISSING: _FOR_SAFETY,
    PersonStatus.ASSOCIATE_OF: _FOR_SAFETY,
    PersonStatus.DECEASED: frozenset({Action.IDENTIFY, Action.INFORM}),
}
"""What may be asked about a person of each status. Associates and family inherit nothing from whom
they know: they are never arrested, refused or watched for it (PR-18)."""


class DocumentStatus(StrEnum):
    """What became of a document (glossary: `document_status`, and 4.1's internal ones)."""

    STOLEN = "stolen"
    LOST = "lost"
    STOLEN_BLANK = "stolen_blank"
    REVOKED = "revoked"
    INVALID = "invalid"
    RECOVERED = "recovered"


ACTING_STATUSES: Final = frozenset(
    {DocumentStatus.STOLEN, DocumentStatus.LOST, DocumentStatus.STOLEN_BLANK}
)
"""What acts at once, whoever reports it. A state's revoked or invalid papers never do (PR-52)."""

MISUSED_IDENTITY: Final = "misused_identity"
"""The warning that the bearer may be the victim of whoever is looked for (glossary)."""


class NoticeType(StrEnum):
    """Notice colours (glossary: `notice_type`)."""

    RED = "red"
    BLUE = "blue"
    GREEN = "green"
    YELLOW = "yellow"
    BLACK = "black"
    ORANGE = "orange"
    PURPLE = "purple"
    SILVER = "silver"
    UN_SPECIAL = "un_special"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A request to act on a record.

    - `guardian_consent`: who consented for a minor, as a yellow notice needs it (PR-17).
    - `warnings`: shown before anything else ("armed", "victim of misused identity").
    - `facts`: what happened, in the owner's words; `legal_references`: warrants, judgments.
    - `valid_until`: after this day nothing is asked any more.
    """

    action_requested: Action
    person_status: PersonStatus | None = None
    document_status: DocumentStatus | None = None
    notice_type: NoticeType | None = None
    warnings: tuple[str, ...] = ()
    facts: str = ""
    legal_references: tuple[str, ...] = ()
    valid_until: date | None = None
    guardian_consent: str = ""
