"""Duties that take one thing at a time, each in a transaction of its own, and so many in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

_log = structlog.get_logger("didban.duties")


def repeat(one: Callable[[], bool], *, most: int, of: str) -> int:
    """Do one thing after the other until nothing is due; return how many were done.

    - `one`: does the next thing, and returns whether there was any.
    - `most`: of one run, so that other duties have their turn. Who reaches it may not keep up:
      it is logged. `of`: the name of what is done, in the log.
    """
    for done in range(most):
        if not one():
            return done
    _log.warning("duty.behind", duty=of, count=most)
    return most
