"""A wire that can be cut: a TCP proxy before the endpoint of a node."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

_CHUNK = 65_536


class Link:
    """The way to one node. Cut, it drops what is open and takes nothing new."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._listener = socket.create_server(("127.0.0.1", port))
        self.carried = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Carry until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.cut()
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._thread.join()
        self._listener.close()

    def cut(self) -> None:
        """Cut it."""
        with self._lock:
            self._is_cut = True
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
            self._open.clear()

    def heal(self) -> None:
        """Carry again."""
        with self._lock:
            self._is_cut = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(caller,), daemon=True).start()

    def _carry(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError):
            if self._is_cut:
                return
            with socket.create_connection(("127.0.0.1", self._target), timeout=5) as called:
                called.settimeout(None)
                if not self._opened(caller, called):
                    return
                back = threading.Thread(target=self._copy, args=(called, caller), daemon=True)
                back.start()
                self._copy(caller, called)
                back.join()
                with self._lock:
                    self._open -= {caller, called}

    def _opened(self, *ends: socket.socket) -> bool:
        """Note the ends of a connection, unless the link was cut meanwhile."""
        with self._lock:
            if not self._is_cut:
                self._open.update(ends)
            return not self._is_cut

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                target.sendall(data)
                self.carried += len(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
