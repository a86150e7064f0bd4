"""What a node does by itself, and when. Each duty is safe to be done twice, by two processes too."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from didban import clock
from didban.errors import DidbanError
from didban.store import duties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from didban.store.database import Database

_LONG: Final = timedelta(minutes=1)  # from here on the database remembers when it is due
_LONGEST_SLEEP: Final = 5.0  # seconds
_RETRY: Final = timedelta(minutes=5)

_log = structlog.get_logger("didban.duties")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One recurring task. `run(database, now)` does what is due and returns how much there was."""

    name: str
    every: timedelta
    run: Callable[[Database, datetime], int]

    @property
    def is_long(self) -> bool:
        """Whether its interval outlives a restart."""
        return self.every >= _LONG


class Runner:
    """Does duties, in threads of its own: the frequent ones are not held up by the others."""

    def __init__(
        self, database: Database, all_duties: Iterable[Duty], told: Callable[[str, bool], None]
    ) -> None:
        """`told` is called with the name of each duty that was tried, and whether it succeeded."""
        self._database = database
        self._told = told
        self._stopping = threading.Event()
        groups: dict[bool, list[Duty]] = {}
        for duty in all_duties:
            groups.setdefault(duty.is_long, []).append(duty)
        self._threads = [
            threading.Thread(target=self._work, args=(group,), name=f"duties-{long}", daemon=True)
            for long, group in groups.items()
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float) -> None:
        """Begin nothing new and wait for what is under way, so many seconds at most."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(patience)

    def _work(self, group: list[Duty]) -> None:
        due = {duty.name: datetime.min.replace(tzinfo=UTC) for duty in group}
        while not self._stopping.is_set():
            for duty in group:
                now = clock.now()
                if due[duty.name] <= now and not self._stopping.is_set():
                    due[duty.name] = now + min(duty.every, _LONG)  # the clock may be set back
                    self._try(duty, now)
            wait = (min(due.values()) - clock.now()).total_seconds()
            self._stopping.wait(min(max(wait, 0.0), _LONGEST_SLEEP))

    def _try(self, duty: Duty, now: datetime) -> None:
        try:
            if self._is_ours(duty, now):
                self._finish(duty, duty.run(self._database, now))
        except Exception:  # noqa: BLE001 - whatever one duty meets, the others go on
            _log.exception("duty.failed", duty=duty.name)
            self._told(duty.name, False)  # noqa: FBT003 - whether it succeeded
            self._postpone(duty)

    def _is_ours(self, duty: Duty, now: datetime) -> bool:
        if not duty.is_long:
            return True
        with self._database.begin() as tx:
            return duties.claim(tx, duty.name, duty.every, now)

    def _finish(self, duty: Duty, done: int) -> None:
        self._told(duty.name, True)  # noqa: FBT003 - whether it succeeded
        if done:
            _log.info("duty.done", duty=duty.name, count=done)
        if duty.is_long:
            with self._database.begin() as tx:
                duties.ended(tx, duty.name, clock.now(), done)

    def _postpone(self, duty: Duty) -> None:
        """Try a failed duty again sooner than its interval, if the database can be told."""
        if not duty.is_long:
            return
        try:
            with self._database.begin() as tx:
                duties.failed(tx, duty.name, clock.now() + min(duty.every, _RETRY))
        except DidbanError:
            _log.exception("duty.unreachable", duty=duty.name)
