"""Nodes that ask each other whether they have a record: an index each, and calls without a wire.

def test_x(asking):                          # banks of xar, xbo and xca; each may ask the others
    asking.keep("xar", passport())
    check = asking.put("xbo", paper("A12345678"))
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from bank_help import actor, marking
from didban import clock
from didban.exchange import peer_checks
from didban.exchange.blind import holding, offering
from didban.exchange.blind.evaluating import Evaluating
from didban.exchange.blind.offering import Offering
from didban.exchange.hit_no_hit import HitNoHit
from didban.exchange.peer_checks import Draft, Means
from didban.model.bank import BankRecord, RecordState
from didban.model.documents import Document
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.peer_checks import PeerAnswer, PeerCheck, Sought, Way
from didban.model.records import Record
from didban.screening.answering import Finding
from didban.screening.live import LiveIndex
from didban.settings import Access, Questions
from didban.store import records
from exchange_help import banks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.store.embedded import EmbeddedPostgres
    from exchange_help import Bank, Network

TERMS = Questions(blind_least=10, blind_step=16)
STRANGER = "xca"


@dataclass(frozen=True)
class Line:
    """The way of one node to another, as `exchange.ports.Exchange` is one."""

    network: Network
    asker: str

    def ask(self, node: str, call: Call, body: Any) -> Any:
        """Call another node."""
        return self.network.ask(self.asker, node, call, body)


@dataclass(repr=False)
class Asking:
    """Banks that may ask each other."""

    network: Network
    indexes: dict[str, LiveIndex]
    terms: Questions = TERMS

    def __getitem__(self, code: str) -> Bank:
        return self.network[code]

    def keep(self, code: str, entity: Record, **more: Any) -> BankRecord:
        """Put a record of a node's own into its bank, and into its index.

        `alert` is the record's; what else is given is of its marking.
        """
        kept = BankRecord(
            entity=entity,
            marking=marking(**{"owner": code, **_marking_of(more)}),
            alert=more.get("alert"),
            state=more.get("state", RecordState.ACTIVE),
            version=1,
            recorded_at=clock.now(),
            recorded_by="usr_test",
        )
        self[code].do(records.insert_record, kept)
        self.indexes[code].catch_up()
        return kept

    def withdraw(self, code: str, kept: BankRecord) -> None:
        """Withdraw a record."""
        state = RecordState.WITHDRAWN
        self[code].do(records.set_state, kept, state, at=clock.now(), by="usr_test")
        self.indexes[code].catch_up()

    def begin(self, code: str, draft: Draft, **who: Any) -> tuple[PeerCheck, list[PeerAnswer]]:
        """Put a question, which has not left yet."""
        finder = Finding(self.indexes[code])
        means = Means(terms=self.terms, access=Access(), finder=finder)
        asker = actor(code, "second_line", **who)
        begun: tuple[PeerCheck, list[PeerAnswer]] = self[code].do(
            peer_checks.begin, asker, means, draft, clock.now()
        )
        return begun

    def put(self, code: str, draft: Draft, **who: Any) -> dict[str, PeerAnswer]:
        """Put a question, let every node answer, and return the answers by node."""
        check, _ = self.begin(code, draft, **who)
        database, line = self[code].database, Line(self.network, code)
        for each, node in peer_checks.take_waiting(database, clock.now()):
            peer_checks.put(database, line.ask, each, node, clock.now())
        peer_checks.close_due(database, clock.now())
        _, answers = self[code].do(peer_checks.found, actor(code, "second_line"), check.id)
        return {one.node: one for one in answers}

    def offering(self, code: str) -> Offering:
        """Return what a node's lists go by."""
        bank = self[code]
        return Offering(identity_of=lambda _: bank.identity, terms=self.terms, secret=_secret)

    def offer(self, code: str) -> None:
        """Bring the lists of a node up to date, and what it published to everybody."""
        offering.run_due(self[code].database, clock.now(), self.offering(code))
        self.network.carry()

    def answers(self, code: str) -> None:
        """Let a node answer questions, and take in lists."""
        bank = self[code]
        finder = Finding(self.indexes[code])
        clear = HitNoHit(database=bank.database, finder=finder, terms=self.terms)
        blind = Evaluating(database=bank.database, terms=self.terms, secret=_secret)
        bank.calls |= {Call.ASK: clear.answer, Call.BLIND: blind.answer}
        bank.handlers |= {Kind.BLIND_KEY: holding.take_key, Kind.BLIND_TAGS: holding.take_tags}

    def limited(self, **terms: Any) -> None:
        """Set other terms, for every node."""
        self.terms = replace(self.terms, **terms)
        for code in self.network:
            self.answers(code)


@pytest.fixture(scope="session")
def asking_banks(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    """Return banks that every test uses in turn: their making takes longer than any test."""
    with contextlib.ExitStack() as stack:
        network = stack.enter_context(banks(postgres, "xar", "xbo", "xca"))
        folder = tmp_path_factory.mktemp("asking")
        indexes = {
            code: stack.enter_context(LiveIndex.open(bank.database, folder / code, follow=False))
            for code, bank in network.items()
        }
        yield Asking(network, indexes)


@pytest.fixture
def asking(asking_banks: Asking) -> Iterator[Asking]:
    """Return the banks of xar, xbo and xca, which may ask each other and hold nothing yet."""
    asking_banks.limited(**asdict(TERMS))
    yield asking_banks
    asking_banks.network.carry()
    for code, bank in asking_banks.network.items():
        bank.do(lambda tx: [tx.exec_driver_sql(one) for one in _EMPTY])
        asking_banks.indexes[code].catch_up()


_EMPTY: Final = (
    "insert into change (record) select number from record",
    *(
        f"delete from {table}"
        for table in (
            "record_version", "record", "peer_check_answer", "peer_check", "answered_peer",
            "blind_list", "blind_record", "blind_tag", "held_list", "held_tag", "recent_use",
            "signal", "partner_assessment",
        )
    ),
)  # fmt: skip


def _secret() -> bytes:
    return b"s" * 32


def _marking_of(more: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in more.items() if name not in {"alert", "state"}}


def paper(number: str, issuer: str = "xar", **more: Any) -> Draft:
    """Return a question about a document."""
    asked = Record(
        id="q", schema="Person", properties={}, documents=(Document(number=number, issuer=issuer),)
    )
    return _draft(Sought.DOCUMENT, asked, **more)


def somebody(name: str, birth_date: str = "1971-05-02", **more: Any) -> Draft:
    """Return a question about a person."""
    properties = {"name": (name,), "birthDate": (birth_date,), "nationality": ("xar",)}
    return _draft(Sought.PERSON, Record(id="q", schema="Person", properties=properties), **more)


def _draft(sought: Sought, asked: Record, **more: Any) -> Draft:
    values = {"way": Way.CLEAR, "sought": sought, "asked": (asked,), **more}
    return Draft(**values)
