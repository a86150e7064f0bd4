"""Lists that refresh themselves: where they come from, how that stands, what they did to the bank."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.guard import authorities
from didban.intake import sources
from didban.intake.readers import READERS
from didban.model.permissions import Permission
from didban.model.sources import ListSource
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters.entries import marking as marks

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("sources")

_MANAGE: Final = Permission.BANK_SOURCE_MANAGE
_PUBLICATIONS: Final = 50
_HOURS: Final = range(1, 24 * 366)


@room.page("/sources", _MANAGE)
def listed(desk: Desk) -> Page:
    """Show the lists, and how their refreshing stands."""
    return Page("pages/sources/listed.html", rows=sources.listed(desk.tx, desk.who))


@room.page("/sources/new", _MANAGE)
def new(desk: Desk) -> Page:
    """Show the form on which a list is registered."""
    values = marks.unmarked(clock.today()) | {"audience": desk.form.all("audience") or ("*",)}
    there = authorities.listed(desk.tx, desk.who, limit=marks.MOST_AUTHORITIES)
    return Page(
        "pages/sources/new.html",
        values=values,
        choices=marks.choices(desk, values),
        kinds=[(kind, kind) for kind in READERS],
        owners=[(one.code, one.name) for one in there],
    )


@room.deed("/sources", _MANAGE, again=new)
def add(desk: Desk) -> Go:
    """Register a list, to be read at once and then again and again."""
    form = desk.form
    dataset = form.text("dataset", needed=True, most=64)
    kind = form.text("kind", needed=True)
    location = form.text("location", needed=True, most=2_000)
    if location and not location.startswith("https://"):
        form.blame("location", N_("Write an address that begins with https://."))
    owner = form.text("owner_code", most=40) or form.text("owner", most=40)
    if not owner:
        form.blame("owner", N_("Fill this in."))
    every = form.whole("every_hours", _HOURS)
    stale = form.whole("stale_hours", _HOURS)
    mapping = form.text("mapping", most=sources.MAX_MAPPING)
    marking = marks.list_marking_of(form, owner)
    source = ListSource(
        id=ids.new_id("src"),
        dataset=dataset,
        kind=kind,
        location=location,
        marking=marking,
        every=timedelta(hours=every or 0),
        stale_after=timedelta(hours=stale or 0),
        mapping=mapping or None,
    )
    publisher = form.text("publisher", most=200)
    sources.add(desk.tx, desk.who, source, publisher)
    return Go("sources.listed", said=N_("The list is registered, and read within minutes."))


@room.page("/sources/{source}", _MANAGE)
def one(desk: Desk, source: str) -> Page:
    """Show what the last publications of a list did, the newest first."""
    found = sources.history(desk.tx, desk.who, source, limit=_PUBLICATIONS)
    status = next(each for each in sources.listed(desk.tx, desk.who) if each.source.id == source)
    return Page("pages/sources/one.html", about=status, rows=found)


@room.deed("/sources/{source}/activity", _MANAGE, again=one)
def rest(desk: Desk, source: str) -> Go:
    """Leave a list alone from now on, or go on with it at once."""
    is_active = desk.form.text("active") == "yes"
    sources.set_active(desk.tx, desk.who, source, is_active=is_active)
    said = N_("The list is read again.") if is_active else N_("The list is left alone.")
    return Go("sources.one", path={"source": source}, said=said)


@room.deed("/sources/{source}/removal", _MANAGE, again=one)
def remove(desk: Desk, source: str) -> Go:
    """Forget where a list comes from. Its records stay until their time ends."""
    sources.remove(desk.tx, desk.who, source)
    return Go("sources.listed", said=N_("The list is forgotten. Its records stay."))
