"""Questions to other nodes: do they have a record? In clear, or blind."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import Path
from pydantic import Field

from didban import clock
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.errors import InvalidInput
from didban.exchange import peer_checks
from didban.exchange.blind import overview
from didban.exchange.peer_checks import MOST_BLIND, Draft
from didban.match.blind_keys import BlindList
from didban.model.documents import Document
from didban.model.exchange.peer_checks import AnswerState, PeerAnswer, PeerCheck, Sought, Way
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.screening.question import read_date, read_sex, read_state
from didban.serving.desks import means_of

router = Router("peer checks")

PeerCheckId = Annotated[str, Path(pattern=r"^pck_[a-z2-7]{24}$")]
_Word = Annotated[str, Field(max_length=64)]
_Number = Annotated[str, Field(min_length=1, max_length=64)]
_Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,31}$", examples=["xbo"])]
_NUMBER_DIGITS: Final = 20  # cursors of one length


class DocumentAsked(Given):
    """A document: its number, and the state that issued it."""

    number: _Number
    issuer: Annotated[_Word, Field(min_length=1, examples=["xar"])]
    type: Annotated[str, Field(max_length=2, examples=["P"])] = ""

    def record(self) -> Record:
        """Return what is looked for."""
        issuer = read_state(self.issuer, "document's issuer")
        paper = Document(number=self.number.strip(), issuer=issuer, type=self.type.upper() or None)
        return Record(id="asked", schema="Person", properties={}, documents=(paper,))


class PersonAsked(Given):
    """A person: one name, and the birth date as far as it is known."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    birth_date: Annotated[_Word, Field(min_length=1, examples=["1971-05-02", "1971"])]
    nationality: _Word = ""
    sex: _Word = ""

    def record(self) -> Record:
        """Return what is looked for."""
        properties = {"name": (self.name.strip(),), "birthDate": (read_date(self.birth_date),)}
        if self.nationality:
            properties["nationality"] = (read_state(self.nationality),)
        if self.sex:
            properties["gender"] = (read_sex(self.sex),)
        return Record(id="asked", schema="Person", properties=properties)


class ThingAsked(Given):
    """A vehicle, vessel, aircraft or firearm, by its number and state of registration."""

    schema_: Literal["Vehicle", "Vessel", "Airplane", "Firearm"] = Field(alias="schema")
    number: _Number
    country: _Word = ""

    def record(self) -> Record:
        """Return what is looked for."""
        issuer = read_state(self.country, "country") if self.country else None
        paper = Document(number=self.number.strip(), issuer=issuer)
        return Record(id="asked", schema=self.schema_, properties={}, documents=(paper,))


class PeerCheckGiven(Given):
    """What is asked of which nodes. Exactly one of documents, persons and things.

    - `way`: `clear` asks about one, `blind` about up to 300 documents or persons.
    - `nodes`: none for every node that is pinned.
    - `seeks_protection`: whether the person claims protection or has refugee papers, or there is
      doubt about record or owner. Such a person is asked about blind only (PR-53, PR-54).
    """

    way: Way
    seeks_protection: bool
    nodes: Annotated[tuple[_Code, ...], Field(max_length=100)] = ()
    documents: Annotated[tuple[DocumentAsked, ...], Field(max_length=MOST_BLIND)] = ()
    persons: Annotated[tuple[PersonAsked, ...], Field(max_length=MOST_BLIND)] = ()
    things: Annotated[tuple[ThingAsked, ...], Field(max_length=1)] = ()

    def draft(self) -> Draft:
        """Return what is to be asked. Raises InvalidInput."""
        given = {
            Sought.DOCUMENT: tuple(one.record() for one in self.documents),
            Sought.PERSON: tuple(one.record() for one in self.persons),
            Sought.THING: tuple(one.record() for one in self.things),
        }
        named = [sought for sought, asked in given.items() if asked]
        if len(named) != 1:
            raise InvalidInput("ask about documents, persons or things: one of them")
        return Draft(
            way=self.way,
            sought=named[0],
            asked=given[named[0]],
            nodes=self.nodes,
            seeks_protection=self.seeks_protection,
        )


class PeerAnswerTold(Told):
    """How the question stands at one node. A hit is a lead, and no answer is not "no hit".

    - `exists`: null where that is not known.
    - `owner`, `contact`, `reference`: whom to ask on, and by what.
    - `fault`: why there is no answer: a rule of ours (`harm`, `protected`, `no_list`) or the code
      that the node gave.
    - `found`: of a blind question, the places of those with a hit, counted from 0.
    """

    node: str
    state: AnswerState
    exists: bool | None
    owner: str
    contact: str
    reference: str
    fault: str
    found: list[int]
    answered_at: datetime | None

    @classmethod
    def of(cls, one: PeerAnswer) -> PeerAnswerTold:
        """Return the shape of an answer."""
        return cls(
            node=one.node,
            state=one.state,
            exists=one.exists,
            owner=one.owner,
            contact=one.contact,
            reference=one.reference,
            fault=one.fault,
            found=list(one.found),
            answered_at=one.answered_at,
        )


class PeerCheckRow(Told):
    """A question as one line of a list: without what was asked, which is erased when it is over."""

    id: str
    at: datetime
    user: str
    purpose: Purpose
    case: str
    way: Way
    sought: Sought
    deadline_at: datetime
    is_over: bool

    @classmethod
    def of(cls, check: PeerCheck) -> PeerCheckRow:
        """Return the shape of a question."""
        return cls(
            id=check.id,
            at=check.at,
            user=check.user,
            purpose=check.purpose,
            case=check.case,
            way=check.way,
            sought=check.sought,
            deadline_at=check.deadline_at,
            is_over=check.closed_at is not None,
        )


class PeerCheckTold(PeerCheckRow):
    """A question with the answers that are there by now."""

    answers: list[PeerAnswerTold]


class BlindListTold(Told):
    """A list that is offered to a node, or that it offers us. Never what it holds.

    - `records`: of ours; null of another's. `tags`: with those of nobody that fill it up.
    - `false_hits`: how probable it is that a key which is not listed is found by chance.
    """

    node: str
    list: BlindList
    epoch: int
    is_ours: bool
    is_usable: bool
    ends_at: datetime
    tags: int
    records: int | None
    false_hits: float


@router.post("/peer-checks", status_code=201)
@needs(Permission.EXCHANGE_QUESTION_ASK)
def ask_peers(tx: Tx, who: Who, node: Node, given: PeerCheckGiven) -> PeerCheckTold:
    """Ask other nodes whether they have a record. The answers come within seconds: read it again."""
    check, answers = peer_checks.begin(tx, who, means_of(node), given.draft(), clock.now())
    return _told(check, answers)


@router.get("/peer-checks")
@needs(Permission.EXCHANGE_QUESTION_ASK)
def list_peer_checks(tx: Tx, who: Who, paging: Paging) -> Page[PeerCheckRow]:
    """List the questions of the own authority, the latest first."""
    before = int(paging.after[0]) if paging.after else None
    rows = peer_checks.listed(tx, who, before=before, limit=paging.fetch)
    return paging.page(
        rows,
        keys=lambda row: (f"{row[0]:0{_NUMBER_DIGITS}}",),
        told=lambda row: PeerCheckRow.of(row[1]),
    )


@router.get("/peer-checks/{check_id}")
@needs(Permission.EXCHANGE_QUESTION_ASK)
def get_peer_check(tx: Tx, who: Who, check_id: PeerCheckId) -> PeerCheckTold:
    """Return a question with the answers that are there by now."""
    return _told(*peer_checks.found(tx, who, check_id))


@router.get("/blind-lists")
@needs(Permission.EXCHANGE_PEER_READ)
def list_blind_lists(tx: Tx, who: Who) -> list[BlindListTold]:
    """List what is offered to other nodes to be asked blind, and what they offer."""
    return [
        BlindListTold(
            node=one.node,
            list=one.list,
            epoch=one.epoch,
            is_ours=one.is_ours,
            is_usable=one.is_usable,
            ends_at=one.ends_at,
            tags=one.tags,
            records=one.records,
            false_hits=one.false_hits,
        )
        for one in overview.listed(tx, who, clock.now())
    ]


def _told(check: PeerCheck, answers: list[PeerAnswer]) -> PeerCheckTold:
    return PeerCheckTold(
        **PeerCheckRow.of(check).model_dump(), answers=[PeerAnswerTold.of(one) for one in answers]
    )
