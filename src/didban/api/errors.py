"""Which status an error has, and its answer outside `/api`: `{"detail": ...}`, as clients expect.

Under `/api` it is a problem document (`api.problems`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from didban.errors import (
    ConfigError,
    Conflict,
    DidbanError,
    IntegrityFailure,
    InvalidFields,
    InvalidFile,
    InvalidInput,
    LimitReached,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    PeerFault,
    PurposeMissing,
    SnapshotExpired,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

STATUS: Mapping[type[DidbanError], int] = {
    InvalidInput: 400,
    InvalidFields: 400,
    InvalidFile: 400,
    NotAuthenticated: 401,
    PurposeMissing: 403,
    NotPermitted: 403,
    NotFound: 404,
    Conflict: 409,
    LimitReached: 429,
    PeerFault: 502,
    SnapshotExpired: 503,
    Unavailable: 503,
    IntegrityFailure: 500,
    ConfigError: 500,
    DidbanError: 500,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One part of a request that has not the shape it must have."""

    kind: str
    place: tuple[str, ...]
    message: str

    def to_json(self) -> dict[str, Any]:
        """Return the fault as clients of validating frameworks know it."""
        return {"type": self.kind, "loc": list(self.place), "msg": self.message}


class Unprocessable(HTTPException):
    """A request whose parts have not their shape; the detail is a list."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(status_code=422, detail="unprocessable")
        self.faults = faults


def status_of(error: Exception, among: Mapping[type[DidbanError], int]) -> int:
    """Return the status of the nearest class in the tree of errors."""
    return next(among[cls] for cls in type(error).__mro__ if cls in among)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    detail: Any = error.detail
    if isinstance(error, Unprocessable):
        detail = [fault.to_json() for fault in error.faults]
    return JSONResponse({"detail": detail}, error.status_code, error.headers)


async def _our_error(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_of(error, STATUS))


HANDLERS: Any = {HTTPException: _http_error, DidbanError: _our_error}
