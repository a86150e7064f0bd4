"""Screen a whole list: every person of a file against the snapshot, one line of answer for each.

    records ── pieces ──> workers (each with the snapshot mapped) ── lines, in order ──> OUT

- One line per query, in the order of the input, the same bytes whatever the number of workers.
- A kill at any moment leaves whole lines; `resume` goes on after the last of them.
- The run leaves one entry in the check log, also when it is killed (`didban.guard.check_log`).
- An expired snapshot screens nothing: an empty result would read as "nothing found" (PR-43).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from didban.errors import InvalidInput, SnapshotExpired
from didban.guard.entries import Outcome
from didban.match.garbage import no_collection
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.documents import Document
from didban.model.records import Record
from didban.screening.output_file import OutputFile
from didban.screening.results import result_json
from didban.screening.spreading import spread
from didban.screening.workers import is_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from didban.guard.check_log import CheckLog, Run
    from didban.guard.reasons import Reason
    from didban.screening.check import Depth
    from didban.screening.freshness import Freshness

PIECE = 200  # records handed to a worker at once: about 0.1 s of work


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to screen, against what, how. `workers` and `spark` say where (`spreading.spread`)."""

    snapshot: Path
    output: Path
    depth: Depth
    workers: int = 1
    spark: str | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run went, or how it goes. `asked` and `matched` count the lines of OUT as a whole.

    `resumed_after` of them were there before this run.
    """

    asked: int = 0
    matched: int = 0
    results: int = 0
    resumed_after: int = 0
    is_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """The answer to one piece: its lines, and what is in them."""

    lines: bytes
    asked: int
    matched: int
    results: int


def screen(
    records: Iterable[Record],
    job: Job,
    *,
    log: CheckLog,
    reason: Reason,
    freshness: Freshness,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Screen all records and return the summary.

    Raises `SnapshotExpired`, and what reading the first record raises, before OUT is touched;
    `InvalidInput` when OUT cannot be resumed with this input and these options; `Unavailable` when
    a worker is gone.
    """
    built_at = freshness.built_at.isoformat()
    if freshness.is_expired:
        log.append(reason, command="screen", snapshot=built_at, outcome=Outcome.UNKNOWN)
        raise SnapshotExpired(
            f"the snapshot was built {built_at} and is older than its hard limit:"
            " nothing was screened, and nothing is known"
        )
    readable = iter(records)
    # A file that is refused whole is refused here, before OUT is touched.
    begun = chain(list(islice(readable, 1)), readable)
    output = OutputFile(job.output, _conditions(job, built_at), resume=job.resume)
    run = log.begin(reason, command="screen", snapshot=built_at)
    outcome = Outcome.FAILED
    try:
        summary = _screen(begun, job, output, run, progress)
        output.close()
        outcome = Outcome.DONE
    except KeyboardInterrupt:
        outcome = Outcome.INTERRUPTED
        raise
    finally:
        output.close()
        run.end(outcome)
    return summary


def _screen(
    records: Iterator[Record],
    job: Job,
    output: OutputFile,
    run: Run,
    progress: Callable[[Summary], None],
) -> Summary:
    before = output.written
    summary = Summary(asked=before.lines, matched=before.matched, resumed_after=before.lines)
    progress(summary)
    remaining = _skip(records, before.lines, before.last_id)
    prepare = partial(_prepare, job.snapshot, job.depth)
    for piece in spread(_pieces(remaining), prepare, workers=job.workers, spark=job.spark):
        summary = replace(
            summary,
            asked=summary.asked + piece.asked,
            matched=summary.matched + piece.matched,
            results=summary.results + piece.results,
        )
        # First the trace, then the answers: a kill in between must not leave answers untraced.
        run.update(asked=summary.asked - before.lines, matched=summary.matched - before.matched)
        output.write(piece.lines)
        progress(summary)
    return replace(summary, is_finished=True)


def _prepare(path: Path, depth: Depth) -> Callable[[list[_Packed]], _Piece]:
    """Open the snapshot and return what answers a piece. Runs in each worker."""
    snapshot = Snapshot.open(path)
    return partial(_answer, snapshot, depth)


def _answer(snapshot: Snapshot, depth: Depth, piece: list[_Packed]) -> _Piece:
    # What is remembered of names stays, and is much to look through.
    with no_collection(for_good=is_worker()):
        return _answered(snapshot, depth, piece)


def _answered(snapshot: Snapshot, depth: Depth, piece: list[_Packed]) -> _Piece:
    lines = []
    matched = results = 0
    for packed in piece:
        record = _unpack(packed)
        found = snapshot.match(
            query_from_record(record),
            limit=depth.limit,
            threshold=depth.searched_from,
            mode=depth.mode,
        )
        matched += any(match.match for match in found)
        shown = [result_json(match) for match in found if match.score >= depth.shown_from]
        results += len(shown)
        lines.append(json.dumps({"id": record.id, "results": shown}, ensure_ascii=False))
    text = "".join(f"{line}\n" for line in lines)
    return _Piece(
        lines=text.encode("utf-8", errors="replace"),
        asked=len(piece),
        matched=matched,
        results=results,
    )


def _pieces(records: Iterator[Record]) -> Iterator[list[_Packed]]:
    while piece := [_pack(record) for record in islice(records, PIECE)]:
        yield piece


def _skip(records: Iterator[Record], count: int, last_id: str | None) -> Iterator[Record]:
    """Return the records after the first `count`; the last of those must be the one in OUT."""
    last = None
    for last in islice(records, count):  # noqa: B007 - only the last one is needed
        pass
    if count and (last is None or last.id != last_id):
        raise InvalidInput("the output belongs to another input; run without --resume")
    return records


def _conditions(job: Job, built_at: str) -> dict[str, Any]:
    """Return what the lines of OUT depend on beside the input."""
    return {
        "snapshot": built_at,
        "mode": job.depth.mode.value,
        "limit": job.depth.limit,
        "threshold": job.depth.shown_from,
    }


# A record in plain tuples: what crosses between processes several times faster than the classes.
_Packed = tuple[str, str, dict[str, tuple[str, ...]], tuple[tuple[str | None, ...], ...]]
_DOCUMENT_FIELDS = tuple(Document.__dataclass_fields__)


def _pack(record: Record) -> _Packed:
    documents = tuple(
        tuple(getattr(document, name) for name in _DOCUMENT_FIELDS) for document in record.documents
    )
    return record.id, record.schema, dict(record.properties), documents


def _unpack(packed: _Packed) -> Record:
    identifier, schema, properties, documents = packed
    return Record(
        id=identifier,
        schema=schema,
        properties=properties,
        documents=tuple(
            Document(**dict(zip(_DOCUMENT_FIELDS, values, strict=True)))  # type: ignore[arg-type]
            for values in documents
        ),
    )
