"""A bank of three authorities in which the rights of persons are tried; each test is undone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bank_help import actor, authority, fresh_bank, marking, person
from didban import clock
from didban.guard import subject_requests as requests
from didban.guard import subject_sources
from didban.intake import bank
from didban.intake.drafts import Draft
from didban.model.bank import BankRecord
from didban.model.disputes import Ground
from didban.model.records import Record
from didban.model.subject_requests import DataSubject, Finding, Proof, RequestKind, SubjectRequest
from didban.settings import Rights
from didban.store import node
from didban.store.database import Database, Transaction
from didban.store.embedded import EmbeddedPostgres
from didban.store.node import NodeRow

TERMS = Rights()
OFFICER = actor("xar", "data_protection_officer", user="usr_dpo1")
SECOND_OFFICER = actor("xar", "data_protection_officer", user="usr_dpo2")
THIRD_OFFICER = actor("xar", "data_protection_officer", user="usr_dpo3")
INSPECTOR = actor("xar", "inspector", user="usr_inspector")
SUBJECT = DataSubject(names=("Zahra Karimzadeh",), contact="Box 7, Port Sahel")


class Undone(Exception):
    """Ends a test's transaction."""


@pytest.fixture(scope="module")
def rights_bank(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """Return a bank of which `xar` is the host."""
    with fresh_bank(postgres) as made:
        with made.begin() as tx:
            authority(tx, "xar")
            authority(tx, "xbo")
            authority(tx, "xca")
            node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        yield made


@pytest.fixture
def tx(rights_bank: Database) -> Iterator[Transaction]:
    """Return a transaction that is undone after the test."""
    with contextlib.suppress(Undone), rights_bank.begin() as begun:
        yield begun
        raise Undone


class Time:
    """A clock that moves by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now: datetime = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.now)


@pytest.fixture
def hand_clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Return the clock of the test."""
    return Time(monkeypatch)


def reported(tx: Transaction, owner: str, entity: Record | None = None, **more: Any) -> BankRecord:
    """Return a record as its owner reported it."""
    return bank.report(tx, actor(owner), entity or person(), marking(owner, **more))


def corrected(tx: Transaction, kept: BankRecord, **properties: str) -> BankRecord:
    """Return the next version of a record, corrected by its owner."""
    entity = person("Zahra Karimzade", **properties)
    draft = Draft(
        entity=type(entity)(
            id=kept.id,
            schema=entity.schema,
            caption=entity.caption,
            properties=entity.properties,
        ),
        marking=kept.marking,
        alert=kept.alert,
    )
    return bank.correct(
        tx, actor(kept.owner), kept.id, draft, expected=kept.version, reason="spelling"
    )


def withdrawn(tx: Transaction, kept: BankRecord) -> BankRecord:
    """Return a record that its owner took back."""
    return bank.withdraw(
        tx,
        actor(kept.owner),
        kept.id,
        expected=kept.version,
        ground=Ground.ERROR,
        reason="it was an error",
    )


def received(
    tx: Transaction, kind: RequestKind = RequestKind.ACCESS, **more: Any
) -> SubjectRequest:
    """Return a request that has just come."""
    return requests.receive(tx, OFFICER, SUBJECT, kind=kind, **more)


def scoped(tx: Transaction, kind: RequestKind = RequestKind.ACCESS, **more: Any) -> SubjectRequest:
    """Return a request about which every owner is being asked."""
    new = received(tx, kind, **more)
    requests.prove_identity(tx, OFFICER, new.id, Proof.IN_PERSON, TERMS)
    return requests.scope(tx, OFFICER, new.id, TERMS)


def answered(tx: Transaction, request: SubjectRequest, **findings: Any) -> None:
    """Let every owner answer: `xbo=(Finding.DISCLOSE, ("rec_1",))`, or nothing held."""
    for code in ("xar", "xbo", "xca"):
        finding, meant = findings.get(code, (Finding.NOTHING, ()))
        ground = "Law 4" if finding in {Finding.WITHHOLD, Finding.REFUSED} else ""
        reviewer = actor(code, "reviewer")
        subject_sources.answer(
            tx, reviewer, request.id, finding, records_meant=tuple(meant), ground=ground
        )
