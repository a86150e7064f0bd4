"""Pages of long lists: what stands on one, and the address of the next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode

if TYPE_CHECKING:
    from datetime import date

    from didban.web.desk import Desk

ROWS: Final = 50
"""Rows of one page. Ask for one more, so that it is known whether there is a next page."""

_V = TypeVar("_V")


def place(desk: Desk) -> int | None:
    """Return the number after which this page of a list goes on; None at its beginning."""
    asked = desk.asked("after")
    return int(asked) if asked.isdecimal() and len(asked) < len(str(2**62)) else None


def paged(desk: Desk, rows: list[tuple[int, _V]]) -> tuple[list[_V], str]:
    """Return the rows of a page, and the address of the next; empty where there is none.

    - `rows`: at most one more than `ROWS`, each with its number.
    """
    shown = [row for _, row in rows[:ROWS]]
    return shown, _following(desk, str(rows[ROWS - 1][0])) if len(rows) > ROWS else ""


def moment(desk: Desk) -> tuple[datetime, str] | None:
    """Return the moment and identifier after which a page goes on; None at the beginning."""
    when, _, name = desk.asked("after").partition("|")
    try:
        return datetime.fromisoformat(when), name
    except ValueError:
        return None


def paged_by_time(desk: Desk, rows: list[tuple[date | None, str, _V]]) -> tuple[list[_V], str]:
    """Return the rows of a page of what is listed by time; see `paged`.

    - `rows`: each with its moment, or day, and identifier.
    """
    shown = [row for _, _, row in rows[:ROWS]]
    if len(rows) <= ROWS:
        return shown, ""
    when, name, _ = rows[ROWS - 1]
    return shown, _following(desk, f"{when.isoformat() if when else ''}|{name}")


def _following(desk: Desk, after: str) -> str:
    query = [(k, v) for k, v in desk.request.query_params.multi_items() if k != "after"]
    return f"{desk.request.url.path}?{urlencode([*query, ('after', after)])}"


def paged_by_name(desk: Desk, rows: list[tuple[str, _V]]) -> tuple[list[_V], str]:
    """Return the rows of a page of what is listed by name or identifier; see `paged`."""
    shown = [row for _, row in rows[:ROWS]]
    return shown, _following(desk, rows[ROWS - 1][0]) if len(rows) > ROWS else ""
