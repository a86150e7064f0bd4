"""Official files into a snapshot: built whole, or brought up to date without a rebuild.

    sources ── readers ── changes ──> SnapshotBuilder ── commit ──> manifest replaced in one step

- Until the commit nobody sees anything; a source that is refused whole ends the work, and the
  snapshot stays what it was.
- A record that comes twice in one dataset counts once, as it came last. One identifier in two
  datasets is one record with what both say of it (`didban.screening.parts`).
- A new publication of a list withdraws what it no longer lists, as far as it could be read
  (`didban.intake.withdrawals`). A delta only does what it says.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from didban.errors import InvalidFile, InvalidInput, Unavailable
from didban.intake.readers import READERS, is_delta
from didban.intake.readers.base import Reject
from didban.intake.withdrawals import Doubts
from didban.match.index.manifest import MANIFEST, DatasetInfo, Manifest
from didban.match.snapshot import SnapshotBuilder
from didban.screening.parts import joined, parts_of
from didban.screening.quality import Quality
from didban.screening.workers import Helper, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from didban.intake.readers.base import Change, Source
    from didban.intake.rejects import Rejects
    from didban.model.records import Record

    Progress = Callable[[str, int], None]


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_MAY_BE_EMPTY = frozenset({"csv", "ftm", "stolen-documents"})  # a new list of one's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What one dataset did to the snapshot. `unchanged` records were left where they were.

    `held_back` of them are not named by the publication, which could not be read well enough to
    withdraw them.
    """

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    held_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was made: the manifest, and the counts by dataset in the order of the sources."""

    manifest: Manifest
    counts: dict[str, Count]


def build(
    out: Path,
    sources: Iterable[Source],
    *,
    rejects: Rejects,
    now: datetime,
    progress: Progress | None = None,
) -> Report:
    """Make the snapshot `out` of these sources alone; an older one there is replaced.

    `progress` is told the dataset and how many records of it were read. Raises `InvalidFile` for a
    source that is not what it claims, and leaves `out` as it was then; `InvalidInput` when `out` is
    a folder of something else; `Unavailable` when another build or update is under way there.
    """
    _refuse_foreign_folder(out)
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with _locked(out), _helper() as helper:
            builder = SnapshotBuilder(out, helper=helper)
            return _make(builder, sources, _Work(rejects, now, progress))
    except BaseException:
        if is_new:
            with contextlib.suppress(OSError):
                out.rmdir()
        raise


def update(
    snapshot: Path,
    sources: Iterable[Source],
    *,
    rejects: Rejects,
    now: datetime,
    progress: Progress | None = None,
    allow_withdrawals: bool = False,
) -> Report:
    """Bring these datasets of a snapshot up to date; the others stay as they are.

    `allow_withdrawals` carries out what would be held back because rows were refused or a file
    breaks off; an entry whose own row was refused stays even so. Raises `NotFound` when there is no snapshot; else as `build` does.
    """
    Manifest.read(snapshot)
    with _locked(snapshot), _helper() as helper:
        manifest = Manifest.read(snapshot)
        work = _Work(rejects, now, progress, manifest.datasets, allow_withdrawals)
        builder = SnapshotBuilder(snapshot, onto=manifest, helper=helper)
        return _make(builder, sources, work)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a build or an update was called with; `standing` is what was there before."""

    rejects: Rejects
    now: datetime
    progress: Progress | None
    standing: tuple[DatasetInfo, ...] = ()
    allow_withdrawals: bool = False


def _make(builder: SnapshotBuilder, sources: Iterable[Source], work: _Work) -> Report:
    """Apply every source and publish the result, or leave no trace."""
    datasets: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        datasets[source.name].append(source)
    counts: dict[str, Count] = {}
    try:
        for name, files in datasets.items():
            dataset = _Dataset(builder, name, work)
            dataset.apply(files)
            counts[name] = dataset.count
            builder.dataset(dataset.info(files[-1]))
        manifest = builder.commit(built_at=work.now)
    except BaseException:
        builder.abandon()
        raise
    return Report(manifest=manifest, counts=counts)


class _Dataset:
    """One dataset while its files are applied to it.

    `_known` holds a fingerprint of each record that stands in the dataset: sixteen bytes instead
    of the record, so that a list of any size can be compared with its next publication.
    """

    def __init__(self, builder: SnapshotBuilder, name: str, work: _Work) -> None:
        self._builder = builder
        self._name = name
        self._work = work
        self._quality = Quality()
        self._before: dict[str, bytes] = {}
        for record in builder.older(name):
            own = parts_of(record)[name]
            self._before[record.id] = _fingerprint(own)
            self._quality.add(own)
        self._known = dict(self._before)
        self._doubts = Doubts(self._before.keys(), work.rejects)
        self._held_back = 0
        self._is_delta = False
        self._standing = next((d for d in work.standing if d.name == name), None)

    def apply(self, files: Iterable[Source]) -> None:
        """Apply all files of one command in their order.

        Whole files are parts of one publication: what none of them lists is withdrawn. One of
        nobody is refused: more likely than not, something went wrong when it was fetched or saved.
        """
        seen: set[str] = set()
        names: list[str] = []
        is_publication, may_be_empty = False, True
        progress = self._work.progress
        for source in files:
            for change in READERS[source.kind].read(source, self._doubts):
                self._change(change)
                seen.add(change.id)
                if progress:
                    progress(self._name, len(seen))
            is_publication |= not is_delta(source)
            names.append(source.path.name)
            may_be_empty &= source.kind in _MAY_BE_EMPTY
        is_cut = self._doubts.is_cut
        if is_publication and not seen and not is_cut and (self._known or not may_be_empty):
            message = "holds no entry: as a publication it would delist everybody"
            raise InvalidFile(f"{', '.join(names)}: {message}")
        self._is_delta = not is_publication
        if is_publication:
            self._withdraw_all(self._known.keys() - seen)

    def _withdraw_all(self, unlisted: set[str]) -> None:
        """Withdraw what a publication does not name, as far as it can be trusted in that."""
        gone = unlisted - self._doubts.named
        if self._doubts.forbid(len(gone)) and not self._work.allow_withdrawals:
            gone = set()
        gone = {identifier for identifier in gone if not self._is_refused(identifier)}
        kept = unlisted - gone
        for identifier in gone:
            self._withdraw(identifier)
        self._held_back = len(kept)
        if kept:
            reason = "a file breaks off" if self._doubts.is_cut else "rows were refused"
            reason = f"{reason}: {len(kept)} records that it does not name stay listed"
            self._work.rejects(
                Reject(source=self._name, line=None, reason=reason, row="", is_note=True)
            )

    def _is_refused(self, identifier: str) -> bool:
        """Whether a refused row of the publication names what stands under this identifier."""
        own = self._parts(identifier).get(self._name) if self._doubts.refused else None
        return own is not None and self._doubts.are_about(own)

    @property
    def count(self) -> Count:
        """What happened to the dataset, from before its first file to now."""
        before, now = self._before, self._known
        both = before.keys() & now.keys()
        changed = sum(1 for key in both if before[key] != now[key])
        return Count(
            added=len(now) - len(both),
            changed=changed,
            withdrawn=len(before) - len(both),
            unchanged=len(both) - changed,
            held_back=self._held_back,
        )

    def info(self, source: Source) -> DatasetInfo:
        """Return what the snapshot says of this dataset. A delta does not fill older gaps."""
        published = READERS[source.kind].source_date(source)
        older = self._standing if self._is_delta else None
        return DatasetInfo(
            name=self._name,
            kind=source.kind,
            published_at=published.isoformat() if published else None,
            read_at=self._work.now.isoformat(),
            records=len(self._known),
            rejects=self._doubts.refused + (older.rejects if older else 0),
            quality=self._quality.to_json(),
            breaks_off=self._doubts.is_cut or bool(older and older.breaks_off),
        )

    def _change(self, change: Change) -> None:
        if change.record is None:
            self._withdraw(change.id)
            return
        mark = _fingerprint(change.record)
        if self._known.get(change.id) == mark:
            return
        parts = self._parts(change.id)
        if (own := parts.get(self._name)) is not None:
            self._quality.add(own, times=-1)
        self._known[change.id] = mark
        self._quality.add(change.record)
        self._builder.add(joined((parts | {self._name: change.record}).values()))

    def _withdraw(self, identifier: str) -> None:
        if self._known.pop(identifier, None) is None:
            return
        parts = self._parts(identifier)
        if (own := parts.pop(self._name, None)) is not None:
            self._quality.add(own, times=-1)
        if parts:
            self._builder.add(joined(parts.values()))
        else:
            self._builder.withdraw(identifier)

    def _parts(self, identifier: str) -> dict[str, Record]:
        """Return what each dataset says under this identifier as it stands now."""
        standing = self._builder.record(identifier)
        return parts_of(standing) if standing is not None else {}


def _fingerprint(record: Record) -> bytes:
    """Return what changes when the record does. When it was seen last is not a change."""
    data = record.to_json()
    data.pop("last_seen", None)
    text = _ENCODE(data).encode(errors="replace")
    return hashlib.blake2b(text, digest_size=16).digest()


def _refuse_foreign_folder(out: Path) -> None:
    """Keep a mistyped path from mixing a snapshot into somebody's files."""
    if out.exists() and not out.is_dir():
        raise InvalidInput(f"{out} is a file; a snapshot is a folder")
    if out.is_dir() and not (out / MANIFEST).exists():
        foreign = [path.name for path in out.iterdir() if not _is_left_over(path)]
        if foreign:
            raise InvalidInput(f"{out} holds other files ({min(foreign)}); name a new folder")


def _is_left_over(path: Path) -> bool:
    """Whether a build that was killed may have left this file."""
    return path.suffix == ".didban" or path.name.startswith(MANIFEST)


def _helper() -> contextlib.AbstractContextManager[Helper | None]:
    """Return a helper for as long as a build takes, where there is a processor for it."""
    return Helper() if cores() > 1 else contextlib.nullcontext()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time write to a snapshot; readers are never held up."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unavailable(f"another build or update of {folder} is under way") from error
    finally:
        os.close(handle)
