"""Owners at other nodes learn of the use of their records as owners in this bank do (PR-38).

    here   once a month, for each authority of a node whose records we were ever given -> USE
    there  kept beside what its own bank says, for whoever reads the owner's use report

A report leaves whether or not anybody was met, by the calendar alone, and is filled up to steps of
one size: that it comes, when, and how long it is, tell nothing (PR-53).
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from didban.errors import HandlingRefused, Malformed
from didban.exchange import feeds as publishing
from didban.guard import access, audit, use_reports
from didban.model.deeds import Deed
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.feeds import FeedState, Item
from didban.model.exchange.kinds import Kind
from didban.model.purposes import Purpose
from didban.store import authorities, records
from didban.store.exchange import feeds, peers
from didban.store.exchange import use as kept
from didban.store.exchange.use import NodeUse
from didban.store.use import Use, UseCount
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.exchange.records.readers import IdentityOf
    from didban.guard.use_reports import UseReport
    from didban.model.exchange.feeds import Arrived
    from didban.model.exchange.peers import Peer
    from didban.settings import Rights
    from didban.store.database import Database, Transaction

STEP_BYTES: Final = 16_384
"""Contents are filled up to a multiple of it: that is more than counts alone take."""

MOST_MONTHS: Final = 24
"""So many months are made up for, where this node told nothing for longer."""

_BEGINS: Final = "use:{}:"  # the name of a report, before its month
_DUTY: Final = "use.report"
_MOST_COUNTS: Final = 10_000
_MOST: Final = 2**31 - 1


def run_due(database: Database, now: datetime, *, identity_of: IdentityOf, terms: Rights) -> int:
    """Send each node the reports that can be had and were not sent; return how many were.

    A month for which this node was down is made up for, `MOST_MONTHS` back at most.
    """
    with database.begin() as tx:
        nodes = peers.pinned(tx)
    done = 0
    for peer in nodes:
        for owner in sorted(peer.authorities):
            with database.begin() as tx:
                done += _tell(tx, peer, owner, now, identity_of=identity_of, terms=terms)
    return done


def _tell(
    tx: Transaction,
    peer: Peer,
    owner: str,
    now: datetime,
    *,
    identity_of: IdentityOf,
    terms: Rights,
) -> int:
    if not kept.has_given(tx, peer.node):
        return 0
    me = identity_of(tx)
    feed = publishing.talk(tx, me, peer.node, now)
    if feeds.require(tx, feed, to_change=True).state is not FeedState.OPEN:
        return 0
    months = _untold(tx, peer.node, feed, owner, use_reports.last_ready(now, terms))
    for month in months:
        content = _written(use_reports.compiled(tx, owner, month, terms))
        said = Item(kind=Kind.USE, content=content, record=_name(owner, month))
        publishing.publish(tx, me, feed, [said], now)
        facts: audit.Facts = {"month": f"{month:%Y-%m}", "node": peer.node}
        audit.enter(tx, access.system_actor(me.node, _DUTY), Deed.USE_REPORTED, facts=facts)
    return len(months)


def _untold(tx: Transaction, node: str, feed: str, owner: str, last: date) -> list[date]:
    """Return the months up to the last one that were not told yet, the oldest first.

    They begin behind the one that was told last, or with the one in which the node was first heard.
    """
    told = feeds.last_said(tx, feed, Kind.USE, _BEGINS.format(owner))
    heard = feeds.first_begun(tx, node)
    if told is not None:
        month = _next(date.fromisoformat(f"{told[-7:]}-01"))
    else:
        month = heard.date().replace(day=1) if heard else last
    months: list[date] = []
    while month <= last:
        months.append(month)
        month = _next(month)
    return months[-MOST_MONTHS:]


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def take_in(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Keep what other nodes report of the use of our records; handler of `Kind.USE`.

    Raises PeerFault for what is no report on an owner here, or speaks of what was never given.
    """
    for each in arrived:
        if each.content is None:
            continue
        said = _read(each.peer.node, Fields(each.content))
        if each.header.record != _name(said.owner, said.month) or said.month >= _this_month(now):
            raise Malformed("a use report is on one owner, and on a month that is over")
        known = authorities.get(tx, said.owner)
        if known is None or peers.speaker_of(tx, said.owner) is not None:
            raise HandlingRefused("a use report is for an owner of this bank (PR-38)")
        said = _standing(tx, said)
        if kept.add(tx, said, now):
            facts: audit.Facts = {"month": f"{said.month:%Y-%m}", "node": said.node}
            actor = access.system_actor(said.owner, _DUTY)
            audit.enter(tx, actor, Deed.USE_RECEIVED, facts=facts)
        # It names records, and is in the tables that erasure reaches.
        feeds.erase_bodies(tx, [each.header.record], frozenset({Kind.USE}))


def _standing(tx: Transaction, said: NodeUse) -> NodeUse:
    """Return a report without records that were erased since. Raises HandlingRefused."""
    ids = {use.record for use in said.documents}
    if not ids <= kept.given_to(tx, said.node, ids):
        raise HandlingRefused("a use report speaks of records that this node was not given")
    there = records.many(tx, ids, every_number(tx)) if ids else {}
    for record in there.values():
        if record.owner != said.owner or not use_reports.is_document(record.entity.schema):
            raise HandlingRefused("single uses are of the owner's own documents alone (PR-53)")
    return NodeUse(
        node=said.node,
        owner=said.owner,
        month=said.month,
        documents=tuple(use for use in said.documents if use.record in there),
        counts=said.counts,
        step=said.step,
    )


def _written(report: UseReport) -> dict[str, Any]:
    """Return what is said of a month, filled up so that its length is that of an empty report."""
    content = {
        "owner": report.owner,
        "month": report.month.isoformat(),
        "documents": [
            {"record": use.record, **_by(use), "on": use.on.isoformat()} for use in report.documents
        ],
        "counts": [
            {**_by(count), "uses": count.uses, "records": count.records} for count in report.counts
        ],
        "step": report.step,
        "filling": "",
    }
    return {**content, "filling": "." * (-len(json.dumps(content)) % STEP_BYTES)}


def _by(use: Use | UseCount) -> dict[str, str]:
    said = {"authority": use.authority}
    return {**said, "purpose": use.purpose} if use.purpose else said


def _read(node: str, fields: Fields) -> NodeUse:
    owner, month = fields.identifier("owner"), _day(fields, "month")
    documents = fields.each("documents", use_reports.MAX_USES, lambda one: _use(one, month))
    step = fields.number("step", _MOST)
    counts = fields.each("counts", _MOST_COUNTS, lambda one: _count(one, step))
    fields.raw("filling")
    fields.require_all_read()
    if month.day != 1 or step < use_reports.LEAST_STEP:
        raise Malformed("a use report is on a whole month, in steps")
    return NodeUse(
        node=node,
        owner=owner,
        month=month,
        documents=tuple(documents),
        counts=tuple(counts),
        step=step,
    )


def _use(fields: Fields, month: date) -> Use:
    on = _day(fields, "on")
    record, authority = fields.identifier("record", 200), fields.identifier("authority")
    found = Use(record=record, authority=authority, purpose=_purpose(fields), on=on)
    fields.require_all_read()
    if on.replace(day=1) != month:
        raise Malformed("a use is of the month of its report")
    return found


def _count(fields: Fields, step: int) -> UseCount:
    uses, counted = fields.number("uses", _MOST), fields.number("records", _MOST)
    authority = fields.identifier("authority")
    found = UseCount(authority=authority, purpose=_purpose(fields), uses=uses, records=counted)
    fields.require_all_read()
    if not step or counted < step or uses % step or counted % step:
        raise Malformed("a use report says less than its step as nothing, and all else in steps")
    return found


def _purpose(fields: Fields) -> str:
    return fields.member("purpose", Purpose) if fields.has("purpose") else ""


def _day(fields: Fields, name: str) -> date:
    try:
        return date.fromisoformat(fields.text(name, 10))
    except ValueError as wrong:
        raise Malformed(f"'{name}' is no day") from wrong


def _this_month(now: datetime) -> date:
    return now.date().replace(day=1)


def _name(owner: str, month: date) -> str:
    return f"{_BEGINS.format(owner)}{month:%Y-%m}"
