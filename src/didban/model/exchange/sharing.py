"""Sharing records: in which classes they leave, how long copies may be kept, and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from didban.model.bank import FOUND
from didban.model.marking import Confidentiality
from didban.model.retention import is_object

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.model.actors import Authority
    from didban.model.bank import BankRecord
    from didban.model.marking import Visibility

LONGEST_LEASE: Final = timedelta(days=400)
"""A longer lease is cut: whoever cannot be reached for a year has lost its copies."""


class Sort(StrEnum):
    """What a record is to those who share it."""

    OBJECT = "object"  # a document or another thing
    ALERT = "alert"  # asks to act on a person
    PROFILE = "profile"  # says something of a person


class GoneReason(StrEnum):
    """Why a record is withdrawn from those who hold a copy."""

    WITHDRAWN = "withdrawn"
    RECOVERED = "recovered"
    EXPIRED = "expired"
    REJECTED = "rejected"
    ERASED = "erased"
    NOT_SHARED = "not_shared"  # with this reader, any more


class CopyState(StrEnum):
    """Where a copy of another node's record stands here."""

    LIVE = "live"
    DROPPED = "dropped"  # by our own rules: it is not kept, and its owner need not know
    GONE = "gone"  # withdrawn, or its lease ended


class Terms(Protocol):
    """What the settings say of sharing (`settings.Sharing`)."""

    @property
    def urgent_lease_days(self) -> int:
        """Lease of objects and alerts."""

    @property
    def profile_lease_days(self) -> int:
        """Lease of profiles."""

    @property
    def receipt_hours(self) -> int:
        """After so long a receipt is overdue."""

    @property
    def highest_classification(self) -> int:
        """What is classified higher does not leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareClass:
    """Records that the same nodes may read. Each class has a feed of its own.

    - `visibility`: its number in our bank.
    - `protected_from`: audience tokens of those from whom the person sought protection (PR-16).
    - `assured`: nodes that gave assurances for what the register of assessments bars (PR-55).
    """

    visibility: int
    sort: Sort
    protected_from: tuple[str, ...] = ()
    assured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Another node, by what decides whether it may read.

    - `authorities`: for whom it speaks, as our bank knows them.
    - `is_barred`: by what we hold of one of them, for data on persons; `is_barred_for_good`: no
      assurance is believed (PR-55).
    """

    node: str
    authorities: tuple[Authority, ...]
    is_barred: bool = False
    is_barred_for_good: bool = False

    @property
    def tokens(self) -> frozenset[str]:
        """The audience tokens that stand for any of its authorities."""
        found = {"*"} if self.authorities else set()
        for one in self.authorities:
            found |= {f"node:{one.code}", f"kind:{one.kind}", *(f"group:{g}" for g in one.groups)}
        return frozenset(found)

    def may_know_of(self, seen_by: Visibility, protected_from: Iterable[str]) -> bool:
        """Return whether records so marked may be sent to it, as far as their owner decides.

        A node is one door: who is excluded behind it keeps it shut for the others (PR-09, PR-16).
        """
        tokens = self.tokens
        return not tokens.isdisjoint(seen_by.audience) and tokens.isdisjoint(
            (*seen_by.excluded, *protected_from)
        )


def readers_of(
    seen_by: Visibility, which: ShareClass, nodes: Iterable[Reader], *, highest: int
) -> frozenset[str]:
    """Return the nodes to which records of a class are sent."""
    if seen_by.confidentiality > Confidentiality(highest):
        return frozenset()
    return frozenset(
        each.node
        for each in nodes
        if each.may_know_of(seen_by, which.protected_from) and not is_withheld(which, each)
    )


def is_withheld(which: ShareClass, reader: Reader) -> bool:
    """Return whether what we hold of a reader keeps a class from it (PR-55)."""
    if which.sort is Sort.OBJECT or not reader.is_barred:
        return False
    return reader.is_barred_for_good or reader.node not in which.assured


def is_shareable(record: BankRecord) -> bool:
    """Return whether a record may leave at all: it is found here, and was not got by ill-treatment."""
    return record.state in FOUND and not record.marking.is_tainted


def sort_of(record: BankRecord) -> Sort:
    """Return what a record is to those who share it."""
    if is_object(record.entity.schema):
        return Sort.OBJECT
    return Sort.PROFILE if record.alert is None else Sort.ALERT


def lease_of(sort: Sort, terms: Terms, now: datetime) -> datetime:
    """Return until when a copy may be kept that nobody renews."""
    is_profile = sort is Sort.PROFILE
    days = terms.profile_lease_days if is_profile else terms.urgent_lease_days
    return now + timedelta(days=days)


def next_rev(before: int, now: datetime) -> int:
    """Return the next revision of a record: after the one before, and after any that a backup lost.

    Milliseconds since 1970, or one more than before.
    """
    return max(before + 1, int(now.timestamp() * 1000))
