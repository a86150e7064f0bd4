"""A node that serves a device, and the device, in two folders: what goes between them is files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bank_help import actor, authority, marking
from didban import clock
from didban.exchange.identity import Identity
from didban.guard.crypto import dsse
from didban.model.bank import BankRecord, RecordState
from didban.model.devices import Device
from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.sharing import CopyState
from didban.model.exchange.signed import Signed
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.model.retention import RetentionPolicy
from didban.model.reviews import Review, ReviewState, judged
from didban.screening.devices import (
    checking,
    enrolment,
    installing,
    journal,
    memory,
    packing,
    returning,
    vault,
)
from didban.screening.devices.vault import State, Vault
from didban.screening.question import Question
from didban.settings import Devices
from didban.store import devices, records, reviews
from didban.store import node as node_row
from didban.store.database import Database
from didban.store.exchange import copies
from didban.store.exchange.copies import Copy
from didban.store.node import NodeRow
from exchange_help import descriptor_of, new_identity

PASSPHRASE = "arvand gate four"
NON_MATCH = bytes(range(32))


def record_of(entity: Record, owner: str = "xar", **more: Any) -> BankRecord:
    """Return a record as a bank keeps it."""
    return BankRecord(
        **{
            "entity": entity,
            "marking": marking(owner, **more.pop("marked", {})),
            "alert": None,
            "state": RecordState.ACTIVE,
            "version": 1,
            "recorded_at": clock.now(),
            "recorded_by": f"usr_{owner}",
            **more,
        }
    )


@dataclass
class Station:
    """A node with a bank, keys and people; `now` is what every clock says, if it is set."""

    database: Database
    identity: Identity
    root: dsse.SigningKey
    dock: packing.Dock
    described: Descriptor
    policy: RetentionPolicy = field(default_factory=RetentionPolicy)

    def do(self, verb: Any, *arguments: Any, **more: Any) -> Any:
        """Do something in a transaction of its own."""
        with self.database.begin() as tx:
            return verb(tx, *arguments, **more)

    def keep(self, *entities: Record, owner: str = "xar", **more: Any) -> list[str]:
        """Put records of an owner into the bank; return their identifiers."""
        for entity in entities:
            self.do(records.insert_record, record_of(entity, owner, **more))
        return [entity.id for entity in entities]

    def withdraw(self, record_id: str) -> None:
        """Withdraw a record."""
        with self.database.begin() as tx:
            kept = records.get(tx, record_id, _every(tx))
            assert kept is not None
            records.set_state(tx, kept, RecordState.WITHDRAWN, at=clock.now(), by="usr_xar")

    def lease(self, record_id: str, until: datetime) -> None:
        """Let the bank have a record until then only, as another node's."""
        kept = Copy(
            record=record_id,
            node="xbo",
            feed="xbo.fed_1",
            seq=1,
            hash=bytes(32),
            rev=1,
            state=CopyState.LIVE,
            valid_until=until,
        )
        self.do(copies.keep, [kept], clock.now())

    def await_review(self, record_id: str) -> None:
        """Let a record be another node's, which nobody here has reviewed."""
        self.lease(record_id, clock.now() + timedelta(days=300))

    def accept(self, record_id: str) -> None:
        """Accept what a record asks, as the receiver's review does."""
        with self.database.begin() as tx:
            kept = records.get(tx, record_id, _every(tx))
            assert kept is not None
            accepted = Review(
                id=f"rev_{record_id}",
                record=record_id,
                owner=kept.owner,
                state=ReviewState.ACCEPTED,
                digest=judged(kept.entity, kept.alert, kept.marking),
                opened_at=clock.now(),
            )
            reviews.put(tx, [accepted])

    def now(self) -> datetime:
        """Return what the clock says."""
        return clock.now()

    def found(self, device: Handheld) -> Device:
        """Return what the node knows of a device."""
        known: Device | None = self.do(devices.get, device.id, None)
        assert known is not None
        return known

    def revoke(self, device: Handheld) -> None:
        """Revoke a device."""
        self.do(enrolment.revoke, actor("xar", "administrator"), device.id)

    def enrol(self, device: Handheld) -> None:
        """Register and confirm a device."""
        self.do(
            enrolment.register,
            actor("xar", "administrator"),
            device.vault.request(),
            authority="xar",
            purpose=Purpose.BORDER_CONTROL,
            place="Gate 4",
        )
        self.do(enrolment.confirm, actor("xar", "supervisor", user="usr_second"), device.id)

    def make(self, device: Handheld, *, whole: bool = False) -> bytes:
        """Make a package."""
        who = actor("xar", "administrator")
        made = self.do(packing.make, self.dock, who, device.id, whole=whole)
        return bytes(made.package.to_bytes())

    def receive(self, raw: bytes) -> returning.Returned:
        """Take in what a device brought back."""
        who = actor("xar", "administrator")
        return returning.take_in(self.database, self.identity, who, raw, self.policy)


@dataclass
class Handheld:
    """A device in a folder, with a folder that stands for its memory."""

    folder: Path
    memory: Path
    vault: Vault

    @property
    def id(self) -> str:
        """Its identifier."""
        return self.vault.id

    def open(self, *packages: bytes, trusts: bool = True) -> list[installing.Installed]:
        """Open it, with packages of its node."""
        _, told = installing.open_device(
            self.folder,
            PASSPHRASE,
            packages,
            lambda _node, _root: trusts,
            now=clock.now(),
            in_memory=self.memory,
        )
        return told

    def check(self, question: Question | None = None, **asked: Any) -> checking.DeviceAnswer:
        """Make a check."""
        session = memory.resume(self.folder, self.memory)
        asks = question or Question(**asked)
        return checking.check(session, asks, reference="shift 1", now=clock.now())

    def check_passport(self, number: str) -> checking.DeviceAnswer:
        """Check a passport of Arvand."""
        return self.check(documents=(f"XAR:P:{number}",))

    def bring_back(self) -> bytes:
        """Return what it brings back."""
        return journal.to_return(self.folder)

    def state(self) -> State:
        """Return what is in force on it."""
        return self.vault.state()


def new_device(folder: Path, label: str = "Gate 4, handheld") -> Handheld:
    """Make a device."""
    in_memory = folder / "memory"
    in_memory.mkdir(parents=True)
    with mock.patch.object(vault, "_COST", 2**10):
        made = Vault.make(folder / "device", label, PASSPHRASE)
    return Handheld(folder=folder / "device", memory=in_memory, vault=made)


@pytest.fixture
def station(database: Database) -> Station:
    """Return a node of Arvand, with authorities of Arvand and Boreland in its bank."""
    identity, root = new_identity("xar"), dsse.SigningKey.generate("xar-root")
    described = descriptor_of("xar", root, identity)
    payload = described.to_bytes()
    signed = Signed(payload=payload, signatures={root.id: root.sign(dsse.DESCRIPTOR, payload)})
    with database.begin() as tx:
        authority(tx, "xar", country="XAR")
        authority(tx, "xbo", country="XBO")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return Station(
        database=database,
        identity=identity,
        root=root,
        dock=packing.Dock(me=identity, descriptor=signed, key=NON_MATCH, terms=Devices()),
        described=described,
    )


@pytest.fixture
def handheld(station: Station, tmp_path: Path) -> Handheld:
    """Return a device that the node serves."""
    made = new_device(tmp_path)
    station.enrol(made)
    return made


def _every(tx: Any) -> frozenset[int]:
    from didban.store.visibility import every_number

    return every_number(tx)
