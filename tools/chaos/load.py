"""What desks do meanwhile: they report stolen documents, and take some reports back.

Whatever was acknowledged is remembered; what was not is sent again under the same key until it is,
as every client of the interface may.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Self

from tools.chaos import desks
from tools.chaos.desks import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from didban.store.database import Database
    from tools.chaos.nodes import LocalNode

_AGAIN: Final = 0.2  # seconds
_BETWEEN: Final = 0.05  # seconds between two deeds of one desk
_MOST: Final = 5  # documents of one report
_TAKEN_BACK: Final = 0.25  # of the reports
_BUSY: Final = {HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(slots=True)
class Load:
    """One desk of one node that works as long as the block lasts.

    - `live`, `withdrawn`: identifiers of records, as the node acknowledged them.
    - `failed`: what a node refused that it must not.
    """

    node: LocalNode
    database: Database
    seed: int
    live: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin to work."""
        desk = desks.recorder(self.node, self.database)
        self._thread = threading.Thread(target=self._work, args=(desk,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Finish what was begun."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self, desk: desks.Desk) -> None:
        chance = random.Random(f"{self.seed} {self.node.code}")  # noqa: S311 - repeatable
        try:
            self._report(desk, chance)
        finally:
            desk.hang_up()

    def _report(self, desk: desks.Desk, chance: random.Random) -> None:
        """Report, and take some of it back, until the block ends."""
        number = 0
        while not self._stopping.is_set():
            count = chance.randint(1, _MOST)
            numbers = [f"{self.node.code[1:].upper()}{number + n:07}" for n in range(count)]
            key = f"report-{self.node.code}-{self.seed}-{number:08}"
            made = self._done(partial(desk.report, numbers, key=key))
            self.live.update(made or ())
            number += count
            if self.live and chance.random() < _TAKEN_BACK:
                self._take_back(desk, chance.choice(sorted(self.live)))
            self._stopping.wait(_BETWEEN)

    def _take_back(self, desk: desks.Desk, record: str) -> None:
        body = {"expected_version": 1, "ground": "error", "reason": "found at home"}
        path, key = f"/records/{record}/withdrawals", f"back-{record}"
        if self._done(partial(desk.ask, "POST", path, body, key=key)) is not None:
            self.live.discard(record)
            self.withdrawn.add(record)

    def _done(self, deed: Callable[[], Any]) -> Any:
        """Do something until it is acknowledged; None where it was refused."""
        while True:
            try:
                return deed()
            except ConnectionError:
                time.sleep(_AGAIN)
            except Refused as refused:
                if refused.status not in _BUSY:
                    self.failed.append(str(refused))
                    return None
                time.sleep(_AGAIN)
