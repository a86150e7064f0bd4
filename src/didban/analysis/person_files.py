"""Person files: which records of many owners are about one person or thing, as humans judged it.

- The matcher suggests, a human judges: same, different or unsure, with a reason.
- Nothing is merged: no record changes, and a judgement that is taken back leaves no trace in what
  is shown (PR-24). What owners say differently is shown side by side.
- Everything is decided among the records that are open to who asks. A judgement about a record that
  is not open, a file that hangs together through it, a contradiction that lies in it: none of them
  is there (PR-09).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit, limits
from didban.guard.disclosure import all_shown_to, shown_to
from didban.ids import new_id
from didban.match.kinds import may_be_one
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.person_files import (
    FileValue,
    JudgedPair,
    Judgement,
    Member,
    PersonFile,
    Suggestion,
    disagreements,
    file_id,
)
from didban.model.statements import statements_of
from didban.screening.looking import evidence_of
from didban.settings import Access
from didban.store import person_files, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.match.query import Query
    from didban.match.search import Match
    from didban.model.actors import Actor
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

_NOTHING: Final = "there is no such record"
_ACCESS: Final = Access()

_SAID: Final = frozenset({"identity", "appearance", "status", "location", "content"})
"""Parts of a record that say something of the person or thing."""


class Matcher(Protocol):
    """What finds records like one (`screening.live.LiveIndex`)."""

    def match(
        self, query: Query, *, open_to: frozenset[int], limit: int, threshold: float, mode: Mode
    ) -> Sequence[Match]:
        """Return the records most like the query among those that are open."""


def file_of(tx: Transaction, actor: Actor, record_id: str) -> PersonFile:
    """Return the file that a record is in, as far as it is open to the actor.

    A record about which nothing was judged is a file of its own. Raises NotFound.
    """
    access.require(actor, Permission.ANALYSIS_FILE_READ)
    seen = open_to(tx, actor)
    _found(tx, record_id, seen)
    members = person_files.connected(tx, record_id, seen)
    kept = records.many(tx, members, seen)
    chosen = [kept[name] for name in sorted(kept)]
    shown = {record.id: what for record, what in all_shown_to(tx, actor, chosen)}
    values = tuple(value for name in shown for value in _values(kept[name], shown[name]))
    audit.enter(tx, actor, Deed.FILE_VIEWED, subject=record_id, facts={"members": len(members)})
    return PersonFile(
        id=file_id(members),
        members=tuple(
            Member(record=name, owner=kept[name].owner, shown=shown[name]) for name in shown
        ),
        values=values,
        disagreements=disagreements(values),
        judgements=tuple(person_files.history(tx, members, seen)),
        contradictions=tuple(person_files.standing(tx, members, members, Judgement.DIFFERENT)),
    )


def judge(
    tx: Transaction, actor: Actor, one: str, other: str, judgement: Judgement, reason: str
) -> JudgedPair:
    """Judge whether two records are about one person or thing.

    Raises NotFound, InvalidInput for things of different kinds or without a reason, and Conflict
    where a judgement about the pair stands, or this one contradicts others: nothing is the same as
    what it was judged different from, through however many records.
    """
    access.require(actor, Permission.ANALYSIS_FILE_JUDGE)
    if not reason.strip():
        raise InvalidInput("reason: say what you judge by; it stays with the judgement")
    if one == other:
        raise InvalidInput("a record is judged against another one")
    seen = open_to(tx, actor)
    person_files.hold(tx)
    _require_alike(_found(tx, one, seen), _found(tx, other, seen))
    _require_no_contradiction(tx, one, other, judgement, seen)
    left, right = sorted((one, other))
    pair = JudgedPair(
        id=new_id("jdg"),
        left=left,
        right=right,
        judgement=judgement,
        reason=reason.strip(),
        made_at=clock.now(),
        made_by=actor.user,
        authority=actor.authority,
    )
    if not person_files.add(tx, pair):
        raise Conflict("a judgement about these two stands: take it back first")
    audit.enter(tx, actor, Deed.FILE_JUDGED, subject=pair.id, facts={"judgement": judgement})
    return pair


def undo(tx: Transaction, actor: Actor, pair_id: str, reason: str) -> JudgedPair:
    """Take a judgement back, one's own or another's: the files are what they were before it.

    Raises NotFound, InvalidInput without a reason, Conflict where it was taken back already.
    """
    access.require(actor, Permission.ANALYSIS_FILE_JUDGE)
    if not reason.strip():
        raise InvalidInput("reason: say why it does not hold; it stays in the history")
    person_files.hold(tx)
    pair = person_files.get(tx, pair_id, open_to(tx, actor))
    if pair is None:
        raise NotFound("there is no such judgement")
    if pair.undone_at is not None:
        raise Conflict("this judgement was taken back already")
    at = clock.now()
    person_files.undo(tx, pair.id, at=at, by=actor.user, reason=reason.strip())
    audit.enter(tx, actor, Deed.FILE_JUDGEMENT_UNDONE, subject=pair.id)
    return replace(pair, undone_at=at, undone_by=actor.user, undone_reason=reason.strip())


def sample(tx: Transaction, actor: Actor, *, limit: int) -> list[JudgedPair]:
    """Return standing judgements of the actor's authority, drawn by lot, to be looked at again."""
    access.require(actor, Permission.ANALYSIS_FILE_JUDGE)
    found = person_files.sampled(tx, actor.authority, open_to(tx, actor), limit=limit)
    audit.enter(tx, actor, Deed.FILE_SAMPLED, facts={"count": len(found)})
    return found


def suggest(  # noqa: PLR0913 - what to look for, where, and how deep
    tx: Transaction,
    actor: Actor,
    matcher: Matcher,
    record_id: str,
    *,
    limit: int = 10,
    threshold: float = 0.5,
    settings: Access = _ACCESS,
) -> list[Suggestion]:
    """Return records that may be about the same as one, most likely first, for a human to judge.

    Those that are in its file already, and those that were judged against it, are left out. The
    evidence is told where the actor may see what identifies the record (PR-02, PR-08).

    Raises NotFound, LimitReached: a suggestion is a search (PR-04).
    """
    access.require(actor, Permission.ANALYSIS_FILE_JUDGE)
    limits.count_search(tx, actor, settings)
    seen = open_to(tx, actor)
    record = _found(tx, record_id, seen)
    known = _judged_already(tx, record_id, seen)
    matches = matcher.match(
        query_from_record(record.entity),
        open_to=seen,
        limit=limit + len(known),
        threshold=threshold,
        mode=Mode.THOROUGH,
    )
    present = records.many(tx, [match.id for match in matches], seen)
    new = [
        _suggestion(tx, actor, present[match.id], match)
        for match in matches
        if match.id not in known
        and match.id in present
        and may_be_one(record.entity.schema, present[match.id].entity.schema)
    ][:limit]
    audit.enter(tx, actor, Deed.FILE_SUGGESTED, subject=record_id, facts={"count": len(new)})
    return new


def _found(tx: Transaction, record_id: str, seen: frozenset[int]) -> BankRecord:
    record = records.get(tx, record_id, seen)
    if record is None or record_id not in person_files.present(tx, (record_id,), seen):
        raise NotFound(_NOTHING)
    return record


def _require_alike(one: BankRecord, other: BankRecord) -> None:
    if not may_be_one(one.entity.schema, other.entity.schema):
        message = f"a {one.entity.schema} and a {other.entity.schema} are not one thing"
        raise InvalidInput(message)


def _require_no_contradiction(
    tx: Transaction, one: str, other: str, judgement: Judgement, seen: frozenset[int]
) -> None:
    """Raise Conflict, with the judgements in the way, where two of them could not both hold."""
    if judgement is Judgement.UNSURE:
        return
    mine = person_files.connected(tx, one, seen)
    if judgement is Judgement.DIFFERENT:
        if other in mine:
            chain = " = ".join(_chain(tx, one, other, mine))
            raise Conflict(f"they are in one file ({chain}): take one of these judgements back")
        return
    theirs = person_files.connected(tx, other, seen)
    if apart := person_files.standing(tx, mine, theirs, Judgement.DIFFERENT):
        pair = apart[0]
        raise Conflict(
            f"{pair.left} and {pair.right} were judged different, and would come into one file:"
            f" take {pair.id} back first"
        )


def _chain(tx: Transaction, one: str, other: str, members: frozenset[str]) -> list[str]:
    """Return a shortest chain of records judged the same, from one to the other."""
    neighbours: dict[str, set[str]] = {name: set() for name in members}
    for pair in person_files.standing(tx, members, members, Judgement.SAME):
        neighbours[pair.left].add(pair.right)
        neighbours[pair.right].add(pair.left)
    chains = [[one]]
    for chain in chains:  # grows while it is walked: nearest records first
        if chain[-1] == other:
            return chain
        reached = {name for known in chains for name in known}
        chains += [[*chain, name] for name in sorted(neighbours[chain[-1]] - reached)]
    raise RuntimeError("members of a file are connected")


def _judged_already(tx: Transaction, record_id: str, seen: frozenset[int]) -> frozenset[str]:
    judged = person_files.history(tx, (record_id,), seen)
    standing = (pair.ends for pair in judged if pair.undone_at is None)
    return person_files.connected(tx, record_id, seen).union(*standing)


def _suggestion(tx: Transaction, actor: Actor, record: BankRecord, match: Match) -> Suggestion:
    may_tell = "identity" in shown_to(tx, actor, record)
    return Suggestion(
        record=record.id,
        owner=record.owner,
        score=match.score,
        evidence=evidence_of(match) if may_tell else (),
    )


def _values(record: BankRecord, shown: Mapping[str, object]) -> list[FileValue]:
    marking = record.marking
    return [
        FileValue(
            name=statement.name,
            value=statement.value,
            record=record.id,
            owner=record.owner,
            source_evaluation=marking.source_evaluation,
            information_evaluation=marking.information_evaluation,
            verified_on=marking.verified_on,
        )
        for statement in statements_of(shown)
        if statement.field in _SAID
    ]
