"""Questions to other nodes: do they have a record? In clear, or blind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from didban import clock
from didban.errors import InvalidInput
from didban.exchange import peer_checks
from didban.exchange.blind import overview
from didban.exchange.peer_checks import Draft
from didban.model.documents import Document
from didban.model.exchange.peer_checks import THINGS, Sought, Way
from didban.model.permissions import Permission
from didban.model.records import Record
from didban.screening.question import read_date, read_document, read_sex, read_state
from didban.serving.desks import means_of
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from didban.web.desk import Desk
    from didban.web.forms import Form

_V = TypeVar("_V")

room = Room("peer_checks")


@room.page("/peer-checks", Permission.EXCHANGE_QUESTION_ASK)
def listed(desk: Desk) -> Page:
    """Show the questions of the own authority, the latest first, and what can be asked blind."""
    found = peer_checks.listed(desk.tx, desk.who, before=place(desk), limit=ROWS + 1)
    rows, more = paged(desk, found)
    may_read = desk.may(Permission.EXCHANGE_PEER_READ)
    lists = overview.listed(desk.tx, desk.who, clock.now()) if may_read else []
    return Page("pages/peer_checks/list.html", rows=rows, next=more, lists=lists)


@room.page("/peer-checks/new", Permission.EXCHANGE_QUESTION_ASK)
def ask(desk: Desk) -> Page:  # noqa: ARG001 - the form is the same for everybody
    """Show the form by which other nodes are asked."""
    return Page("pages/peer_checks/ask.html", things=sorted(THINGS))


@room.deed("/peer-checks", Permission.EXCHANGE_QUESTION_ASK, again=ask)
def begin(desk: Desk) -> Go:
    """Ask other nodes whether they have a record."""
    form = desk.form
    seeks_protection = form.yes_or_no("seeks_protection")
    way, sought = form.one_of("way", Way), form.one_of("sought", Sought)
    asked = _READ[sought](form) if sought else ()
    form.require()
    assert way is not None  # noqa: S101 - `require` has seen to it
    assert sought is not None  # noqa: S101 - as above
    draft = Draft(
        way=way,
        sought=sought,
        asked=asked,
        nodes=tuple(form.text("nodes", most=1_000).lower().split()),
        seeks_protection=bool(seeks_protection),
    )
    check, _ = peer_checks.begin(desk.tx, desk.who, means_of(desk.services), draft, clock.now())
    return Go("peer_checks.check", path={"check_id": check.id})


@room.page("/peer-checks/{check_id}", Permission.EXCHANGE_QUESTION_ASK)
def check(desk: Desk, check_id: str) -> Page:
    """Show a question with the answers that are there by now."""
    asked, answers = peer_checks.found(desk.tx, desk.who, check_id)
    return Page("pages/peer_checks/check.html", part="answers", check=asked, answers=answers)


def _documents(form: Form) -> tuple[Record, ...]:
    lines = form.lines("documents")
    if not lines:
        form.blame("documents", N_("Fill this in."))
    papers = [_read(form, "documents", read_document, line) for line in lines]
    return tuple(
        Record(id="asked", schema="Person", properties={}, documents=(paper,))
        for paper in papers
        if paper is not None
    )


def _person(form: Form) -> tuple[Record, ...]:
    name = form.text("name", needed=True, most=200)
    born = _read(form, "birth_date", read_date, form.text("birth_date", needed=True, most=64))
    state = _read(form, "nationality", read_state, form.text("nationality", most=64))
    sex = _read(form, "sex", read_sex, form.text("sex", most=64))
    said = {"name": name, "birthDate": born, "nationality": state, "gender": sex}
    properties = {key: (value,) for key, value in said.items() if value}
    return (Record(id="asked", schema="Person", properties=properties),)


def _thing(form: Form) -> tuple[Record, ...]:
    schema = form.text("schema")
    if schema not in THINGS:
        form.blame("schema", N_("Choose one of the answers."))
    number = form.text("number", needed=True, most=64)
    state = _read(form, "country", _country, form.text("country", most=64))
    paper = Document(number=number, issuer=state)
    return (Record(id="asked", schema=schema, properties={}, documents=(paper,)),)


_READ: Final[Mapping[Sought, Callable[[Form], tuple[Record, ...]]]] = {
    Sought.DOCUMENT: _documents,
    Sought.PERSON: _person,
    Sought.THING: _thing,
}


def _country(text: str) -> str:
    return read_state(text, "country")


def _read(form: Form, field: str, reader: Callable[[str], _V], text: str) -> _V | None:
    """Return what was written, read strictly; what cannot be read is told at its field."""
    if not text:
        return None
    try:
        return reader(text)
    except InvalidInput as error:
        form.blame(field, str(error))
        return None
