"""Who somebody is, in words: a colleague, the node itself, or whom only an identifier tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from didban.guard import authorities, users
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.web.desk import Desk

_KIND: Final = re.compile(
    "(rec|hit|mat|chk|msg|thr|ntc|rvw|qst|usr|tok|ses|req|exp|sgn|cns|otc|src|lst|pub|asm|asr|att"
    "|bun|cor|dsp|evd|jdg|ntf|ovs|sus|rcv|unm|pck)_"
)
"""The beginnings of identifiers that have a word, `SubjectKind` in the catalogue."""

_SHOWN: Final = 14  # characters of an identifier: enough to tell two on one page apart


def person(desk: Desk, actor: str | None) -> Markup:
    """Return who did something: the login of a colleague, else what acted, in words.

    - `actor`: an identifier as the bank keeps it; nothing is returned where there is none.
    """
    if not actor:
        return Markup()
    if login := users.colleagues(desk.tx, desk.who, [actor]).get(actor):
        return Markup('<bdi dir="ltr" translate="no" class="code">{}</bdi>').format(login)
    return Markup('<bdi dir="auto" title="{}">{}</bdi>').format(actor, by_itself(desk, actor))


def body(desk: Desk, code: str | None) -> str:
    """Return what an authority is called: as the state whose code it is, else as it is registered."""
    said = desk.speech.country(code)
    if not code or said != code.upper() or not desk.has_transaction:
        return said
    name = authorities.name_of(desk.tx, code.lower())
    return said if name == code.lower() else name


def by_itself(desk: Desk, actor: str, device: str | None = None) -> str:
    """Return in words what acted that is no colleague: a duty, a node, an operator, somebody else's."""
    start, _, rest = actor.partition(":")
    if start == "duty":
        return desk.gettext(N_("the node itself"))
    if start == "node":
        return desk.gettext(N_("node %(code)s"), code=rest)
    if start == "operator":
        return desk.gettext(N_("%(name)s, at the machine of the node"), name=rest)
    if actor == "unknown":
        return desk.gettext(N_("somebody not known"))
    kind = "device" if device == actor else kind_of(actor)
    return f"{desk.speech.term(kind, 'SubjectKind')} {shortened(actor)}" if kind else actor


def kind_of(identifier: str) -> str:
    """Return the kind of an identifier, as `SubjectKind` has it; empty where it tells none."""
    known = _KIND.match(identifier)
    return known[1] if known else ""


def shortened(identifier: str) -> str:
    """Return the beginning of an identifier."""
    return identifier if len(identifier) <= _SHOWN else f"{identifier[:_SHOWN]}…"
