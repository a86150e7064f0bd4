"""Pages of long lists: what stands on one, and the address of the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode

if TYPE_CHECKING:
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
    if len(rows) <= ROWS:
        return shown, ""
    query = [(k, v) for k, v in desk.request.query_params.multi_items() if k != "after"]
    query.append(("after", str(rows[ROWS - 1][0])))
    return shown, f"{desk.request.url.path}?{urlencode(query)}"
