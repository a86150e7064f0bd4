"""Work shared among processes, with the results in the order of the work.

Each worker is one process with one pipe. It gets one piece at a time and the next as soon as it
has answered, so that a slow piece holds nobody up; results that come early wait for their turn.

- A worker whose parent is killed sees its pipe close and ends: nothing is left behind.
- A worker that is killed is noticed at once, and ends the run with `Unavailable`: results are never
  skipped.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from didban.errors import DidbanError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.process import BaseProcess

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")

_AHEAD = 8  # pieces for each worker that may be finished before their turn: bounds memory


class Workers(Generic[_Piece, _Result]):
    """A fixed set of processes that all run `function` of what `prepare` returned in each."""

    def __init__(
        self,
        count: int,
        prepare: Callable[[], Callable[[_Piece], _Result]],
    ) -> None:
        self._pipes: list[Connection] = []
        self._processes: list[BaseProcess] = []
        for _ in range(count):
            process, pipe = _begin(prepare, self._pipes)
            self._pipes.append(pipe)
            self._processes.append(process)

    def map(self, pieces: Iterable[_Piece]) -> Iterator[_Result]:
        """Yield the result of each piece, in the order of the pieces.

        Reads at most a bounded number of pieces ahead. Raises the error that a worker raised, and
        `Unavailable` when one is gone.
        """
        source = enumerate(pieces)
        idle = list(self._pipes)
        busy: dict[Connection, int] = {}
        early: dict[int, _Result] = {}
        turn = 0
        upcoming = next(source, None)  # read while the workers are busy
        while True:
            while idle and upcoming is not None and len(early) < _AHEAD * len(self._pipes):
                pipe = idle.pop()
                number, piece = upcoming
                _send(pipe, piece)
                busy[pipe] = number
                upcoming = next(source, None)
            while turn in early:
                yield early.pop(turn)
                turn += 1
            if not busy and upcoming is None:
                return
            # None is busy where all waited for the piece whose turn it was.
            for ready in wait(list(busy)) if busy else ():
                pipe = cast("Connection", ready)
                early[busy.pop(pipe)] = _receive(pipe)
                idle.append(pipe)

    def close(self) -> None:
        """End the processes; what they had under way is lost."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            _end(process)


class Helper:
    """A process that takes pieces of work off this one's hands, one at a time.

    It begins with the first piece. It is a context manager: at the end of the block it is gone.
    """

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._under_way: _Awaited | None = None

    def take(self, work: Callable[[Any], Any], piece: object) -> Callable[[], Any] | None:
        """Begin a piece and return how to wait for its result; None while busy with another.

        `work` is a function that can be named from another process. Raises the error that it
        raised there, and `Unavailable` when the process is gone; so does waiting.
        """
        if self._pipe is None:
            self._process, self._pipe = _begin(_worker_of_any)
        if self._under_way:
            if not (self._under_way.is_here or self._pipe.poll()):
                return None
            self._under_way.receive()
        _send(self._pipe, (work, piece))
        self._under_way = _Awaited(self._pipe)
        return self._under_way.receive

    def close(self) -> None:
        """End the process; what it had under way is lost."""
        if self._pipe and self._process:
            self._pipe.close()
            _end(self._process)
        self._process = self._pipe = self._under_way = None

    def __enter__(self) -> Self:
        """Return the helper."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()


class _Awaited:
    """A result that a process will send, received once."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._result: Any = None
        self.is_here = False

    def receive(self) -> Any:
        """Wait for the result and return it."""
        if not self.is_here:
            self._result = _receive(self._pipe)
            self.is_here = True
        return self._result


def _worker_of_any() -> Callable[[tuple[Callable[[Any], Any], Any]], Any]:
    return lambda asked: asked[0](asked[1])


def is_worker() -> bool:
    """Return whether this process was started to work for another, and ends with that work."""
    return multiprocessing.parent_process() is not None


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(
    prepare: Callable[[], Callable[[Any], Any]], others: Sequence[Connection] = ()
) -> tuple[BaseProcess, Connection]:
    """Start a worker beside those of the other pipes; return it and our end of its own."""
    # A fork shares what is loaded; elsewhere a fresh interpreter is the only safe way.
    method = "fork" if sys.platform == "linux" else "spawn"
    context: Any = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    inherited = [*others, ours] if method == "fork" else []
    process = context.Process(target=_serve, args=(theirs, inherited, prepare), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _end(process: BaseProcess) -> None:
    process.join(timeout=1)
    if process.is_alive():
        process.kill()
        process.join()


def _serve(
    pipe: Connection,
    inherited: list[Connection],
    prepare: Callable[[], Callable[[_Piece], _Result]],
) -> None:
    """Answer pieces until the pipe closes. Runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it closes our pipe
    for other in inherited:  # else the pipe of a killed parent would stay open through us
        other.close()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            work = prepare()
            while True:
                pipe.send((work(pipe.recv()), None))
        except DidbanError as error:
            pipe.send((None, error))


def _send(pipe: Connection, piece: object) -> None:
    try:
        pipe.send(piece)
    except (BrokenPipeError, ConnectionResetError) as error:
        if pipe.poll():
            _receive(pipe)  # it left a reason before it went
        raise Unavailable(_GONE) from error


def _receive(pipe: Connection) -> Any:
    try:
        result, error = pipe.recv()
    except (EOFError, ConnectionResetError) as gone:
        raise Unavailable(_GONE) from gone
    if error is not None:
        raise error
    return result


_GONE = (
    "a worker process ended unexpectedly (out of memory?); what is written is whole: "
    "run this again, a batch with --resume"
)
