"""Exports: what a search finds, as a file, under the strictest of its handling codes (PR-08)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from didban.analysis import exports
from didban.analysis.exports import Export, Order
from didban.analysis.search import Means
from didban.model.alerts import Action
from didban.model.onward import Onward
from didban.model.permissions import Permission
from didban.model.searches import Search
from didban.web.desk import Page, Room, Sent
from didban.web.i18n import N_
from didban.web.views.search import KINDS

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("exports")

_EXPORT: Final = Permission.BANK_RECORD_EXPORT


@room.page("/exports", _EXPORT)
def form(desk: Desk) -> Page:
    """Show the form on which records are exported."""
    term = desk.speech.term
    return Page(
        "pages/exports/form.html",
        uses=[(one.value, term(one)) for one in Onward],
        kinds=[(one, term(one, "schema")) for one in KINDS],
        actions=[(one.value, term(one)) for one in Action],
    )


@room.deed("/exports", _EXPORT, again=form)
def make(desk: Desk) -> Sent:
    """Export what a search finds, a line for each record; refused whole where one may not go along."""
    sent = desk.form
    use = sent.one_of("use", Onward)
    recipient = sent.text("recipient", most=40)
    if use is not None and (use is Onward.OWN_USE) == bool(recipient):
        sent.blame("recipient", N_("Name who receives it; nobody for your own use."))
    search = _search(desk)
    if not search.criteria:
        sent.blame("name", N_("Say what is to be exported."))
    sent.require()
    assert use is not None  # noqa: S101 - `require` has seen to it
    order = Order(
        search=search,
        use=use,
        recipient=recipient,
        onward_consents=sent.lines("onward_consents"),
        use_consents=sent.lines("use_consents"),
    )
    services = desk.services
    means = Means(index=services.index, secrets=services.secrets, access=services.settings.access)
    made = exports.make(desk.tx, desk.who, means, order)
    lines = [_head(made, order), *made.records]
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    return Sent(content=content, media_type="application/x-ndjson", name=f"{made.id}.jsonl")


def _search(desk: Desk) -> Search:
    sent = desk.form
    action = sent.one_of("action", Action) if sent.text("action") else None
    return Search(
        text=sent.text("text", most=300),
        name=sent.text("name", most=200),
        document_number=sent.text("document_number", most=64),
        schema=sent.text("schema", most=64),
        owner=sent.text("owner", most=64),
        country=sent.text("country", most=64),
        action=action,
        recorded_from=sent.day("recorded_from"),
        recorded_to=sent.day("recorded_to"),
    )


def _head(made: Export, order: Order) -> dict[str, Any]:
    return {
        "export": made.id,
        "made_at": made.made_at.isoformat(),
        "use": order.use,
        "recipient": order.recipient or None,
        "handling": made.handling,
        "conditions": dict(made.conditions),
        "onward_transfer_consents": list(made.consents),
        "count": len(made.records),
    }
