"""An owner is asked what it holds on a person, and answers for its own records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound
from didban.guard import access, audit
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.model.subject_requests import Finding, findings_that_fit
from didban.store import audit as entries
from didban.store import records
from didban.store import subject_requests as requests
from didban.store.audit import Selection
from didban.store.visibility import open_to

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.subject_requests import Consultation, SubjectRequest
    from didban.store.database import Transaction

MAX_RECORDS: Final = 200
MAX_GROUND: Final = 500  # characters

CHANGING: Final = (Deed.RECORD_CORRECTED, Deed.RECORD_WITHDRAWN, Deed.RECORD_ERASED)
"""Deeds by which an owner does what a person asked for."""


def waiting(
    tx: Transaction, actor: Actor, *, limit: int
) -> list[tuple[Consultation, SubjectRequest]]:
    """Return what the actor's authority was asked and has not answered, with who asks for what."""
    access.require(actor, Permission.RIGHTS_SOURCE_ANSWER)
    found = requests.put_to(tx, actor.authority, limit=limit)
    audit.enter(tx, actor, Deed.SUBJECT_SOURCE_LISTED, facts={"count": len(found)})
    return found


def answer(
    tx: Transaction,
    actor: Actor,
    request_id: str,
    finding: Finding,
    *,
    records_meant: tuple[str, ...] = (),
    ground: str = "",
) -> Consultation:
    """Answer for the actor's authority.

    - `finding` fits the kind of the request; anything but `NOTHING` names records of its own;
    - what withholds or refuses names its legal ground;
    - what says that a record was corrected or deleted is believed only after it was.

    Raises NotFound when nothing is asked of this authority, Conflict when it is answered already,
    InvalidInput, NotPermitted.
    """
    access.require(actor, Permission.RIGHTS_SOURCE_ANSWER)
    put = {c.request: (c, r) for c, r in requests.put_to(tx, actor.authority, limit=10_000)}
    if request_id not in put:
        raise NotFound("nothing is asked of this authority under this identifier")
    asked, request = put[request_id]
    _require_fit(request, finding, records_meant, ground)
    for record_id in records_meant:
        _require_own(tx, actor, asked, finding, record_id)
    given = replace(
        asked,
        answered_at=clock.now(),
        answered_by=actor.user,
        finding=finding,
        records=tuple(sorted(set(records_meant))),
        ground=ground.strip(),
    )
    requests.answer(tx, given)
    facts = {"round": given.round}  # what was found is content: it stands in the request alone
    audit.enter(tx, actor, Deed.SUBJECT_SOURCE_ANSWERED, subject=request_id, facts=facts)
    return given


def _require_fit(
    request: SubjectRequest, finding: Finding, records_meant: tuple[str, ...], ground: str
) -> None:
    fitting = findings_that_fit(request.kind)
    if finding not in fitting:
        raise InvalidInput(f"finding: to this request one of {', '.join(sorted(fitting))}")
    if (finding is Finding.NOTHING) == bool(records_meant) or len(records_meant) > MAX_RECORDS:
        raise InvalidInput(
            f"records: the records meant, at most {MAX_RECORDS}; none where nothing is held"
        )
    if finding in {Finding.WITHHOLD, Finding.REFUSED} and not ground.strip():
        raise InvalidInput("ground: name the legal ground")
    if len(ground) > MAX_GROUND:
        raise InvalidInput(f"ground: at most {MAX_GROUND} characters")


def _require_own(
    tx: Transaction, actor: Actor, asked: Consultation, finding: Finding, record_id: str
) -> None:
    found = records.get(tx, record_id, open_to(tx, actor))
    is_gone = found is None and finding is Finding.DELETED
    if not is_gone and (found is None or found.owner != actor.authority):
        raise NotFound("records: there is no such record of this authority")
    if finding in {Finding.CORRECTED, Finding.DELETED}:
        since = Selection(subject=record_id, deeds=CHANGING, since=asked.asked_at)
        done = entries.select_entries(tx, since, 1)
        if not done or done[0].authority != actor.authority:
            raise Conflict("records: first correct or withdraw the record, then say so")
