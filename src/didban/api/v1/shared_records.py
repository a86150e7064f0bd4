"""Records at other nodes: who has them, who has not let go, what is withheld, what is handed on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field

from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.exchange.records import onward, overview, withdrawals
from didban.model.exchange.sharing import GoneReason
from didban.model.permissions import Permission
from didban.store.exchange.withdrawals import Withdrawal

router = Router("shared-records")

Identifier = Annotated[str, Path(max_length=120, examples=["rec_4kq2"])]


class WithdrawalTold(Told):
    """A node was told to let go of a record, or of all of a feed where `record` is null."""

    feed: str
    entry: int
    node: str
    record: str | None
    reason: GoneReason
    asked_at: datetime
    confirmed_at: datetime | None
    erased: int | None
    onward: int | None = Field(description="Records that it had handed on, and withdraws.")

    @classmethod
    def of(cls, one: Withdrawal) -> WithdrawalTold:
        """Return the shape of a withdrawal."""
        return cls(
            feed=one.feed,
            entry=one.seq,
            node=one.node,
            record=one.record,
            reason=one.reason,
            asked_at=one.asked_at,
            confirmed_at=one.confirmed_at,
            erased=one.erased,
            onward=one.onward,
        )


class HolderTold(Told):
    """A node that is sent a record."""

    node: str
    has_taken_in: bool


class SharedRecordTold(Told):
    """Where a record of your authority is, and who was told to let go of it."""

    record: str
    revision: int | None = Field(description="Null where it is not shared.")
    valid_until: datetime | None = Field(description="The end of the lease, unless renewed.")
    holders: list[HolderTold]
    withdrawals: list[WithdrawalTold]


class WithheldTold(Told):
    """Records that a node may know of and is not sent, for what the register holds of it."""

    node: str
    harms: list[str]
    is_final: bool = Field(description="No assurance is believed.")
    records: int


class HandingOnGiven(Given):
    """The owner's consent to hand a record on."""

    consent: str = Field(min_length=1, max_length=120)


class HandedOnTold(Told):
    """The record of your own authority by which another owner's is handed on."""

    record: str
    origin: list[str]
    version: int


@router.get("/shared-records/withdrawals")
@needs(Permission.EXCHANGE_SHARING_READ)
def list_unconfirmed_withdrawals(tx: Tx, who: Who, paging: Paging) -> Page[WithdrawalTold]:
    """List who was told to let go of records and has not confirmed it, the oldest first (PR-34)."""
    after = None
    if paging.after:
        asked_at, feed, seq, node = paging.after
        after = (datetime.fromisoformat(asked_at), feed, seq, node)
    rows = withdrawals.unconfirmed(tx, who, after=after, limit=paging.fetch)
    return paging.page(
        rows,
        keys=lambda row: (row.asked_at.isoformat(), row.feed, row.seq, row.node),
        told=WithdrawalTold.of,
    )


@router.get("/shared-records/withheld")
@needs(Permission.EXCHANGE_SHARING_READ)
def list_withheld_records(tx: Tx, who: Who, node: Node) -> list[WithheldTold]:
    """List which nodes are not sent data on persons, until somebody decides about assurances (PR-55)."""
    found = overview.withheld(tx, who, node.settings.sharing)
    return [
        WithheldTold(
            node=one.node, harms=list(one.harms), is_final=one.is_final, records=one.records
        )
        for one in found
    ]


@router.get("/shared-records/{record}")
@needs(Permission.EXCHANGE_SHARING_READ)
def show_shared_record(tx: Tx, who: Who, record: Identifier) -> SharedRecordTold:
    """Show which nodes have a record of your authority."""
    found = overview.of_record(tx, who, record)
    return SharedRecordTold(
        record=found.record,
        revision=found.rev,
        valid_until=found.valid_until,
        holders=[HolderTold(node=h.node, has_taken_in=h.has_taken_in) for h in found.holders],
        withdrawals=[WithdrawalTold.of(one) for one in found.withdrawals],
    )


@router.post("/records/{record}/handing-on", status_code=201)
@needs(Permission.BANK_RECORD_EXPORT)
def hand_record_on(tx: Tx, who: Who, record: Identifier, given: HandingOnGiven) -> HandedOnTold:
    """Hand another owner's record on to whom its owner consented (PR-08, PR-11)."""
    made = onward.hand_on(tx, who, record, consent=given.consent)
    return HandedOnTold(record=made.id, origin=list(made.marking.origin), version=made.version)
