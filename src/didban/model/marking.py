"""The marking of a record: who owns it, who may see it, what may be done with it, and until when.

Visibility is written in *audience tokens*, so that one small set comparison decides it, in Python
and in the database alike:

    *              every member of the network
    node:xbo       the authority of this code
    group:arvand   every member of this group
    kind:military  every authority of this kind (PR-56: audience rules can bar kinds)
    blind:xbo      nobody sees it by this; the node may ask about it without saying for whom (PR-44)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from datetime import date

    from didban.model.purposes import Purpose

EVERYONE: Final = "*"


class Handling(StrEnum):
    """Permitted use (glossary: `handling_code`; PR-08)."""

    H0 = "H0"  # police use without further condition
    H1 = "H1"  # not as evidence in court without the owner's consent
    H2 = "H2"  # not to a third party without the owner's consent
    H3 = "H3"  # conditions in words, to be acknowledged before use


class SourceEvaluation(StrEnum):
    """How reliable the source is (4x4 system, glossary: `evaluation code`)."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class InformationEvaluation(StrEnum):
    """How sure the information is (4x4 system)."""

    KNOWN_TRUE = "1"
    KNOWN_TO_SOURCE = "2"
    CORROBORATED = "3"
    UNKNOWN = "4"


class Confidentiality(IntEnum):
    """Classification, rising (glossary: `confidentiality`)."""

    FOR_OFFICIAL_USE = 0
    RESTRICTED = 1
    CONFIDENTIAL = 2


class Asker(Protocol):
    """Who may or may not know of a record: of an actor, what decides that."""

    @property
    def authority(self) -> str:
        """The code of the authority."""

    @property
    def clearance(self) -> Confidentiality:
        """The highest classification that may be seen."""

    @property
    def tokens(self) -> frozenset[str]:
        """The audience tokens that stand for the actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Who may know that a record exists. Records that share one share one number in the store.

    - `audience`, `excluded`: audience tokens, sorted, without repetition. The owner always sees its
      own; who is excluded never does, whatever the audience says (PR-09).
    """

    owner: str
    audience: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    confidentiality: Confidentiality = Confidentiality.FOR_OFFICIAL_USE

    def is_open_to(self, asker: Asker) -> bool:
        """Return whether this actor may know of records so marked. Does not look at roles."""
        if self.confidentiality > asker.clearance:
            return False
        if asker.authority == self.owner:
            return True
        return not asker.tokens.isdisjoint(self.audience) and asker.tokens.isdisjoint(self.excluded)

    def is_within(self, other: Visibility) -> bool:
        """Return whether nobody sees what is so marked who does not see what the other marks."""
        is_narrower = EVERYONE in other.audience or set(self.audience) <= set(other.audience)
        return (
            self.owner == other.owner
            and self.confidentiality >= other.confidentiality
            and set(self.excluded) >= set(other.excluded)
            and is_narrower
        )

    @property
    def is_open_to_all(self) -> bool:
        """Whether there is nobody to whom it is not open."""
        is_unclassified = self.confidentiality is Confidentiality.FOR_OFFICIAL_USE
        return EVERYONE in self.audience and not self.excluded and is_unclassified


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What an owner lays down about one record. Every statement of the record inherits it.

    - `handling_conditions`: the text of H3, shown and acknowledged before use.
    - `verified_on`: when the owner last confirmed the content (PR-21, PR-22).
    - `retention_until`: at most the policy's maximum (PR-30); erased on that day unless extended.
    - `origin`: the authorities that the information came through, first who said it first; empty
      where the owner found it out itself. What comes back to its origin corroborates nothing
      (PR-11).
    - `protected_from`: audience tokens of those from whom the person sought protection: they are
      never told where the person is (PR-16).
    - `is_tainted`: obtained by ill-treatment: never shared, matched or used in a rule (PR-55).
    """

    visibility: Visibility
    purpose: Purpose
    legal_basis: str
    retention_until: date
    handling: Handling = Handling.H0
    handling_conditions: str = ""
    source_evaluation: SourceEvaluation = SourceEvaluation.X
    information_evaluation: InformationEvaluation = InformationEvaluation.UNKNOWN
    verified_on: date | None = None
    review_due: date | None = None
    origin: tuple[str, ...] = ()
    protected_from: tuple[str, ...] = ()
    is_tainted: bool = False

    @property
    def owner(self) -> str:
        """The code of the authority that alone may change the record."""
        return self.visibility.owner
