"""Hits for tests: a bank with three authorities, a record, a match of it, and the desks' people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bank_help import actor, authority, marking, person
from didban.casework import answers, decisions, hits, questions
from didban.casework.ports import Desk
from didban.ids import new_id
from didban.intake import bank
from didban.intake.drafts import Draft
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.casework import (
    AnswerKind,
    Disclosure,
    Evidence,
    Gate,
    Hit,
    QuestionKind,
    QuestionState,
)
from didban.model.checks import AskedFor, KeptCheck, KeptMatch
from didban.model.disputes import Ground
from didban.model.documents import Document
from didban.model.hits import HitState, Outcome, Urgency
from didban.model.records import Record
from didban.settings import Casework
from didban.store import checks
from didban.store import questions as store_questions
from didban.store import records as bank_records
from didban.store.hits import lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest import MonkeyPatch  # noqa: PT013 - only its type

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Database

NOON = datetime(2031, 3, 1, 12, 0, tzinfo=UTC)
KEY = b"k" * 32
CLEAR = Gate(claim_for_protection=False, refugee_papers=False, flagged=False)
CLAIMED = Gate(
    claim_for_protection=True,
    refugee_papers=False,
    flagged=False,
    disclosure=Disclosure.WITHHELD,
)
DESK = Desk(key=KEY, terms=Casework(withheld_delay_hours=24.0))

# Arvand's post and desks; Boreland's desk owns the record.
OFFICER = actor("xar", "first_line", user="usr_officer", place="gate 4")
CLERK = actor("xar", "second_line", user="usr_clerk")
OTHER = actor("xar", "second_line", user="usr_other")
HEAD = actor("xar", "supervisor", user="usr_head")
OWNER = actor("xbo", "second_line", user="usr_owner")
STRANGER = actor("xca", "supervisor", user="usr_stranger")

TRAVELLER = Record(
    id="typed",
    schema="Person",
    caption="ZAHRA KARIMZADEH",
    properties={
        "name": ("ZAHRA KARIMZADEH",),
        "birthDate": ("1971-05-02",),
        "nationality": ("xbo",),
        "birthPlace": ("Boreport",),
    },
    documents=(Document(number="X1234567", issuer="xbo", type="P"),),
)


EVIDENCE = (
    Evidence(
        feature="name",
        asked="ZAHRA KARIMZADEH",
        listed="Zahra Karimzadeh",
        similarity=1.0,
        weight=9.0,
        detail="two parts agree",
    ),
    Evidence(
        feature="birth_date",
        asked="1971-05-02",
        listed="1971-05-02",
        similarity=1.0,
        weight=4.0,
        detail="same",
    ),
)
ALL = frozenset(range(1000))


@dataclass
class Clock:
    """A clock that tests move."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Return the present moment."""
        return self.at

    def pass_(self, **span: float) -> datetime:
        """Let time go by."""
        self.at += timedelta(**span)
        return self.at


@dataclass
class Scene:
    """One bank with one record and matches of it."""

    database: Database
    clock: Clock
    record: Record
    desk: Desk = DESK

    def do(self, verb: Callable[..., Any], who: Actor, *args: Any, **more: Any) -> Any:
        """Do one thing in a transaction of its own."""
        with self.database.begin() as tx:
            return verb(tx, who, *args, **more)

    def match(self, asked: Record = TRAVELLER, beside: str | None = None) -> str:
        """Return a match of the record, as a check of Arvand's officer made it.

        `beside`: another record that the same check found.
        """
        check = KeptCheck(
            id=new_id("chk"),
            at=self.clock.now(),
            user=OFFICER.user,
            device=None,
            authority="xar",
            clearance=0,
            purpose="border_control",
            reference="case-1",
            place="gate 4",
            mode="balanced",
            verdict="possible_match",
            asked=(AskedFor(origin="typed", record=asked),),
            chip=None,
            lag=0.0,
            is_degraded=False,
        )
        with self.database.begin() as tx:
            checks.keep(tx, check, check.at.date() + timedelta(days=365))
            ids = [self.record.id, *([beside] if beside else [])]
            present = bank_records.many(tx, ids, ALL)
            matches = [_match(check, present[record_id]) for record_id in ids]
            checks.keep_matches(tx, matches)
        return matches[0].id

    def hit(self, hit_id: str) -> Hit:
        """Return a hit as it is kept."""
        with self.database.begin() as tx:
            found = lock(tx, hit_id)
        assert found is not None
        return found

    def state(self, hit_id: str) -> HitState:
        """Return where a hit stands."""
        return self.hit(hit_id).state

    def compared(self, hit_id: str, who: Actor) -> None:
        """Let somebody open a hit, acknowledge every piece of evidence, and take their time."""
        view = self.do(hits.view, who, hit_id)
        self.do(hits.compare, who, hit_id, view.unseen)
        self.clock.pass_(seconds=30)

    def change_record(self, **properties: str) -> None:
        """Let the owner correct its record."""
        owner = actor("xbo")
        with self.database.begin() as tx:
            kept = bank.found(tx, owner, self.record.id)
            said = {name: (value,) for name, value in properties.items()}
            entity = replace(kept.entity, properties={**kept.entity.properties, **said})
            draft = Draft(entity=entity, marking=kept.marking, alert=kept.alert)
            bank.correct(tx, owner, kept.id, draft, expected=kept.version, reason="a court said so")

    def withdraw_record(self) -> None:
        """Let the owner take its record back."""
        owner = actor("xbo")
        with self.database.begin() as tx:
            kept = bank.found(tx, owner, self.record.id)
            bank.withdraw(
                tx, owner, kept.id, expected=kept.version, ground=Ground.ERROR, reason="mistaken"
            )

    # ------------------------------------------------------------------ ways to the states

    def taken_up(self, **match: Any) -> str:
        """Return a hit that an officer took up."""
        return str(self.do(hits.take_up, OFFICER, self.match(**match)).id)

    def referred(self, *, is_held: bool = False, **match: Any) -> str:
        """Return a hit at the second line."""
        hit_id = self.taken_up(**match)
        self.do(hits.refer, OFFICER, hit_id, self.desk, is_held=is_held)
        return hit_id

    def asked(self, urgency: Urgency = Urgency.ROUTINE, *, is_held: bool = False) -> str:
        """Return a hit about which the owner was asked."""
        hit_id = self.referred(is_held=is_held)
        self.do(questions.ask, CLERK, hit_id, self.desk, urgency=urgency, gate=CLEAR)
        return hit_id

    def question_of(self, hit_id: str) -> str:
        """Return the question to the owner about a hit."""
        with self.database.begin() as tx:
            kind, states = QuestionKind.CONFIRMATION, tuple(QuestionState)
            found = store_questions.standing(tx, hit_id, kind, *states)
        assert found is not None
        return found.id

    def answered(self, hit_id: str, kind: AnswerKind, **more: Any) -> str:
        """Let the owner answer."""
        question = self.question_of(hit_id)
        self.do(answers.answer, OWNER, question, self.desk, kind=kind, **more)
        return hit_id

    def confirmed(self) -> str:
        """Return a hit that the owner confirmed."""
        return self.answered(self.asked(), AnswerKind.CONFIRMED)

    def acted(self) -> str:
        """Return a hit on which another person decided to act."""
        hit_id = self.confirmed()
        self.compared(hit_id, OTHER)
        self.do(
            decisions.take_action, OTHER, hit_id, self.desk,
            action=Action.ARREST, legal_basis="Extradition Act of Arvand, s. 4",
        )  # fmt: skip
        return hit_id

    def closed(self) -> str:
        """Return a hit that went its whole way."""
        hit_id = self.acted()
        self.do(decisions.record_outcome, CLERK, hit_id, self.desk, outcome=Outcome.ARRESTED)
        self.do(decisions.send_feedback, CLERK, hit_id, self.desk)
        return hit_id


def _match(check: KeptCheck, found: BankRecord) -> KeptMatch:
    return KeptMatch(
        id=new_id("mat"),
        check=check.id,
        record=found.id,
        version=found.version,
        owner=found.owner,
        visibility=found.visibility_number,
        score=0.93,
        prior=-10.0,
        origin=0,
        evidence=EVIDENCE,
        is_silenced=False,
        is_rescreened=False,
        made_at=check.at,
    )


def scene(
    database: Database, monkeypatch: MonkeyPatch, *, publisher: bool = False, **alert: Any
) -> Scene:
    """Return a bank in which Boreland asks for the arrest of one invented person."""
    clock = Clock()
    monkeypatch.setattr("didban.clock.now", clock.now)
    record = person("Zahra Karimzadeh", birthDate="1971-05-02", nationality="xbo")
    asks: dict[str, Any] = {
        "action_requested": Action.ARREST,
        "person_status": PersonStatus.CHARGED,
        **alert,
    }
    owner = actor("xbo", kind="publisher" if publisher else "police")
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo", kind="publisher" if publisher else "police")
        authority(tx, "xca")
        bank.report(tx, owner, record, marking("xbo"), Alert(**asks))
    return Scene(database=database, clock=clock, record=record)


def with_terms(made: Scene, **terms: Any) -> Scene:
    """Return a scene whose desk goes by other deadlines."""
    return replace(made, desk=replace(made.desk, terms=replace(made.desk.terms, **terms)))
