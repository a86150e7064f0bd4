"""A deed as a page asks for it: what it is, what it changes, what has to be said, one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from didban.web.desk import Page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import Enum

    from didban.model.bank import BankRecord
    from didban.web.desk import Desk
    from didban.web.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that has to be said.

    - `how`: `area`, `line`, `day`, `file`, `choice`, `radios` or `boxes`; `among`: what is chosen from.
    - `label`, `hint`: English, as the catalogues have them; `most`: characters of a text.
    """

    field: str
    label: str
    how: str = "area"
    hint: str = ""
    among: tuple[Enum, ...] = ()
    is_needed: bool = True
    most: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One deed.

    - `deed`: the name of the view that does it; `heading`, `button`: English.
    - `consequences`: what changes by it, sentence by sentence, said before the button.
    """

    deed: str
    heading: str
    consequences: tuple[str, ...]
    button: str
    asks: tuple[Ask, ...] = ()
    is_grave: bool = False


def answers(form: Form, step: Step) -> dict[str, Any]:
    """Return what was said to each thing that a step asks for, by its field; a file is left to it.

    What is chosen from an enumeration is its member, a day is a date. Raises InvalidFields.
    """
    said = {ask.field: _read(form, ask) for ask in step.asks if ask.how != "file"}
    form.require()
    return said


def _read(form: Form, ask: Ask) -> Any:
    if ask.among:
        return form.one_of(ask.field, type(ask.among[0]))
    if ask.how == "day":
        return form.day(ask.field, needed=ask.is_needed)
    return form.text(ask.field, needed=ask.is_needed, most=ask.most)


def page_of(
    desk: Desk,
    step: Step,
    *,
    back: str,
    subject: str = "",
    record: BankRecord | None = None,
    options: dict[str, Iterable[tuple[str, str]]] | None = None,
    **path: Any,
) -> Page:
    """Return the page that asks for a deed.

    - `back`: the address to go to without it; `subject`: what it is done to, as it is called.
    - `record`: the record that it changes, whose version is sent along.
    - `options`: what a field offers, where that is no enumeration.
    """
    offered = {
        ask.field: [(str(one.value), desk.speech.term(one)) for one in ask.among]
        for ask in step.asks
        if ask.among
    }
    return Page(
        "pages/records_life/step.html",
        step=step,
        action=desk.url(step.deed, **path),
        back=back,
        subject=subject,
        record_version=record.version if record else 0,
        options=offered | (options or {}),
        handling=(record.marking.visibility.confidentiality,) if record else (),
    )
