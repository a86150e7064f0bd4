"""Statements over the versions of a record: since when each value is said, and what took its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.model.statements import statements_of
from didban.web.presenters.records import label_of, look_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from didban.model.bank import BankRecord
    from didban.model.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One value: when it was first and last recorded, and whether the present version says it."""

    part: str
    name: str
    label: str
    value: str
    look: str
    first: datetime
    last: datetime
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One version: what it says that the one before did not, and what it says no more."""

    version: BankRecord
    new: Sequence[Statement]
    gone: Sequence[Statement]


def told(versions: Sequence[tuple[BankRecord, Mapping[str, Any]]]) -> list[Told]:
    """Return every value that any version says, those of the present one first.

    - `versions`: each with what of it its reader may see, oldest first.
    """
    first: dict[tuple[str, str, str], datetime] = {}
    last: dict[tuple[str, str, str], datetime] = {}
    for version, shown in versions:
        for said in statements_of(shown):
            key = (said.field, said.name, said.value)
            first.setdefault(key, version.recorded_at)
            last[key] = version.recorded_at
    present = {(s.field, s.name, s.value): None for s in statements_of(versions[-1][1])}
    schema = versions[-1][0].entity.schema
    return [
        Told(
            part=part,
            name=name,
            value=value,
            label=label_of(name, part),
            look=look_of(schema, name, part),
            first=first[part, name, value],
            last=last[part, name, value],
            is_present=(part, name, value) in present,
        )
        for part, name, value in dict.fromkeys((*present, *first))
    ]


_PASSING: Final = frozenset({"notes", "action"})
"""Parts that follow from the day on which they are read, not from what an owner wrote."""


def steps(versions: Sequence[tuple[BankRecord, Mapping[str, Any]]]) -> list[Step]:
    """Return how the versions of a record followed each other, the newest first."""
    found = []
    before: dict[tuple[str, str], Statement] = {}
    for version, shown in versions:
        now = {(s.name, s.value): s for s in statements_of(shown) if _is_written(s)}
        new = [said for key, said in now.items() if key not in before]
        gone = [said for key, said in before.items() if key not in now]
        found.append(Step(version=version, new=new if before else (), gone=gone))
        before = now
    return found[::-1]


def _is_written(said: Statement) -> bool:
    return said.field not in _PASSING and said.name != "recorded_at"
