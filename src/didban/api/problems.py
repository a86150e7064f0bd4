"""The one place where errors become answers under `/api`: problem details (RFC 9457).

    {"type": "urn:didban:problem:not_found", "title": "Not found", "status": 404,
     "detail": "...", "code": "not_found", "instance": "urn:didban:request:req_..."}

- `code` is stable and may be used by programs; `detail` is for people and holds no personal data.
- `reasons` stand with a refusal, one stable word for each rule that refused.
- The statuses are those of `api.errors`, but that bad input is 422.
- `errors` stand with 422: where in the request, and what is wrong there; never what was sent.
- What broke here is not told to who asks: the log has it, under the same request.
"""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from didban.api import errors
from didban.errors import (
    DidbanError,
    InvalidFields,
    InvalidFile,
    InvalidInput,
    LimitReached,
    NotAuthenticated,
    NotPermitted,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[Mapping[type[DidbanError], int]] = {
    **errors.STATUS,
    InvalidInput: 422,
    InvalidFields: 422,
    InvalidFile: 422,
}

_OURS: Final = "something failed on this node; its operator finds it in the log by the request"
_RETRY_AFTER_S: Final = 2


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Return the answer that says what is wrong; `more` are members of its own beside the usual."""
    title = HTTPStatus(status).phrase.capitalize()
    named = code or title.lower().replace(" ", "_")
    body = {
        "type": f"urn:didban:problem:{named}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": named,
        "instance": f"urn:didban:request:{request.state.request_id}",
        **more,
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def failed(request: Request) -> JSONResponse:
    """Return the answer for what is our fault; it tells nothing."""
    return problem(request, 500, _OURS, code="internal")


async def our_error(request: Request, error: Exception) -> JSONResponse:
    """Answer with the status of the nearest class in the tree of errors."""
    assert isinstance(error, DidbanError)  # noqa: S101 - it is registered for nothing else
    status = errors.status_of(error, STATUS)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed(request)
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer, ApiKey"
    if isinstance(error, InvalidFields):
        more["errors"] = [
            {"in": "body", "pointer": pointer, "detail": fault} for pointer, fault in error.faults
        ]
    if isinstance(error, NotPermitted):
        more["reasons"] = list(error.reasons)
    if isinstance(error, LimitReached):
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(_RETRY_AFTER_S)
    return problem(request, status, str(error), code=error.code, headers=headers, **more)


async def http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refused: no such path, method or body."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    return problem(request, error.status_code, str(error.detail), headers=error.headers)


async def shape_error(request: Request, error: Exception) -> JSONResponse:
    """Answer a request whose parts have not their shape, naming each part by a JSON pointer."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    faults = [_fault(fault) for fault in error.errors()]
    detail = "the request has not the shape that this path takes; see errors"
    return problem(request, 422, detail, code=InvalidInput.code, errors=faults)


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    part, *place = fault["loc"]
    words = str(fault["msg"])
    if fault["type"] == "json_invalid":  # its place is a number of characters, and no member
        place, words = [], f"this is not JSON, from character {fault['loc'][-1]} on"
    return {"in": str(part), "pointer": _pointer(place), "detail": words}


def _pointer(place: Sequence[str | int]) -> str:
    """Return a place in a document as RFC 6901 writes it."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


HANDLERS: Final[Any] = {
    DidbanError: our_error,
    HTTPException: http_error,
    RequestValidationError: shape_error,
}
