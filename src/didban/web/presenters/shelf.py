"""What a user keeps for themselves, as pages show it: files with their news, filters of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from didban.analysis import shelf
from didban.web.i18n import N_
from didban.web.presenters import hits, messages
from didban.web.presenters.records import title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.datastructures import QueryParams

    from didban.model.shelf import KeptView, OnShelf
    from didban.web.desk import Desk


def _query_of_hits(query: QueryParams) -> str:
    return urlencode(hits.filter_of(query).query, doseq=True)


def _query_of_messages(query: QueryParams) -> str:
    box, states = messages.filter_of(query)
    return urlencode({"box": box, "state": [str(one) for one in states]}, doseq=True)


LISTS: Final[Mapping[str, Callable[[QueryParams], str]]] = {
    "hits.queue": _query_of_hits,
    "messages.inbox": _query_of_messages,
}
"""The lists whose filters can be kept, and how each writes its own: codes, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The filters that somebody keeps of a list, and the one that stands now, which can be kept."""

    page: str
    query: str
    kept: list[tuple[KeptView, str]]


def views_of(desk: Desk, page: str) -> Views:
    """Return the filters that are kept of a list, each with its address."""
    kept = shelf.views(desk.tx, desk.who, page)
    here = LISTS[page](desk.request.query_params)
    return Views(
        page=page, query=here, kept=[(view, f"{desk.url(page)}?{view.query}") for view in kept]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRow:
    """A file on a shelf: what it is called, and what came since it was opened last.

    - `news`: words with when each came, the newest first.
    """

    record: str
    title: str
    owner: str
    schema: str
    opened_at: datetime
    is_watched: bool
    news: list[tuple[str, datetime]]


def row_of(one: OnShelf) -> ShelfRow:
    """Return a file on a shelf as a row."""
    came = (
        (N_("A record was changed"), one.changed_at),
        (N_("Somebody judged who is the same"), one.judged_at),
        (N_("A new hit"), one.hit_at),
    )
    news = [(words, at) for words, at in came if at is not None]
    return ShelfRow(
        record=one.kept.record,
        title=title_of(one.shown),
        owner=one.owner,
        schema=one.shown.get("schema", "Thing"),
        opened_at=one.kept.opened_at,
        is_watched=one.kept.watched_since is not None,
        news=sorted(news, key=lambda each: each[1], reverse=True),
    )
