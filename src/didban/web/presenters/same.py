"""Two files side by side, before somebody judges whether they are about the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.folding import fold
from didban.model.schemata import Kind, property_kind
from didban.web.presenters.records import look_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from didban.model.person_files import FileValue, PersonFile


class Verdict(StrEnum):
    """What two files say of one property."""

    AGREES = "agrees"
    DIFFERS = "differs"
    TO_COMPARE = "to_compare"  # names, which one person may write in many ways
    ONE_SIDE = "one_side"


TONES: Final[Mapping[Verdict, str]] = {
    Verdict.AGREES: "good",
    Verdict.DIFFERS: "stop",
    Verdict.TO_COMPARE: "open",
    Verdict.ONE_SIDE: "quiet",
}
_NAMES: Final = frozenset({Kind.NAME, Kind.WEAK_NAME, Kind.NAME_PART})
_NOT_COMPARED: Final = frozenset({"caption", "state", "person_status", "notice_type", "topics"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One property, with what each of the two files says; each value with the owners who say it."""

    name: str
    look: str
    left: Mapping[str, Sequence[str]]
    right: Mapping[str, Sequence[str]]
    verdict: Verdict

    @property
    def tone(self) -> str:
        """How the tag of the verdict looks."""
        return TONES[self.verdict]


def beside(left: PersonFile, right: PersonFile) -> list[Pair]:
    """Return every property that either file states: what differs first, then what agrees."""
    schema = left.members[0].shown.get("schema", "")
    ours, theirs = _by_name(left.values), _by_name(right.values)
    names = [name for name in dict.fromkeys((*ours, *theirs)) if name not in _NOT_COMPARED]
    pairs = [
        Pair(
            name=name,
            look=look_of(schema, name),
            left=ours.get(name, {}),
            right=theirs.get(name, {}),
            verdict=_verdict(schema, name, ours.get(name, {}), theirs.get(name, {})),
        )
        for name in names
    ]
    order = (Verdict.DIFFERS, Verdict.TO_COMPARE, Verdict.AGREES, Verdict.ONE_SIDE)
    return sorted(pairs, key=lambda pair: order.index(pair.verdict))


def _by_name(values: Iterable[FileValue]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for value in values:
        owners = found.setdefault(value.name, {}).setdefault(value.value, [])
        if value.owner not in owners:
            owners.append(value.owner)
    return found


def _verdict(schema: str, name: str, left: Iterable[str], right: Iterable[str]) -> Verdict:
    ours, theirs = {_plain(text) for text in left}, {_plain(text) for text in right}
    if not (ours and theirs):
        return Verdict.ONE_SIDE
    if ours & theirs:
        return Verdict.AGREES
    return Verdict.TO_COMPARE if property_kind(schema, name) in _NAMES else Verdict.DIFFERS


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
