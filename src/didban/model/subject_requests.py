"""What a person asks about the data that are held on them (state-machines 4.7), as data.

`REQUEST` has no arrow into `decided` but from the answers of all sources, or from the end of the
time that they had; and none into `notified` that could tell by its moment whether anything is held.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.model.machines import Machine, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class RequestKind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTITY_PROVEN = "identity_proven"
    SCOPED = "scoped"
    SOURCES_CONSULTED = "sources_consulted"
    DECIDED = "decided"
    NOTIFIED = "notified"
    APPEALED = "appealed"
    CLOSED = "closed"


class RequestEvent(StrEnum):
    """What moves a request."""

    PROVE_IDENTITY = "prove_identity"
    LAPSE = "lapse"
    SCOPE = "scope"
    CONSULT = "consult"
    DECIDE = "decide"
    NOTIFY = "notify"
    APPEAL = "appeal"
    CONSULT_AGAIN = "consult_again"
    CLOSE = "close"


class RequestGuard(StrEnum):
    """What whoever causes an event must have shown to hold."""

    PROOF = "proof"  # how the identity was proven, as one of the codes
    PROOF_OVERDUE = "proof_overdue"  # the requester had the time of the first clock to prove it
    ALL_ASKED = "all_asked"  # every owner was asked, whether or not it holds anything
    ALL_ANSWERED = "all_answered"  # or their time is over
    SECOND_PERSON = "second_person"  # not who scoped, nor who decided before (PR-28)
    FITTING_ANSWER = "fitting_answer"  # `answers_that_fit`
    NEUTRAL_TIME = "neutral_time"  # a neutral answer leaves when every neutral answer leaves
    FIRST_APPEAL = "first_appeal"


class Answer(StrEnum):
    """What was decided."""

    ACCESS_FULL = "access_full"
    ACCESS_PARTIAL = "access_partial"
    NEITHER_CONFIRM_NOR_DENY = "neither_confirm_nor_deny"
    CORRECTED = "corrected"
    DELETED = "deleted"
    REFUSED = "refused"


class Finding(StrEnum):
    """What an owner says of its own records on the person."""

    NOTHING = "nothing"
    DISCLOSE = "disclose"
    WITHHOLD = "withhold"  # it may not even be said that something is held
    CORRECTED = "corrected"
    DELETED = "deleted"
    REFUSED = "refused"  # and the person may know that something is held


class Proof(StrEnum):
    """How somebody proved who they are. Copies are looked at and given back, never kept."""

    IN_PERSON = "in_person"
    NOTARY = "notary"
    LAWYER = "lawyer"
    ELECTRONIC_IDENTITY = "electronic_identity"


_S, _E, _G = RequestState, RequestEvent, RequestGuard
_Arrow = Transition[RequestState, RequestEvent]


def _arrow(
    source: RequestState, event: RequestEvent, target: RequestState, *guards: RequestGuard
) -> _Arrow:
    return Transition(source=source, event=event, target=target, guards=guards)


REQUEST: Final = Machine(
    name="subject request",
    initial=_S.RECEIVED,
    final=frozenset({_S.CLOSED}),
    transitions=(
        _arrow(_S.RECEIVED, _E.PROVE_IDENTITY, _S.IDENTITY_PROVEN, _G.PROOF),
        _arrow(_S.RECEIVED, _E.LAPSE, _S.CLOSED, _G.PROOF_OVERDUE),
        _arrow(_S.IDENTITY_PROVEN, _E.SCOPE, _S.SCOPED, _G.ALL_ASKED),
        _arrow(_S.SCOPED, _E.CONSULT, _S.SOURCES_CONSULTED, _G.ALL_ANSWERED),
        _arrow(_S.SOURCES_CONSULTED, _E.DECIDE, _S.DECIDED, _G.SECOND_PERSON, _G.FITTING_ANSWER),
        _arrow(_S.DECIDED, _E.NOTIFY, _S.NOTIFIED, _G.NEUTRAL_TIME),
        _arrow(_S.NOTIFIED, _E.APPEAL, _S.APPEALED, _G.FIRST_APPEAL),
        _arrow(_S.NOTIFIED, _E.CLOSE, _S.CLOSED),
        _arrow(_S.APPEALED, _E.CONSULT_AGAIN, _S.SCOPED, _G.ALL_ASKED),
    ),
)
"""The whole life. Beyond the letter of 4.7: who never proves who they are is not kept open for ever,
and an appeal asks the sources again and is decided by somebody who had no part in it before."""

OPEN: Final = REQUEST.states() - {_S.CLOSED}


class RequestClock(StrEnum):
    """A deadline; `deadlines` says when each ends."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    NOTIFY = "notify"


ACKNOWLEDGE_DAYS: Final = 30
ACCESS_MONTHS: Final = 4
OTHER_MONTHS: Final = 9
NOTIFY_MONTHS: Final = 1
_UNDECIDED: Final = frozenset({_S.RECEIVED, _S.IDENTITY_PROVEN, _S.SCOPED, _S.SOURCES_CONSULTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSubject:
    """Who asks, as far as it is needed to find what is held and to answer.

    - `contact`: where the answer goes; `documents`: numbers, as the person gave them.
    """

    names: tuple[str, ...]
    contact: str
    birth_date: str = ""
    nationalities: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRequest:
    """One request.

    - `authority`: the one that received it and answers it.
    - `subject`: None once its time is over and the person's data are gone.
    - `asks`: in the person's words: what is to be corrected, and why.
    - `scoped_by`, `decided_by`: the two persons; `deciders`: everyone who ever decided it.
    - `round`: 1, and 2 after an appeal.
    """

    id: str
    authority: str
    kind: RequestKind
    state: RequestState
    language: str
    subject: DataSubject | None
    asks: str
    received_at: datetime
    round: int = 1
    proof: Proof | None = None
    acknowledged_at: datetime | None = None
    scoped_by: str | None = None
    deciders: tuple[str, ...] = ()
    answer: Answer | None = None
    decided_at: datetime | None = None
    notified_at: datetime | None = None
    closed_at: datetime | None = None
    overdue: tuple[RequestClock, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One owner, asked about one request.

    - `records`: those of its own that it speaks of; none with `Finding.NOTHING`.
    - `ground`: the legal ground on which it withholds or refuses.
    """

    request: str
    owner: str
    round: int
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None
    finding: Finding | None = None
    records: tuple[str, ...] = ()
    ground: str = ""


def deadlines(request: SubjectRequest) -> dict[RequestClock, datetime]:
    """Return when each clock that still runs ends."""
    running = {}
    if request.acknowledged_at is None and request.state in OPEN:
        running[RequestClock.ACKNOWLEDGE] = request.received_at + timedelta(days=ACKNOWLEDGE_DAYS)
    if request.state in _UNDECIDED:
        months = ACCESS_MONTHS if request.kind is RequestKind.ACCESS else OTHER_MONTHS
        running[RequestClock.ANSWER] = months_after(request.received_at, months)
    if request.state is RequestState.DECIDED and request.decided_at is not None:
        running[RequestClock.NOTIFY] = months_after(request.decided_at, NOTIFY_MONTHS)
    return running


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day and time so many months later, or the last day of a shorter month."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)


def answers_that_fit(kind: RequestKind, findings: Iterable[Finding | None]) -> frozenset[Answer]:
    """Return what may be decided, from what the owners found (None: it did not answer in time).

    - Whenever no owner lets anything be told, the only answer is the neutral one, whether records
      are held or not: were "we hold nothing" ever said, the neutral answer would mean the contrary
      (PR-46).
    - What is disclosed while others withhold is a partial answer to the one who decides; the letter
      does not say that there is more.
    """
    found = set(findings)
    if kind is RequestKind.ACCESS:
        if Finding.DISCLOSE not in found:
            return frozenset({Answer.NEITHER_CONFIRM_NOR_DENY})
        is_all = found <= {Finding.DISCLOSE, Finding.NOTHING}
        return frozenset({Answer.ACCESS_FULL if is_all else Answer.ACCESS_PARTIAL})
    fitting = {
        answer
        for finding, answer in (
            (Finding.CORRECTED, Answer.CORRECTED),
            (Finding.DELETED, Answer.DELETED),
            (Finding.REFUSED, Answer.REFUSED),
        )
        if finding in found
    }
    return frozenset(fitting or {Answer.NEITHER_CONFIRM_NOR_DENY})


def findings_that_fit(kind: RequestKind) -> frozenset[Finding]:
    """Return what an owner may answer to a request of this kind."""
    always = {Finding.NOTHING, Finding.WITHHOLD}
    if kind is RequestKind.ACCESS:
        return frozenset(always | {Finding.DISCLOSE})
    return frozenset(always | {Finding.CORRECTED, Finding.DELETED, Finding.REFUSED})


def neutral_from(request: SubjectRequest, neutral_days: int) -> datetime:
    """Return the first moment at which a neutral answer to this request may leave.

    It depends on nothing but the day on which the request came, so that its moment tells nothing.
    """
    first = request.received_at.astimezone(UTC) + timedelta(days=neutral_days)
    return first.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


_NEUTRAL: Final[Mapping[str, str]] = {
    "en": (
        "We have dealt with your request. We can neither confirm nor deny that data on you are held;"
        " everyone to whom nothing can be disclosed receives this same letter. If data are held that"
        " had to be corrected or deleted by law, that has been done."
    ),
    "fa": (
        "به درخواست شما رسیدگی شد. ما نه تأیید و نه تکذیب می‌کنیم که داده‌ای دربارهٔ شما نگهداری می‌شود؛"
        " هر کسی که چیزی نتوان به او گفت، همین نامه را دریافت می‌کند. اگر داده‌ای باشد که به حکم قانون"
        " باید اصلاح یا حذف می‌شد، این کار انجام شده است."
    ),
    "ar": (
        "لقد نُظر في طلبكم. لا يمكننا أن نؤكد أو ننفي وجود بيانات محفوظة عنكم؛ وكل من لا يمكن إطلاعه"
        " على شيء يتلقى هذه الرسالة نفسها. وإذا كانت هناك بيانات يوجب القانون تصحيحها أو حذفها فقد"
        " تم ذلك."
    ),
    "ru": (
        "Ваш запрос рассмотрен. Мы не можем ни подтвердить, ни опровергнуть, что данные о Вас"
        " хранятся; это же письмо получают все, кому ничего нельзя сообщить. Если хранятся данные,"
        " которые по закону надлежало исправить или удалить, это сделано."
    ),
}
_OPEN_ANSWERS: Final[Mapping[Answer, Mapping[str, str]]] = {
    Answer.ACCESS_FULL: {
        "en": "We have dealt with your request. The data that can be disclosed to you are enclosed.",
        "fa": "به درخواست شما رسیدگی شد. داده‌هایی که می‌توان به شما ارائه کرد پیوست است.",
        "ar": "لقد نُظر في طلبكم. تجدون طيه البيانات التي يمكن إطلاعكم عليها.",
        "ru": "Ваш запрос рассмотрен. Данные, которые могут быть Вам сообщены, прилагаются.",
    },
    Answer.CORRECTED: {
        "en": "The data have been corrected, and everyone who had received them has been told.",
        "fa": "داده‌ها اصلاح شد و به همهٔ دریافت‌کنندگان آن اطلاع داده شد.",
        "ar": "صُححت البيانات وأُبلغ كل من كان قد تلقاها.",
        "ru": "Данные исправлены; все, кто их получал, извещены.",
    },
    Answer.DELETED: {
        "en": "The data have been deleted, and everyone who had received them has been told.",
        "fa": "داده‌ها حذف شد و به همهٔ دریافت‌کنندگان آن اطلاع داده شد.",
        "ar": "حُذفت البيانات وأُبلغ كل من كان قد تلقاها.",
        "ru": "Данные удалены; все, кто их получал, извещены.",
    },
    Answer.REFUSED: {
        "en": "The authority that owns the data has refused the request; its ground is enclosed.",
        "fa": "مرجع صاحب داده‌ها درخواست را نپذیرفته است؛ دلیل قانونی آن پیوست است.",
        "ar": "رفضت السلطة المالكة للبيانات الطلب، وتجدون طيه السند القانوني.",
        "ru": "Орган, которому принадлежат данные, отказал в запросе; основание прилагается.",
    },
}
LANGUAGES: Final = tuple(_NEUTRAL)
"""Languages in which letters are written."""


def letter(answer: Answer, language: str) -> str:
    """Return the words of an answer; no other words go out.

    A partial answer has the words of a full one: that more is held is not told.
    """
    if answer is Answer.NEITHER_CONFIRM_NOR_DENY:
        return _NEUTRAL[language]
    told = Answer.ACCESS_FULL if answer is Answer.ACCESS_PARTIAL else answer
    return _OPEN_ANSWERS[told][language]


def findings_of(consultations: Sequence[Consultation]) -> list[Finding | None]:
    """Return what the owners found in the last round."""
    last = max((asked.round for asked in consultations), default=1)
    return [asked.finding for asked in consultations if asked.round == last]
