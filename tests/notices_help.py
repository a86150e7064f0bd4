"""Notices of xar, reviewed there, and the boards of three states that hear of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bank_help import actor, alert, marking, person
from didban import clock
from didban.casework.notices import arriving, deadlines, drafting, publishing, reviewing
from didban.casework.notices.drafting import NoticeDraft
from didban.casework.notices.steps import Board
from didban.exchange.identity import Identity
from didban.intake import bank
from didban.model.actors import Actor
from didban.model.alerts import NoticeType
from didban.model.exchange.kinds import Kind
from didban.model.notices import (
    Basis,
    Dossier,
    JudicialDocument,
    NoticeForm,
    RefugeeCheck,
)
from didban.store import records
from didban.store.tables.notices import received_notice
from didban.store.visibility import every_number
from exchange_help import Bank, Network

KEY = b"k" * 32
DRAFTER: Actor = actor("xar", "recorder", user="usr_drafter")
REVIEWER: Actor = actor("xar", "reviewer", user="usr_reviewer")
SECOND: Actor = actor("xar", "supervisor", user="usr_second")
DOSSIER = Dossier(
    offence="robbery",
    basis=Basis.PROSECUTION,
    max_penalty_months=24,
    document=JudicialDocument(id="12/2026", on=clock.today(), authority="District Court"),
    extradition_assured=True,
    refugee_check=RefugeeCheck.CLEAR,
)


def asked(**more: Any) -> Any:
    """Return what a red notice asks, without its colour."""
    until = clock.today() + timedelta(days=90)
    values = {
        "action": "arrest",
        "status": "charged",
        "facts": "robbed a bank",
        "valid_until": until,
    }
    return alert(**{**values, **more})


class Boards:
    """The boards of a network, and the life of a notice of xar."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.boards: dict[str, Board] = {}
        for code, one in network.items():
            self.boards[code] = Board(me=partial(_identity, one), key=KEY)
            one.handlers[Kind.NOTICE] = arriving.take_in
            one.handlers[Kind.NOTICE_EVENT] = arriving.take_receipts
        self.xar = network["xar"]
        self.board = self.boards["xar"]

    def record(self, entity: Any = None, **more: Any) -> Any:
        """Return a record of xar's own, which nobody else sees."""
        about = entity or person("Zahra Karimzadeh", birthDate="1971-05-02")
        return self.xar.do(bank.report, DRAFTER, about, marking("xar", audience=(), **more))

    def draft(self, kept: Any = None, **more: Any) -> Any:
        """Return a draft that nothing blocks, unless `more` does."""
        kept = kept or self.record()
        values = {"form": NoticeForm.NOTICE, "colour": NoticeType.RED, "alert": asked()}
        new = NoticeDraft(record=kept.id, **{"dossier": DOSSIER, **values, **more})
        return self.xar.do(drafting.draft, DRAFTER, self.board, new)

    def submitted(self, kept: Any = None, **more: Any) -> Any:
        """Return a notice that waits for its review."""
        made = self.draft(kept, **more)
        return self.xar.do(drafting.submit, DRAFTER, self.board, made.id)

    def approved(self, kept: Any = None, **more: Any) -> Any:
        """Return a notice that was approved."""
        return self.xar.do(reviewing.approve, REVIEWER, self.submitted(kept, **more).id)

    def published(self, kept: Any = None, **more: Any) -> Any:
        """Return a notice that is out."""
        return self.publish(self.approved(kept, **more))

    def publish(self, notice: Any) -> Any:
        """Publish what was approved."""
        return self.xar.do(publishing.publish, DRAFTER, self.board, notice.id)

    def run(self, code: str = "xar", **later: float) -> int:
        """Let a board do what is due after some time."""
        now = clock.now() + timedelta(**later)
        return deadlines.run_due(self.network[code].database, now, self.boards[code])

    def barred(self, **changed: Any) -> Any:
        """Return what blocks a draft whose dossier differs so."""
        made = self.draft(dossier=replace(DOSSIER, **changed))
        return set(self.xar.do(drafting.view, DRAFTER, made.id).blocked)


def _identity(bank_: Bank, _: Any) -> Identity:
    return bank_.identity


def kept(boards: Boards, notice: Any) -> Any:
    """Return the record of a notice, whoever may see it."""
    return boards.xar.do(lambda tx: records.get(tx, notice.record, every_number(tx)))


def heard(boards: Boards, code: str, notice: Any) -> Any:
    """Return where a node has heard that a notice of another stands, and of which version."""
    query = select(received_notice).where(received_notice.c.id == notice.id)
    row = boards.network[code].do(lambda tx: tx.execute(query).one_or_none())
    return (row.state, row.version) if row else None
