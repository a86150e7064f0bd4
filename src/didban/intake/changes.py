"""What must hold before an owner's word is kept: ownership, links, grades, purpose, retention."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import InvalidFields, InvalidInput, NotPermitted
from didban.intake.drafts import in_our_form
from didban.intake.validation import require_valid
from didban.model.bank import FOUND, BankRecord
from didban.model.corroboration import corroborates, is_more_certain, is_raised
from didban.model.countries import country, same_state
from didban.model.marking import Handling, InformationEvaluation
from didban.model.schemata import Kind, schema
from didban.model.training import is_specimen_code
from didban.store import authorities, consents, node, notices, records
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.intake.drafts import Draft
    from didban.model.actors import Actor
    from didban.model.bank import RecordState
    from didban.model.marking import Marking
    from didban.model.records import Record
    from didban.store.database import Transaction
    from didban.store.node import NodeRow
    from didban.store.notices import Notice

MAX_REASON: Final = 2_000  # characters


def require_place(tx: Transaction, actor: Actor, drafts: Sequence[Draft]) -> None:
    """Return if all drafts may stand in the bank as this actor's.

    - Each is its owner's own (PR-07), and about a document only the issuing state's (4.1). An
      authority without a state, an international body, reports for whoever asked it to.
    - They name states of specimens in a training network and there alone (PR-51).
    - What they link to is there and open to the actor: a link never tells more than a search.
    - None has the colour of a notice, but one that stands under it as it was reviewed (PR-13).

    Raises NotPermitted, InvalidFields.
    """
    here, own = node.get(tx), authorities.get(tx, actor.authority)
    state = country(own.country) if own and own.country else None
    under = notices.standing_of(tx, [draft.entity.id for draft in drafts])
    for draft in drafts:
        _require_own(actor, draft, state)
        _require_reviewed(draft, under.get(draft.entity.id))
        faults = (*misplaced_states(here, draft.entity), *_loose_ends(tx, actor, draft.entity))
        if faults:
            raise InvalidFields("the record does not fit into this bank", faults)


def _require_own(actor: Actor, draft: Draft, state: str | None) -> None:
    if draft.marking.owner != actor.authority:
        raise NotPermitted("a record is entered by its owner alone (PR-07)", "not_owner")
    if draft.marking.visibility.confidentiality > actor.clearance:
        raise NotPermitted("it may not be marked higher than you may see", "clearance")
    if not is_issuers_word(draft.entity, state):
        message = "what became of a document is reported by the state that issued it (4.1)"
        raise NotPermitted(message, "not_issuer")


def is_issuers_word(entity: Record, state: str | None) -> bool:
    """Return whether what is said of documents may be said by an owner of this state (4.1).

    - `state`: its code; an owner without one speaks for whoever asked it to.
    """
    reported = [paper for paper in entity.documents if paper.status]
    return state is None or all(same_state(state, paper.issuer) for paper in reported)


def misplaced_states(here: NodeRow | None, entity: Record) -> Iterator[tuple[str, str]]:
    """Yield the states that have no place here: a specimen's in production, others in training."""
    if here is None:
        return
    wrong = "is a specimen" if not here.is_training else "is no specimen, and this is for training"
    kind = schema(entity.schema)
    named = [
        (f"/entity/properties/{name}/{position}", value)
        for name, values in entity.properties.items()
        if kind is not None and kind.properties.get(name) is Kind.COUNTRY
        for position, value in enumerate(values)
    ]
    named += [
        (f"/entity/documents/{position}/issuer", paper.issuer)
        for position, paper in enumerate(entity.documents)
        if paper.issuer
    ]
    for place, code in named:
        if is_specimen_code(code) is not here.is_training:
            yield place, f"{wrong} (PR-51)"


def _require_reviewed(draft: Draft, under: Notice | None) -> None:
    """Return unless a draft asks, or lets know, what only the review of a notice lays down.

    - `under`: the notice under which its record stands.
    """
    colour = draft.alert.notice_type if draft.alert else None
    if under is None and colour is None:
        return
    seen_by = draft.marking.visibility.audience
    if under is None or draft.alert != under.alert or set(seen_by) != set(under.audience):
        message = "what a notice asks, and of whom, is laid down by its review (PR-13)"
        raise NotPermitted(message, "notice")


def _loose_ends(tx: Transaction, actor: Actor, entity: Record) -> Iterator[tuple[str, str]]:
    """Yield the links to what is not there for the actor."""
    named = dict(_links(entity))
    if not named:
        return
    there = records.many(tx, set(named.values()), open_to(tx, actor))
    for place, record_id in named.items():
        kept = there.get(record_id)
        if kept is None or kept.state not in FOUND or _is_kept_back(kept, actor):
            yield place, "is no record that you may see; enter that one first"


def _is_kept_back(kept: BankRecord, actor: Actor) -> bool:
    """Return whether a record was obtained by ill-treatment, and is its owner's alone (PR-55)."""
    return kept.marking.is_tainted and kept.owner != actor.authority


def _links(entity: Record) -> Iterator[tuple[str, str]]:
    """Yield the places where an entity names another record, and the identifier there."""
    kind = schema(entity.schema)
    for name, values in entity.properties.items():
        if kind is not None and kind.properties.get(name) is Kind.ENTITY:
            for position, value in enumerate(values):
                yield f"/entity/properties/{name}/{position}", value


def made_of(
    tx: Transaction,
    actor: Actor,
    kept: BankRecord,
    draft: Draft,
    *,
    reason: str,
    state: RecordState,
) -> BankRecord:
    """Return the version that a corrected draft makes of a record, checked like a new one.

    - It keeps its identifier. It is not kept longer than before: that is the review's (PR-32).
    - When it was verified stays, unless the draft says otherwise.

    Raises InvalidFields, InvalidInput, NotPermitted.
    """
    require_reason(reason)
    now = clock.now()
    marking = draft.marking
    if marking.verified_on is None:
        marking = replace(marking, verified_on=kept.marking.verified_on)
    if marking.review_due is None:
        marking = replace(marking, review_due=kept.marking.review_due)
    draft = in_our_form(replace(draft, entity=replace(draft.entity, id=kept.id), marking=marking))
    if marking.retention_until > kept.marking.retention_until:
        fault = "is later than before: a record is kept longer by its review alone (PR-32)"
        raise InvalidFields(
            "a correction does not extend retention", (("/marking/retention_until", fault),)
        )
    require_valid(draft, now.date())
    require_place(tx, actor, [draft])
    return replace(
        kept,
        entity=draft.entity,
        marking=draft.marking,
        alert=draft.alert,
        sensitive=draft.sensitive,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        state=state,
        recorded_at=now,
        recorded_by=actor.user,
        reason=reason,
    )


def require_grade(
    tx: Transaction,
    actor: Actor,
    before: Marking,
    after: Marking,
    corroborated_by: Sequence[str],
) -> None:
    """Return if the evaluation may change so.

    - Information that came from another source keeps that source's grade and conditions, at most
      (PR-10), and its chain of origin.
    - From unknown to corroborated needs a record of another source (PR-11).

    Raises NotPermitted.
    """
    if before.origin:
        if after.origin != before.origin:
            raise NotPermitted("whose information it is does not change (PR-11)", "origin_changed")
        if is_raised(before, after):
            raise NotPermitted("another source's grade may not be raised (PR-10)", "grade_raised")
        if _strictness(after.handling) < _strictness(before.handling):
            raise NotPermitted("another source's conditions stay (PR-08)", "handling_relaxed")
    rises = is_more_certain(before, after)
    if rises and after.information_evaluation is InformationEvaluation.CORROBORATED:
        others = records.many(tx, corroborated_by, open_to(tx, actor)).values()
        if not any(corroborates(other.marking, after) for other in others):
            message = "corroborated means by a record of another source; name one (PR-11)"
            raise NotPermitted(message, "not_corroborated")


def require_purpose(tx: Transaction, kept: BankRecord, after: Marking, consent: str | None) -> None:
    """Return if the record may serve that purpose from now on (PR-06).

    Another purpose than before needs a consent for it (`guard.consents`), which somebody else of the
    owner gave to the owner's own authority; its identifier is named. Raises NotPermitted.
    """
    if after.purpose is kept.marking.purpose:
        return
    given = consents.found(
        tx, kept.id, authority=kept.owner, purpose=after.purpose, on=clock.today()
    )
    if consent is None or consent not in {each.id for each in given}:
        message = f"the use for '{after.purpose}' needs a consent, named by its identifier (PR-06)"
        raise NotPermitted(message, "other_purpose")


def _strictness(handling: Handling) -> int:
    return tuple(Handling).index(handling)


def require_reason(reason: str) -> None:
    """Return if a reason in words was given. Raises InvalidInput."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput(f"give the reason, in 1 to {MAX_REASON} characters")
