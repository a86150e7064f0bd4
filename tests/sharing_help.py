"""Records of banks that share them: reported, withdrawn, held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bank_help import actor, marking
from didban.intake import bank as intake
from didban.model.disputes import Ground
from didban.store import records
from didban.store.exchange import copies, withdrawals
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from didban.model.bank import BankRecord
    from didban.model.records import Record
    from exchange_help import Bank, Network


def report(bank: Bank, entity: Record, **more: Any) -> Any:
    """Enter a record of the bank's own authority."""
    about = more.pop("alert", None)
    who = actor(bank.code, clearance=more.get("confidentiality", 0))
    return bank.do(intake.report, who, entity, marking(bank.code, **more), about)


def correct(bank: Bank, kept: BankRecord, draft: Any) -> Any:
    """Correct a record as its owner."""
    return bank.do(
        intake.correct, actor(bank.code), kept.id, draft, expected=kept.version, reason="it is so"
    )


def withdraw(bank: Bank, kept: BankRecord) -> Any:
    """Withdraw a record as its owner."""
    return bank.do(
        intake.withdraw,
        actor(bank.code),
        kept.id,
        expected=kept.version,
        ground=Ground.ERROR,
        reason="entered by mistake",
    )


def held(bank: Bank, record_id: str) -> Any:
    """Return a record as a bank has it, whoever may see it."""
    return bank.do(lambda tx: records.get(tx, record_id, every_number(tx)))


def holders(network: Network, record_id: str) -> list[str]:
    """Return the nodes whose banks have a record that is found."""
    kept = {code: held(bank, record_id) for code, bank in network.items()}
    return [code for code, one in kept.items() if one is not None and one.state == "active"]


def copy_of(bank: Bank, record_id: str) -> Any:
    """Return where a copy stands."""
    return bank.do(copies.of, [record_id])[record_id]


def open_receipts(bank: Bank) -> list[str]:
    """Return the nodes that have not confirmed a withdrawal of this bank's."""
    return [one.node for one in bank.do(withdrawals.unconfirmed, limit=100)]


def settle(network: Network) -> None:
    """Carry, and let every node do the frequent duty of sharing, until all is quiet."""
    while network.carry() + sum(bank.keep_up() for bank in network.values()):
        pass
