"""Processes that answer beside others on one port."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import threading
from typing import TYPE_CHECKING, Final

from uvicorn.supervisors import Multiprocess

from didban.errors import Unavailable

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess

    import uvicorn

_GLANCE: Final = 0.1  # seconds for which a worker that starts is listened to
_SILENCE: Final = 30  # after so many seconds without a word it is replaced; a busy machine is slow


class Workers(Multiprocess):
    """The workers of one port, as many as `config` has; one that dies is replaced.

    `answers` is called once, when the first of them answers: until then whoever asks waits for
    everything to be loaded.
    """

    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, answers: Callable[[], None]
    ) -> None:
        config.timeout_worker_healthcheck = _SILENCE
        super().__init__(config, [listener])
        self._answers = answers
        self._is_answering = False
        self._has_failed = False

    def run(self) -> None:
        """Start them, and look after them until this process is told to stop.

        Raises Unavailable when one ends before any answers: the next would end as it did.
        """
        super().run()
        if self._has_failed:
            raise Unavailable("a worker ended before it could answer: it said why before this")

    def keep_subprocess_alive(self) -> None:
        """Replace those that died; before any answers, wait for the first that does."""
        if self._is_answering or self.should_exit.is_set():
            super().keep_subprocess_alive()
        elif any(worker.exitcode is not None for worker in self.processes):
            # Told to stop (Ctrl-C reaches the workers too), ending is no failure.
            self._has_failed = not self.signal_queue
            self.should_exit.set()
        elif any(worker.is_ready(_GLANCE) for worker in self.processes):
            self._is_answering = True
            self._answers()


def end_with_parent(shared: str | None = None) -> None:
    """Stop when the parent has: a worker that outlived it would keep the port.

    `shared` is a folder that the parent would have removed, had it not been killed.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent, shared), daemon=True).start()


def _wait_for(parent: BaseProcess, shared: str | None) -> None:
    parent.join()
    if shared is not None:
        shutil.rmtree(shared, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
