"""The clocks of subject requests, and the end of what is known of who asked: one duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.guard import access, audit, signals
from didban.model.deeds import Deed
from didban.model.signals import SignalKind
from didban.model.subject_requests import OPEN, deadlines
from didban.store import subject_requests as requests

if TYPE_CHECKING:
    from datetime import datetime

    from didban.model.subject_requests import SubjectRequest
    from didban.settings import Rights
    from didban.store.database import Database, Transaction

_BATCH: Final = 100
_DUTY: Final = "subject-requests"


def run_due(database: Database, now: datetime, terms: Rights) -> int:
    """Signal each clock that ended, once, and forget who asked where the time for that is over.

    Returns how many requests were touched. A request that somebody works on is looked at next time.
    """
    touched, last = 0, ""
    while True:
        with database.begin() as tx:
            batch = requests.open_locked(tx, OPEN, after=last, limit=_BATCH)
            touched += sum(_signal(tx, request, now) for request in batch)
        if len(batch) < _BATCH:
            break
        last = batch[-1].id
    with database.begin() as tx:
        for request_id, authority in requests.forget(tx, now - timedelta(days=terms.kept_days)):
            actor = access.system_actor(authority, _DUTY)
            audit.enter(tx, actor, Deed.SUBJECT_REQUEST_FORGOTTEN, subject=request_id)
            touched += 1
    return touched


def _signal(tx: Transaction, request: SubjectRequest, now: datetime) -> bool:
    """Signal the clocks of one request that ended and were not signalled; return whether any did."""
    ended = [
        name
        for name, end in deadlines(request).items()
        if end < now and name not in request.overdue
    ]
    if not ended:
        return False
    requests.save(tx, replace(request, overdue=(*request.overdue, *ended)))
    actor = access.system_actor(request.authority, _DUTY)
    for name in ended:
        signals.raise_about(tx, SignalKind.REQUEST_OVERDUE, actor, about=request.id)
        facts = {"clock": name}
        audit.enter(tx, actor, Deed.SUBJECT_REQUEST_OVERDUE, subject=request.id, facts=facts)
    return True
