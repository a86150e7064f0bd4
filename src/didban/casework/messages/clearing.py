"""What may leave with a message, part by part; what an owner laid down goes with it.

Whatever a part is made of, the same is asked: may we hand this on to that recipient (PR-08, PR-09),
for the purpose that we have (PR-06), without harm to whom it is about (PR-16, PR-53, PR-55), and is
it no more than the topic needs (PR-42)?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from didban import clock
from didban.casework.nodes import reader
from didban.errors import InvalidInput, NotFound, NotPermitted
from didban.guard import assessments, conditions, consents
from didban.intake import bank
from didban.model.exchange.letters import (
    PERSONAL,
    SCHEMATA,
    Part,
    PartKind,
    kinds_of_parts,
    reduced,
)
from didban.model.exchange.messages import MessageKind
from didban.model.marking import (
    EVERYONE,
    Confidentiality,
    Handling,
    InformationEvaluation,
    SourceEvaluation,
)
from didban.model.onward import Onward
from didban.model.purposes import serves
from didban.model.schemata import is_a
from didban.store import authorities, messages, onward, records
from didban.store import consents as acknowledged
from didban.store import search as sights

if TYPE_CHECKING:
    from didban.model.actors import Actor, Authority
    from didban.model.bank import BankRecord
    from didban.model.exchange.messages import Topic
    from didban.model.records import Record
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPart:
    """A part as an officer puts it in: one of `text`, `record`, `entity`, `file`, `passes_on`.

    - `record`: identifier of a record of the bank, whose content goes along as far as the topic
      allows; `entity`: somebody or something as it was met, of no record.
    - `passes_on`: identifier of a message and number of a part of it, counted from 0.
    - `handling`, `conditions`, evaluation: ours; what an owner laid down stays where it is stricter.
    - `onward_consent`: of the owner, to hand it on; `use_consents`: to use it for our purpose.
    """

    text: str = ""
    record: str | None = None
    entity: Record | None = None
    file: tuple[str, str, bytes] | None = None
    passes_on: tuple[str, int] | None = None
    handling: Handling = Handling.H0
    conditions: str = ""
    source_evaluation: SourceEvaluation = SourceEvaluation.X
    information_evaluation: InformationEvaluation = InformationEvaluation.UNKNOWN
    onward_consent: str | None = None
    use_consents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """For whom parts are cleared: `kind` and `topic` of the message, and its recipient."""

    kind: MessageKind
    topic: Topic
    recipient: Authority

    @property
    def is_personal(self) -> bool:
        """Whether it is about persons."""
        return self.topic in PERSONAL


def cleared(
    tx: Transaction, actor: Actor, way: Way, drafts: tuple[DraftPart, ...]
) -> tuple[tuple[Part, ...], Confidentiality]:
    """Return the parts as they leave, and the highest classification of what is in them.

    Raises InvalidInput, NotFound, NotPermitted.
    """
    found: list[Part] = []
    highest = Confidentiality.FOR_OFFICIAL_USE
    for draft in drafts:
        part, classified = _part(tx, actor, way, draft)
        if part.kind not in kinds_of_parts(way.kind, way.topic):
            message = (
                f"a {way.kind} about '{way.topic}' has no part of the kind '{part.kind}' (PR-42)"
            )
            raise InvalidInput(message)
        found.append(part)
        highest = max(highest, classified)
    is_covered = any(part.record for part in found)
    if way.is_personal and not is_covered:
        _require_no_barrier(tx, way)
    return tuple(found), highest


def _part(
    tx: Transaction, actor: Actor, way: Way, draft: DraftPart
) -> tuple[Part, Confidentiality]:
    made_of = ("text", "record", "entity", "file", "passes_on")
    if sum(bool(getattr(draft, name)) for name in made_of) != 1:
        raise InvalidInput(f"a part is made of one of: {', '.join(made_of)}")
    if (draft.handling is Handling.H3) != bool(draft.conditions.strip()):
        raise InvalidInput("conditions: in words with H3, and with H3 alone (PR-08)")
    if draft.record:
        return _of_record(tx, actor, way, draft, draft.record)
    if draft.passes_on:
        return _passed_on(tx, actor, way, draft, *draft.passes_on)
    return _own(actor, way, draft), Confidentiality.FOR_OFFICIAL_USE


def _own(actor: Actor, way: Way, draft: DraftPart) -> Part:
    """Return a part that is nobody's but ours."""
    part = Part(
        kind=PartKind.TEXT,
        owner=actor.authority,
        handling=draft.handling,
        conditions=draft.conditions.strip(),
        source_evaluation=draft.source_evaluation,
        information_evaluation=draft.information_evaluation,
    )
    if draft.entity is not None:
        return replace(part, kind=PartKind.ENTITY, entity=_fitting(draft.entity, way))
    if draft.file is not None:
        name, media_type, data = draft.file
        return replace(part, kind=PartKind.FILE, name=name, media_type=media_type, data=data)
    return replace(part, text=draft.text.strip())


def _fitting(entity: Record, way: Way) -> Record:
    if entity.schema not in SCHEMATA[way.topic]:
        raise InvalidInput(f"a message about '{way.topic}' is about no {entity.schema} (PR-42)")
    return reduced(entity, way.topic)


def _of_record(
    tx: Transaction, actor: Actor, way: Way, draft: DraftPart, record_id: str
) -> tuple[Part, Confidentiality]:
    """Return a part with the content of a record, under the owner's marking or ours if stricter."""
    sight = sights.sight_of(tx, actor)
    kept = records.get(tx, record_id, sight.open_to)
    if kept is None or not bank.is_there_for(kept, actor):
        raise NotFound(bank.NOTHING_THERE)
    _require_harmless(tx, actor, way, kept)
    if kept.visibility_number not in sight.told:
        raise NotPermitted("no more than that it exists is told: ask its owner (PR-03)", "details")
    consents.require_use(tx, actor, kept, named=draft.use_consents)
    if not conditions.has_acknowledged(tx, actor, kept):
        raise NotPermitted("acknowledge the owner's conditions first (PR-08)", "conditions")
    consent = _consent(tx, actor, way, draft, kept)
    marking = kept.marking
    is_own = kept.owner == actor.authority
    part = Part(
        kind=PartKind.ENTITY,
        owner=kept.owner,
        entity=_fitting(kept.entity, way),
        record=kept.id,
        version=kept.version,
        origin=marking.origin if is_own else (*marking.origin, kept.owner),
        source_evaluation=marking.source_evaluation,
        information_evaluation=marking.information_evaluation,
        consent=consent,
    )
    return _stricter(part, marking.handling, marking.handling_conditions, draft), (
        marking.visibility.confidentiality
    )


def _passed_on(
    tx: Transaction, actor: Actor, way: Way, draft: DraftPart, message_id: str, number: int
) -> tuple[Part, Confidentiality]:
    """Return a part of a message that this authority has, for somebody else; it stays its owner's."""
    source = messages.of(tx, message_id, actor.authority, actor.clearance)
    parts = source.letter.parts if source and source.letter else ()
    if source is None or not 0 <= number < len(parts):
        raise NotFound("there is no such part of a message")
    part = parts[number]
    if actor.purpose is None or not serves(source.purpose, actor.purpose):
        raise NotPermitted("what was sent for another purpose is not passed on (PR-06)", "purpose")
    if not has_acknowledged(tx, actor, message_id, number, part):
        raise NotPermitted("acknowledge the owner's conditions first (PR-08)", "conditions")
    consent = None
    if part.owner not in {actor.authority, way.recipient.code}:
        consent = _onward(tx, actor, way, draft, part.record or message_id, part.owner)
        if consent is None and part.handling is Handling.H2:
            raise NotPermitted(f"H2 of {part.owner} is not for a third authority (PR-08)", "H2")
    if part.entity is not None:
        part = replace(part, entity=_fitting(part.entity, way))
    if way.is_personal:
        _require_no_barrier(tx, way)
    origin = part.origin if part.owner == actor.authority else _through(part.origin, part.owner)
    made = _stricter(replace(part, origin=origin), part.handling, part.conditions, draft)
    return replace(made, consent=consent), source.confidentiality


def _through(origin: tuple[str, ...], owner: str) -> tuple[str, ...]:
    """Return the chain of origin of what is passed on for its owner (PR-11)."""
    return origin if owner in origin else (*origin, owner)


def _stricter(part: Part, handling: Handling, words: str, draft: DraftPart) -> Part:
    """Return a part under the stricter of two codes, with the conditions of both (PR-08)."""
    both = "\n".join(filter(None, (words.strip(), draft.conditions.strip())))
    strictest = max(handling, draft.handling)
    return replace(part, handling=strictest, conditions=both if strictest is Handling.H3 else "")


def _require_harmless(tx: Transaction, actor: Actor, way: Way, kept: BankRecord) -> None:
    """Return unless somebody could be harmed by what would leave. Raises NotPermitted."""
    if kept.marking.is_tainted:
        raise NotPermitted("obtained by ill-treatment: it is not shared (PR-55)", "tainted")
    seen_as = reader(way.recipient)
    if not (seen_as.tokens - {EVERYONE}).isdisjoint(kept.marking.protected_from):
        message = "the person is protected from this recipient: nothing of it leaves (PR-16)"
        raise NotPermitted(message, "protected")
    is_asked_of_owner = kept.owner == way.recipient.code and way.kind is MessageKind.REQUEST
    if is_asked_of_owner and way.is_personal and kept.owner != actor.authority:
        message = "an owner is asked about its own record by the question of a hit (PR-53)"
        raise NotPermitted(message, "gate")
    if way.is_personal or is_a(kept.entity.schema, "LegalEntity"):
        assessments.require_passage(tx, actor, kept, recipient=way.recipient.code)


def _consent(
    tx: Transaction, actor: Actor, way: Way, draft: DraftPart, kept: BankRecord
) -> str | None:
    """Return the consent on which a record goes on to a third authority; None where none is needed.

    What an owner excludes never goes; who is not of its audience gets it with its consent alone.
    """
    seen_as = reader(way.recipient)
    visibility = kept.marking.visibility
    if way.recipient.code == kept.owner:
        return None
    if not seen_as.tokens.isdisjoint(visibility.excluded):
        raise NotPermitted("its owner excludes this recipient (PR-09)", "excluded")
    if kept.owner == actor.authority:
        return None
    consent = _onward(tx, actor, way, draft, kept.id, kept.owner)
    if consent is None and kept.marking.handling is Handling.H2:
        raise NotPermitted(f"H2 of {kept.owner} is not for a third authority (PR-08)", "H2")
    if consent is None and not visibility.is_open_to(seen_as):
        raise NotPermitted("it is not for this recipient: its owner consents first", "audience")
    return consent


def _onward(
    tx: Transaction, actor: Actor, way: Way, draft: DraftPart, about: str, owner: str
) -> str | None:
    named = [draft.onward_consent] if draft.onward_consent else []
    for given in onward.in_force(tx, named, authority=actor.authority, on=clock.today()):
        said = (given.record, given.owner, given.use, given.recipient)
        if said == (about, owner, Onward.THIRD_PARTY, way.recipient.code):
            return given.id
    return None


def _require_no_barrier(tx: Transaction, way: Way) -> None:
    """Return unless the register bars data on persons from the recipient (PR-55)."""
    if assessments.bars(tx, way.recipient.code) is None:
        return
    message = (
        "the register of assessments bars this recipient (PR-55): name the record that it is about,"
        " so that assurances on it can be recorded"
    )
    raise NotPermitted(message, "barred")


def has_acknowledged(
    tx: Transaction, actor: Actor, message_id: str, number: int, part: Part
) -> bool:
    """Return whether the actor acknowledged the conditions of a part, where it has any (H3)."""
    if part.handling is not Handling.H3 or part.owner == actor.authority:
        return True
    about = f"{message_id}/{number}"
    return acknowledged.has_acknowledged(tx, about, actor.user, digest=part.digest)


def recipient_of(tx: Transaction, actor: Actor, code: str) -> Authority:
    """Return to whom a message goes. Raises InvalidInput."""
    found = authorities.get(tx, code)
    if found is None or code == actor.authority:
        raise InvalidInput("recipient: another authority of this network, by its code")
    return found
