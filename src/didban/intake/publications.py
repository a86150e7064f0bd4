"""An official list into the bank: its publisher is an owner, each publication a version.

    file -- reader --> prepared rows -- COPY --> staged -- compared in ranges --> record, change

- The same file again does nothing. A record that says what it said is not touched; another text is
  a new version; what is not listed any more is withdrawn, unless the publication could not be read
  as it was meant (`didban.intake.withdrawals`). A delta only does what it says.
- Who follows the bank sees each range as soon as it is merged. A process that is killed leaves what
  it merged; the same file again goes on from there, and does nothing twice.
- A list never changes a record of anybody else: one under an identifier that is taken is kept under
  another (PR-07).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import InvalidFile, NotPermitted, Unavailable
from didban.guard import access, audit
from didban.guard.corrections import DISCLOSURES
from didban.ids import new_id
from didban.intake.readers import READERS, is_delta
from didban.intake.readers.base import Reject
from didban.intake.withdrawals import Doubts
from didban.model.actors import Authority, AuthorityKind
from didban.model.bank import BankRecord, RecordState
from didban.model.deeds import Deed
from didban.model.permissions import Permission, Role
from didban.model.records import Record
from didban.model.retention import RetentionPolicy, maximum_for
from didban.store import authorities, corrections, publications
from didban.store.publications import Edition, Merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from didban.intake.readers.base import Source
    from didban.intake.rejects import Rejects
    from didban.model.actors import Actor
    from didban.model.marking import Marking
    from didban.model.publications import PublicationReport
    from didban.store.database import Database, Transaction

    Progress = Callable[[str, int], None]

BATCH: Final = 4_000
"""Records of one transaction: about a quarter of a second."""

CONFIRM_AFTER_DAYS: Final = publications.CONFIRM_AFTER_DAYS
"""After so many days even the same file is read again, to confirm that its records still stand."""

MAX_ID_BYTES: Final = 1024
"""Longest identifier; an index cannot hold a much longer one."""

_MAY_BE_EMPTY: Final = frozenset({"csv", "ftm", "stolen-documents"})  # a new list of one's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the records of a list are kept.

    - `marking`: of every record; its `verified_on` and `retention_until` are set by the publication.
    - `publisher`: the owner's name in words, for a publisher that is new to the bank.
    """

    marking: Marking
    publisher: str = ""
    policy: RetentionPolicy = field(default_factory=RetentionPolicy)
    allow_withdrawals: bool = False


def take_in(  # noqa: PLR0913 - what, by whom, on which terms, when; who is told
    database: Database,
    actor: Actor,
    source: Source,
    terms: Terms,
    *,
    rejects: Rejects,
    now: datetime,
    progress: Progress | None = None,
) -> PublicationReport:
    """Bring the bank to what a publication says, and return what that changed.

    Only a publisher's list, or one of the actor's own authority. Raises NotPermitted; InvalidFile
    for a file that is not what it claims, and the bank is left as it was; Unavailable while another
    process takes in the same list.
    """
    published_on = READERS[source.kind].source_date(source)
    digest = _digest(source, terms)
    with database.begin() as tx:
        access.require(actor, Permission.BANK_LIST_TAKE_IN)
        require_owner(tx, actor, terms.marking.owner, terms.publisher, now)
        since = now - timedelta(days=CONFIRM_AFTER_DAYS)
        if (known := publications.repeated(tx, source.name, digest, since)) is not None:
            return replace(known, is_repeated=True)
    name = f"take in {source.name}"
    with database.exclusively(name) as is_ours, database.connect() as connection:
        if not is_ours:
            raise Unavailable(f"{source.name} is being taken in by another process")
        work = _Intake(
            connection=connection,
            database=database,
            actor=actor,
            source=source,
            terms=terms,
            rejects=rejects,
            progress=progress,
        )
        return work.run(digest, published_on, now)


@dataclass(kw_only=True)
class _Intake:
    """One publication while it is taken in: what `take_in` was called with, and one connection."""

    connection: Transaction
    database: Database
    actor: Actor
    source: Source
    terms: Terms
    rejects: Rejects
    progress: Progress | None

    def __post_init__(self) -> None:
        """Begin with nothing read and no doubts."""
        self._known = _Standing(self.database, self.terms.marking.owner, self.source.name)
        self._doubts = Doubts(self._known, self.rejects)
        self._until: dict[str, date] = {}
        self._read = self._barred = 0

    def run(self, digest: bytes, published_on: date | None, now: datetime) -> PublicationReport:
        """Take it in whole."""
        with self._transaction() as tx:
            publications.open_staging(tx)
            owner, name = self.terms.marking.owner, self.source.name
            self._is_new = not publications.has_any(tx, owner, name)
            self._begin(tx, digest, published_on, now)
        self._read_in(now.date())
        listed = self._named()
        held_back = 0 if is_delta(self.source) else self._withdraw()
        with self._transaction() as tx:
            done = {
                "taken_in_at": max(now, clock.now()),
                "listed": listed,
                "barred": self._barred,
                "held_back": held_back,
                "refused": self.rejects.refused[name],
                "noted": self.rejects.noted[name],
                "is_cut": self._doubts.is_cut,
            }
            report = publications.finish(tx, self._id, done)
            audit.enter(tx, self.actor, Deed.LIST_TAKEN_IN, subject=name, facts=_facts(report))
        return report

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self.connection.begin():
            yield self.connection

    def _begin(
        self, tx: Transaction, digest: bytes, published_on: date | None, now: datetime
    ) -> None:
        """Open the publication's row, and work out what its records have in common."""
        marking = self.terms.marking
        row = {
            "id": new_id("pub"),
            "dataset": self.source.name,
            "kind": self.source.kind,
            "owner": marking.owner,
            "digest": digest,
            "published_on": published_on,
            "begun_at": now,
        }
        self._id = publications.begin(tx, row)
        template = BankRecord(
            entity=Record(id="", schema="", properties={}),
            marking=replace(marking, verified_on=published_on or now.date()),
            alert=None,
            state=RecordState.ACTIVE,
            version=1,
            recorded_at=clock.now(),
            recorded_by=self._id,
            dataset=self.source.name,
        )
        until = now.date() + timedelta(days=self.terms.policy.withdrawn_days)
        self._edition = Edition(tx, template, withdrawn_until=until)
        audit.enter(tx, self.actor, Deed.LIST_BEGUN, subject=self.source.name)

    def _read_in(self, today: date) -> None:
        """Bring the file's records into the bank.

        - A list that the bank has seen before is staged whole, so that of a record that comes twice
          only the last word is compared with what stands.
        - One that is new is merged while it is read: whoever follows the bank begins at once.
        """
        lines = self._lines(today)
        while batch := list(itertools.islice(lines, BATCH)):
            with self._transaction() as tx:
                publications.stage(tx, batch)
                if self._is_new:
                    self._merge(tx, range(self._read - len(batch), self._read), is_settled=False)
            if self.progress:
                self.progress(self.source.name, self._read)
        if self._is_new:
            return
        with self._transaction() as tx:
            publications.weigh(tx)
            self._barred += publications.settle(tx, range(self._read))
        for first in range(0, self._read, BATCH):
            with self._transaction() as tx:
                self._merge(tx, range(first, first + BATCH), is_settled=True)

    def _merge(self, tx: Transaction, positions: range, *, is_settled: bool) -> None:
        if not is_settled:
            self._barred += publications.settle(tx, positions)
        self._count(tx, publications.merge(tx, self._edition, positions, at=clock.now()))

    def _lines(self, today: date) -> Iterator[bytes]:
        """Yield the file's records as prepared rows."""
        for change in READERS[self.source.kind].read(self.source, self._doubts):
            if len(change.id.encode(errors="replace")) > MAX_ID_BYTES:
                reason = f"the identifier is longer than {MAX_ID_BYTES} bytes"
                self._doubts(Reject(source=self.source.name, line=None, reason=reason, row=""))
                continue
            position, self._read = self._read, self._read + 1
            if change.record is None:
                yield publications.removal(position, change.id)
            else:
                # When a list names a record last is what its publications say.
                entity = replace(change.record, last_seen=None)
                yield self._edition.row(position, entity, self._retention(entity.schema, today))

    def _retention(self, schema: str, today: date) -> date:
        if schema not in self._until:
            self._until[schema] = maximum_for(schema, None, today, self.terms.policy)
        return self._until[schema]

    def _named(self) -> int:
        """Return how many records the publication names. Raises InvalidFile for one of nobody."""
        with self._transaction() as tx:
            listed = publications.named(tx)
        may_be_empty = self.source.kind in _MAY_BE_EMPTY and not self._known
        is_whole = not (self._doubts.is_cut or is_delta(self.source))
        if is_whole and not (listed or self._barred) and not may_be_empty:
            message = "holds no entry: as a publication it would delist everybody"
            raise InvalidFile(f"{self.source.path.name}: {message}")
        return listed

    def _withdraw(self) -> int:
        """Withdraw what the publication does not name, as far as it can be trusted in that.

        Returns how many records stay although it does not name them.
        """
        with self._transaction() as tx:
            unlisted = publications.unlisted(tx, self._edition)
        gone = [(number, name) for number, name in unlisted if name not in self._doubts.named]
        if self._doubts.forbid(len(gone)) and not self.terms.allow_withdrawals:
            gone = []
        numbers = [number for number, _ in gone]
        if self._doubts.refused:
            numbers = self._without_refused(numbers)
        for batch in _batches(numbers):
            with self._transaction() as tx:
                done = publications.withdraw(tx, self._edition, batch, at=clock.now())
                self._count(tx, Merged(withdrawn=done))
        return len(unlisted) - len(numbers)

    def _without_refused(self, numbers: list[int]) -> list[int]:
        """Return those of which no refused row of the publication seems to speak."""
        with self._transaction() as tx:
            return [
                number
                for batch in _batches(numbers)
                for number, entity in publications.entities(tx, batch)
                if not self._doubts.are_about(entity)
            ]

    def _count(self, tx: Transaction, done: Merged) -> None:
        """Count what was done, and enter what becomes of records that somebody received (PR-47)."""
        publications.count(tx, self._id, done)
        told = ((Deed.RECORD_CORRECTED, done.changed), (Deed.RECORD_WITHDRAWN, done.withdrawn))
        for deed, record_ids in told:
            if record_ids:
                for record_id in corrections.disclosed(tx, record_ids, DISCLOSURES):
                    facts = {"publication": self._id}
                    audit.enter(tx, self.actor, deed, subject=record_id, facts=facts)


class _Standing(AbstractSet[str]):
    """The identifiers of the records of a list that stand in the bank, read when first needed."""

    def __init__(self, database: Database, owner: str, dataset: str) -> None:
        self._database = database
        self._of = owner, dataset

    @cached_property
    def _ids(self) -> frozenset[str]:
        with self._database.begin() as tx:
            return frozenset(publications.standing(tx, *self._of))

    def __contains__(self, value: object) -> bool:
        return value in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def require_owner(tx: Transaction, actor: Actor, owner: str, publisher: str, now: datetime) -> None:
    """Return if a list's owner is the actor's authority or a publisher, who is made if new.

    Raises NotPermitted (PR-07).
    """
    if Role.SYSTEM not in actor.roles and actor.authority == owner:
        return
    name = publisher or owner
    authorities.add(tx, Authority(code=owner, name=name, kind=AuthorityKind.PUBLISHER), now=now)
    found = authorities.get(tx, owner)
    if found is None or (found.kind is not AuthorityKind.PUBLISHER and actor.authority != owner):
        raise NotPermitted("a list is taken in for its publisher or its owner (PR-07)", "not_owner")


def _digest(source: Source, terms: Terms) -> bytes:
    """Return what changes when the file, its mapping, its terms or what reads it does."""
    marking = terms.marking
    deciding = (
        version("didban"),
        source.kind,
        source.name,
        replace(marking, retention_until=date.min, verified_on=None, review_due=None),
        terms.allow_withdrawals,
    )
    whole = hashlib.sha256(repr(deciding).encode())
    for path in (*_files(source.path), *filter(None, [source.mapping])):
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.digest()


def _files(path: Path) -> list[Path]:
    """Return the files of a source, which may be a folder."""
    return sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


def _facts(report: PublicationReport) -> dict[str, str | int | bool]:
    """Return the counts of a report, for the audit."""
    return {name: v for name, v in asdict(report).items() if isinstance(v, int) and v}


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), BATCH):
        yield numbers[first : first + BATCH]
