"""Long answers, page by page: an opaque cursor in every page points behind its last row.

def list_things(tx: Tx, who: Who, paging: Paging) -> Page[ThingTold]:
    rows = things.listed(tx, who, after=paging.after, limit=paging.fetch)
    return paging.page(rows, keys=lambda thing: (thing.id,), told=ThingTold.of)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from didban.api.sealing import cursor_to, keys_of
from didban.api.v1.frame import actor_of

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100
_MAX_CURSOR: Final = 4_000  # characters

_T = TypeVar("_T")
_R = TypeVar("_R")


class Given(BaseModel):
    """What is sent to us. What is not known is refused: a mistyped field must not be lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Told, Generic[_T]):
    """Some rows, and where the next ones begin."""

    items: list[_T]
    next_cursor: str | None = Field(
        default=None, description="Send it as `cursor` for the next page; null on the last one."
    )


class Pager:
    """The part of a long answer that is asked for."""

    def __init__(self, request: Request, limit: int, cursor: str | None) -> None:
        actor = actor_of(request)
        self._seal = request.app.state.cursors
        self._place = (
            request.scope["route"].path,
            request.url.path,
            f"{actor.authority}/{actor.user}/{actor.purpose}" if actor else "",
            _question(request),
        )
        self.limit = limit
        self.fetch = limit + 1  # one more than is shown tells whether there is a next page
        self.after = keys_of(self._seal, cursor, *self._place) if cursor else None

    def page(
        self,
        rows: Sequence[_R],
        *,
        keys: Callable[[_R], Sequence[Any]],
        told: Callable[[_R], _T],
    ) -> Page[_T]:
        """Return a page of rows, of which `fetch` were asked for.

        - `keys`: the values that a row is sorted by; the last must tell rows apart.
        """
        shown = rows[: self.limit]
        is_last = len(rows) <= self.limit
        following = None if is_last else cursor_to(self._seal, keys(shown[-1]), *self._place)
        return Page(items=[told(row) for row in shown], next_cursor=following)


def _question(request: Request) -> str:
    """Return a digest of what is asked, whatever page of it."""
    asked = sorted(
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"cursor", "limit"}
    )
    body: bytes = getattr(request, "_body", b"")
    return hashlib.sha256(repr(asked).encode(errors="replace") + body).hexdigest()


async def _pager(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows of a page.")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(max_length=_MAX_CURSOR, description="`next_cursor` of the page before."),
    ] = None,
) -> Pager:
    return Pager(request, limit, cursor)


Paging = Annotated[Pager, Depends(_pager)]
"""The page that is asked for, by `limit` and `cursor` in the query."""
