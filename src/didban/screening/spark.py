"""Work shared among the machines of a Spark cluster, with the results in the order of the work.

The same pieces and the same function as `didban.screening.workers`, so the results are equal; Spark
decides who does what, and does anew what a lost machine had. Every machine needs Didban and the
snapshot at the same path. Pieces are sent in rounds, so that memory does not grow with the work.
"""

from __future__ import annotations

import os
import pickle
import sys
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from didban.errors import DidbanError, Unavailable

try:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
except ModuleNotFoundError as missing:
    raise Unavailable(
        f"{missing.name} is missing: install Didban with Spark, didban[spark]"
    ) from missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")

_PIECES_OF_A_TASK: Final = 8  # a task costs some 10 ms; a piece is about 0.1 s of work
_TASKS_OF_A_ROUND: Final = 4  # for each core: a slow task at the end of a round idles few

_SETTINGS: Final = {
    "spark.ui.enabled": "false",  # it would serve what is compared to whoever asks
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


class Cluster(Generic[_Piece, _Result]):
    """A Spark application that runs `function` of what `prepare` returned in each of its workers."""

    def __init__(self, master: str, prepare: Callable[[], Callable[[_Piece], _Result]]) -> None:
        """Start it. Raises Unavailable where Spark does not start: no Java, no such master."""
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        if master.startswith("local"):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # nobody else has business here
        builder = SparkSession.builder.master(master).appName("didban")
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        try:
            self._session = builder.getOrCreate()
        except (Py4JError, PySparkException) as error:
            raise Unavailable(f"Spark does not start at {master}: is there Java 17?") from error
        self._prepare = pickle.dumps(prepare)

    def map(self, pieces: Iterable[_Piece]) -> Iterator[_Result]:
        """Yield the result of each piece, in the order of the pieces.

        Raises the error that the work raised, and Unavailable when Spark gave up.
        """
        context = self._session.sparkContext
        size = _PIECES_OF_A_TASK * _TASKS_OF_A_ROUND * context.defaultParallelism
        source = iter(pieces)
        prepare = self._prepare
        while batch := list(islice(source, size)):
            tasks = -(-len(batch) // _PIECES_OF_A_TASK)
            round_ = context.parallelize(batch, tasks).map(lambda piece: _work(prepare, piece))
            try:
                answers = round_.collect()
            except (Py4JError, PySparkException) as error:
                raise Unavailable("Spark gave up; its log says why") from error
            for result, failure in answers:
                if failure is not None:
                    raise failure
                yield result

    def close(self) -> None:
        """End the application; what it had under way is lost."""
        self._session.stop()


def _work(prepare: bytes, piece: Any) -> tuple[Any, DidbanError | None]:
    """Answer one piece. Runs in a worker, which keeps what it has prepared."""
    try:
        return _prepared(prepare)(piece), None
    except DidbanError as error:
        return None, error


@lru_cache(maxsize=1)
def _prepared(prepare: bytes) -> Callable[[Any], Any]:
    function: Callable[[], Callable[[Any], Any]] = pickle.loads(prepare)  # noqa: S301 - our own, from the driver
    return function()
