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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that has to be said.

    - `how`: `area`, `line`, `day`, `file`, `choice`, `radios` or `boxes`; `among`: what is chosen from.
    - `label`, `hint`: English, as the catalogues have them.
    """

    field: str
    label: str
    how: str = "area"
    hint: str = ""
    among: tuple[Enum, ...] = ()
    is_needed: bool = True


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
