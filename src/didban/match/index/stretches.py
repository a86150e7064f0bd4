"""Work cut into stretches, so that a process beside this one can take over some of them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")

_AHEAD: Final = 8
"""So many results may wait for the one whose turn it is: bounds memory."""


class Helper(Protocol):
    """Somebody who does one piece of work at a time (`didban.screening.workers.Helper`)."""

    def take(self, work: Callable[[Any], Any], piece: object) -> Callable[[], Any] | None:
        """Begin a piece and return how to wait for its result; None while busy with another."""


class Stretches(Generic[_Piece, _Result]):
    """Does pieces of work, here or by a helper who is free; the results come in order.

    So who does what depends on chance, and the outcome does not.
    """

    def __init__(self, work: Callable[[_Piece], _Result], helper: Helper | None = None) -> None:
        """Take a function that can be named from another process."""
        self._work = work
        self._helper = helper
        self._results: deque[Callable[[], _Result]] = deque()

    def do(self, piece: _Piece) -> list[_Result]:
        """Do a piece, or see it begun; return results whose turn it is, perhaps none."""
        taken = self._helper.take(self._work, piece) if self._helper else None
        if taken is None:
            result = self._work(piece)
            taken = lambda: result  # noqa: E731 - it waits for nothing
        self._results.append(taken)
        return [self._results.popleft()()] if len(self._results) > _AHEAD else []

    def rest(self) -> list[_Result]:
        """Wait for all that was begun and return its results."""
        results = [wait() for wait in self._results]
        self._results.clear()
        return results
