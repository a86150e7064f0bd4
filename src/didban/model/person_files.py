"""Person files: what humans judged of records being about one person or thing (PR-24).

A file is not kept anywhere: it is what the standing judgements "same" connect, among the records
that are open to who looks. So merging changes no record, taking a judgement back restores exactly
what was before, and a member that is not open to somebody is not there for them in any way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from typing import Any

    from didban.model.casework import Evidence


class Judgement(StrEnum):
    """What a human says of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """One judgement about two records, `left` before `right`; undone ones are history.

    At most one judgement about a pair stands; who thinks otherwise takes it back first.
    """

    id: str
    left: str
    right: str
    judgement: Judgement
    reason: str
    made_at: datetime
    made_by: str
    authority: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str = ""

    @property
    def ends(self) -> frozenset[str]:
        """The two records."""
        return frozenset({self.left, self.right})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileValue:
    """One value as one owner says it, with how far it can be relied on."""

    name: str
    value: str
    record: str
    owner: str
    source_evaluation: str
    information_evaluation: str
    verified_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A record of a file as who looks may see it (`guard.fields`)."""

    record: str
    owner: str
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """What is open to who looks of the records about one person or thing.

    - `values`: every value with its owner; nothing is merged.
    - `disagreements`: properties of which no value is common to all records that state them.
    - `judgements`: those that hold the file together, or were about its members.
    - `contradictions`: pairs in the file that somebody judged different, where the records between
      them were not open to that person.
    """

    id: str
    members: tuple[Member, ...]
    values: tuple[FileValue, ...]
    disagreements: tuple[str, ...]
    judgements: tuple[JudgedPair, ...]
    contradictions: tuple[JudgedPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A record that may be about the same, for a human to judge."""

    record: str
    owner: str
    score: float
    evidence: tuple[Evidence, ...]


def file_id(members: Iterable[str]) -> str:
    """Return the name of a file: that of its first member, so that it says nothing of the others.

    It is the name for who looks; somebody else, to whom more is open, may have another.
    """
    return f"fil_{min(members)}"


def disagreements(values: Iterable[FileValue]) -> tuple[str, ...]:
    """Return the properties of which no value is common to all records that state them."""
    said: dict[str, dict[str, set[str]]] = {}
    for value in values:
        plain = " ".join(value.value.casefold().split())
        said.setdefault(value.name, {}).setdefault(value.record, set()).add(plain)
    return tuple(
        sorted(
            name
            for name, by_record in said.items()
            if len(by_record) > 1 and not set.intersection(*by_record.values())
        )
    )
