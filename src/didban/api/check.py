"""`POST /check`: one person or document as an officer states them, machine-readable zones too.

    {"names": ["..."], "birth_date": "1984", "nationalities": ["ir"], "sex": "M",
     "documents": ["UTO:P:L898902C3"], "mrz": ["P<UTO..."]}

The answer is that of `didban check --json`: POSSIBLE MATCH, NO MATCH or UNKNOWN, with its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import JSONResponse

from didban import clock
from didban.api.bodies import MAX_LETTERS, read_body
from didban.api.errors import Fault, Unprocessable
from didban.api.parameters import only
from didban.api.running import run, service_of
from didban.errors import MAX_QUOTED, nearest
from didban.guard.entries import Outcome
from didban.screening.answers import answer_data
from didban.screening.check import Depth, Verdict, ask, asked_of
from didban.screening.question import Question
from didban.screening.screener import mode_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from didban.api.service import Service

MAX_VALUES: Final = 20
"""So many names, states, documents or zones one question may have of each."""

_LISTS: Final = {
    "names": "names",
    "nationalities": "nationalities",
    "documents": "documents",
    "mrz": "mrzs",
}
_TEXTS: Final = ("birth_date", "sex", "schema")
_DEPTH: Final = ("mode", "limit", "threshold")
_DOCUMENT: Final = ("issuer", "type", "number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a request asks, and how far to look."""

    question: Question
    depth: Depth


async def post_check(request: Request) -> JSONResponse:
    """Answer one check; the check log has its entry before the answer is sent."""
    service = service_of(request)
    only(request.query_params, ())
    body = await read_body(request, max_bytes=service.settings.serving.max_body_bytes)
    check = read_check(body, service)
    return JSONResponse(await run(request, lambda service: _answer(service, check)))


def read_check(data: Any, service: Service) -> Check:
    """Return the question of a body.

    422 for a part without its shape, or a part that there is not: a detail that is silently dropped
    makes a check look more thorough than it was. 400 for a mode that there is not.
    """
    if not isinstance(data, Mapping):
        raise _fault((), "an object is expected")
    _refuse_others(data, (*_LISTS, *_TEXTS, *_DEPTH), "a question")
    lists = {ours: _texts(data, name) for name, ours in _LISTS.items()}
    single = {name: _text(data, name) for name in _TEXTS if data.get(name) is not None}
    limits = service.settings.serving
    limit = data.get("limit", service.settings.screening.limit)
    if not isinstance(limit, int) or not 0 < limit <= limits.max_limit:
        raise _fault(("limit",), f"a whole number from 1 to {limits.max_limit} is expected")
    threshold = data.get("threshold")
    if threshold is not None and not isinstance(threshold, int | float):
        raise _fault(("threshold",), "a number from 0 to 1 is expected")
    mode = mode_of(_text(data, "mode")) if "mode" in data else service.mode
    return Check(
        question=Question(**lists, **single),  # type: ignore[arg-type]  # by name, as read above
        depth=Depth(mode=mode, limit=limit, threshold=threshold),
    )


def _refuse_others(data: Mapping[str, Any], known: Sequence[str], whole: str, *place: str) -> None:
    for name in data:
        if name not in known:
            raise _fault(
                (*place, name[:MAX_QUOTED]),
                f"there is no such part of {whole}{nearest(name, known)}",
            )


def _texts(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = data.get(name) or []
    values = given if isinstance(given, list) else [given]
    if len(values) > MAX_VALUES:
        raise _fault((name,), f"at most {MAX_VALUES} are taken")
    if name == "documents":
        values = [_document(value) for value in values]
    return tuple(_bounded(value, name) for value in values)


def _document(value: Any) -> Any:
    """Return a document in the words of a question; an object of its parts may stand for it."""
    if not isinstance(value, Mapping):
        return value
    _refuse_others(value, _DOCUMENT, "a document", "documents")
    parts = [value.get(part) or "" for part in _DOCUMENT]
    if not all(isinstance(part, str) for part in parts) or ":" in f"{parts[0]}{parts[1]}":
        raise _fault(("documents",), "issuer, type and number are texts")
    return ":".join(parts)


def _text(data: Mapping[str, Any], name: str) -> str:
    return _bounded(data[name], name)


def _bounded(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_LETTERS:
        raise _fault((name,), f"a text of at most {MAX_LETTERS} letters is expected")
    return value


def _answer(service: Service, check: Check) -> dict[str, Any]:
    asked = asked_of(check.question, clock.today())
    answer = ask(service.snapshot, asked, check.depth, service.freshness)
    is_unknown = answer.verdict is Verdict.UNKNOWN
    service.enter(
        asked=1,
        matched=int(answer.verdict is Verdict.POSSIBLE_MATCH),
        outcome=Outcome.UNKNOWN if is_unknown else Outcome.DONE,
    )
    return answer_data(answer, service.reason)


def _fault(place: tuple[str, ...], message: str) -> Unprocessable:
    return Unprocessable(Fault(kind="value_error", place=("body", *place), message=message))
