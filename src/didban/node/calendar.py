"""Every duty of a node, and how often it is looked at."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from didban import clock
from didban.analysis import shelf
from didban.api import idempotency
from didban.casework import deadlines, notifications, notify, peer_channel
from didban.casework.carriers import Carriers
from didban.casework.messages import deadlines as messages
from didban.casework.notices import deadlines as notices
from didban.exchange import calls, expiry, later, peer_checks, peers, use_reports, witness
from didban.exchange.blind import offering
from didban.exchange.records import files
from didban.guard import (
    checkpoints,
    corrections,
    equality,
    erasing,
    limits,
    recovery,
    retention,
    sealing,
    sessions,
    signals,
)
from didban.guard import subject_clocks as clocks
from didban.guard.secrets import SecretName
from didban.intake import quality_report, sources, upkeep
from didban.intake.sources import Refreshing
from didban.model.notifications import Notification, Post
from didban.node.duties import Duty
from didban.node.exchange import board_of, desk_of, mail_of
from didban.node.ourselves import offering_of, sharing_of
from didban.screening import kept_checks, passengers, rescreen
from didban.screening.devices import upkeep as devices
from didban.screening.looking import Booth
from didban.store import erasure, jobs, node

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.exchange.expiry import Expiry
    from didban.model.checks import KeptCheck, KeptMatch
    from didban.node.exchange import Joined
    from didban.node.parts import Parts
    from didban.screening.live import LiveIndex
    from didban.store.database import Database, Transaction

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_FILES = 20 * _SECOND
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def duties_of(joined: Joined) -> Sequence[Duty]:
    """Return what a node does by itself, in alphabetical order."""
    return sorted([*_in_the_bank(joined), *_between_nodes(joined)], key=lambda duty: duty.name)


def _in_the_bank(joined: Joined) -> Sequence[Duty]:
    """Return what a node does that speaks with no other one."""
    parts, index = joined.parts, joined.index
    settings = parts.settings
    rights = settings.rights
    desk = desk_of(joined)
    carriers = Carriers(settings.notify, parts.secrets.get(SecretName.WEBHOOK))
    checkpoint = partial(checkpoints.run_due, secrets=parts.secrets)
    outbox = partial(notify.run_due, carrier=carriers, attempts=settings.notify.attempts)
    listed = partial(_list_erasures, parts)
    policy = retention.policy_of(settings.retention)
    refreshing = Refreshing(rejects=parts.places.rejects, is_apart=True, policy=policy)
    forgotten = partial(signals.run_due, kept_for=timedelta(days=policy.signal_days))
    retained = partial(erasing.run_due, policy=policy, path=parts.places.erased)
    booth = Booth.of(index, parts.secrets, settings)
    again = partial(rescreen.run_due, booth=booth, told=_tell_found_later)
    between = timedelta(minutes=rights.checkpoint_minutes)
    owed = partial(devices.run_due, terms=settings.devices)
    return (
        Duty(name="answers.forget", every=_HOUR, run=idempotency.run_due),
        Duty(name="audit.checkpoint", every=between, run=checkpoint),
        Duty(name="audit.seal", every=_SECOND, run=sealing.run_due),
        Duty(name="changes.forget", every=_MINUTE, run=lambda _database, _now: index.trim()),
        Duty(name="checks.empty", every=_HOUR, run=kept_checks.run_due),
        Duty(name="checks.repeat", every=_MINUTE, run=again),
        Duty(name="corrections.tell", every=_MINUTE, run=corrections.run_due),
        Duty(name="criteria.compare", every=_DAY, run=partial(equality.run_due, terms=rights)),
        Duty(name="devices.receipts", every=_MINUTE, run=owed),
        Duty(name="erasures.list", every=10 * _SECOND, run=listed),
        Duty(name="hits.deadlines", every=2 * _SECOND, run=partial(deadlines.run_due, desk=desk)),
        Duty(name="jobs.do", every=_MINUTE, run=partial(_do_jobs, index)),
        Duty(name="limits.forget", every=_HOUR, run=limits.run_due),
        Duty(name="lists.refresh", every=_MINUTE, run=partial(sources.run_due, how=refreshing)),
        Duty(name="lists.report", every=_HOUR, run=quality_report.run_due),
        Duty(name="notifications.forget", every=_HOUR, run=notify.forget_due),
        Duty(name="notifications.send", every=5 * _SECOND, run=outbox),
        Duty(name="passengers.mask", every=_MINUTE, run=passengers.run_due),
        Duty(name="records.retain", every=_HOUR, run=retained),
        Duty(name="records.upkeep", every=_HOUR, run=upkeep.run_due),
        Duty(name="recoveries.lapse", every=_HOUR, run=recovery.run_due),
        Duty(name="requests.clocks", every=_HOUR, run=partial(clocks.run_due, terms=rights)),
        Duty(name="sessions.forget", every=_HOUR, run=sessions.run_due),
        Duty(name="shelves.clear", every=_HOUR, run=shelf.run_due),
        Duty(name="signals.forget", every=_HOUR, run=forgotten),
    )


def _between_nodes(joined: Joined) -> Sequence[Duty]:
    """Return what a node does towards others, and with what came from them."""
    parts, ask = joined.parts, joined.exchange.ask
    identity_of = joined.exchange.identity_of
    delayed = partial(later.run_due, identity_of=identity_of)
    used = partial(use_reports.run_due, identity_of=identity_of, terms=parts.settings.rights)
    written = partial(messages.run_due, mail=mail_of(joined))
    published = partial(notices.run_due, board=board_of(joined))
    sharing = sharing_of(parts.settings, parts.ourselves)
    mended = partial(sharing.mend, ask=ask)
    fetched = partial(files.fetch_due, ask=ask, terms=parts.settings.exchange)
    stated = timedelta(hours=parts.settings.sharing.inventory_hours)
    refuses = _tell_witness_refuses
    cosigned = partial(witness.run_due, secrets=parts.secrets, ask=ask, told=refuses)
    renewed = partial(peers.run_due, ask=ask)
    ending = partial(expiry.run_due, told=_tell_trust_ends)
    offers = offering_of(parts.settings, parts.ourselves, parts.secrets)
    offered = partial(offering.run_due, offering=offers)
    questions = partial(peer_channel.run_due, desk=desk_of(joined))
    return (
        Duty(name="audit.witness", every=_MINUTE, run=cosigned),
        Duty(name="blind.keep", every=2 * _SECOND, run=offered),
        Duty(name="calls.forget", every=_HOUR, run=calls.run_due),
        Duty(name="files.fetch", every=_FILES, run=fetched),
        Duty(name="hits.questions", every=2 * _SECOND, run=questions),
        Duty(name="later.send", every=2 * _SECOND, run=delayed),
        Duty(name="messages.deadlines", every=2 * _SECOND, run=written),
        Duty(name="notices.deadlines", every=10 * _SECOND, run=published),
        Duty(name="peers.expiry", every=_HOUR, run=ending),
        Duty(name="peers.renew", every=_HOUR, run=renewed),
        Duty(name="questions.forget", every=_HOUR, run=peer_checks.forget_due),
        Duty(name="sharing.keep", every=2 * _SECOND, run=sharing.keep_up),
        Duty(name="sharing.mend", every=_MINUTE, run=mended),
        Duty(name="sharing.renew", every=_HOUR, run=sharing.renew),
        Duty(name="sharing.state", every=stated, run=sharing.state),
        Duty(name="use.report", every=_HOUR, run=used),
    )


def _list_erasures(parts: Parts, database: Database, now: datetime) -> int:
    return erasure.write_list(database, parts.places.erased, now)


def _do_jobs(index: LiveIndex, database: Database, now: datetime) -> int:
    """Do the one-off work that the rooms asked for."""
    handlers = {erasure.PURGE_INDEX: lambda _tx, _facts: index.purge()}
    return jobs.run_due(database, handlers, now)


def _tell_found_later(tx: Transaction, match: KeptMatch, check: KeptCheck) -> None:
    """Tell the duty officer of who made the check that somebody was found later."""
    kind, post = Notification.MATCH_FOUND_LATER, Post.DUTY_OFFICER
    notifications.tell(tx, check.authority, post, kind, match.id, at=match.made_at)


def _tell_trust_ends(tx: Transaction, ends: Expiry) -> None:
    """Tell the supervisor of the node that something which others rely on is about to end."""
    if (here := node.get(tx)) is not None:
        kind, at = Notification.TRUST_ENDS, clock.now()
        notifications.tell(
            tx, here.host, Post.SUPERVISOR, kind, ends.node, at=at, due_at=ends.ends_at
        )


def _tell_witness_refuses(tx: Transaction, witness_node: str) -> None:
    """Tell the supervisor of the node that its audit log is not what another one saw."""
    if (here := node.get(tx)) is not None:
        kind, at = Notification.WITNESS_REFUSES, clock.now()
        notifications.tell(tx, here.host, Post.SUPERVISOR, kind, witness_node, at=at)
