"""What the inbox of hits offers for several of them at once, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from didban import clock
from didban.casework import triage
from didban.model.hits import Barrier
from didban.web.i18n import N_
from didban.web.presenters import hits as shaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from didban.casework.hits import Waiting
    from didban.casework.triage import Triaged
    from didban.web.desk import Desk

NOBODY: Final = "nobody"
ASIDE_HOURS: Final = range(1, int(triage.LONGEST / timedelta(hours=1)) + 1)
_OFFERED: Final = (1, 2, 4, 8, 24, 3 * 24, 7 * 24)  # hours
_MARK: Final = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What can be done with the ticked hits, and what became of those before.

    - `people`: pairs of identifier and name; `names`: of whoever a hit is assigned to.
    - `spans`: pairs of hours and words; `query`: of the inbox as it stands.
    - `done`: hits that can be given back as they were; `barred`: why others were not done.
    - `aside`: how many open hits are put aside; `now`: by the clock of the node.
    """

    people: Sequence[tuple[str, str]]
    names: Mapping[str, str]
    spans: Sequence[tuple[int, str]]
    query: str
    done: Sequence[str]
    barred: Sequence[tuple[str, str, Barrier]]
    aside: int
    now: datetime


def of(desk: Desk, rows: Iterable[Waiting]) -> Sorting:
    """Return what the inbox offers beside these rows."""
    colleagues = triage.colleagues(desk.tx, desk.who)
    names = {user.id: user.login for user in colleagues}
    others = [(user, login) for user, login in names.items() if user != desk.who.user]
    me, nobody = desk.gettext(N_("Me")), desk.gettext(N_("Nobody in particular"))
    titles = {row.hit.id: shaped.title_of(row.hit.asked) for row in rows}
    query = desk.request.query_params
    return Sorting(
        people=[(desk.who.user, me), *others, (NOBODY, nobody)],
        names=names | {desk.who.user: me},
        spans=[(hours, desk.speech.span(timedelta(hours=hours))) for hours in _OFFERED],
        query=urlencode(shaped.filter_of(query).query, doseq=True),
        done=query.getlist("done")[: triage.MOST],
        barred=[
            (hit_id, titles.get(hit_id, ""), Barrier(why))
            for hit_id, _, why in (one.partition(_MARK) for one in query.getlist("barred"))
            if why in set(Barrier)
        ],
        aside=triage.aside(desk.tx, desk.who),
        now=clock.now(),
    )


def address(desk: Desk, done: Triaged, *, can_undo: bool) -> str:
    """Return the address of the inbox, filtered as it was, that tells what became of each hit."""
    query = shaped.filter_of(desk.request.query_params).query
    told = {"barred": [f"{hit_id}{_MARK}{why}" for hit_id, why in done.barred.items()]}
    if can_undo:
        told["done"] = list(done.done)
    return shaped.address(desk, {**query, **told})
