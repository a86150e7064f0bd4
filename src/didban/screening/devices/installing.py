"""A package taken in on the device: verified, opened, folded into what is there, sealed again.

package ── root key ── signatures ── order ── ours? ── records that stay + records that come
        ── as many, and the same, as the node says ──> sealed index ── state ── old index gone
        ── receipt in the journal

Whole or not at all: until the state is replaced the old package is in force. Taking in a package
twice is taking it in once; an older one is refused. What was withdrawn is in no file of the device
when the receipt is written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from didban.errors import (
    BadSignature,
    Conflict,
    Forked,
    IntegrityFailure,
    Malformed,
    NotPermitted,
    UnknownPeer,
)
from didban.guard.crypto import dsse, envelopes
from didban.guard.crypto.hpke import PublicKey, Suite
from didban.match.snapshot import Snapshot, SnapshotBuilder
from didban.model.devices import Edition, Kind
from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.feeds import START, Cursor
from didban.screening.devices import journal, memory, strongbox
from didban.screening.devices.carried import digest_of, root_of, until_of
from didban.screening.devices.journal import Journal
from didban.screening.devices.packages import Package, Part
from didban.screening.devices.vault import Trust, Vault, held

if TYPE_CHECKING:
    from pathlib import Path

    from didban.model.exchange.envelopes import Envelope, Header, Place
    from didban.model.exchange.signed import Signed
    from didban.model.records import Record
    from didban.screening.devices.memory import Session
    from didban.screening.devices.vault import State

Trusts = Callable[[str, bytes], bool]
"""Whether the officer compared the words of this node's root key; asked once, for the first package."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A package that was taken in. `is_known`: it was there already."""

    records: int
    put: int
    deleted: int
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What a package says, verified."""

    trust: Trust
    package: Cursor
    edition: Edition
    is_whole: bool
    put: dict[str, Record]
    withdraw: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folded:
    index: str
    key: bytes
    deleted: int
    records: int
    root: bytes
    ends_at: datetime | None


def open_device(
    folder: Path,
    passphrase: str,
    packages: Iterable[bytes],
    trusts: Trusts,
    *,
    now: datetime,
    in_memory: Path = memory.MEMORY,
) -> tuple[Session, list[Installed]]:
    """Take in packages, if any, and open the device for a shift.

    Raises InvalidInput for another passphrase; NotPermitted where nobody compared the words of the
    node; PeerFault for a package that is not this node's for this device; Conflict for one that is
    older, or that lacks one before it; IntegrityFailure where the device's own files were changed.
    """
    with held(folder):
        vault = Vault.unlock(folder, passphrase)
        memory.close(in_memory, vault.id)
        state = _sound(vault, vault.state()).seen(now)
        told = []
        for raw in packages:
            state, one = _take_in(vault, state, Package.from_bytes(raw), trusts, in_memory, now)
            told.append(one)
        if state.ends_at is not None and state.ends_at <= now:
            state = _without_ended(vault, state, in_memory, now)
        state = _confirmed(vault, state, now)
        return memory.begin(vault, state, in_memory, now), told


def _take_in(
    vault: Vault,
    state: State,
    package: Package,
    trusts: Trusts,
    in_memory: Path,
    now: datetime,
) -> tuple[State, Installed]:
    last = package.envelopes[-1]
    if last.hash == state.package.head and state.edition is not None:
        known = Installed(records=state.edition.records, put=0, deleted=0, is_known=True)
        return state, known
    change = _verified(vault, state, package, trusts)
    cut = change.edition.made_at
    folded = _fold(vault, state, change, in_memory, cut)
    if folded.records != change.edition.records or folded.root != change.edition.root:
        (vault.folder / folded.index).unlink()
        raise IntegrityFailure(
            "with this package the device would not hold what its node says: ask for a whole one"
        )
    pruned = state.pruned
    if change.edition.taken > pruned.seq:
        head = journal.hash_at(vault.folder, change.edition.taken)
        if head is None:
            raise Forked("the node has entries of this device that it never wrote")
        pruned = Cursor(epoch=journal.EPOCH, seq=change.edition.taken, head=head)
    new = replace(
        state,
        trust=change.trust,
        package=change.package,
        edition=change.edition,
        index=folded.index,
        key=folded.key,
        deleted=folded.deleted,
        ends_at=folded.ends_at,
        pruned=pruned,
    ).seen(change.edition.made_at)
    vault.keep(new)
    vault.tidy(new)
    journal.prune(vault.folder, pruned)
    return _confirmed(vault, new, now), Installed(
        records=folded.records, put=len(change.put), deleted=folded.deleted
    )


# ------------------------------------------------------------------------------ verifying


def _verified(vault: Vault, state: State, package: Package, trusts: Trusts) -> _Change:
    descriptor, trust = _trusted(state, package.descriptor, trusts)
    keys = {key.id: key for key in descriptor.online_keys}
    last, parts = state.package, list[Part]()
    for envelope in package.envelopes:
        key = keys.get(envelope.key)
        if key is None:
            raise BadSignature("the package is signed by a key that its node does not name")
        header = envelopes.verify(envelope, key.public)
        if not key.may_sign_at(header.time) or header.time >= descriptor.expires_at:
            raise BadSignature("the key may not sign what bears this time")
        last = _next(vault, trust.node, last, header, envelope, is_first=not parts)
        parts.append(_opened(vault, envelope, header))
    edition = parts[-1].edition
    if edition is None or any(part.edition for part in parts[:-1]):
        raise Malformed("the package is not whole")
    put = {record.id: record for part in parts for record in part.put}
    return _Change(
        trust=trust,
        package=last,
        edition=edition,
        is_whole=last.epoch != state.package.epoch,
        put=put,
        withdraw=frozenset(one for part in parts for one in part.withdraw),
    )


def _trusted(state: State, signed: Signed, trusts: Trusts) -> tuple[Descriptor, Trust]:
    """Return what the node says of itself, if the root key says so that was compared once."""
    found = Descriptor.from_bytes(signed.payload)
    before = state.trust
    if before is None:
        if not trusts(found.node, found.root):
            raise NotPermitted("the words of the node's root key were not compared", "not_compared")
    elif found.node != before.node:
        raise UnknownPeer("the package is another node's")
    elif found.version < before.version:
        raise Conflict("the package is older than what is in force: nothing goes back")
    roots = {found.root} | ({before.root} if before else set())
    for root in roots:  # a new root key is signed by the old one too
        _require_signature(root, signed)
    key = found.sealing_keys[0] if found.sealing_keys else None
    if key is None:
        raise Malformed("the node has no key under which the journal could be sealed")
    reader = PublicKey(key.id, Suite(key.suite), key.public)
    trust = Trust(node=found.node, root=found.root, version=found.version, reader=reader)
    return found, trust


def _require_signature(root: bytes, signed: Signed) -> None:
    for signature in signed.signatures.values():
        try:
            dsse.verify(root, dsse.DESCRIPTOR, signed.payload, signature)
        except BadSignature:
            continue
        return
    raise BadSignature("the root key that was compared did not sign what the node says of itself")


def _next(
    vault: Vault, node: str, last: Cursor, header: Header, envelope: Envelope, *, is_first: bool
) -> Cursor:
    """Return where the feed is after an envelope. Raises PeerFault, Conflict."""
    at = header.place
    if at is None or header.kind != Kind.PART or header.sender != node:
        raise Malformed("the package holds what is no part of one")
    if at.feed != vault.id:
        raise UnknownPeer("the package is for another device")
    if at.epoch < last.epoch or at.seq <= last.seq:
        raise Conflict("the package is older than what is in force: nothing goes back")
    begins = is_first and at.epoch > last.epoch and at.prev == START
    goes_on = at.epoch == last.epoch and at.seq == last.seq + 1 and at.prev == last.head
    if not (begins or goes_on):
        raise _gap(at, last)
    return Cursor(epoch=at.epoch, seq=at.seq, head=envelope.hash)


def _gap(at: Place, last: Cursor) -> Conflict | Forked:
    if at.epoch == last.epoch and at.seq == last.seq + 1:
        return Forked("the package does not go on from what is in force: ask for a whole one")
    return Conflict("a package before this one is missing: take that one first, or a whole one")


def _opened(vault: Vault, envelope: Envelope, header: Header) -> Part:
    body = envelopes.open_body(envelope, header, vault.id, {vault.id: vault.sealing})
    if body is None:
        raise UnknownPeer("the package is not sealed to this device")
    return Part.from_bytes(body)


# -------------------------------------------------------------------------------- folding


def _fold(
    vault: Vault, state: State, change: _Change | None, in_memory: Path, cut: datetime
) -> _Folded:
    """Write a sealed index of what stays and what comes. What ended before `cut` does not stay."""
    place = in_memory / f"didban-{vault.id}.new"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        builder = SnapshotBuilder(place / "new")
        digests, ends, before = dict[str, bytes](), _NEVER, set[str]()
        for record in _records(vault, state, change, place / "old", cut, before):
            digests[record.id] = digest_of(record)
            ends = min(ends, until_of(record))
            builder.add(record)
        edition = change.edition if change else state.edition
        made = builder.commit(built_at=edition.made_at if edition else cut)
        at = change.package if change else state.package
        name, key = f"index-{at.epoch}-{at.seq}-{os.urandom(4).hex()}.sealed", os.urandom(32)
        with (place / "new" / made.segments[0].file).open("rb") as segment:
            strongbox.seal(segment, vault.folder / name, key)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return _Folded(
        index=name,
        key=key,
        deleted=len(before - digests.keys()),
        records=len(digests),
        root=root_of(digests),
        ends_at=ends if digests else None,
    )


def _records(
    vault: Vault,
    state: State,
    change: _Change | None,
    place: Path,
    cut: datetime,
    before: set[str],
) -> Iterable[Record]:
    """Yield what the device is to hold; add to `before` what it held."""
    if state.index:
        memory.spread(vault, state, place)
        with Snapshot.open(place) as old:
            for record in old.records():
                before.add(record.id)
                if _stays(record, change, cut):
                    yield record
    if change:
        yield from change.put.values()


def _stays(record: Record, change: _Change | None, cut: datetime) -> bool:
    if until_of(record) <= cut:
        return False
    if change is None:
        return True
    return not (change.is_whole or record.id in change.put or record.id in change.withdraw)


def _without_ended(vault: Vault, state: State, in_memory: Path, now: datetime) -> State:
    """Take out what ended by itself: a lease reaches a device that nobody can call."""
    folded = _fold(vault, state, None, in_memory, now)
    edition = state.edition and replace(state.edition, records=folded.records)
    new = replace(
        state, index=folded.index, key=folded.key, ends_at=folded.ends_at, edition=edition
    )
    vault.keep(new)
    vault.tidy(new)
    return new


# ----------------------------------------------------------------------------- confirming


def _sound(vault: Vault, state: State) -> State:
    """Return the state if the journal has not lost its end. Raises IntegrityFailure."""
    if state.trust is None:
        return state
    last, at = _journal(vault, state).end()
    if last.seq < state.journal.seq or (
        last.seq == state.journal.seq and last.head != state.journal.head
    ):
        raise IntegrityFailure("the journal has lost its end: call the administrator")
    vault.tidy(state)
    return state.seen(at) if at else state


def _confirmed(vault: Vault, state: State, now: datetime) -> State:
    """Write the receipt of the package in force, unless it stands there; return the state then."""
    if state.edition is None or state.trust is None:
        return state
    writing = _journal(vault, state)
    if state.confirmed < state.package.seq:
        receipt = {
            "epoch": state.package.epoch,
            "edition": state.package.seq,
            "records": state.edition.records,
            "deleted": state.deleted,
        }
        writing.append(Kind.INSTALLED, receipt, now)
    new = replace(state, confirmed=state.package.seq, journal=writing.end()[0])
    vault.keep(new)
    return new


def _journal(vault: Vault, state: State) -> Journal:
    if state.trust is None:
        raise RuntimeError("a journal needs a reader")
    return Journal(
        folder=vault.folder,
        signing=vault.signing,
        node=state.trust.node,
        reader=state.trust.reader,
        pruned=state.pruned,
    )
