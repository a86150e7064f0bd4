"""Publications of lists on their way into the bank: staged by COPY, merged in short transactions.

The rows of a publication first go to a temporary table, which is gone with the connection whatever
happens, so that nothing of a list that was refused or cut off stays behind. Then they are compared
with what stands, range by range. What was merged before a crash is equal when it is compared again:
going on needs no bookkeeping.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array

from didban.model.bank import FOUND, RecordState
from didban.model.publications import PublicationReport
from didban.model.records import Record
from didban.store import erasure
from didban.store.record_rows import values_of
from didban.store.records import MOMENT, announce_all, archive
from didban.store.tables.publications import publication
from didban.store.tables.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, FromClause, Row

    from didban.model.bank import BankRecord
    from didban.store.database import Transaction

_OWN: Final = ("id", "schema", "caption", "entity", "retention_until", "digest")
"""Columns in which the records of one publication differ; the rest they have in common."""

CONFIRM_AFTER_DAYS: Final = 30
"""A record that is still listed is confirmed when it was confirmed so long ago."""

_OVER: Final = (RecordState.WITHDRAWN, RecordState.EXPIRED)
"""States from which being listed again brings a record back."""

_staged: Final = Table(
    "staged",
    MetaData(),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("schema", Text),
    Column("caption", Text),
    Column("entity", JSONB),  # null where a delta takes the record out
    Column("retention_until", Date),
    Column("digest", LargeBinary),
    prefixes=["temporary"],
)
_COPY: Final = f"copy staged ({', '.join(column.name for column in _staged.c)}) from stdin"
_PATIENCE_SECONDS: Final = 900
_NULL: Final = r"\N"
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": " "})
_encode: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What one range of a publication did.

    `changed`, `withdrawn`: identifiers of the records, for those who had received them (PR-47).
    """

    added: int = 0
    changed: Sequence[str] = ()
    withdrawn: Sequence[str] = ()


class Edition:
    """What all records of one publication have in common, worked out once.

    - `template`: a record with the marking, the dataset and the version's author (`recorded_by`).
    - `withdrawn_until`: when what it withdraws is erased.
    """

    def __init__(self, tx: Transaction, template: BankRecord, *, withdrawn_until: date) -> None:
        values = values_of(tx, template)
        self.withdrawn_until = withdrawn_until
        self.owner = template.owner
        self.dataset = template.dataset or ""
        self.shared = {
            name: value for name, value in values.items() if name not in _OWN and value is not None
        }
        # As `digest_of` writes it: the entity's text, then that of what is beside it.
        self._tail = ",".join(_encode(values[name]) for name in ("marking", "alert", "sensitive"))

    def row(self, position: int, entity: Record, retention_until: date) -> bytes:
        """Return a record as a line for COPY. Its digest is that of `record_rows.digest_of`."""
        content = _encode(entity.to_json())
        if "\\u0000" in content:
            content = content.replace("\\u0000", " ")
        digest = hashlib.sha256(f"[{content},{self._tail}]".encode(errors="replace")).hexdigest()
        line = "\t".join(
            (
                str(position),
                entity.id.translate(_ESCAPES),
                entity.schema.translate(_ESCAPES),
                entity.caption.translate(_ESCAPES),
                content.replace("\\", "\\\\"),
                retention_until.isoformat(),
                rf"\\x{digest}",
            )
        )
        return f"{line}\n".encode(errors="replace")

    def values(self) -> dict[str, ColumnElement[Any]]:
        """Return the shared columns as literals of their types."""
        return {name: literal(value, record.c[name].type) for name, value in self.shared.items()}


def removal(position: int, record_id: str) -> bytes:
    """Return the line for COPY of a record that a delta takes out."""
    cells = (str(position), record_id.translate(_ESCAPES), *(_NULL,) * (len(_staged.c) - 2))
    return ("\t".join(cells) + "\n").encode(errors="replace")


def open_staging(tx: Transaction) -> None:
    """Make the temporary table of this connection; comparing millions of rows takes its time."""
    tx.execute(text(f"set statement_timeout = '{_PATIENCE_SECONDS}s'"))
    _staged.create(tx)
    for column in ("position", "id"):
        tx.execute(text(f"create index on staged ({column})"))


def stage(tx: Transaction, lines: Sequence[bytes]) -> None:
    """Add prepared lines."""
    driver: Any = tx.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(b"".join(lines))


def weigh(tx: Transaction) -> None:
    """Let the planner know how much was staged, before all of it is compared."""
    tx.execute(text("set local work_mem = '128MB'"))
    tx.execute(text("analyze staged"))


def settle(tx: Transaction, positions: range) -> int:
    """Leave out what comes again among the rows at these positions, and what is barred.

    Of a record that comes twice the last counts. What was erased for good does not come back by
    being listed; returns how many such records there were.
    """
    here, later = _at(_staged, positions), _staged.alias("later")
    again = (_staged.c.id == later.c.id) & (_staged.c.position < later.c.position)
    tx.execute(delete(_staged).where(here, again, _at(later, positions)))
    is_barred = erasure.is_barred(tx, _staged.c.id)
    return 0 if is_barred is None else tx.execute(delete(_staged).where(here, is_barred)).rowcount


def named(tx: Transaction) -> int:
    """Return how many records the publication names."""
    return tx.scalar(select(func.count(_staged.c.id.distinct()))) or 0


def merge(tx: Transaction, edition: Edition, positions: range, *, at: datetime) -> Merged:
    """Bring the records staged at these positions into the bank; return what that did.

    Records that say what they said before are not touched.
    """
    for plan in ("hashjoin", "mergejoin", "seqscan"):  # a range is small, whatever statistics say
        tx.execute(text(f"set local enable_{plan} = off"))
    here = _at(_staged, positions)
    found = _found(tx, edition, here)
    if _rename(tx, edition, [row.position for row in found if not row.is_ours]):
        found = _found(tx, edition, here)
    gone = [row.number for row in found if row.is_removed and row.is_found]
    due = [row.number for row in found if row.is_due and not row.differs]
    _confirm(tx, edition, here, due)
    return Merged(
        changed=_change(tx, edition, here, [row for row in found if row.differs], at),
        withdrawn=withdraw(tx, edition, gone, at=at),
        added=_add(tx, edition, here),
    )


def _found(tx: Transaction, edition: Edition, here: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return the records with which something is to be done, found by their identifiers."""
    now = select(record).where(record.c.id == _staged.c.id).offset(0).lateral("now")
    is_removed = _staged.c.entity.is_(None)
    is_ours = (now.c.owner == edition.owner) & now.c.dataset.is_not_distinct_from(edition.dataset)
    differs = ~is_removed & or_(
        now.c.digest != _staged.c.digest,
        now.c.visibility != edition.shared["visibility"],
        now.c.state.in_(_OVER),
    )
    verified_on = literal(edition.shared["verified_on"], record.c.verified_on.type)
    is_due = ~is_removed & or_(
        now.c.verified_on + CONFIRM_AFTER_DAYS < verified_on,
        now.c.retention_until + CONFIRM_AFTER_DAYS < _staged.c.retention_until,
    )
    query = select(
        _staged.c.position,
        now.c.id,
        now.c.number,
        now.c.recorded_at,
        now.c.state.in_(sorted(FOUND)).label("is_found"),
        is_ours.label("is_ours"),
        is_removed.label("is_removed"),
        differs.label("differs"),
        is_due.label("is_due"),
    ).select_from(_staged.join(now, true()))
    return tx.execute(query.where(here, or_(~is_ours, is_removed, differs, is_due))).all()


def _rename(tx: Transaction, edition: Edition, positions: Sequence[int]) -> bool:
    """Give another identifier to what is called as a record of somebody else is (PR-07)."""
    if not positions:
        return False
    other = func.concat(_staged.c.id, "~", edition.dataset)
    renamed = func.jsonb_set(_staged.c.entity, array(["id"]), func.to_jsonb(other))
    is_one = _staged.c.position == func.any(_numbers(positions))
    tx.execute(update(_staged).values(id=other, entity=renamed).where(is_one))
    return True


def _change(
    tx: Transaction,
    edition: Edition,
    here: ColumnElement[bool],
    found: Sequence[Row[Any]],
    at: datetime,
) -> list[str]:
    """Put the new text in the place of the old, which moves to the history; return whose."""
    if not found:
        return []
    at = max(at, max(row.recorded_at for row in found) + MOMENT)
    are_these = record.c.number == func.any(_numbers([row.number for row in found]))
    archive(tx, are_these, at)
    state = case((record.c.state.in_(_OVER), RecordState.ACTIVE), else_=record.c.state)
    values = edition.values() | {name: _staged.c[name] for name in _OWN}
    values |= {"version": record.c.version + 1, "state": state, "recorded_at": literal(at)}
    values["is_searchable"] = values["is_searchable"] & state.in_(FOUND)
    is_it = here & (_staged.c.id == record.c.id)
    tx.execute(update(record).values(values).where(are_these, is_it))
    announce_all(tx, select(record.c.number).where(are_these))
    return [row.id for row in found]


def _confirm(
    tx: Transaction, edition: Edition, here: ColumnElement[bool], numbers: Sequence[int]
) -> None:
    """Note from time to time that a list still says what it said (PR-21); no version of its own."""
    if not numbers:
        return
    confirmed = {
        "verified_on": edition.shared["verified_on"],
        "retention_until": _staged.c.retention_until,
    }
    are_these = record.c.number == func.any(_numbers(numbers))
    is_it = here & (_staged.c.id == record.c.id)
    tx.execute(update(record).values(confirmed).where(are_these, is_it))


def _add(tx: Transaction, edition: Edition, here: ColumnElement[bool]) -> int:
    values = edition.values() | {name: _staged.c[name] for name in _OWN}
    is_new = ~select(record.c.number).where(record.c.id == _staged.c.id).exists()
    rows = select(*values.values()).where(here, _staged.c.entity.is_not(None), is_new)
    added = insert(record).from_select(list(values), rows.order_by(_staged.c.position))
    return announce_all(tx, select(added.returning(record.c.number).cte("added").c.number))


def unlisted(tx: Transaction, edition: Edition) -> list[tuple[int, str]]:
    """Return (number, identifier) of the standing records that the publication does not name."""
    is_named = select(_staged.c.id).where(_staged.c.id == record.c.id).exists()
    is_ours = _came_with(edition.owner, edition.dataset)
    query = select(record.c.number, record.c.id).where(is_ours, _is_found(), ~is_named)
    return [(row.number, row.id) for row in tx.execute(query)]


def withdraw(
    tx: Transaction, edition: Edition, numbers: Sequence[int], *, at: datetime
) -> list[str]:
    """Withdraw these records of the list; return their identifiers."""
    if not numbers:
        return []
    are_these = record.c.number == func.any(_numbers(numbers))
    newest = tx.scalar(select(func.max(record.c.recorded_at)).where(are_these))
    at = max(at, newest + MOMENT) if newest else at
    archive(tx, are_these, at)
    gone = tx.scalars(
        update(record)
        .where(are_these)
        .returning(record.c.id)
        .values(
            state=RecordState.WITHDRAWN,
            is_searchable=False,
            version=record.c.version + 1,
            recorded_at=at,
            recorded_by=edition.shared["recorded_by"],
            reason="not listed any more",
            retention_until=func.least(record.c.retention_until, edition.withdrawn_until),
        )
    ).all()
    announce_all(tx, select(record.c.number).where(are_these))
    return list(gone)


def standing(tx: Transaction, owner: str, dataset: str) -> Iterator[str]:
    """Yield the identifiers of the records of a list that can be found."""
    query = select(record.c.id).where(_came_with(owner, dataset), _is_found())
    yield from tx.scalars(query)


def entities(tx: Transaction, numbers: Sequence[int]) -> Iterator[tuple[int, Record]]:
    """Yield what these records say, by number."""
    query = select(record.c.number, record.c.entity)
    query = query.where(record.c.number == func.any(_numbers(numbers)))
    for row in tx.execute(query):
        yield row.number, Record.from_json(row.entity)


def begin(tx: Transaction, values: Mapping[str, Any]) -> str:
    """Return the identifier of a publication's row: of the one that was cut off, or a new one."""
    same = [publication.c[name] == values[name] for name in ("dataset", "owner", "digest")]
    query = select(publication.c.id).where(*same, publication.c.taken_in_at.is_(None))
    if (known := tx.scalar(query)) is None:
        tx.execute(insert(publication).values(values))
        known = values["id"]
    return str(known)


def count(tx: Transaction, publication_id: str, done: Merged) -> None:
    """Add to what a publication did, in the transaction that does it."""
    did = publication.c
    more = {
        "added": did.added + done.added,
        "changed": did.changed + len(done.changed),
        "withdrawn": did.withdrawn + len(done.withdrawn),
    }
    tx.execute(update(publication).where(did.id == publication_id).values(more))


def finish(tx: Transaction, publication_id: str, values: Mapping[str, Any]) -> PublicationReport:
    """Say that a publication is taken in whole; return what it did."""
    done = update(publication).where(publication.c.id == publication_id).values(values)
    return _report_of(tx.execute(done.returning(publication)).one())


def repeated(
    tx: Transaction, dataset: str, digest: bytes, since: datetime
) -> PublicationReport | None:
    """Return the newest publication of a list, if it is this one and was taken in since then."""
    known = publication.c
    query = select(publication).where(known.dataset == dataset, known.taken_in_at.is_not(None))
    row = tx.execute(query.order_by(known.taken_in_at.desc()).limit(1)).one_or_none()
    if row is None or row.digest != digest or row.taken_in_at < since:
        return None
    return _report_of(row)


def listed(tx: Transaction, dataset: str, *, limit: int) -> list[PublicationReport]:
    """Return the publications of a list, newest first, those that were cut off too."""
    query = select(publication).where(publication.c.dataset == dataset)
    return [
        _report_of(row)
        for row in tx.execute(query.order_by(publication.c.begun_at.desc()).limit(limit))
    ]


def _report_of(row: Row[Any]) -> PublicationReport:
    values = row._asdict()
    names = {f.name for f in fields(PublicationReport)}
    return PublicationReport(**{name: v for name, v in values.items() if name in names})


def _at(table: FromClause, positions: range) -> ColumnElement[bool]:
    return table.c.position.between(positions.start, positions.stop - 1)


def has_any(tx: Transaction, owner: str, dataset: str) -> bool:
    """Return whether the bank has a record of a list, in whatever state."""
    query = select(record.c.number).where(_came_with(owner, dataset)).limit(1)
    return tx.scalar(query) is not None


def _came_with(owner: str, dataset: str) -> ColumnElement[bool]:
    return (record.c.owner == owner) & (record.c.dataset == dataset)


def _is_found() -> ColumnElement[bool]:
    return record.c.state.in_(sorted(FOUND))


def _numbers(numbers: Sequence[int]) -> ColumnElement[Any]:
    return cast(literal(list(numbers), ARRAY(BigInteger)), ARRAY(BigInteger))
