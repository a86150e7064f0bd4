"""Statements: a record as rows, one for each value, each with the marking that it inherits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One value of one property, as one owner says it.

    - `field`: the part of the record in which it is shown (`guard.fields.Field`).
    - `name`: the property, or the part of it (`documents.number`).
    """

    record: str
    field: str
    name: str
    value: str


def statements_of(shown: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield every value of a record as `guard.fields.shown` lets it be seen, in that order."""
    for field, content in shown.items():
        if field not in {"id", "schema", "owner", "version"}:
            for name, value in _values(content, ""):
                yield Statement(record=shown["id"], field=field, name=name or field, value=value)


def _values(content: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            below = "" if key == "properties" else f"{name}.{key}" if name else key
            yield from _values(value, below)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _values(value, name)
    elif content is not None:
        yield name, str(content)
