"""The exit codes of every command, in one place (`docs/reference/exit-codes.md`)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from didban.errors import (
    ConfigError,
    Conflict,
    DidbanError,
    InvalidInput,
    LimitReached,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    SnapshotExpired,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Exit(IntEnum):
    """What a command says to the program that called it.

    Where two would fit, the one that asks for more comes first: UNKNOWN, POSSIBLE_MATCH, REJECTS.
    """

    DONE = 0  # done, nothing found
    BAD_INPUT = 2  # bad input or options; typer's usage errors end with it too
    FAILED = 3  # anything else
    REJECTS = 4  # finished, but some rows were refused
    REFUSED = 5  # a node knows who asks, or does not, and says no
    POSSIBLE_MATCH = 10
    UNKNOWN = 20  # the snapshot is older than its hard limit


_OF_ERRORS: Mapping[type[DidbanError], Exit] = {
    InvalidInput: Exit.BAD_INPUT,
    NotFound: Exit.BAD_INPUT,
    Conflict: Exit.BAD_INPUT,
    NotPermitted: Exit.REFUSED,
    NotAuthenticated: Exit.REFUSED,
    LimitReached: Exit.REFUSED,
    ConfigError: Exit.BAD_INPUT,
    SnapshotExpired: Exit.UNKNOWN,
}


def exit_of(error: DidbanError) -> Exit:
    """Return the exit code of an error, which it shares with the errors below it in the tree."""
    return next((code for cls, code in _OF_ERRORS.items() if isinstance(error, cls)), Exit.FAILED)
