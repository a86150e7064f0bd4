"""The register of partner assessments is asked before data on a person leave for a partner (PR-55)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban import clock, ids
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import access, audit
from didban.guard.access import require_other_person
from didban.model.assessments import Assessment, Assurance, barrier
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import assessments, authorities

if TYPE_CHECKING:
    from datetime import date

    from didban.model.actors import Actor
    from didban.model.assessments import AssessmentVerdict, Barrier, Harm
    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

MAX_TEXT: Final = 4_000  # characters of a reason or an assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An assessment before it is entered (`model.assessments.Assessment`)."""

    partner: str
    harm: Harm
    verdict: AssessmentVerdict
    reason: str
    review_due: date
    offences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def record(tx: Transaction, actor: Actor, draft: Draft) -> Assessment:
    """Enter what is held of a partner on one subject; earlier versions stay.

    Raises InvalidInput without a reason or with a review that lies behind us; NotPermitted, also for
    the partner itself.
    """
    access.require(actor, Permission.RIGHTS_ASSESSMENT_WRITE)
    _require_another(tx, actor, draft.partner)
    audit.require_identifiers(draft.partner)
    if not draft.reason.strip() or len(draft.reason) > MAX_TEXT:
        raise InvalidInput(f"reason: on what the assessment rests, at most {MAX_TEXT} characters")
    if draft.review_due <= clock.today():
        raise InvalidInput("review_due: a day to come")
    new = Assessment(
        id=ids.new_id("asm"),
        partner=draft.partner,
        harm=draft.harm,
        verdict=draft.verdict,
        offences=tuple(sorted(set(draft.offences))),
        reason=draft.reason.strip(),
        sources=draft.sources,
        version=assessments.versions(tx, draft.partner, draft.harm) + 1,
        assessed_at=clock.now(),
        assessed_by=actor.user,
        review_due=draft.review_due,
    )
    assessments.add(tx, new)
    facts: audit.Facts = {"harm": new.harm, "verdict": new.verdict, "version": new.version}
    audit.enter(tx, actor, Deed.ASSESSMENT_RECORDED, subject=new.partner, facts=facts)
    return new


def listed(tx: Transaction, actor: Actor, partner: str | None = None) -> list[Assessment]:
    """Return what is held of all partners, or every version of what was held of one."""
    access.require(actor, Permission.RIGHTS_ASSESSMENT_READ)
    found = assessments.history(tx, partner) if partner else assessments.current(tx)
    audit.enter(tx, actor, Deed.ASSESSMENT_LISTED, facts={"count": len(found)})
    return found


def bars(tx: Transaction, recipient: str, *, offence: str | None = None) -> Barrier | None:
    """Return what bars data on a person from this authority, or None.

    - `offence`: code of the offence that the data are about; None, not known, counts as every one.
    """
    return barrier(assessments.current(tx, _partners(tx, recipient)), offence)


def require_passage(
    tx: Transaction,
    actor: Actor,
    record: BankRecord,
    *,
    recipient: str,
    offence: str | None = None,
) -> None:
    """Return if content of a record may leave for this authority, as far as harm is concerned.

    - What was obtained by ill-treatment goes nowhere.
    - What the register bars goes only with an assurance on each subject, accepted by a second
      person; what it bars for good does not go.

    For whatever sends data on a person: an export, a message, an answer. Does not decide about
    audience, handling or purpose. Raises NotPermitted.
    """
    if record.marking.is_tainted:
        raise NotPermitted("obtained by ill-treatment: it is not shared (PR-55)", "tainted")
    found = bars(tx, recipient, offence=offence)
    harms = found.harms if found else frozenset()
    facts: audit.Facts = {"recipient": recipient, "harms": ",".join(sorted(harms))}
    audit.enter(tx, actor, Deed.ASSESSMENT_CONSULTED, subject=record.id, facts=facts)
    if found is None:
        return
    if found.is_final:
        raise NotPermitted("the register of assessments bars this recipient (PR-55)", "barred")
    promised = assessments.accepted_for(tx, record.id, _partners(tx, recipient), clock.today())
    missing = found.harms - {promise.harm for promise in promised}
    if missing:
        raise NotPermitted(
            f"assurances that a second person accepted are needed on: {', '.join(sorted(missing))}",
            "assurances",
        )


def record_assurance(tx: Transaction, actor: Actor, draft: Assurance) -> Assurance:
    """Enter what a partner promised about one record; a second person has to accept it.

    - `draft`: its identifier, and who recorded or accepted it and when, are not looked at.

    Raises InvalidInput, NotPermitted.
    """
    access.require(actor, Permission.RIGHTS_ASSESSMENT_READ)
    audit.require_identifiers(draft.partner, draft.record)
    if not draft.words.strip() or len(draft.words) > MAX_TEXT:
        raise InvalidInput(f"words: the promise, at most {MAX_TEXT} characters")
    if draft.valid_until < clock.today():
        raise InvalidInput("valid_until: from today on")
    new = replace(
        draft,
        id=ids.new_id("asr"),
        words=draft.words.strip(),
        recorded_at=clock.now(),
        recorded_by=actor.user,
        accepted_at=None,
        accepted_by=None,
    )
    assessments.add_assurance(tx, new)
    facts: audit.Facts = {"record": new.record, "partner": new.partner, "harm": new.harm}
    audit.enter(tx, actor, Deed.ASSURANCE_RECORDED, subject=new.id, facts=facts)
    return new


def assurances(tx: Transaction, actor: Actor, *, limit: int) -> list[Assurance]:
    """Return what partners promised and is still valid, the newest first."""
    access.require(actor, Permission.RIGHTS_ASSESSMENT_READ)
    found = assessments.assurances(tx, clock.today(), limit=limit)
    audit.enter(tx, actor, Deed.ASSESSMENT_LISTED, facts={"assurances": len(found)})
    return found


def accept_assurance(tx: Transaction, actor: Actor, assurance_id: str) -> Assurance:
    """Accept an assurance, as another person than who recorded it (PR-28).

    Raises NotFound; Conflict when it was accepted before; NotPermitted, also for the partner itself.
    """
    access.require(actor, Permission.RIGHTS_ASSURANCE_ACCEPT)
    found = assessments.lock_assurance(tx, assurance_id)
    if found is None:
        raise NotFound("there is no such assurance")
    _require_another(tx, actor, found.partner)
    require_other_person(actor, found.recorded_by, "the acceptance")
    if found.accepted_at is not None:
        raise Conflict("the assurance was accepted before")
    now = clock.now()
    assessments.accept(tx, found.id, by=actor.user, at=now)
    audit.enter(tx, actor, Deed.ASSURANCE_ACCEPTED, subject=found.id)
    return replace(found, accepted_at=now, accepted_by=actor.user)


def _require_another(tx: Transaction, actor: Actor, partner: str) -> None:
    """Return unless the partner is the actor's own authority or state, which would judge itself."""
    own = {code.lower() for code in _partners(tx, actor.authority)}
    if partner.lower() in own:
        message = "a partner neither assesses itself nor accepts its own promise (PR-55)"
        raise NotPermitted(message, "own_assessment")


def _partners(tx: Transaction, recipient: str) -> set[str]:
    """Return the codes under which a recipient may be assessed: its own and its country's."""
    found = authorities.get(tx, recipient)
    return {recipient} | ({found.country} if found and found.country else set())
