"""The audit log: entries, whether it is whole, proofs, what somebody saw, use of one's records."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from didban import clock
from didban.errors import InvalidInput
from didban.exchange import witness
from didban.guard import audit_reading, checkpoints, reconstruct, use_reports
from didban.model.audit import plain
from didban.model.permissions import Permission
from didban.store.audit import Selection
from didban.web.desk import Page, Room, Sent
from didban.web.forms import read_day
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place
from didban.web.presenters import audit as shaped
from didban.web.presenters import records

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("audit")

_READ: Final = Permission.AUDIT_LOG_READ
_FILTERS: Final = ("actor", "subject", "deed", "since", "until")


@room.page("/audit", _READ)
def entries(desk: Desk) -> Page:
    """Show entries, the newest first, or those that a filter leaves; and who witnesses the log."""
    chosen = {name: desk.asked(name) for name in _FILTERS}
    selection = replace(_selection(desk), before=place(desk))
    found = audit_reading.select(desk.tx, desk.who, selection, limit=ROWS + 1)
    rows, following = paged(desk, [(each.number, each) for each in found])
    actor, subject = selection.actor or "", selection.subject or ""
    return Page(
        "pages/audit/entries.html",
        part="entries",
        rows=shaped.lines(desk, rows),
        next=following,
        chosen=chosen,
        chips=_chips(desk, chosen),
        deeds=shaped.deeds(desk),
        user=actor,
        subject=subject,
        called=shaped.who(desk, actor or subject) if actor or subject else "",
        kind=shaped.kind_of(subject),
        address=shaped.address(desk, subject),
        shaped=shaped,
        standing=audit_reading.standing(desk.tx, desk.who),
        witnesses=witness.standing(desk.tx, desk.services.secrets),
        wanted=witness.WANTED,
    )


def _selection(desk: Desk) -> Selection:
    actor, deed = desk.asked("actor"), desk.asked("deed")
    return Selection(
        actor=audit_reading.user_of(desk.tx, desk.who, actor) if actor else None,
        subject=desk.asked("subject") or None,
        deeds=(deed,) if deed else (),
        since=_midnight(desk, desk.asked("since")),
        until=_midnight(desk, desk.asked("until"), days=1),
    )


def _chips(desk: Desk, chosen: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return what is filtered by: the filter, its value in words, and the address without it."""
    told = {
        "actor": shaped.who(desk, chosen["actor"]),
        "deed": desk.speech.term(chosen["deed"], "Deed"),
    }
    here = desk.url("audit.entries")
    return [
        (name, told.get(name) or value, f"{here}?{urlencode(_without(chosen, name))}")
        for name, value in chosen.items()
        if value
    ]


def _without(chosen: dict[str, str], left_out: str) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if value and name != left_out}


@room.page("/audit/export", _READ)
def export(desk: Desk) -> Sent:
    """Send the entries that a filter leaves, each with what ties it to the last signed checkpoint."""
    proofs, young = audit_reading.prove_all(desk.tx, desk.who, _selection(desk))
    told = [proof.to_json() for proof in proofs] + [{"entry": plain(one)} for one in young]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told)
    name = f"audit-{clock.today():%Y-%m-%d}.jsonl"
    return Sent(content=text.encode(), media_type="application/x-ndjson", name=name)


@room.deed("/audit/verification", _READ, again=entries)
def verify(desk: Desk) -> Page:
    """Compute the whole log again from its entries, and say whether it is whole."""
    signers = checkpoints.signers_of(desk.tx, desk.services.secrets)
    found = audit_reading.verify(desk.tx, desk.who, [one.verifier for one in signers])
    return Page("pages/audit/verified.html", found=found)


@room.page("/audit/entries/{number}/proof", _READ)
def proof(desk: Desk, number: str) -> Sent:
    """Send an entry with what ties it to the last signed checkpoint."""
    if not number.isdecimal() or len(number) >= len(str(2**63)):
        raise InvalidInput(N_("There is no entry of this number."))
    told = audit_reading.prove(desk.tx, desk.who, int(number)).to_json()
    return _file(json.dumps(told, ensure_ascii=False, indent=1), f"audit-entry-{number}.json")


@room.page("/audit/checkpoint", _READ)
def checkpoint(desk: Desk) -> Sent:
    """Send the last signed checkpoint, to be kept elsewhere."""
    last = audit_reading.last_checkpoint(desk.tx, desk.who)
    key = checkpoints.signer_of(desk.tx, desk.services.secrets).verifier.text()
    told = json.dumps({"checkpoint": last.text, "key": key}, ensure_ascii=False, indent=1)
    return _file(told, f"audit-checkpoint-{last.size}.json")


@room.page("/audit/sight", _READ)
def sight(desk: Desk) -> Page:
    """Play again what somebody saw: records as they were then, as they were shown then."""
    chosen = {name: desk.asked(name) for name in ("user", "since", "until")}
    user = audit_reading.user_of(desk.tx, desk.who, chosen["user"]) if chosen["user"] else ""
    sights = None
    if user:
        today = desk.speech.local(clock.now()).date().isoformat()
        since = _midnight(desk, chosen["since"] or today)
        until = _midnight(desk, chosen["until"] or today, days=1)
        assert since is not None  # noqa: S101 - a day was given or is today
        assert until is not None  # noqa: S101 - the same
        sights = reconstruct.seen_by(desk.tx, desk.who, user, since=since, until=until)
    return Page(
        "pages/audit/sight.html",
        sights=sights,
        chosen=chosen,
        user=user,
        called=shaped.who(desk, user) if user else "",
        title_of=records.title_of,
        rows_of_all=shaped.rows_of_all,
        handling=records.handling_of(one.shown for one in sights or () if one.shown),
    )


@room.page("/audit/use", Permission.AUDIT_USE_READ)
def use(desk: Desk) -> Page:
    """Show how others used one's own records in a month that is long enough over."""
    terms = desk.services.settings.rights
    month = _day(f"{desk.asked('month')}-01") if desk.asked("month") else None
    month = month or use_reports.last_ready(clock.now(), terms)
    found = use_reports.report(desk.tx, desk.who, month, terms)
    return Page("pages/audit/use.html", found=found)


def _file(text: str, name: str) -> Sent:
    return Sent(content=text.encode(), media_type="application/json", name=name)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError as wrong:
        raise InvalidInput(N_("Write the date as year-month-day, as in 2026-03-01.")) from wrong


def _midnight(desk: Desk, text: str, *, days: int = 0) -> datetime | None:
    """Return the beginning of a day at the node, or of so many days later; None for no day."""
    day = _day(text)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days), time(), ZoneInfo(desk.speech.zone))
