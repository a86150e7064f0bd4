"""Hit or no hit: what one node may find out of another by asking (PR-03).

    {sought, purpose, reference, authority, asked} ──> own records that are open to that authority
                                                   ──> {exists, owner, contact, ref}

- The answer has these four members and no others, whether or not there is a record, and is the same
  where there is one that may not be known of (PR-09).
- Only what this node's own authorities say is asked: what another owner said, it is asked itself.
- `ref` stands for the answer. By it a named officer asks on; what is behind it only we know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from didban.errors import Conflict, HandlingRefused, InvalidInput, Malformed
from didban.exchange import ours
from didban.exchange.quotas import count
from didban.guard import access, assessments, audit
from didban.ids import new_id
from didban.match.features import is_searchable
from didban.model.bank import FOUND
from didban.model.deeds import Deed
from didban.model.documents import Document
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.peer_checks import ALLOWED, NEEDED, THINGS, Answered, Sought
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.store import authorities, records
from didban.store.exchange import peer_checks
from didban.store.visibility import open_to, owned_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.model.exchange.peers import Peer
    from didban.settings import Questions
    from didban.store.database import Database, Transaction

MEMBERS: Final = ("exists", "owner", "contact", "ref")
_PROPERTIES: Final = {
    "name": "name",
    "birth_date": "birthDate",
    "nationality": "nationality",
    "sex": "gender",
}


class Finder(Protocol):
    """Who finds records like one that is looked for. The node gives the screening index."""

    def __call__(self, sought: Record, seen: frozenset[int]) -> Sequence[str]:
        """Return the identifiers of records that match, most alike first, among these visibilities.

        Raises Unavailable where "there is none" cannot be said now.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class HitNoHit:
    """What we answer to other nodes: the handler of `Call.ASK`."""

    database: Database
    finder: Finder
    terms: Questions

    def answer(self, tx: Transaction, caller: Peer, body: Any, now: datetime) -> dict[str, Any]:
        """Answer one question.

        Raises Malformed for one field too many (PR-42), HandlingRefused for an authority that the
        caller does not speak for, NotPermitted for a purpose that is none of a check, LimitReached.
        """
        fields = Fields(body)
        sought = fields.member("sought", Sought)
        record = record_of(sought, Fields(fields.raw("asked")))
        actor = actor_of(tx, caller, fields)
        fields.require_all_read()
        access.require(actor, Permission.EXCHANGE_QUESTION_ASK)
        count(self.database, tx, actor, of="asked", amount=1, most=self.terms.asked_per_day)
        here = ours.published(tx)
        if here is None:
            raise Conflict("this node has no identity yet")
        told = self._found(tx, actor, record, [one.code for one in here.authorities])
        answered = Answered(
            id=new_id("anr"),
            node=caller.node,
            authority=actor.authority,
            purpose=Purpose(actor.purpose or ""),
            reference=actor.reference,
            sought=sought,
            records=tuple(one.id for one in told),
            at=now,
        )
        peer_checks.add_answered(tx, answered)
        facts: audit.Facts = {"sought": sought, "exists": bool(told), "of": actor.reference}
        audit.enter(tx, actor, Deed.PEER_ANSWERED, subject=answered.id, facts=facts)
        return {
            "exists": bool(told),
            "owner": told[0].owner if told else here.node,
            "contact": here.contact,
            "ref": answered.id,
        }

    def _found(
        self, tx: Transaction, actor: Actor, record: Record, owners: Sequence[str]
    ) -> list[BankRecord]:
        """Return what these owners say that may be known of by who asks, most alike first.

        Every step is taken for every question, so that the time tells as little as the words.
        """
        seen = open_to(tx, actor) & owned_by(tx, owners)
        matching = self.finder(record, seen)
        found = records.many(tx, matching, seen)
        is_barred = assessments.bars(tx, actor.authority) is not None  # PR-55
        told = [found[one] for one in matching if one in found]
        return [
            one for one in told if _may_be_told(one, actor) and (one.is_document or not is_barred)
        ]


def actor_of(tx: Transaction, caller: Peer, fields: Fields) -> Actor:
    """Return who asks: the purpose, the reference and the authority stand in every question.

    Raises Malformed, HandlingRefused.
    """
    code = fields.text("authority", 64)
    purpose = fields.member("purpose", Purpose)
    reference = fields.text("reference", 64)
    about = authorities.get(tx, code) if caller.speaks_for(code) else None
    if about is None:
        raise HandlingRefused("the node asks for an authority that it does not speak for")
    if not audit.is_code("", {"of": reference}):
        raise Malformed("'reference' is no identifier")
    return access.peer_actor(caller.node, about, purpose, reference)


def question_of(sought: Sought, record: Record) -> dict[str, str]:
    """Return what leaves of what is looked for.

    Raises InvalidInput where the kind of question needs more, or would leave something out: who
    looks for somebody else than was meant gives a wrong answer.
    """
    found = _from_person(record) if sought is Sought.PERSON else _from_number(record, sought)
    given = {name: value for name, value in found.items() if value}
    if missing := sorted(NEEDED[sought] - given.keys()):
        raise InvalidInput(f"a question about a {sought} names its {' and '.join(missing)}")
    return given


def record_of(sought: Sought, fields: Fields) -> Record:
    """Return what another node looks for. Raises Malformed for one field too many (PR-42)."""
    given = {name: fields.text(name) for name in sorted(ALLOWED[sought]) if fields.has(name)}
    fields.require_all_read()
    if not given.keys() >= NEEDED[sought]:
        raise Malformed("the question lacks what its kind needs")
    record = _to_person(given) if sought is Sought.PERSON else _to_number(given)
    if not is_searchable(record):
        raise Malformed("the question names nobody and nothing")
    return record


def answer_of(body: Any) -> tuple[bool, str, str, str]:
    """Return (exists, owner, contact, ref) as another node answered. Raises Malformed."""
    fields = Fields(body)
    exists, owner = fields.truth("exists"), fields.text("owner")
    contact = fields.raw("contact")
    reference = fields.text("ref", 64)
    fields.require_all_read()
    if not isinstance(contact, str) or len(contact) > 200:  # noqa: PLR2004 - as in a descriptor
        raise Malformed("'contact' is no text")
    return exists, owner, contact, reference


def _may_be_told(record: BankRecord, actor: Actor) -> bool:
    """Return whether a record may be known of: it stands, and protects nobody from who asks."""
    is_protected = not actor.tokens.isdisjoint(record.marking.protected_from)  # PR-16
    return record.state in FOUND and not record.marking.is_tainted and not is_protected


def _from_number(record: Record, sought: Sought) -> dict[str, str]:
    paper = record.documents[0] if len(record.documents) == 1 else Document(number="")
    if record.properties or paper.number_to:
        raise InvalidInput(f"a question about a {sought} is about one number alone (PR-42)")
    if sought is Sought.DOCUMENT:
        return {"number": paper.number, "issuer": paper.issuer or "", "type": paper.type or ""}
    schema = record.schema if record.schema in THINGS else ""
    return {"schema": schema, "number": paper.number, "country": paper.issuer or ""}


def _from_person(record: Record) -> dict[str, str]:
    several = any(len(values) > 1 for values in record.properties.values())
    if several or record.documents or not record.properties.keys() <= set(_PROPERTIES.values()):
        raise InvalidInput(
            "a question about a person has one name, one birth date, and perhaps a nationality and"
            " a sex; no document (PR-42)"
        )
    return {name: record.first(property_) or "" for name, property_ in _PROPERTIES.items()}


def _to_person(given: Mapping[str, str]) -> Record:
    properties = {_PROPERTIES[name]: (value,) for name, value in given.items()}
    return Record(id="asked", schema="Person", properties=properties)


def _to_number(given: Mapping[str, str]) -> Record:
    schema = given.get("schema", "Person")
    if schema != "Person" and schema not in THINGS:
        raise Malformed("the question is about no kind of thing that has a number")
    issuer = given.get("issuer") or given.get("country")
    paper = Document(number=given["number"], issuer=issuer, type=given.get("type"))
    return Record(id="asked", schema=schema, properties={}, documents=(paper,))
