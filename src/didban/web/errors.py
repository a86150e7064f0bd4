"""Which status an error has among pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.errors import (
    ConfigError,
    Conflict,
    DidbanError,
    IntegrityFailure,
    InvalidInput,
    LimitReached,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    PeerFault,
    SnapshotExpired,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUS: Final[Mapping[type[DidbanError], int]] = {
    InvalidInput: 422,
    NotAuthenticated: 401,
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


def status_of(error: DidbanError) -> int:
    """Return the status of the nearest class in the tree of errors."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
