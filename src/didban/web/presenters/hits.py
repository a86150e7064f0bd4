"""Hits as pages show them: rows of the inbox, its filters, and what may be done with a hit now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from didban import clock
from didban.match.documents import normal
from didban.model.casework import HitsWanted, QuestionState
from didban.model.folding import fold
from didban.model.hits import ENDED, OPEN, TALKING, HitEvent, HitState, Whose
from didban.web.i18n import N_
from didban.web.presenters import evidence, papers, records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import QueryParams

    from didban.casework.hits import HitView
    from didban.model.records import Record
    from didban.web.desk import Desk
    from didban.web.presenters.evidence import Compared
    from didban.web.presenters.records import Row

_S = HitState

TONES: Final[Mapping[HitState, str]] = {
    _S.MATCH: "open",
    _S.SECOND_LINE: "open",
    _S.REOPENED: "open",
    _S.CONFIRMATION_REQUESTED: "warn",
    _S.WAITING: "warn",
    _S.ESCALATED: "stop",
    _S.CONFIRMED: "stop",
    _S.ACTION_TAKEN: "open",
    _S.ACTION_NOT_TAKEN: "open",
    _S.RELEASED_UNCONFIRMED: "open",
    _S.OUTCOME_RECORDED: "open",
}
"""How the tag of a state looks; what is over is plain, so that open work stands out."""

NEXT: Final[Mapping[HitState, str]] = {
    _S.MATCH: N_("The first line passes it on or dismisses it."),
    _S.SECOND_LINE: N_("Compare each row, then say what you find."),
    _S.REFUTED: N_("Nothing is left to do: it is about to be closed."),
    _S.REOPENED: N_("Give it to the second line, which looks at everything anew."),
    _S.CONFIRMATION_REQUESTED: N_("The owner is asked. Nothing is decided before it answers."),
    _S.WAITING: N_("The owner named the time of its answer. Nothing is decided before."),
    _S.ESCALATED: N_(
        "The owner did not answer in time. Record how it was tried; a supervisor may then confirm."
    ),
    _S.CONFIRMED: N_("It is confirmed. A second person decides what is done."),
    _S.ACTION_TAKEN: N_("Record what became of it."),
    _S.ACTION_NOT_TAKEN: N_("Record what became of it."),
    _S.RELEASED_UNCONFIRMED: N_("Record what became of it."),
    _S.OUTCOME_RECORDED: N_("The outcome is recorded. Close it, and tell the owner if it is owed."),
    _S.FEEDBACK_SENT: N_("Nothing is left to do: it is about to be closed."),
    _S.CLOSED: N_("Nothing is left to do. On a new fact it can be opened again."),
    _S.DISMISSED: N_("Nothing is left to do. On a new fact it can be opened again."),
}
"""What comes next in each state, so that nobody has to guess."""

SHOWN: Final = tuple(state for state in HitState if state in OPEN | ENDED)
_HOUR: Final = timedelta(hours=1)
DUE: Final = {"hour": N_("Within an hour"), "today": N_("Today")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What of the inbox is asked for: nothing chosen means every open hit."""

    states: tuple[HitState, ...] = ()
    due: str = ""
    whose: Whose | None = None
    is_aside: bool = False

    @property
    def query(self) -> dict[str, list[str]]:
        """The query of an address with this filter."""
        said = {
            "state": [str(one) for one in self.states],
            "due": [self.due] if self.due else [],
            "whose": [str(self.whose)] if self.whose else [],
            "aside": ["yes"] if self.is_aside else [],
        }
        return {name: values for name, values in said.items() if values}


def filter_of(query: QueryParams) -> Filter:
    """Return the filter that an address has; what is not known in it is left out."""
    named, due, whose = query.getlist("state"), query.get("due", ""), query.get("whose", "")
    return Filter(
        states=tuple(state for state in SHOWN if state in named),
        due=due if due in DUE else "",
        whose=Whose(whose) if whose in set(Whose) else None,
        is_aside=query.get("aside") == "yes",
    )


def wanted(desk: Desk, chosen: Filter) -> HitsWanted:
    """Return which hits a filter leaves. What is put aside is not among the open ones."""
    return HitsWanted(
        states=frozenset(chosen.states) or OPEN,
        due_before=due_before(desk, chosen.due),
        whose=chosen.whose,
        is_aside=chosen.is_aside,
    )


def due_before(desk: Desk, due: str) -> datetime | None:
    """Return until when deadlines are looked for: an hour from now, or the end of the local day."""
    if due == "hour":
        return clock.now() + _HOUR
    if due == "today":
        local = desk.speech.local(clock.now())
        return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return None


def chips(desk: Desk, chosen: Filter) -> list[tuple[str, str]]:
    """Return what is filtered by: each with the address of the inbox without it."""
    made = [
        (
            desk.speech.term(state),
            replace(chosen, states=tuple(one for one in chosen.states if one is not state)),
        )
        for state in chosen.states
    ]
    if chosen.due:
        made.append((desk.gettext(DUE[chosen.due]), replace(chosen, due="")))
    if chosen.whose:
        made.append((desk.speech.term(chosen.whose), replace(chosen, whose=None)))
    if chosen.is_aside:
        made.append((desk.gettext(N_("Put aside")), replace(chosen, is_aside=False)))
    return [(words, address(desk, left.query)) for words, left in made]


def address(desk: Desk, query: Mapping[str, list[str]]) -> str:
    """Return the address of the inbox with a filter."""
    said = urlencode(query, doseq=True)
    return desk.url("hits.queue") + (f"?{said}" if said else "")


def title_of(asked: Record | None) -> str:
    """Return who or what was checked, in a few words; empty once that is erased."""
    if asked is None:
        return ""
    named = asked.first("name") or ("" if asked.documents else asked.caption)
    return named or next(map(papers.number_of, asked.documents), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What who looks can do with a hit as it stands.

    - `left`: how much of the evidence they have not compared.
    - `draft`: a withheld question waits for a second person; `is_first`: who looks drafted it.
    - `is_second`: who looks took no part, and so may be the second person (PR-28).
    """

    can_compare: bool
    can_refute: bool
    can_ask: bool
    can_release: bool
    can_reopen: bool
    can_ask_more: bool
    can_record_unreachable: bool
    owes_outcome: bool
    awaits_second: bool
    draft: bool
    is_first: bool
    is_second: bool
    left: int


def doing_of(desk: Desk, view: HitView) -> Doing:
    """Return what may happen next, by the machine and by who looks."""
    hit, possible = view.hit, set(view.possible)
    draft = view.question is not None and view.question.state is QuestionState.DRAFT
    asks = HitEvent.ASK_OWNER in possible and not hit.is_record_gone and not view.is_published
    return Doing(
        can_compare=bool(view.unseen) and hit.state not in ENDED,
        can_refute=HitEvent.REFUTE in possible,
        can_ask=asks and not draft,
        can_release=HitEvent.RELEASE in possible,
        can_reopen=HitEvent.REOPEN in possible,
        can_ask_more=hit.state in TALKING and not view.is_published,
        can_record_unreachable=hit.state is HitState.ESCALATED,
        owes_outcome=bool(possible & {HitEvent.RECORD_OUTCOME, HitEvent.SEND_FEEDBACK}),
        awaits_second=draft
        or bool(possible & {HitEvent.TAKE_ACTION, HitEvent.CONFIRM_UNREACHABLE})
        or (HitEvent.CONFIRM_PUBLIC in possible and view.is_published),
        draft=draft,
        is_first=draft and view.question is not None and view.question.asked_by == desk.who.user,
        is_second=desk.who.user not in view.took_part,
        left=len(view.unseen),
    )


def rows_of(desk: Desk, view: HitView) -> list[Compared]:
    """Return the comparison of a hit: what was weighed, then what only one side says."""
    judged = evidence.compared(desk.speech, view.evidence, view.unseen)
    identity = (view.shown or {}).get("identity", {})
    known = [row.feature for row in judged]
    return judged + evidence.beside(desk.speech, view.hit.asked, identity, known)


def same_pair(view: HitView) -> frozenset[str]:
    """Return which earlier hits on the record came of the same person or document."""
    ours = _keys(view.hit.asked)
    return frozenset(one.id for one in view.earlier if ours & _keys(one.asked))


def _keys(asked: Record | None) -> frozenset[tuple[str, ...]]:
    """Return by what two checks are about the same: a document, or a name with its date of birth."""
    if asked is None:
        return frozenset()
    born = asked.first("birthDate")
    numbers = (("document", paper.issuer or "", normal(paper.number)) for paper in asked.documents)
    names = (("name", fold(name), born) for name in asked.values("name") if born)
    return frozenset((*numbers, *names))


def more_rows(shown: Mapping[str, Any] | None) -> list[Row]:
    """Return what of a record is neither its identity nor what it asks."""
    return records.part_rows(shown, "appearance", "location", "content") if shown else []


def record_item(view: HitView) -> str:
    """Return the piece of evidence that stands for the record as it is now; empty where it is gone."""
    return "" if view.hit.is_record_gone else f"record:{view.hit.record_version}"
