"""The audit log as it is read: who, in words; what it was done to; what else an entry says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from didban.guard import audit_reading
from didban.model.deeds import Deed
from didban.model.marking import Confidentiality
from didban.model.permissions import Permission
from didban.web import people
from didban.web.i18n import N_
from didban.web.presenters.records import part_rows
from didban.web.rendering import code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from didban.model.audit import AuditEntry
    from didban.web.desk import Desk
    from didban.web.presenters.records import Row

_ABOUT_NODES: Final = ("peer.", "charter.", "identity.")
_ABOUT_DEVICES: Final = ("device.",)

_PAGES: Final = {
    "rec": ("records.one", "record_id", Permission.BANK_RECORD_READ),
    "usr": ("access.one", "user", Permission.ACCESS_USER_MANAGE),
    "device": ("devices.one", "device", Permission.SCREENING_DEVICE_SERVE),
    "node": ("network.one", "code", Permission.EXCHANGE_PEER_READ),
    "req": ("subject_requests.one", "request", Permission.RIGHTS_REQUEST_HANDLE),
}
"""Where what an entry is about is shown, to whoever may see it there."""

_STATES: Final = {
    "hit.": "Hit",
    "message.": "Message",
    "notice.": "Notice",
    "review.": "Review",
    "subject_request.": "Request",
}
_TERMS: Final = {
    "roles": "Role",
    "role": "Role",
    "purpose": "Purpose",
    "action": "Action",
    "clearance": "Confidentiality",
}
"""Kinds of the facts that are codes of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as a page shows it.

    - `who`: a login name, or what acted by itself; `is_name`: whether it is the former; `is_ours`:
      whether for the authority of who reads.
    - `step`: which step was taken, where the deed is one of several.
    - `about`: what kind of thing it was done to, and `short`, the beginning of its identifier.
    """

    entry: AuditEntry
    day: date
    time: str
    who: str
    is_name: bool
    is_ours: bool
    about: str
    short: str
    step: str


def lines(desk: Desk, found: Sequence[AuditEntry]) -> list[Line]:
    """Return entries as lines, each with its day and time in the zone of the node."""
    logins = audit_reading.logins_of(desk.tx, desk.who, _users(found))
    return [_line(desk, entry, logins) for entry in found]


def who(desk: Desk, actor: str) -> str:
    """Return what somebody of the log is called: a login name, or what acted by itself."""
    logins = audit_reading.logins_of(desk.tx, desk.who, [actor])
    return logins.get(actor) or people.by_itself(desk, actor)


def address(desk: Desk, subject: str, deed: str = "") -> str:
    """Return where a subject is shown to who asks; empty where it is shown nowhere to them."""
    page, part, permission = _PAGES.get(kind_of(subject, deed), ("", "", None))
    if permission is None or not desk.may(permission):
        return ""
    return desk.url(page, **{part: subject})


def kind_of(subject: str, deed: str = "") -> str:
    """Return the kind of a subject, as `SubjectKind` has it; empty where its identifier tells none."""
    if known := people.kind_of(subject):
        return known
    if deed.startswith(_ABOUT_NODES):
        return "node"
    return "device" if deed.startswith(_ABOUT_DEVICES) else ""


def roles(desk: Desk, entry: AuditEntry) -> str:
    """Return the roles in which somebody acted, in words."""
    return " · ".join(desk.speech.term(role, "Role") for role in entry.roles)


def rows_of_all(shown: Mapping[str, Any]) -> list[Row]:
    """Return every part of a record that was shown, as rows."""
    parts = [part for part in shown if part not in {"id", "schema", "owner", "version"}]
    return part_rows(shown, *parts)


def facts(desk: Desk, entry: AuditEntry) -> list[tuple[str, Markup]]:
    """Return what else an entry says: what it is called, and its value."""
    return [
        (desk.speech.term(name, "Fact"), _value(desk, entry.deed, name, value))
        for name, value in entry.facts.items()
        if value != ""
    ]


def _value(desk: Desk, deed: str, name: str, value: object) -> Markup:
    if isinstance(value, bool):
        return escape(desk.gettext(N_("Yes") if value else N_("No")))
    kind = _TERMS.get(name) or _kind_of_step(deed, name)
    if kind == "Confidentiality":
        return escape(desk.speech.term(Confidentiality(int(str(value)))))
    if isinstance(value, int):
        return escape(desk.speech.number(value))
    parts = [_word(desk, kind, part) for part in str(value).split(",")] if kind else [code(value)]
    return Markup(" · ").join(parts)


def _kind_of_step(deed: str, name: str) -> str:
    """Return the kind of a step's event, or of the states between which it leads."""
    room = next((kind for start, kind in _STATES.items() if deed.startswith(start)), "")
    end = {"event": "Event", "from": "State", "to": "State"}.get(name, "")
    return f"{room}{end}" if room and end else ""


def _word(desk: Desk, kind: str, text: str) -> Markup:
    said = desk.speech.pgettext(kind, text)
    if said == text and desk.look.language != "en":
        return code(text)  # a code that nobody has words for
    return escape(desk.speech.term(text, kind))


def deeds(desk: Desk) -> list[tuple[str, str]]:
    """Return the deeds that can be chosen, in the order of their words."""
    return sorted(
        ((one.value, desk.speech.term(one)) for one in Deed), key=lambda pair: pair[1].casefold()
    )


def _users(found: Iterable[AuditEntry]) -> set[str]:
    named = {name for entry in found for name in (entry.actor, entry.subject)}
    return {name for name in named if name.startswith("usr_")}


def _line(desk: Desk, entry: AuditEntry, logins: dict[str, str]) -> Line:
    kind = kind_of(entry.subject, entry.deed)
    short = logins.get(entry.subject) or people.shortened(entry.subject)
    local = desk.speech.local(entry.at)
    return Line(
        entry=entry,
        day=local.date(),
        time=f"{local:%H:%M:%S}",
        who=logins.get(entry.actor) or people.by_itself(desk, entry.actor, entry.device),
        is_name=entry.actor in logins,
        is_ours=entry.authority in {"", desk.who.authority},
        about=desk.speech.term(kind, "SubjectKind") if kind else "",
        short=short,
        step=_step(desk, entry),
    )


def _step(desk: Desk, entry: AuditEntry) -> str:
    """Return which step of a hit, message or the like was taken; empty where the deed says it."""
    name = next((name for name in ("event", "note") if name in entry.facts), "")
    kind = "HitEvent" if name == "note" else _kind_of_step(entry.deed, name)
    text = str(entry.facts.get(name, ""))
    is_known = kind and desk.speech.pgettext(kind, text) != text
    return desk.speech.term(text, kind) if is_known else ""
