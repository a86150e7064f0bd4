"""Questions whether another node has a record of somebody or something (hit or no hit).

    clear   the node is told who or what is asked about, and answers {exists, owner, contact, ref}
    blind   it evaluates points and learns nothing of that; whether there is a hit is found out here

What leaves in clear is what the kind of question needs, and nothing else (PR-42).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.purposes import Purpose
    from didban.model.records import Record


class Sought(StrEnum):
    """What is asked about."""

    DOCUMENT = "document"
    PERSON = "person"
    THING = "thing"  # a vehicle, vessel, aircraft or firearm, by its number


class Way(StrEnum):
    """How it is asked."""

    CLEAR = "clear"
    BLIND = "blind"


class AnswerState(StrEnum):
    """How it stands with one node."""

    WAITING = "waiting"
    ANSWERED = "answered"
    REFUSED = "refused"  # by that node; `fault` is the code that it gave
    NO_ANSWER = "no_answer"  # in time
    NOT_ASKED = "not_asked"  # by us; `fault` says which rule held it back


ALLOWED: Final[Mapping[Sought, frozenset[str]]] = {
    Sought.DOCUMENT: frozenset({"number", "issuer", "type"}),
    Sought.PERSON: frozenset({"name", "birth_date", "nationality", "sex"}),
    Sought.THING: frozenset({"schema", "number", "country"}),
}
"""What a question of each kind may hold: a question about a document has no name (PR-42)."""

NEEDED: Final[Mapping[Sought, frozenset[str]]] = {
    Sought.DOCUMENT: frozenset({"number", "issuer"}),
    Sought.PERSON: frozenset({"name", "birth_date"}),
    Sought.THING: frozenset({"schema", "number"}),
}
"""What it must hold, to be about one document, person or thing."""

THINGS: Final = frozenset({"Vehicle", "Vessel", "Airplane", "Firearm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerCheck:
    """A question that somebody put to other nodes.

    - `asked`: what is looked for, one record each; empty once the question is over.
    - `user`, `authority`, `purpose`, `case`: who asks and why; the case stays here.
    """

    id: str
    at: datetime
    user: str
    authority: str
    purpose: Purpose
    case: str
    way: Way
    sought: Sought
    asked: tuple[Record, ...]
    deadline_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerAnswer:
    """What one node answered, or why it did not.

    - `exists`: None where that is not known, which is not "no hit".
    - `owner`, `contact`, `reference`: whom a named officer asks next, and by what; a hit is a lead.
    - `found`: of a blind question, the places of those with a hit.
    """

    check: str
    node: str
    state: AnswerState
    exists: bool | None = None
    owner: str = ""
    contact: str = ""
    reference: str = ""
    fault: str = ""
    found: tuple[int, ...] = ()
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What we answered to another node: which question of theirs, and the records behind it."""

    id: str
    node: str
    authority: str
    purpose: Purpose
    reference: str
    sought: Sought
    records: tuple[str, ...]
    at: datetime
