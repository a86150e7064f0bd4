"""Hits between nodes for tests: Arvand meets whom Boreland looks for, each with a bank of its own.

Boreland's record is shared; Arvand's reviewer has accepted it, so that a hit can begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from bank_help import actor, draft_of, marking, person
from casework_help import CLERK, KEY, OTHER, OWNER, TRAVELLER, Clock, Scene
from didban import clock
from didban.casework import answers, peer_channel, questions
from didban.casework.peer_channel import PeerChannel
from didban.casework.ports import Desk
from didban.exchange import later
from didban.exchange.ports import Exchange
from didban.exchange.reviewing import Verdicts
from didban.ids import new_id
from didban.intake import bank as intake
from didban.intake import reviews
from didban.model.casework import AskedQuestion, QuestionKind
from didban.model.disputes import Ground
from didban.model.exchange.envelopes import Header
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.exchange.questions import Encounter, PutQuestion, Putting
from didban.model.hits import Urgency
from didban.model.identity import identity_of
from didban.settings import Casework
from didban.store import asked as store_asked
from didban.store import records
from didban.store import reviews as kept_reviews
from didban.store.exchange import feeds
from didban.store.visibility import every_number
from exchange_help import Bank, Network, banks
from review_help import KEY as REFUSALS
from review_help import REVIEWER, wanted

if TYPE_CHECKING:
    from pytest import MonkeyPatch  # noqa: PT013 - only its type

    from didban.model.casework import AskedOwner, Gate
    from didban.model.records import Record
    from didban.store.embedded import EmbeddedPostgres

TERMS = Casework(withheld_delay_hours=24.0)


def exchange_of(bank: Bank) -> Exchange:
    """Return what speaks with other nodes."""
    return Exchange(database=bank.database, identity_of=lambda _: bank.identity)


def desk_of(bank: Bank) -> Desk:
    """Return what the desks of a node go by."""
    return Desk(key=KEY, terms=TERMS, channel=PeerChannel(sender=exchange_of(bank)))


@dataclass
class Border:
    """Two nodes and a clock: `here` meets people, `there` owns the records."""

    network: Network
    clock: Clock
    desks: dict[str, Desk] = field(default_factory=dict)
    births: Iterator[int] = field(default_factory=count)  # nobody is recognised from another test

    def __post_init__(self) -> None:
        """Let both nodes share records and speak about hits."""
        for bank in self.network.values():
            self.desks[bank.code] = desk_of(bank)
            bank.share()
            bank.sharing = replace(bank.sharing, key=REFUSALS)
            bank.handlers |= bank.sharing.handlers
            bank.handlers |= peer_channel.handlers(self.desks[bank.code])
            bank.handlers |= self.verdicts(bank.code).handlers

    def verdicts(self, code: str, *, tells_owners: bool = False) -> Verdicts:
        """Return what a node tells others of its reviews and doubts."""
        return Verdicts(sender=exchange_of(self.network[code]), tells_owners=tells_owners)

    @property
    def here(self) -> Bank:
        """Arvand."""
        return self.network["xar"]

    @property
    def there(self) -> Bank:
        """Boreland."""
        return self.network["xbo"]

    def carry(self) -> int:
        """Bring everything to everybody."""
        return self.network.carry()

    def duties(self) -> int:
        """Let both nodes do what is due, and bring it over."""
        now = self.clock.now()
        done = sum(
            peer_channel.run_due(bank.database, now, self.desks[bank.code])
            for bank in self.network.values()
        )
        for bank in self.network.values():
            done += later.run_due(bank.database, now, identity_of=exchange_of(bank).me)
        self.carry()
        return done

    def share(
        self, entity: Record | None = None, ask: Any = None, code: str = "xbo", **marked: Any
    ) -> Record:
        """Let a node, Boreland's by default, report a record, and bring it to the others."""
        if entity is None:
            born = date(1950, 1, 1) + timedelta(days=next(self.births))
            entity = person("Zahra Karimzadeh", birthDate=born.isoformat())
        reporter = actor(code, "recorder", user="usr_reporter")
        self.network[code].do(intake.report, reporter, entity, marking(code, **marked), ask)
        self.carry()
        return entity

    def accept(self, record: Record, code: str = "xar", **more: Any) -> Any:
        """Let a reviewer of a node, Arvand's by default, accept an alert."""
        who = replace(REVIEWER, authority=code)
        with self.network[code].database.begin() as tx:
            review = kept_reviews.of_records(tx, [record.id])[record.id]
            return reviews.accept(
                tx, who, review.id, read=review.digest, doubts=(), key=REFUSALS, words="read",
                **more,
            )  # fmt: skip

    def scene(self, **given: Any) -> Scene:
        """Return Arvand's border before an accepted alert of Boreland."""
        record = self.share(**{"ask": wanted(), **given})
        if given.get("ask", True) is not None:
            self.accept(record)
        return Scene(
            database=self.here.database, clock=self.clock, record=record, desk=self.desks["xar"]
        )

    def asked(self, scene: Scene, urgency: Urgency = Urgency.URGENT) -> str:
        """Let Arvand ask openly, and bring the question over; return the hit."""
        hit_id = scene.asked(urgency)
        self.carry()
        return hit_id

    def withheld(self, scene: Scene, gate: Gate) -> str:
        """Let two people of Arvand agree on a withheld question; return the hit."""
        hit_id = scene.referred()
        scene.do(questions.ask, CLERK, hit_id, scene.desk, urgency=Urgency.URGENT, gate=gate)
        scene.do(questions.agree, OTHER, hit_id, scene.desk, gate=gate)
        self.carry()
        return hit_id

    def on_desk(self, who: Any = OWNER) -> list[AskedOwner]:
        """Return what lies on Boreland's desk."""
        return self.there.do(answers.put_to_us, who)  # type: ignore[no-any-return]

    def kept(self, question: str) -> AskedQuestion:
        """Return a question as Boreland keeps it."""
        found = self.there.do(store_asked.lock, question)
        assert isinstance(found, AskedQuestion)
        return found

    def answer(self, scene: Scene, hit_id: str, kind: str, **more: Any) -> AskedOwner:
        """Let Boreland's desk answer, and bring it back."""
        question = scene.question_of(hit_id)
        told = self.there.do(answers.answer, OWNER, question, self.desks["xbo"], kind=kind, **more)
        self.carry()
        return told  # type: ignore[no-any-return]

    def correct(self, record: Record, **changed: Any) -> None:
        """Let Boreland put another word in the place of its record's, and bring it over."""
        owner = actor("xbo", "recorder", user="usr_reporter")
        with self.there.database.begin() as tx:
            before = records.get(tx, record.id, every_number(tx))
            assert before is not None
            draft = draft_of(before, **changed)  # type: ignore[no-untyped-call]
            intake.correct(
                tx, owner, before.id, draft, expected=before.version, reason="it is so now"
            )
        self.carry()

    def withdraw(self, record: Record) -> None:
        """Let Boreland take a record back. It is brought over by `carry`."""
        owner = actor("xbo", "recorder", user="usr_reporter")
        with self.there.database.begin() as tx:
            kept = records.get(tx, record.id, every_number(tx))
            assert kept is not None
            intake.withdraw(
                tx, owner, kept.id, expected=kept.version, ground=Ground.ERROR, reason="mistaken"
            )

    def put_by_hand(self, asker: str, owner: str, record: str, **changed: Any) -> str:
        """Let a node put a question that no hit stands behind, as another program might."""
        met = Encounter(
            authority=asker, place="gate 4", met_at=self.clock.now(), urgency=Urgency.URGENT
        )
        values = {
            "id": new_id("qst"),
            "step": Putting.PUT,
            "kind": QuestionKind.CONFIRMATION,
            "record": record,
            "version": 1,
            "round": 1,
            "identity": identity_of(TRAVELLER),
            "encounter": met,
            **changed,
        }
        put = PutQuestion(**values)
        item = Item(kind=Kind.QUESTION, content=put.to_json(), record=put.id)
        bank = self.network[asker]
        bank.do(exchange_of(bank).send, owner, [item], self.clock.now())
        return put.id

    def sent(self, owner: str) -> list[tuple[str, Any]]:
        """Return what the feeds of a node hold: kind and header, as whoever passes them on reads."""
        with self.network[owner].database.begin() as tx:
            headers = [
                Header.from_bytes(entry.header)
                for feed in feeds.owned(tx, owner)
                for entry in feeds.entries(tx, feed.id, 0, 10_000)
            ]
        return [(header.kind, header) for header in headers]


@contextmanager
def border(postgres: EmbeddedPostgres, patch: MonkeyPatch, *codes: str) -> Iterator[Border]:
    """Give nodes under one clock, which stands at the present until it is moved."""
    moved = Clock(clock.now())
    with banks(postgres, "xar", "xbo", *codes) as network:
        patch.setattr("didban.clock.now", moved.now)
        patch.setattr("didban.clock.today", lambda: moved.now().date())
        yield Border(network, moved)
