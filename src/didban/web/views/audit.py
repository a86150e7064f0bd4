"""The audit log: entries, whether it is whole, proofs, what somebody saw, use of one's records."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import InvalidInput
from didban.exchange import witness
from didban.guard import audit_reading, checkpoints, reconstruct, use_reports
from didban.model.permissions import Permission
from didban.store.audit import Selection
from didban.web.desk import Page, Room, Sent
from didban.web.i18n import N_
from didban.web.paging import ROWS, paged, place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from didban.web.desk import Desk

room = Room("audit")

_READ: Final = Permission.AUDIT_LOG_READ
_FILTERS: Final = ("actor", "subject", "since", "until")


@room.page("/audit", _READ)
def entries(desk: Desk) -> Page:
    """Show entries, the newest first, or those that a filter leaves; and who witnesses the log."""
    chosen = {name: desk.asked(name) for name in _FILTERS}
    selection = Selection(
        actor=chosen["actor"] or None,
        subject=chosen["subject"] or None,
        since=_midnight(chosen["since"]),
        until=_midnight(chosen["until"], days=1),
        before=place(desk),
    )
    found = audit_reading.select(desk.tx, desk.who, selection, limit=ROWS + 1)
    rows, following = paged(desk, [(each.number, each) for each in found])
    return Page(
        "pages/audit/entries.html",
        rows=rows,
        next=following,
        chosen=chosen,
        is_filtered=any(chosen.values()),
        witnesses=witness.standing(desk.tx, desk.services.secrets),
        wanted=witness.WANTED,
    )


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
    user, since, until = (desk.asked(name) for name in ("user", "since", "until"))
    sights = None
    if user:
        from_then = _midnight(since or clock.today().isoformat())
        to_then = _midnight(until or clock.today().isoformat(), days=1)
        assert from_then is not None  # noqa: S101 - a day was given or is today
        assert to_then is not None  # noqa: S101 - the same
        sights = reconstruct.seen_by(desk.tx, desk.who, user, since=from_then, until=to_then)
    chosen = {"user": user, "since": since, "until": until}
    return Page("pages/audit/sight.html", sights=sights, chosen=chosen, flat=_flat)


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
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(N_("Write the date as year-month-day, as in 2026-03-01.")) from wrong


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """Return the beginning (UTC) of a day, or of so many days later; None for no day."""
    day = _day(text)
    if day is None:
        return None
    return datetime.combine(day, time(), UTC) + timedelta(days=days)


def _flat(shown: Mapping[str, Any], *, before: str = "") -> list[tuple[str, str]]:
    """Return what was shown as rows of a field and its values."""
    rows: list[tuple[str, str]] = []
    for name, value in shown.items():
        field = f"{before}{name}"
        if isinstance(value, dict):
            rows += _flat(value, before=f"{field}.")
        elif isinstance(value, list | tuple):
            rows.append((field, " · ".join(str(one) for one in value)))
        elif value not in {None, ""}:
            rows.append((field, str(value)))
    return [row for row in rows if row[1]]
