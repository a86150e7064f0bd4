"""A check on a device: found or not, how old the data is, and what may be concluded from it (PR-43).

made_at ──── fresh ──── soft limit ──── old: contact the owner ──── hard limit ──── UNKNOWN

- What ended by itself (a lease, an alert) answers nothing, though it lies there still.
- A clock that was set back makes nothing young: then the answer is UNKNOWN too.
- Whom a record was found not to mean, it does not stop again (PR-25).
- The check is in the journal, on the disk, before it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from didban.match.modes import Mode
from didban.model.alerts import Action
from didban.model.devices import Kind
from didban.screening.check import Answer, Depth, Verdict, ask, asked_of
from didban.screening.devices.carried import read, until_of
from didban.screening.devices.silence import is_silent
from didban.screening.devices.vault import held
from didban.screening.freshness import Age, Freshness, Limits, assess

if TYPE_CHECKING:
    from datetime import datetime

    from didban.match.query import Query
    from didban.match.search import Match
    from didban.match.snapshot import Snapshot
    from didban.screening.devices.carried import Carried
    from didban.screening.devices.memory import Session
    from didban.screening.question import Question

CLOCK_SKEW: Final = timedelta(minutes=5)
"""So far a clock may be behind the latest time that the device has seen."""

_QUESTION: Final = (
    "names", "birth_date", "nationalities", "sex", "documents", "mrzs", "schema"
)  # fmt: skip
_LIMIT: Final = 5
_MORE: Final = 4
"""So many times the limit are looked for: what ended must not crowd out what stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSight:
    """One match as it is told. `action`: None for nothing; let the second line know."""

    record: str
    score: float
    carried: Carried
    action: Action | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAnswer:
    """The answer to one check on a device.

    - `is_clock_behind`: the clock was set back, so that no age is known.
    - `is_downgraded`: the soft limit is over: whatever was asked, contact the owner first.
    - `number`: where the check stands in the journal.
    """

    verdict: Verdict
    freshness: Freshness
    is_clock_behind: bool
    matches: tuple[DeviceSight, ...]
    remarks: tuple[str, ...]
    number: int

    @property
    def is_downgraded(self) -> bool:
        """Whether no more is asked than to contact the owner."""
        return self.freshness.state is Age.OLD


@dataclass(frozen=True, slots=True)
class _InForce:
    """What a device carries, without what ended by itself."""

    snapshot: Snapshot
    now: datetime

    def match(
        self,
        query: Query,
        *,
        limit: int = _LIMIT,
        threshold: float = 0.0,
        mode: Mode = Mode.BALANCED,
    ) -> list[Match]:
        """Return what `Snapshot.match` does."""
        found = self.snapshot.match(query, limit=_MORE * limit, threshold=threshold, mode=mode)
        return [match for match in found if until_of(match.record) > self.now][:limit]


def freshness_of(session: Session, now: datetime) -> tuple[Freshness, bool]:
    """Return how old the data of an open device is, and whether its clock was set back."""
    edition = session.edition
    _, written_at = session.journal.end()
    least = max(session.least_now(), written_at or edition.made_at)
    is_behind = now < least - CLOCK_SKEW
    limits = Limits(warn_after=edition.soft, unknown_after=edition.hard)
    found = assess(edition.made_at, max(now, least), limits)
    return (replace(found, state=Age.EXPIRED) if is_behind else found), is_behind


def check(session: Session, question: Question, *, reference: str, now: datetime) -> DeviceAnswer:
    """Make a check, write it into the journal, and return what the first line is told.

    Raises InvalidInput for a part that cannot be read, IntegrityFailure where the journal or what
    is open was changed: then nothing is answered.
    """
    asked = asked_of(question, now.date())
    with held(session.folder):
        freshness, is_behind = freshness_of(session, now)
        depth = Depth(mode=Mode(session.edition.mode), limit=2 * _LIMIT)
        if freshness.is_expired:
            answer = Answer(
                verdict=Verdict.UNKNOWN,
                freshness=freshness,
                depth=depth,
                asked=tuple(asked),
                found=(),
            )
        else:
            with session.snapshot() as snapshot:
                answer = ask(_InForce(snapshot, now), asked, depth, freshness)
        quiet = _quiet(answer)
        answer = _cut(answer, quiet)
        content = _content(question, answer, quiet, reference)
        number = session.journal.append(Kind.CHECK, content, now).seq
    return DeviceAnswer(
        verdict=answer.verdict,
        freshness=freshness,
        is_clock_behind=is_behind,
        matches=tuple(
            _sight(match, freshness) for match in answer.matches if match.id not in quiet
        ),
        remarks=tuple(dict.fromkeys(note for one in asked for note in one.notes)),
        number=number,
    )


def _quiet(answer: Answer) -> frozenset[str]:
    """Return the records that were found not to mean who is asked for."""
    asked = {one.origin: one.record for one in answer.asked}
    found = [(one, read(one.match.record)) for one in answer.found]
    return frozenset(
        one.match.id
        for one, carried in found
        if is_silent(carried.silent, asked[one.origin], carried.entity)
    )


def _cut(answer: Answer, quiet: frozenset[str]) -> Answer:
    """Return an answer of as many matches as are told, with those beside it that are not."""
    told = [one for one in answer.found if one.match.id not in quiet][:_LIMIT]
    silent = [one for one in answer.found if one.match.id in quiet]
    verdict = answer.verdict
    if verdict is Verdict.POSSIBLE_MATCH and not any(one.match.match for one in told):
        verdict = Verdict.NO_MATCH
    return replace(answer, verdict=verdict, found=(*told, *silent))


def _sight(match: Match, freshness: Freshness) -> DeviceSight:
    carried = read(match.record)
    action = carried.action
    if action is not None and freshness.state is not Age.FRESH:
        action = Action.INFORM
    return DeviceSight(record=match.id, score=match.score, carried=carried, action=action)


def _content(
    question: Question, answer: Answer, quiet: frozenset[str], reference: str
) -> dict[str, Any]:
    """Return a check as it is brought back: what was asked as it was typed, and what was found."""
    origins = {one.origin: at for at, one in enumerate(answer.asked)}
    return {
        "question": {
            name: _clean(value) for name in _QUESTION if (value := getattr(question, name))
        },
        "reference": _clean(reference),
        "verdict": answer.verdict,
        "mode": answer.depth.mode,
        "age": int(answer.freshness.age.total_seconds()),
        "is_degraded": answer.freshness.state is not Age.FRESH,
        "matches": [
            {
                "record": found.match.id,
                "version": read(found.match.record).version,
                "score": found.match.score,
                "prior": found.match.prior,
                "origin": origins[found.origin],
                "is_silenced": found.match.id in quiet,
                "evidence": [
                    {
                        "feature": feature,
                        "asked": said.query,
                        "listed": said.candidate,
                        "similarity": said.similarity,
                        "weight": said.weight,
                        "detail": said.detail,
                    }
                    for feature, said in found.match.explanations.items()
                ],
            }
            for found in answer.found
        ],
    }


def _clean(value: str | tuple[str, ...]) -> str | list[str]:
    """Return texts that can be written anywhere, whatever a scanner or a terminal gave."""
    if isinstance(value, tuple):
        return [str(_clean(one)) for one in value]
    return value.replace("\0", " ").encode(errors="replace").decode()
