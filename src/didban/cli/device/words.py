"""What a device says: an answer and its age in words an officer reads at a glance, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from didban import clock
from didban.cli.output import banner, counted, isolated, printable, span
from didban.screening.check import Verdict
from didban.screening.devices import checking
from didban.screening.freshness import Age

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.model.records import Record
    from didban.screening.devices.checking import DeviceAnswer, DeviceSight
    from didban.screening.devices.installing import Installed
    from didban.screening.devices.memory import Session
    from didban.screening.freshness import Freshness

_LARGE = {
    Verdict.POSSIBLE_MATCH: "POSSIBLE MATCH",
    Verdict.NO_MATCH: "NO MATCH",
    Verdict.UNKNOWN: "UNKNOWN",
}
_NEXT = {
    Verdict.POSSIBLE_MATCH: "A computed similarity, not a hit: compare, and call the second line.",
    Verdict.NO_MATCH: "Nobody on this device reaches the threshold.",
    Verdict.UNKNOWN: "Nothing may be concluded, neither that somebody is listed nor that they are"
    " not. Renew the device, or ask the second line.",
}
_FACTS = {"birthDate": "born", "nationality": "nationality", "gender": "sex"}
_MOST_NAMES = 4


def answer_words(answer: DeviceAnswer, session: Session) -> str:
    """Return the answer to a check for people: one large line, the age, then why."""
    lines = [banner(_LARGE[answer.verdict]), _age(answer.freshness, answer.is_clock_behind)]
    lines += [f"note: {remark}" for remark in answer.remarks]
    for sight in answer.matches:
        lines += ["", *_sight(sight, is_downgraded=answer.is_downgraded)]
    place = session.edition.place
    return "\n".join([*lines, "", _NEXT[answer.verdict], f"Entry {answer.number}, {place}."])


def answer_json(answer: DeviceAnswer, session: Session) -> str:
    """Return the answer to a check for programs."""
    return json.dumps(
        {
            "answer": answer.verdict,
            "age": _age_json(answer.freshness, is_behind=answer.is_clock_behind),
            "remarks": list(answer.remarks),
            "matches": [
                {
                    "record": sight.record,
                    "owner": sight.carried.owner,
                    "score": round(sight.score, 6),
                    "notes": list(sight.carried.notes),
                    "action": sight.action,
                    "identity": sight.carried.entity.to_json(),
                }
                for sight in answer.matches
            ],
            "package": session.package.seq,
            "entry": answer.number,
        },
        ensure_ascii=False,
    )


def status_words(session: Session) -> str:
    """Return how an open device stands, for people."""
    freshness, is_behind = checking.freshness_of(session, clock.now())
    edition = session.edition
    last, _ = session.journal.end()
    waiting = last.seq - session.pruned.seq
    whose = f"package {session.package.seq} of '{session.node}'"
    soft, hard = span(edition.soft, is_exact=True), span(edition.hard, is_exact=True)
    lines = (
        _age(freshness, is_behind),
        f"{edition.records:,} records, {whose}, for {edition.purpose} at {edition.place}.",
        f"From {soft} on: contact the owner first. From {hard} on: UNKNOWN.",
        f"{counted(waiting, 'entry waits', 'entries wait')} to be brought back.",
    )
    return "\n".join(lines)


def status_json(session: Session, told: Sequence[Installed]) -> dict[str, Any]:
    """Return how an open device stands, for programs."""
    freshness, is_behind = checking.freshness_of(session, clock.now())
    last, _ = session.journal.end()
    return {
        "id": session.id,
        "node": session.node,
        "package": session.package.seq,
        "records": session.edition.records,
        "age": _age_json(freshness, is_behind=is_behind),
        "waiting": last.seq - session.pruned.seq,
        "taken_in": [
            {"put": one.put, "deleted": one.deleted, "known": one.is_known} for one in told
        ],
    }


def _age_json(freshness: Freshness, *, is_behind: bool) -> dict[str, Any]:
    return {
        "made_at": freshness.built_at.isoformat(),
        "seconds": int(freshness.age.total_seconds()),
        "state": freshness.state,
        "clock_behind": is_behind,
    }


def _age(freshness: Freshness, is_behind: bool) -> str:  # noqa: FBT001 - one fact beside another
    made = f"Data of {freshness.built_at:%Y-%m-%d %H:%M} UTC"
    if is_behind:
        return f"{made}. THE CLOCK OF THIS DEVICE WAS SET BACK: no age is known."
    age = span(freshness.age, is_exact=freshness.is_expired)
    return {
        Age.FRESH: f"{made}, {age} old.",
        Age.OLD: f"{made}: {age} OLD. Whatever is asked below, contact the owner first.",
        Age.EXPIRED: f"{made}: {age} old, which is past its hard limit. It can say nothing.",
    }[freshness.state]


def _sight(sight: DeviceSight, *, is_downgraded: bool) -> list[str]:
    carried = sight.carried
    asked = sight.action or "nothing; look and let the second line know"
    if is_downgraded and sight.action:
        asked = f"{asked}: contact the owner, the data is old"
    lines = [f"{sight.record} of {carried.owner}, score {sight.score:.2f}"]
    lines += [f"   ! {note}" for note in carried.notes]
    return [*lines, f"   asked: {asked}", *_identity(carried.entity)]


def _identity(entity: Record) -> list[str]:
    names = entity.values("name", "alias", "previousName")[:_MOST_NAMES]
    lines = [f"   {isolated(printable(name))}" for name in names]
    lines += [
        f"   {said}: {', '.join(map(printable, values))}"
        for name, said in _FACTS.items()
        if (values := entity.values(name))
    ]
    for paper in entity.documents:
        until = f" to {paper.number_to}" if paper.number_to else ""
        parts = (paper.issuer, paper.type, f"{paper.number}{until}", paper.status)
        lines.append(f"   {printable(' '.join(part for part in parts if part))}")
    return lines
