"""Asking other nodes whether they have a record: several at once, each answers when it can.

    begin (with the request) ──> waiting ──> Asker sends ──> answered | refused | no answer in time

- What leaves in clear about somebody is held back from a node where a rule says so: the desk's gate
  (PR-53), protection from that state (PR-16), the register of assessments (PR-55). Such a person can
  still be checked blind (PR-54).
- No answer is not "no hit". A hit is a lead: a named officer asks on, by the reference.
- What was looked for is erased as soon as the question is over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    PeerFault,
    PeerRefused,
    Unavailable,
)
from didban.exchange import hit_no_hit, ours
from didban.exchange.blind import looking_up
from didban.exchange.blind.looking_up import keys_by_list
from didban.guard import access, assessments, audit, limits, signals
from didban.ids import new_id
from didban.match.blind_keys import BlindList
from didban.model.deeds import Deed
from didban.model.exchange.kinds import Call
from didban.model.exchange.peer_checks import AnswerState, PeerAnswer, PeerCheck, Sought, Way
from didban.model.permissions import Permission
from didban.model.purposes import Purpose
from didban.model.signals import SignalKind
from didban.store import authorities, records
from didban.store.exchange import peer_checks as store
from didban.store.exchange import peers
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from datetime import datetime

    from didban.exchange.calls import Ask
    from didban.exchange.hit_no_hit import Finder
    from didban.model.actors import Actor
    from didban.model.exchange.peers import Peer
    from didban.model.records import Record
    from didban.settings import Access, Questions
    from didban.store.database import Database, Transaction

MOST_BLIND: Final = 300
"""Persons or papers of one blind question: a flight."""

LEAST_JUDGED: Final = 100  # blind questions of a day before the share of hits says anything
MOST_HITS: Final = 0.05
"""Share of hits from which on somebody should look: an invented list, or one who tries numbers."""

_LISTS: Final = {Sought.DOCUMENT: BlindList.DOCUMENTS, Sought.PERSON: BlindList.PERSONS}
_DAY: Final = timedelta(days=1)
_KEPT: Final = timedelta(days=365)
_CODE: Final = re.compile(r"[a-z][a-z_]{0,39}")
_AT_ONCE: Final = 16
_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be asked.

    - `nodes`: empty for every node that is pinned.
    - `seeks_protection`: the desk's answer to the gate: the person claims protection or has refugee
      papers, or a record or its owner raises doubt under Articles 2 and 3 (PR-53).
    """

    way: Way
    sought: Sought
    asked: tuple[Record, ...]
    nodes: tuple[str, ...] = ()
    seeks_protection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What questions go by: limits, how long answers are waited for, who finds own records."""

    terms: Questions
    access: Access
    finder: Finder


def begin(
    tx: Transaction, actor: Actor, means: Means, draft: Draft, now: datetime
) -> tuple[PeerCheck, list[PeerAnswer]]:
    """Put a question; it leaves when the transaction is committed.

    Raises NotPermitted where the gate is not clear, or the node does not speak for the actor's
    authority; InvalidInput for what is too much or too little to ask; NotFound for a node that is
    not pinned; LimitReached.
    """
    access.require(actor, Permission.EXCHANGE_QUESTION_ASK)
    here = ours.published(tx)
    if here is None or actor.authority not in {one.code for one in here.authorities}:
        raise NotPermitted("this node does not speak for your authority to others", "not_spoken")
    _require_askable(draft)
    limits.count_search(tx, actor, means.access, persons=len(draft.asked))
    check = PeerCheck(
        id=new_id("pck"),
        at=now,
        user=actor.user,
        authority=actor.authority,
        purpose=Purpose(str(actor.purpose)),
        case=actor.reference or actor.place,
        way=draft.way,
        sought=draft.sought,
        asked=draft.asked,
        deadline_at=now + timedelta(seconds=means.terms.answer_seconds),
    )
    answers = [_planned(tx, actor, means, draft, check, peer) for peer in _peers(tx, draft.nodes)]
    store.add(tx, check, answers)
    asked = ",".join(one.node for one in answers if one.state is AnswerState.WAITING)
    facts: audit.Facts = {"nodes": asked[:200], "way": draft.way, "sought": draft.sought,
                          "count": len(draft.asked)}  # fmt: skip
    audit.enter(tx, actor, Deed.PEER_ASKED, subject=check.id, facts=facts)
    return check, answers


def found(tx: Transaction, actor: Actor, check_id: str) -> tuple[PeerCheck, list[PeerAnswer]]:
    """Return a question of the actor's authority and how it stands. Raises NotFound."""
    access.require(actor, Permission.EXCHANGE_QUESTION_ASK)
    check = store.get(tx, check_id, actor.authority)
    if check is None:
        raise NotFound("there is no such question")
    answers = store.answers(tx, check_id)
    waiting = sum(one.state is AnswerState.WAITING for one in answers)
    facts: audit.Facts = {"waiting": waiting}
    audit.enter(tx, actor, Deed.PEER_ANSWER_READ, subject=check_id, facts=facts)
    return check, answers


def listed(
    tx: Transaction, actor: Actor, *, before: int | None, limit: int
) -> list[tuple[int, PeerCheck]]:
    """Return the questions of the actor's authority, the latest first."""
    access.require(actor, Permission.EXCHANGE_QUESTION_ASK)
    rows = store.listed(tx, actor.authority, before=before, limit=limit)
    audit.enter(tx, actor, Deed.PEER_ANSWER_READ, facts={"count": len(rows)})
    return rows


def put(database: Database, ask: Ask, check: PeerCheck, node: str, now: datetime) -> None:
    """Put a question to one node and keep its answer. Waits for the network."""
    asked = len(check.asked) if check.way is Way.BLIND else 0
    blank = PeerAnswer(check=check.id, node=node, state=AnswerState.NO_ANSWER)
    try:
        answer = _asked(database, ask, check, blank, now)
    except PeerRefused as error:
        fault = error.reason if _CODE.fullmatch(error.reason) else error.code
        answer = replace(blank, state=AnswerState.REFUSED, fault=fault)
    except NotFound as error:
        answer = replace(blank, state=AnswerState.NOT_ASKED, fault=error.code)
    except (PeerFault, Unavailable) as error:
        answer = replace(blank, fault=error.code)
    at = clock.now()
    with database.begin() as tx:
        store.settle(tx, replace(answer, answered_at=at), asked=asked)
        if check.way is Way.BLIND:
            _watch(tx, check, node, at)
        store.close_due(tx, at)


def take_waiting(database: Database, now: datetime) -> list[tuple[PeerCheck, str]]:
    """Return questions that are to leave, each with its node; nobody else takes them."""
    with database.begin() as tx:
        return store.take_waiting(tx, now, _AT_ONCE)


def close_due(database: Database, now: datetime) -> int:
    """Close questions whose answers are there or whose time is over; return how many."""
    with database.begin() as tx:
        return store.close_due(tx, now)


def forget_due(database: Database, now: datetime) -> int:
    """Forget questions that are older than a year, ours and those put to us; return how many."""
    with database.begin() as tx:
        return store.delete_older(tx, now - _KEPT, most=_BATCH)


def _require_askable(draft: Draft) -> None:
    if draft.way is Way.BLIND:
        if not 1 <= len(draft.asked) <= MOST_BLIND:
            raise InvalidInput(f"a blind question is about 1 to {MOST_BLIND} persons or papers")
        if draft.sought not in _LISTS:
            raise InvalidInput("vehicles, vessels, aircraft and firearms are not asked about blind")
        keys = keys_by_list(draft.asked).get(_LISTS[draft.sought], {})
        keyed = {place for places in keys.values() for place in places}
        if len(keyed) < len(draft.asked):
            raise InvalidInput(
                "too little to ask blind: a document needs its number and state; a person the whole"
                " birth date, or the year and a nationality"
            )
        return
    if len(draft.asked) != 1:
        raise InvalidInput("a question in clear is about one person, document or thing")
    if draft.seeks_protection:
        message = "who seeks protection is not named to another state (PR-53): ask blind"
        raise NotPermitted(message, "gate")
    hit_no_hit.question_of(draft.sought, draft.asked[0])


def _peers(tx: Transaction, nodes: tuple[str, ...]) -> list[Peer]:
    pinned = {peer.node: peer for peer in peers.pinned(tx)}
    if unknown := sorted(set(nodes) - pinned.keys()):
        raise NotFound(f"no node of this code is pinned: {', '.join(unknown)[:60]}")
    if not pinned:
        raise NotFound("there is no other node to ask: see 'didban peer list'")
    return [pinned[node] for node in (dict.fromkeys(nodes) or pinned)]


def _planned(
    tx: Transaction, actor: Actor, means: Means, draft: Draft, check: PeerCheck, peer: Peer
) -> PeerAnswer:
    """Return how a question begins at one node: waiting, or held back by a rule of ours."""
    waiting = PeerAnswer(check=check.id, node=peer.node, state=AnswerState.WAITING)
    if draft.way is Way.BLIND or draft.sought is Sought.THING:
        return waiting
    about = [one for one in peer.descriptor.authorities if authorities.get(tx, one.code)]
    held_back = replace(waiting, state=AnswerState.NOT_ASKED)
    if any(assessments.bars(tx, one.code) is not None for one in about):
        return replace(held_back, fault="harm")
    tokens = {
        f"{kind}:{code}" for one in about for kind, code in (("node", one.code), ("kind", one.kind))
    }
    tokens |= {f"group:{group}" for one in about for group in one.groups}
    seen = open_to(tx, actor)
    like = records.many(tx, means.finder(draft.asked[0], seen), seen)
    if any(not tokens.isdisjoint(one.marking.protected_from) for one in like.values()):
        return replace(held_back, fault="protected")
    return waiting


def _asked(
    database: Database, ask: Ask, check: PeerCheck, blank: PeerAnswer, now: datetime
) -> PeerAnswer:
    node = blank.node
    if check.way is Way.BLIND:
        places = looking_up.look_up(
            database,
            partial(ask, node),
            node,
            check.asked,
            _LISTS[check.sought],
            looking_up.Why(purpose=check.purpose, authority=check.authority, reference=check.id),
            now,
        )
        if places is None:
            return replace(blank, state=AnswerState.NOT_ASKED, fault="no_list")
        exists = bool(places)
        return replace(
            blank, state=AnswerState.ANSWERED, exists=exists, found=places,
            owner=node if exists else "",
        )  # fmt: skip
    body = {
        "sought": check.sought,
        "purpose": check.purpose,
        "authority": check.authority,
        "reference": check.id,
        "asked": hit_no_hit.question_of(check.sought, check.asked[0]),
    }
    exists, owner, contact, reference = hit_no_hit.answer_of(ask(node, Call.ASK, body))
    return replace(
        blank, state=AnswerState.ANSWERED, exists=exists, owner=owner, contact=contact,
        reference=reference,
    )  # fmt: skip


def _watch(tx: Transaction, check: PeerCheck, node: str, now: datetime) -> None:
    """Tell the data-protection officer where a node's lists give too many hits in a day."""
    asked, hits = store.blind_use(tx, node, now - _DAY)
    if asked >= LEAST_JUDGED and hits > MOST_HITS * asked:
        actor = access.system_actor(check.authority, "blind-questions")
        signals.raise_about(tx, SignalKind.BLIND_HITS, actor, about=f"node:{node}")
