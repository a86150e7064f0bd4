"""Sends the questions that people put to other nodes, each in a thread of its own.

In one process of a node. What a question waits for stands in the bank, so that nothing is forgotten
with the process: who has not answered when the time is over has not answered.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Self

import structlog

from didban import clock
from didban.errors import DidbanError
from didban.exchange import peer_checks

if TYPE_CHECKING:
    from didban.exchange.calls import Ask
    from didban.model.exchange.peer_checks import PeerCheck
    from didban.store.database import Database

_PERIOD: Final = 0.1  # seconds between two looks
_CLOSED_EACH: Final = 5  # looks: who answers in time closes its question with the answer
_THREADS: Final = 8

_log = structlog.get_logger("didban.questions")


class Asker:
    """Sends questions while it is open: `with Asker(database, exchange.ask): ...`."""

    def __init__(self, database: Database, ask: Ask) -> None:
        self._database = database
        self._ask = ask
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send, name="questions", daemon=True)

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Send nothing new. Answers under way are not waited for: their time is short."""
        self._stopping.set()
        self._thread.join()

    def _send(self) -> None:
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="question")
        looks = 0
        while not self._stopping.wait(_PERIOD):
            looks += 1
            try:
                now = clock.now()
                for check, node in peer_checks.take_waiting(self._database, now):
                    pool.submit(self._put, check, node)
                if looks % _CLOSED_EACH == 0:
                    peer_checks.close_due(self._database, now)
            except DidbanError as error:  # the database may come back
                _log.warning("questions.not_sent", kind=type(error).__name__)
        pool.shutdown(wait=False, cancel_futures=True)

    def _put(self, check: PeerCheck, node: str) -> None:
        try:
            peer_checks.put(self._database, self._ask, check, node, clock.now())
        except Exception:  # noqa: BLE001 - of one node; it counts as not having answered
            _log.exception("question.failed", subject=check.id)
