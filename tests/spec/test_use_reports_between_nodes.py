"""What owners at other nodes learn of the use of their records: PR-38, and no more (PR-53)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

from bank_help import actor, person
from didban import clock
from didban.errors import Conflict
from didban.exchange import feeds as publishing
from didban.exchange import use_reports as between
from didban.guard import use_reports
from didban.intake import bank as intake
from didban.model.documents import Document
from didban.model.exchange.kinds import Kind
from didban.model.marking import Handling
from didban.model.records import Record
from didban.model.retention import ErasureReason
from didban.store import erasure
from didban.store.exchange import evidence, feeds
from exchange_help import item
from rights_help import TERMS
from sharing_help import report

if TYPE_CHECKING:
    from exchange_help import Network

CHIEF = actor("xbo", "supervisor", purpose="supervision")


@dataclass
class World:
    """`xbo` shares with all; `at` is the clock that moves by hand."""

    network: Network
    at: Any

    def use(self, *record_ids: str, code: str = "xar", by: Any = None) -> None:
        """Let an officer at a node look at copies."""
        who = by or actor(code, "second_line", user=f"usr_{code}")
        for record_id in record_ids:
            self.network[code].do(intake.read, who, record_id)

    def month_later(self) -> datetime:
        """Move on until this month can be reported, and return its first moment."""
        then: datetime = self.at.now
        self.at.now = then + timedelta(days=31 + TERMS.use_delay_days + 1)
        return then.replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    def tell(self, code: str = "xar") -> int:
        """Do the duty at a node."""
        bank = self.network[code]
        of = lambda _tx: bank.identity  # noqa: E731 - as the fixture has it
        return between.run_due(bank.database, clock.now(), identity_of=of, terms=TERMS)

    def read(self, month: datetime) -> Any:
        """Return the report that the owner reads, once all has arrived."""
        self.network.carry()
        return self.network["xbo"].do(use_reports.report, CHIEF, month.date(), TERMS)

    def said(self, code: str = "xar") -> list[Any]:
        """Return the entries of this kind that a node published to the owner."""
        bank = self.network[code]
        feed = bank.do(feeds.by_audience, "talk:xbo")
        entries = bank.do(feeds.entries, feed.id, 0, 1_000) if feed else []
        return [one for one in entries if f'"kind":"{Kind.USE}"'.encode() in one.header]


@pytest.fixture
def world(sharing, hand_clock) -> World:
    """Return three nodes in the first days of a month, whose leases outlive the report."""
    hand_clock.now = hand_clock.now.replace(day=2)
    for bank in sharing.values():
        bank.handlers[Kind.USE] = between.take_in
    return World(sharing, hand_clock)


def passport(status: str = "stolen") -> Record:
    """Return a passport that somebody lost, invented."""
    number = f"P{random.getrandbits(24)}"
    paper = Document(number=number, type="P", issuer="XBO", status=status)
    return Record(
        id=f"rec_{random.getrandbits(60):x}",
        schema="Passport",
        caption=number,
        properties={"number": (number,), "country": ("XBO",)},
        documents=(paper,),
    )


def shared(world: World, *entities: Record, **more: Any) -> list[str]:
    """Enter records of the owner, and carry them to the others."""
    made = [report(world.network["xbo"], one, **more).id for one in entities]
    world.network.carry()
    return made


# ------------------------------------------------------------------------------------- PR-38


def test_pr_38_each_use_of_a_stolen_document_at_another_node_reaches_its_owner(world):
    """With the day, the authority and the purpose, beside what the owner's own bank says."""
    (held,) = shared(world, passport(), handling=Handling.H2)
    day = world.at.now.date()
    world.use(held, held)
    month = world.month_later()
    assert world.tell() == 1
    found = world.read(month)
    (told,) = found.nodes
    assert (found.documents, told.node, told.owner) == ((), "xar", "xbo")
    assert [(use.record, use.authority, use.on) for use in told.documents] == [
        (held, "xar", day)
    ] * 2


def test_pr_38_persons_are_counts_by_authority_and_purpose(world):
    """As in the owner's own bank: the same code counts for both."""
    held = shared(world, *[person() for _ in range(TERMS.use_least)])
    world.use(*held)
    month = world.month_later()
    world.tell()
    (told,) = world.read(month).nodes
    there = world.network["xar"].do(use_reports.compiled, "xbo", month.date(), TERMS)
    assert (told.documents, told.counts, told.step) == ((), there.counts, TERMS.use_least)
    assert [(count.authority, count.records) for count in told.counts] == [("xar", TERMS.use_least)]


def test_pr_38_one_report_is_sent_for_each_month_and_kept_once(world):
    """However often the duty runs, and the entry comes."""
    shared(world, person())
    month = world.month_later()
    assert (world.tell(), world.tell(), world.tell("xca")) == (1, 0, 1)
    assert [one.node for one in world.read(month).nodes] == ["xar", "xca"]
    content = {"owner": "xbo", "month": f"{month:%Y-%m-%d}", "documents": [], "counts": []}
    again = item(Kind.USE, {**content, "step": 2}, record=f"use:xbo:{month:%Y-%m}")
    world.network["xar"].publish("talk:xbo", again)
    assert [one.step for one in world.read(month).nodes] == [TERMS.use_least] * 2


def test_pr_38_months_for_which_a_node_was_down_are_made_up_for(world):
    """One by one, each with the uses of its own days; no month is told twice."""
    (held,) = shared(world, passport(), handling=Handling.H2)
    months = []
    for _ in range(3):
        world.use(held)
        months.append(world.month_later())
    assert (world.tell(), world.tell()) == (5, 0)  # those three, and the two between them
    told = [use.on.month for month in months for use in world.read(month).nodes[0].documents]
    assert told == [month.month for month in months]


def test_pr_38_who_gave_us_nothing_is_told_nothing(world):
    """Nor is the owner told of a month that is not long over."""
    shared(world, person(), audience=["node:xca"])
    with pytest.raises(Conflict, match="can be had from"):
        world.read(world.at.now)
    world.month_later()
    assert (world.tell("xar"), world.tell("xca")) == (0, 1)


WRONG: Final[list[dict[str, Any]]] = [
    {"owner": "xca"},
    {"owner": "xar"},
    {"month": "9998-01-01"},
    {"month": "2020-01-02"},
    {"documents": [{"record": "rec_never_given", "authority": "xar", "on": "2020-01-05"}]},
    {"documents": [{"record": "PERSON", "authority": "xar", "on": "2020-01-05"}]},
    {"documents": [{"record": "HIDDEN", "authority": "xar", "on": "2020-01-05"}]},
    {"counts": [{"authority": "xar", "uses": 1, "records": 1}]},
    {"counts": [{"authority": "xar", "uses": 11, "records": 10}]},
    {"step": 1},
    {"place": "harbour"},
]
"""Each of it makes a report one that is put aside."""


def test_pr_38_a_report_speaks_of_what_was_given_and_of_nothing_else(world):
    """It is put aside, and nothing of it is read by the owner."""
    (somebody,) = shared(world, person())
    (hidden,) = shared(world, passport(), audience=["node:xca"])
    meant = {"PERSON": somebody, "HIDDEN": hidden}
    good: dict[str, Any] = {"owner": "xbo", "month": "2020-01-01", "documents": []}
    good |= {"counts": [], "step": 10, "filling": ""}
    for number, wrong in enumerate(WRONG, start=1):
        said = {**good, **wrong}
        said["documents"] = [
            {**use, "record": meant.get(use["record"], use["record"])} for use in said["documents"]
        ]
        name = f"use:{said['owner']}:{said['month'][:7]}"
        world.network["xar"].publish("talk:xbo", item(Kind.USE, said, record=name))
        world.network.pull("xbo", "xar")
        assert len(world.network["xbo"].do(evidence.of_node, "xar")) == number, wrong
    world.network["xar"].publish("talk:xbo", item(Kind.USE, good, record="use:xbo:2020-01"))
    (kept,) = world.read(datetime(2020, 1, 1, tzinfo=UTC)).nodes
    assert (kept.documents, kept.counts) == ((), ())


def test_pr_38_what_was_told_of_a_record_goes_with_it(world):
    """The rows are erased with the record, and the entry was emptied when it was read."""
    (held,) = shared(world, passport(), handling=Handling.H2)
    world.use(held)
    month = world.month_later()
    world.tell()
    owner = world.network["xbo"]
    assert world.read(month).nodes[0].documents
    came = world.said()[0]
    feed = world.network["xar"].do(feeds.by_audience, "talk:xbo").id
    bodies = [one.body for one in owner.do(feeds.entries, feed, 0, 100) if one.hash == came.hash]
    assert bodies == [None]
    owner.do(erasure.erase, held, ErasureReason.NOT_NEEDED, clock.now())
    assert world.read(month).nodes[0].documents == ()


# ------------------------------------------------------------------------------------- PR-53


@pytest.mark.parametrize("met", [1, TERMS.use_least])
def test_pr_53_neither_that_a_report_comes_nor_its_size_tells_an_encounter(world, met):
    """One entry, at the same moment, of the same length: nobody met, one, or many."""
    held = shared(world, *[person() for _ in range(TERMS.use_least)])
    world.use(*held[:met], code="xar")  # and at xca nobody was met
    month = world.month_later()
    assert (world.tell("xar"), world.tell("xca")) == (1, 1)
    sizes = [len(entry.body) for code in ("xar", "xca") for entry in world.said(code)]
    assert sizes == [between.STEP_BYTES + 32] * 2
    told, nobody = world.read(month).nodes
    assert (bool(told.counts), nobody.counts) == (met >= TERMS.use_least, ())


@pytest.mark.parametrize("others", [0, TERMS.use_least + 2])
def test_pr_53_one_encounter_changes_nothing_that_leaves(world, others):
    """With it and without it, the owner at the other node reads the same."""
    held = shared(world, *[person() for _ in range(others + 1)])
    world.use(*held[1:])
    now, owner = world.at.now, partial(use_reports.compiled, owner="xbo", terms=TERMS)
    here = world.network["xar"]
    month = now.date().replace(day=1)
    without = here.do(owner, month=month)
    world.use(held[0])
    assert here.do(owner, month=month) == without
    then = world.month_later()
    world.tell()
    assert world.read(then).nodes[0].counts == without.counts


def test_pr_53_a_revoked_passport_is_no_single_entry_for_another_node(world):
    """It counts as its holder."""
    world.use(*shared(world, passport("revoked"), passport("invalid"), handling=Handling.H2))
    month = world.month_later()
    world.tell()
    assert world.read(month).nodes[0].documents == ()


def test_pr_53_a_report_waits_while_the_feed_to_the_owner_is_stopped(world):
    """And is sent when it goes on; no other is held up by it."""
    shared(world, person())
    world.month_later()
    bank = world.network["xar"]
    feed = bank.do(publishing.talk, bank.identity, "xbo", clock.now())
    bank.do(feeds.set_state, feed, "stopped")
    assert (world.tell(), world.tell("xca")) == (0, 1)
    bank.do(feeds.set_state, feed, "open")
    assert world.tell() == 1
