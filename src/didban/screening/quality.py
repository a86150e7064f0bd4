"""How well a list describes its people: what a screener must know of its own data (PR-23)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from didban.match.spelling.scripts import script_of

if TYPE_CHECKING:
    from didban.model.records import Record

_NAMES = ("name", "alias", "weakAlias", "previousName")
_YEAR_LENGTH = 4  # characters of EDTF text that state a year alone


class Quality:
    """Counts over the records of one dataset."""

    def __init__(self) -> None:
        self._schemata: Counter[str] = Counter()
        self._scripts: Counter[str] = Counter()
        self._people: Counter[str] = Counter()

    def add(self, record: Record, *, times: int = 1) -> None:
        """Count one record, or with `times=-1` take back what was counted for it."""
        self._schemata[record.schema] += times
        if record.schema != "Person":
            return
        names = record.values(*_NAMES)
        dates = record.values("birthDate")
        says = {
            "people": True,
            "without_name": not names,
            "without_birth_date": not dates,
            "year_of_birth_only": bool(dates) and all(map(_is_year_only, dates)),
            "without_nationality": not record.values("nationality", "citizenship"),
            "without_document": not record.documents,
        }
        for fact, is_so in says.items():
            self._people[fact] += times if is_so else 0
        for script in {script_of(name).name.lower() for name in names}:
            self._scripts[script] += times

    def to_json(self) -> dict[str, Any]:
        """Return the counts; `scripts` counts the people who have a name in that script."""
        return {
            "schemata": _counted(self._schemata),
            **self._people,
            "scripts": _counted(self._scripts),
        }


def _is_year_only(date: str) -> bool:
    """Whether an EDTF date states no month: a year, about a year, or a range of years."""
    return len(date.partition("/")[0].strip("~?%")) <= _YEAR_LENGTH or date.startswith("XXXX")


def _counted(counter: Counter[str]) -> dict[str, int]:
    return {key: count for key, count in sorted(counter.items()) if count}
