"""The protection rules that can be tried on a running node (PR-50).

Each check claims something, and finds out whether it holds here and now. What it enters to find out,
the control desk undoes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from didban import ids
from didban.errors import NotPermitted, PurposeMissing
from didban.guard import access, assessments, audit, audit_reading, audit_verification, fields
from didban.guard.use_reports import is_told_singly
from didban.model.actors import Actor, AuthorityKind
from didban.model.alerts import ACTING_STATUSES, Action, Alert, PersonStatus
from didban.model.bank import BankRecord, Note, RecordState, SuspensionCause, standing
from didban.model.deeds import Deed
from didban.model.documents import Document
from didban.model.hits import CONFIRMING, HIT, Guard, HitState
from didban.model.marking import Handling, Marking, Visibility
from didban.model.permissions import GRANTS, Permission, Role, may_stand_together
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.model.retention import RetentionPolicy, maximum_for, years_after
from didban.model.reviews import ReviewState
from didban.model.subject_requests import Answer, Finding, RequestKind, answers_that_fit
from didban.store import audit as entries
from didban.store import probes, records, suspensions
from didban.store.audit import Selection
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from didban.guard.checkpoints import Verifier
    from didban.store.database import Transaction

_STRANGER: Final = "control_desk"  # no authority can have a code with this character
_LATEST: Final = 5_000  # entries whose form is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a check works with. `actor` runs the control desk; `host` owns the probes."""

    tx: Transaction
    actor: Actor
    host: str
    now: datetime
    policy: RetentionPolicy
    verifiers: Sequence[Verifier]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule to be tried: what is claimed, and what finds out whether it is so here and now."""

    rule: str
    claim: str
    holds: Callable[[Trial], bool]


def _no_purpose_no_search(_trial: Trial) -> bool:
    for purpose, reference in ((None, "case"), (Purpose.BORDER_CONTROL, "")):
        try:
            access.require(
                _asker(Role.SECOND_LINE, purpose=purpose, reference=reference),
                Permission.BANK_RECORD_READ,
            )
        except PurposeMissing:
            continue
        return False
    return True


def _first_line_sees_little(_trial: Trial) -> bool:
    first = {Role.FIRST_LINE, Role.PASSENGER_UNIT}
    shown = (fields.fields_for({role}, purpose) for role in first for purpose in Purpose)
    return all(part <= fields.FIRST_STEP for part in shown)


def _only_the_owner_changes(trial: Trial) -> bool:
    try:
        access.require_owner(_asker(Role.RECORDER), _probe(trial))
    except NotPermitted:
        return True
    return False


def _conditions_come_first(trial: Trial) -> bool:
    probe = _probe(trial, handling=Handling.H3, handling_conditions="Ask first.")
    shown = fields.fields_of(probe.marking, _asker(Role.SECOND_LINE))
    return shown <= fields.BEFORE_CONDITIONS


def _excluded_sees_nothing(trial: Trial) -> bool:
    probe = _entered(trial, excluded=(f"node:{_STRANGER}",))
    reads = (
        lambda seen: records.get(trial.tx, probe.id, seen),
        lambda seen: records.many(trial.tx, [probe.id], seen),
        lambda seen: records.versions(trial.tx, probe.id, seen),
        lambda seen: records.as_of(trial.tx, probe.id, seen),
    )
    excluded = open_to(trial.tx, _asker(Role.SUPERVISOR))
    other = open_to(trial.tx, _asker(Role.SUPERVISOR, authority=f"{_STRANGER}-2"))
    return all(not read(excluded) and read(other) for read in reads)


def _protected_is_not_located(trial: Trial) -> bool:
    probe = _probe(trial, protected_from=(f"node:{_STRANGER}",))
    return fields.Field.LOCATION not in fields.fields_of(probe.marking, _asker(Role.SUPERVISOR))


def _unverified_asks_to_contact(trial: Trial) -> bool:
    probe = _probe(trial, verified_on=years_after(trial.now.date(), -2))
    stands = standing(probe, trial.now.date())
    return stands.action is Action.INFORM and Note.UNVERIFIED in stands.notes


def _no_way_from_match_to_action(_trial: Trial) -> bool:
    unconfirmed = HIT.reachable(without=CONFIRMING)
    deciding = [arrow for arrow in HIT.transitions if arrow.target is HitState.ACTION_TAKEN]
    needed = {Guard.SECOND_PERSON, Guard.EVIDENCE_SEEN, Guard.DWELL, Guard.LEGAL_BASIS}
    return HitState.ACTION_TAKEN not in unconfirmed and all(
        needed <= set(arrow.guards) for arrow in deciding
    )


def _administrator_reads_nothing(_trial: Trial) -> bool:
    content = {name for name in Permission if name.startswith(("bank:record", "casework:hit"))}
    alone = (Role.ADMINISTRATOR, Role.INSPECTOR, Role.DATA_PROTECTION_OFFICER)
    return not GRANTS[Role.ADMINISTRATOR] & content and not any(
        may_stand_together(frozenset({role, Role.SECOND_LINE})) for role in alone
    )


def _nothing_beyond_its_maximum(trial: Trial) -> bool:
    today = trial.now.date()
    return all(
        row.max
        <= maximum_for(row.schema, Action(row.action) if row.action else None, today, trial.policy)
        for row in probes.longest_kept(trial.tx)
    )


def _nothing_past_its_day(trial: Trial) -> bool:
    return probes.kept_too_long(trial.tx, trial.now.date()) == 0


def _log_is_whole(trial: Trial) -> bool:
    return not audit_verification.verify(trial.tx, trial.verifiers).faults


def _log_has_no_prose(trial: Trial) -> bool:
    found = entries.select_entries(trial.tx, Selection(), _LATEST)
    return all(audit.is_code(entry.subject, entry.facts) for entry in found)


def _reading_the_log_is_logged(trial: Trial) -> bool:
    audit_reading.select(trial.tx, trial.actor, Selection(), limit=1)
    last = entries.select_entries(trial.tx, Selection(), 1)
    return bool(last) and (last[0].deed, last[0].actor) == (Deed.AUDIT_READ, trial.actor.user)


def _silence_is_always_neutral(_trial: Trial) -> bool:
    silent: tuple[list[Finding | None], ...] = (
        [],
        [Finding.NOTHING],
        [Finding.WITHHOLD],
        [None],
        [Finding.WITHHOLD, None],
    )
    neutral = {Answer.NEITHER_CONFIRM_NOR_DENY}
    return all(answers_that_fit(kind, found) == neutral for kind in RequestKind for found in silent)


def _revoked_is_not_told_singly(trial: Trial) -> bool:
    papers = {status: _paper(trial, status) for status in (*ACTING_STATUSES, "revoked", "invalid")}
    told = {status for status, paper in papers.items() if is_told_singly(paper)}
    return told == set(ACTING_STATUSES) and not is_told_singly(_probe(trial))


def _tainted_goes_nowhere(trial: Trial) -> bool:
    probe = _entered(trial, is_tainted=True)
    try:
        assessments.require_passage(trial.tx, trial.actor, probe, recipient=_STRANGER)
    except NotPermitted:
        asks = standing(probe, trial.now.date()).action
        return asks is None and not probes.is_searchable(trial.tx, probe.id)
    return False


def _suspended_asks_nothing(trial: Trial) -> bool:
    probe = _entered(trial)
    before = standing(probe, trial.now.date()).action
    suspended = suspensions.suspend(
        trial.tx, probe, SuspensionCause.OVERSIGHT, trial.actor, at=trial.now, reason="control desk"
    )
    return before is not None and standing(suspended, trial.now.date()).action is None


def _unreviewed_asks_nothing(trial: Trial) -> bool:
    probe = _entered(trial)
    asks = {
        state: standing(replace(probe, review=state), trial.now.date()).action
        for state in ReviewState
    }
    return {state for state, action in asks.items() if action} == {ReviewState.ACCEPTED}


CHECKS: Final = (
    Check(
        rule="PR-01",
        claim="Nothing is done without a purpose and a case or post.",
        holds=_no_purpose_no_search,
    ),
    Check(
        rule="PR-02",
        claim="The first line is shown what to do and what it needs to identify, for every purpose.",
        holds=_first_line_sees_little,
    ),
    Check(
        rule="PR-07",
        claim="Another authority than the owner cannot change a record.",
        holds=_only_the_owner_changes,
    ),
    Check(
        rule="PR-08",
        claim="Of a record with conditions nothing but them is shown before they are acknowledged.",
        holds=_conditions_come_first,
    ),
    Check(
        rule="PR-09",
        claim="For who is excluded a record is not there, though it is open to everyone else.",
        holds=_excluded_sees_nothing,
    ),
    Check(
        rule="PR-16",
        claim="From whom a person is protected, it is hidden where the person is.",
        holds=_protected_is_not_located,
    ),
    Check(
        rule="PR-21",
        claim="What nobody confirmed for a year asks only to contact its owner.",
        holds=_unverified_asks_to_contact,
    ),
    Check(
        rule="PR-26",
        claim="No match leads to an action without a confirmation and the decision of a second person.",
        holds=_no_way_from_match_to_action,
    ),
    Check(
        rule="PR-28",
        claim="Who gives access reads no record, and who watches over others' work does none of it.",
        holds=_administrator_reads_nothing,
    ),
    Check(
        rule="PR-30",
        claim="No record in this bank is to be kept beyond the longest that is allowed.",
        holds=_nothing_beyond_its_maximum,
    ),
    Check(
        rule="PR-31",
        claim="No record and no content of a check in this bank is there although its day has passed.",
        holds=_nothing_past_its_day,
    ),
    Check(
        rule="PR-36",
        claim="The audit log gives the roots of all its signed checkpoints.",
        holds=_log_is_whole,
    ),
    Check(
        rule="PR-37",
        claim="The latest entries of the log hold codes and identifiers, no words.",
        holds=_log_has_no_prose,
    ),
    Check(rule="PR-40", claim="Who reads the log is in the log.", holds=_reading_the_log_is_logged),
    Check(
        rule="PR-46",
        claim="Where nothing can be told to a person, the answer is the neutral one, held or not.",
        holds=_silence_is_always_neutral,
    ),
    Check(
        rule="PR-52",
        claim="What another node asks about a person waits until somebody here accepted it.",
        holds=_unreviewed_asks_nothing,
    ),
    Check(
        rule="PR-53",
        claim="An owner is told of each use of a stolen document, not of a person or a revoked one.",
        holds=_revoked_is_not_told_singly,
    ),
    Check(
        rule="PR-55",
        claim="What was obtained by ill-treatment is not matched, asks for nothing and is not shared.",
        holds=_tainted_goes_nowhere,
    ),
    Check(
        rule="PR-57",
        claim="A record that the oversight role suspended asks for no action.",
        holds=_suspended_asks_nothing,
    ),
)
"""Every check, in the order of the rules."""


def _asker(role: Role, **changes: Any) -> Actor:
    """Return somebody of an authority that is none of the bank's."""
    values = {
        "user": "control-desk",
        "authority": _STRANGER,
        "kind": AuthorityKind.POLICE,
        "roles": frozenset({role}),
        "purpose": Purpose.WANTED_OR_MISSING_PERSON,
        "reference": "control desk",
    }
    return Actor(**{**values, **changes})


def _entered(trial: Trial, **changes: Any) -> BankRecord:
    """Return a probe that is in the bank until it is undone."""
    probe = _probe(trial, **changes)
    records.insert_record(trial.tx, probe)
    return probe


def _probe(trial: Trial, *, excluded: tuple[str, ...] = (), **changes: Any) -> BankRecord:
    """Return an invented record of the host, wanted by nobody."""
    record_id = ids.new_id("rec")
    person = Record(
        id=record_id,
        schema="Person",
        caption="Control Desk Probe",
        properties={"name": ("Control Desk Probe",), "birthDate": ("1900-01-01",)},
    )
    status = PersonStatus.WITNESS
    return _kept(
        trial,
        person,
        Alert(action_requested=Action.LOCATE, person_status=status),
        excluded,
        changes,
    )


def _paper(trial: Trial, status: str) -> BankRecord:
    paper = Document(number="X0000000", type="P", status=status)
    entity = Record(
        id=ids.new_id("rec"),
        schema="Passport",
        caption="X0000000",
        properties={},
        documents=(paper,),
    )
    return _kept(trial, entity, None, (), {"handling": Handling.H2})


def _kept(
    trial: Trial,
    entity: Record,
    alert: Alert | None,
    excluded: tuple[str, ...],
    changes: dict[str, Any],
) -> BankRecord:
    values = {
        "visibility": Visibility(owner=trial.host, audience=("*",), excluded=excluded),
        "purpose": Purpose.WANTED_OR_MISSING_PERSON,
        "legal_basis": "control desk",
        "retention_until": trial.now.date(),
        "verified_on": trial.now.date(),
    }
    return BankRecord(
        entity=entity,
        marking=Marking(**{**values, **changes}),
        alert=alert,
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=trial.now,
        recorded_by=trial.actor.user,
    )
