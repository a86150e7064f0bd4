"""Work in pieces: in this process, shared among several, or spread over Spark; equal results."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from didban.screening.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")


def spread(
    pieces: Iterable[_Piece],
    prepare: Callable[[], Callable[[_Piece], _Result]],
    *,
    workers: int,
    spark: str | None,
) -> Iterator[_Result]:
    """Yield the result of each piece, in the order of the pieces.

    - `workers`: the number of processes here, at least 1.
    - `spark`: the master of a cluster that works in their place.

    `prepare` is called once wherever pieces are worked on. Raises what the work raises, and
    Unavailable where a worker is gone or there is no Spark.
    """
    if spark is None and workers == 1:
        yield from map(prepare(), pieces)
        return
    team: Workers[_Piece, _Result] | Cluster[_Piece, _Result]
    if spark is None:
        team = Workers(workers, prepare)
    else:
        from didban.screening.spark import Cluster  # noqa: PLC0415 - an extra, and slow to start

        team = Cluster(spark, prepare)
    try:
        yield from team.map(pieces)
    finally:
        team.close()
