"""What a device brings back, taken in at its node: once, in order, or not at all.

    file ── signatures of the device ── its order, without a gap ── opened
         ── checks: kept as checks of the bank, with audit     ── receipts: deletions confirmed

Entries that are here already are passed over, so that a file that comes twice is a file that came
once. A device that brings something else in a place that it has filled was copied or set back: it
is suspected, and nothing of the file is taken. One that brings less than it brought before is
suspected too: that is an older file, or a device that was set back whole.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import Conflict, Forked, InvalidInput, Malformed, PeerFault
from didban.guard import audit, signals
from didban.guard.crypto import envelopes
from didban.ids import new_id
from didban.match.modes import Mode
from didban.model.casework import Evidence
from didban.model.checks import AskedFor, KeptCheck, KeptMatch
from didban.model.deeds import Deed
from didban.model.devices import Kind
from didban.model.exchange.envelopes import MAX_BODY_BYTES, MOST_EPOCHS, Fields, Header
from didban.model.exchange.feeds import Cursor
from didban.model.signals import SignalKind
from didban.screening.check import Verdict, asked_of
from didban.screening.devices import enrolment, frames, journal
from didban.screening.looking import is_told
from didban.screening.question import Question
from didban.store import checks, devices, records
from didban.store.devices import Receipt
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from didban.guard.audit import Facts
    from didban.model.actors import Actor
    from didban.model.devices import Device
    from didban.model.exchange.envelopes import Envelope
    from didban.model.retention import RetentionPolicy
    from didban.screening.devices.packing import Me
    from didban.store.database import Database, Transaction

_MOST: Final = 50
_MAX_TEXT: Final = 2_000
_MOST_NAMES: Final = 20
_MOST_VERSIONS: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came of a file.

    - `known`: entries that were here already; `unread`: checks that say nothing one could look for.
    - `deleted`: records that the device confirmed to be gone from it.
    - `is_behind`: the file ends before what the device brought before.
    """

    device: str
    checks: int = 0
    matches: int = 0
    receipts: int = 0
    deleted: int = 0
    known: int = 0
    unread: int = 0
    is_behind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What entries are taken in with: who brought them, and what may be seen there."""

    device: Device
    post: Actor
    seen: frozenset[int]
    policy: RetentionPolicy
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    header: Header
    envelope: Envelope
    body: bytes

    @property
    def seq(self) -> int:
        """Where it stands."""
        return self.header.place.seq if self.header.place else 0


def take_in(
    database: Database, me: Me, actor: Actor, raw: bytes, policy: RetentionPolicy
) -> Returned:
    """Take in the file that a device wrote; return what came of it.

    Raises NotPermitted; NotFound for a device that is not known here; InvalidInput for a file that
    no device of ours wrote so; Conflict for a device that was revoked, and for a fork: then the
    device is suspected, and the data-protection officer told.
    """
    try:
        with database.begin() as tx:
            return _taken(tx, me, actor, raw, policy)
    except Forked as fork:
        with database.begin() as tx:
            _suspect(tx, actor, device_of(raw))
        raise Conflict(f"{fork}: the device was copied or set back") from fork
    except PeerFault as fault:
        raise InvalidInput(f"no device of this node wrote this file so: {fault}") from fault


def device_of(raw: bytes) -> str:
    """Return the device that a file says it is of. Raises InvalidInput where it holds nothing."""
    first = next(_read(raw), None)
    if first is None:
        raise InvalidInput("the file holds nothing that a device brings back")
    return first[0].sender


def _taken(tx: Transaction, me: Me, actor: Actor, raw: bytes, policy: RetentionPolicy) -> Returned:
    device = enrolment.served(tx, actor, device_of(raw))
    post = enrolment.actor_of(tx, device)
    now = clock.now()
    desk = _Desk(device=device, post=post, seen=open_to(tx, post), policy=policy, now=now)
    told, last, end = Returned(device=device.id), device.returned, 0
    held, new = devices.entries(tx, device.id, _first(raw)), dict[int, bytes]()
    for header, envelope in _read(raw):
        entry = _verified(device, me, header, envelope)
        end = entry.seq
        if entry.seq <= device.returned.seq:
            if held.get(entry.seq) != envelope.hash:
                raise Forked("the device brings something else in a place that it has filled")
            told = replace(told, known=told.known + 1)
            continue
        if entry.seq != last.seq + 1 or header.place is None or header.place.prev != last.head:
            raise Forked("what the device brings does not go on from what it brought before")
        told = _applied(tx, desk, entry, told)
        last = Cursor(epoch=journal.EPOCH, seq=entry.seq, head=envelope.hash)
        new[entry.seq] = envelope.hash
    if end < device.returned.seq:
        told = replace(told, is_behind=True)
        _suspect(tx, actor, device.id)
    devices.note_entries(tx, device.id, new)
    devices.note_returned(tx, device.id, last, now)
    counts: Facts = {name: n for name, n in asdict(told).items() if name != "device"}
    audit.enter(tx, actor, Deed.DEVICE_RETURNED, subject=device.id, facts=counts)
    return told


def _first(raw: bytes) -> int:
    """Return the place of the first entry of a file."""
    first = next(_read(raw), None)
    return first[0].place.seq if first and first[0].place else 0


def _read(raw: bytes) -> Iterator[tuple[Header, Envelope]]:
    if len(raw) > journal.MAX_BYTES:
        raise Malformed("the file is larger than any that a device writes")
    for envelope in frames.read(raw):
        yield Header.from_bytes(envelope.header), envelope


def _verified(device: Device, me: Me, header: Header, envelope: Envelope) -> _Entry:
    """Return an entry of this device, opened. Raises PeerFault."""
    envelopes.verify(envelope, device.keys.signing)
    at = header.place
    if at is None or {envelope.key, header.sender} != {device.id}:
        raise Malformed("the entry is none of this device's")
    if at.feed != journal.feed_of(device.id) or at.epoch != journal.EPOCH:
        raise Malformed("the entry is none of this device's journal")
    body = envelopes.open_body(envelope, header, me.node, me.sealing)
    if body is None:
        raise Malformed("the entry is not sealed to this node")
    return _Entry(header=header, envelope=envelope, body=body)


def _applied(tx: Transaction, desk: _Desk, entry: _Entry, told: Returned) -> Returned:
    if entry.header.kind == Kind.INSTALLED:
        deleted = _confirmed(tx, desk, entry, Fields.of(entry.body, MAX_BODY_BYTES))
        return replace(told, receipts=told.receipts + 1, deleted=told.deleted + deleted)
    if entry.header.kind != Kind.CHECK:
        raise Malformed("the entry is of a kind that no device writes")
    try:
        matches = _checked(tx, desk, entry, Fields.of(entry.body, MAX_BODY_BYTES))
    except (InvalidInput, Malformed):  # it was made: what follows it is not held up
        return replace(told, unread=told.unread + 1)
    return replace(told, checks=told.checks + 1, matches=told.matches + matches)


# ------------------------------------------------------------------------------- receipts


def _confirmed(tx: Transaction, desk: _Desk, entry: _Entry, fields: Fields) -> int:
    receipt = Receipt(
        device=desk.device.id,
        seq=entry.seq,
        epoch=fields.number("epoch", MOST_EPOCHS),
        edition=fields.number("edition"),
        records=fields.number("records"),
        deleted=fields.number("deleted"),
        at=entry.header.time,
    )
    fields.require_all_read()
    if receipt.edition > desk.device.sent.seq:
        raise Forked("the device confirms a package that was never made")
    devices.add_receipt(tx, receipt, entry.envelope, desk.now)
    return devices.settle(tx, desk.device.id, receipt.edition)


# --------------------------------------------------------------------------------- checks


def _checked(tx: Transaction, desk: _Desk, entry: _Entry, fields: Fields) -> int:
    """Keep a check with its matches; return how many. Raises InvalidInput, Malformed first."""
    at = min(entry.header.time, desk.now)
    question = _question(Fields(fields.raw("question")))
    reference, matches = fields.raw("reference"), fields.each("matches", _MOST, _match)
    verdict, mode = fields.member("verdict", Verdict), fields.member("mode", Mode)
    age, is_degraded = fields.number("age"), fields.truth("is_degraded")
    fields.require_all_read()
    asked = asked_of(question, at.date())
    device = desk.device
    check = KeptCheck(
        id=new_id("chk"),
        at=at,
        user=device.id,
        device=device.id,
        authority=device.authority,
        clearance=int(device.clearance),
        purpose=device.purpose,
        reference=reference[:_MAX_TEXT] if isinstance(reference, str) else "",
        place=device.place,
        mode=mode,
        verdict=verdict,
        asked=tuple(
            AskedFor(origin=one.origin, record=one.record, notes=one.notes) for one in asked
        ),
        chip=None,
        lag=float(age),
        is_degraded=is_degraded,
    )
    checks.keep(tx, check, at.date() + timedelta(days=desk.policy.search_days))
    kept = _kept(tx, desk, check, matches)
    checks.keep_matches(tx, kept)
    facts: Facts = {
        "verdict": check.verdict,
        "told": len(matches),
        "found": len(kept),
        "offline": True,
    }
    audit.enter(tx, desk.post, Deed.CHECK_MADE, subject=check.id, facts=facts)
    return len(kept)


def _kept(
    tx: Transaction, desk: _Desk, check: KeptCheck, matches: Sequence[Mapping[str, Any]]
) -> list[KeptMatch]:
    """Return the matches to keep: of what the bank has, and the post may see.

    What was taken back since is kept as it was told, if the device was given it.
    """
    present = records.many(tx, [one["record"] for one in matches], desk.seen)
    given = devices.given(tx, desk.device.id, present)
    found = []
    for one in {one["record"]: one for one in matches}.values():
        record = present.get(one["record"])
        if record is None or not (is_told(record) or record.id in given):
            continue
        if record.marking.is_tainted:
            continue
        found.append(
            KeptMatch(
                id=new_id("mat"),
                check=check.id,
                record=record.id,
                version=one["version"],
                owner=record.owner,
                visibility=record.visibility_number,
                score=one["score"],
                prior=one["prior"],
                origin=min(one["origin"], len(check.asked) - 1),
                evidence=one["evidence"],
                is_silenced=one["is_silenced"],
                is_rescreened=False,
                made_at=check.at,
            )
        )
    return found


def _question(fields: Fields) -> Question:
    """Read what was asked, as it was typed: it is understood here anew, not believed."""
    found = Question(
        names=_texts(fields, "names"),
        birth_date=fields.text("birth_date") if fields.has("birth_date") else None,
        nationalities=_texts(fields, "nationalities"),
        sex=fields.text("sex") if fields.has("sex") else None,
        documents=_texts(fields, "documents"),
        mrzs=_texts(fields, "mrzs"),
        schema=fields.text("schema") if fields.has("schema") else None,
    )
    fields.require_all_read()
    return found


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    found = fields.raw(name) or []
    if not isinstance(found, list) or len(found) > _MOST_NAMES:
        raise Malformed(f"'{name}' is no list of at most {_MOST_NAMES}")
    if not all(isinstance(one, str) and len(one) <= _MAX_TEXT for one in found):
        raise Malformed(f"'{name}' holds what is no text")
    return tuple(found)


def _match(fields: Fields) -> Mapping[str, Any]:
    found = {
        "record": fields.text("record"),
        "version": fields.number("version", _MOST_VERSIONS),
        "score": _real(fields, "score"),
        "prior": _real(fields, "prior"),
        "origin": fields.number("origin"),
        "is_silenced": fields.has("is_silenced") and fields.truth("is_silenced"),
        "evidence": tuple(fields.each("evidence", _MOST, _evidence)),
    }
    fields.require_all_read()
    return found


def _evidence(fields: Fields) -> Evidence:
    found = Evidence(
        feature=fields.text("feature"),
        asked=_text(fields, "asked"),
        listed=_text(fields, "listed"),
        similarity=_real(fields, "similarity"),
        weight=_real(fields, "weight"),
        detail=_text(fields, "detail"),
    )
    fields.require_all_read()
    return found


def _text(fields: Fields, name: str) -> str:
    found = fields.raw(name)
    if not isinstance(found, str) or len(found) > _MAX_TEXT:
        raise Malformed(f"'{name}' is no text")
    return found


def _real(fields: Fields, name: str) -> float:
    found = fields.raw(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise Malformed(f"'{name}' is no number")
    return float(found)


def _suspect(tx: Transaction, actor: Actor, device_id: str) -> None:
    devices.suspect(tx, device_id, clock.now())
    signals.raise_about(tx, SignalKind.DEVICE_SUSPECT, actor, about=device_id)
    audit.enter(tx, actor, Deed.DEVICE_SUSPECTED, subject=device_id)
