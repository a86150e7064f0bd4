"""Handing on: with the owner's consent alone, as our own word that names its origin (PR-08, PR-11).

    owner    consents -> ONWARD to the node that may hand on
    we       hand on: a record of our own, for that recipient alone, with the owner in its origin
    owner    corrects or withdraws -> what we handed on follows, in the same transaction

Nobody re-publishes what another signed. Who receives it knows that we say it, and from whom we have
it: what comes back to its origin corroborates nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from didban import clock
from didban.errors import Conflict, HandlingRefused, Malformed, NotFound, NotPermitted
from didban.exchange import feeds as publishing
from didban.guard import access, assessments, audit
from didban.ids import new_record_id
from didban.model.bank import FOUND, BankRecord, RecordState
from didban.model.deeds import Deed
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Kind
from didban.model.marking import Visibility
from didban.model.onward import Onward, OnwardConsent
from didban.model.permissions import Permission
from didban.model.schemata import is_a
from didban.store import authorities, onward, records
from didban.store.exchange import handing
from didban.store.visibility import every_number, open_to

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from typing import Final

    from didban.exchange.identity import Identity
    from didban.model.actors import Actor
    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction

_DUTY: Final = "exchange.onward"


def tell(
    tx: Transaction,
    me: Identity,
    numbers: Sequence[int],
    owners: Collection[str],
    now: datetime,
) -> None:
    """Tell other nodes what we let them hand on of these records; part of the deed."""
    for node, given in handing.untold_consents(tx, numbers, owners):
        content = {
            "consent": given.id,
            "owner": given.owner,
            "authority": given.authority,
            "use": given.use.value,
            "recipient": given.recipient,
            "until": given.until.isoformat(),
        }
        item = Item(kind=Kind.ONWARD, content=content, record=given.record)
        publishing.publish(tx, me, publishing.talk(tx, me, node, now), [item], now)
        handing.note_told(tx, given.id, given.record, node, now)


def consented(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Keep what owners let us hand on; the handler of `Kind.ONWARD`."""
    for each in arrived:
        given = _consent_of(each)
        if not each.peer.speaks_for(given.owner):
            raise HandlingRefused("a consent is its owner's alone (PR-08)")
        ours = authorities.get(tx, given.authority)
        if ours is None or each.peer.speaks_for(ours.code):
            raise HandlingRefused("the consent is for none of our authorities")
        known = onward.in_force(tx, [given.id], authority=given.authority, on=given.until)
        if not known:
            onward.add(tx, given, given_by=f"node:{each.peer.node}", now=now)


def _consent_of(arrived: Arrived) -> OnwardConsent:
    fields = Fields(arrived.content)
    record_id = arrived.header.record
    if record_id is None:
        raise Malformed("a consent is about one record")
    recipient = fields.raw("recipient")
    if not isinstance(recipient, str) or len(recipient) > 40:  # noqa: PLR2004 - the longest code
        raise Malformed("'recipient' is no code of an authority")
    made = OnwardConsent(
        id=fields.identifier("consent", 200),
        record=record_id,
        owner=fields.text("owner"),
        authority=fields.text("authority"),
        use=fields.member("use", Onward),
        recipient=recipient,
        until=_day(fields.text("until")),
    )
    fields.require_all_read()
    return made


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Malformed("'until' is no day") from wrong


def hand_on(tx: Transaction, actor: Actor, record_id: str, *, consent: str) -> BankRecord:
    """Hand another owner's record on to whom its owner consented; return the record that leaves.

    - It is ours, for the recipient alone, says from whom we have it, asks nothing, and is kept,
      graded and handled as the original.
    - Not what became of a document: that is its issuer's word alone (4.1).

    Raises NotFound; NotPermitted without a consent in force, or where PR-16 or PR-55 bar it.
    """
    access.require(actor, Permission.BANK_RECORD_EXPORT)
    original = records.get(tx, record_id, open_to(tx, actor), to_change=True)
    if original is None or original.state not in FOUND:
        raise NotFound("there is no record of this identifier")
    given = onward.in_force(tx, [consent], authority=actor.authority, on=clock.today())
    fitting = [one for one in given if one.record == record_id and one.use is Onward.THIRD_PARTY]
    if not fitting or fitting[0].owner != original.owner:
        message = "its owner's consent to hand it on to a third party is needed (PR-08)"
        raise NotPermitted(message, "onward_consent")
    if is_a(original.entity.schema, "Identification"):
        raise NotPermitted("what became of a document is its issuer's word (4.1)", "not_issuer")
    _require_passage(tx, actor, original, fitting[0].recipient)
    made = _derived(actor, original, fitting[0])
    records.insert_record(tx, made)
    handing.add(tx, made.id, original.id, consent)
    facts: audit.Facts = {"consent": consent, "recipient": fitting[0].recipient, "record": made.id}
    audit.enter(tx, actor, Deed.RECORD_HANDED_ON, subject=record_id, facts=facts)
    found = records.get(tx, made.id, open_to(tx, actor))
    if found is None:
        raise Conflict("the record that leaves is not open to you")
    return found


def _require_passage(tx: Transaction, actor: Actor, record: BankRecord, recipient: str) -> None:
    assessments.require_passage(tx, actor, record, recipient=recipient)
    to = authorities.get(tx, recipient)
    tokens = {f"node:{recipient}"}
    if to is not None:
        tokens |= {f"kind:{to.kind}", *(f"group:{group}" for group in to.groups)}
    if tokens & {*record.marking.protected_from, *record.marking.visibility.excluded}:
        raise NotPermitted("its owner keeps it from this recipient (PR-09, PR-16)", "excluded")


def _derived(actor: Actor, original: BankRecord, given: OnwardConsent) -> BankRecord:
    marking = original.marking
    seen_by = Visibility(
        owner=actor.authority,
        audience=(f"node:{given.recipient}",),
        confidentiality=marking.visibility.confidentiality,
    )
    now = clock.now()
    return BankRecord(
        entity=replace(original.entity, id=new_record_id(actor.authority)),
        marking=replace(
            marking,
            visibility=seen_by,
            origin=(*marking.origin, original.owner),
            retention_until=min(marking.retention_until, given.until),
        ),
        alert=None,
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=now,
        recorded_by=actor.user,
        reason=f"handed on with consent {given.id}",
    )


def follow(tx: Transaction, original: BankRecord, now: datetime) -> None:
    """Let what was handed on say what its owner says now."""
    for record_id in handing.derived_of(tx, original.id):
        kept = records.get(tx, record_id, every_number(tx), to_change=True)
        if kept is None or kept.state not in FOUND:
            continue
        entity = replace(original.entity, id=kept.id)
        if entity == kept.entity:
            continue
        actor = access.system_actor(kept.owner, _DUTY)
        said = replace(
            kept, entity=entity, recorded_at=now, recorded_by=actor.user, reason="as its owner says"
        )
        made = records.replace_record(tx, said, expected=kept.version)
        facts: audit.Facts = {"version": made.version}
        audit.enter(tx, actor, Deed.RECORD_CORRECTED, subject=kept.id, facts=facts)


def take_back(tx: Transaction, original: str, now: datetime) -> int:
    """Withdraw what was handed on of a record that is gone; return how many records that were."""
    count = 0
    for record_id in handing.derived_of(tx, original):
        kept = records.get(tx, record_id, every_number(tx), to_change=True)
        if kept is None or kept.state not in FOUND:
            continue
        actor = access.system_actor(kept.owner, _DUTY)
        made = records.set_state(
            tx, kept, RecordState.WITHDRAWN, at=now, by=actor.user, reason="its owner withdrew it"
        )
        facts: audit.Facts = {"version": made.version}
        audit.enter(tx, actor, Deed.RECORD_WITHDRAWN, subject=kept.id, facts=facts)
        count += 1
    return count
