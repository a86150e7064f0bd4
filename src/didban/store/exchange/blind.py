"""Blind lists: what we offer to each node, and what other nodes offer us. Nothing here decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Text,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from didban.match.blind_keys import BlindList
from didban.model.records import Record
from didban.model.schemata import schemata
from didban.store.tables.exchange_questions import (
    blind_list,
    blind_record,
    blind_tag,
    held_list,
    held_tag,
)
from didban.store.tables.records import record, visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Table

    from didban.store.database import Transaction

TOKEN: Final = "blind:"  # noqa: S105 - of an audience
"""What an audience token begins with by which a record is offered to be asked blind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One list of ours for one node, in one epoch. `changes`: how many were published since."""

    node: str
    list: BlindList
    epoch: int
    salt: bytes
    begins_at: datetime
    ends_at: datetime
    published_at: datetime | None = None
    changes: int = 0
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One list of another node, in one epoch, as far as its tags have come.

    - `keys`: the version of the rules by which its keys are made; `name`: what its entries bear.
    """

    node: str
    list: BlindList
    epoch: int
    public: bytes
    keys: int
    valid_from: datetime
    valid_until: datetime
    parts: int
    name: str
    parts_held: int = 0
    changes: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every part of it has come."""
        return self.parts_held == self.parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Untagged:
    """A record that is offered and has no tags yet."""

    id: str
    number: int
    version: int
    entity: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom is looked: a node, and the audience tokens that stand for it.

    - `owners`: ours, whose records may be offered; `documents_only`: what is said of persons is not.
    """

    node: str
    tokens: frozenset[str]
    owners: tuple[str, ...]
    documents_only: bool = False


def nodes_offered(tx: Transaction) -> set[str]:
    """Return the codes of nodes that any record is offered to, or was."""
    tokens = select(func.unnest(visibility.c.audience).label("token")).subquery()
    named = select(tokens.c.token).where(tokens.c.token.startswith(TOKEN)).distinct()
    old = select(blind_list.c.node).where(blind_list.c.ended_at.is_(None)).distinct()
    return {token.removeprefix(TOKEN) for token in tx.scalars(named)} | set(tx.scalars(old))


def lists(tx: Transaction, node: str | None = None) -> list[Offered]:
    """Return our lists that have not ended, for one node or all, by list and epoch."""
    query = select(blind_list).where(blind_list.c.ended_at.is_(None))
    if node is not None:
        query = query.where(blind_list.c.node == node)
    order = (blind_list.c.node, blind_list.c.list, blind_list.c.epoch)
    return [_offered(row) for row in tx.execute(query.order_by(*order))]


def newest_epoch(tx: Transaction, node: str, of: BlindList) -> int:
    """Return the number of the newest epoch that ever was; 0 before the first."""
    query = select(func.max(blind_list.c.epoch))
    return tx.scalar(query.where(blind_list.c.node == node, blind_list.c.list == of)) or 0


def begin(tx: Transaction, new: Offered) -> None:
    """Begin an epoch."""
    values = {name: getattr(new, name) for name in Offered.__dataclass_fields__}
    tx.execute(insert(blind_list).values(values))


def change(tx: Transaction, which: Offered, **values: Any) -> None:
    """Note how a list goes on."""
    tx.execute(update(blind_list).where(_same(blind_list, which)).values(values))


def end(tx: Transaction, which: Offered, now: datetime) -> None:
    """End an epoch: its salt is gone, and with it the key and every tag."""
    for table in (blind_record, blind_tag):
        tx.execute(delete(table).where(_same(table, which)))
    change(tx, which, ended_at=now, salt=b"")


def untagged(tx: Transaction, which: Offered, reader: Reader, *, most: int) -> list[Untagged]:
    """Return records that are offered and not tagged as they are now."""
    tagged = exists().where(
        _same(blind_record, which),
        blind_record.c.record == record.c.id,
        blind_record.c.version == record.c.version,
    )
    columns = (record.c.id, record.c.number, record.c.version, record.c.entity)
    rows = tx.execute(
        _open(tx, reader, *columns).where(~tagged).order_by(record.c.number).limit(most)
    )
    return [
        Untagged(
            id=row.id,
            number=row.number,
            version=row.version,
            entity=Record.from_json(row.entity),
        )
        for row in rows
    ]


def no_longer_offered(
    tx: Transaction, which: Offered, reader: Reader, *, among: Collection[int] | None = None
) -> list[str]:
    """Return records that were tagged and are not offered as they were.

    - `among`: numbers of records; None for all.
    """
    offered = _open(tx, reader, record.c.id, record.c.version).subquery()
    query = select(blind_record.c.record).where(
        _same(blind_record, which),
        ~exists().where(
            offered.c.id == blind_record.c.record, offered.c.version == blind_record.c.version
        ),
    )
    if among is not None:
        query = query.where(blind_record.c.number == func.any(_numbers(among)))
    return list(tx.scalars(query))


def add_tags(
    tx: Transaction, which: Offered, tagged: Iterable[tuple[Untagged, Collection[int]]]
) -> None:
    """Keep which tags records have."""
    of = _key(which)
    rows = list(tagged)
    if rows:
        seen = [
            {**of, "record": one.id, "number": one.number, "version": one.version}
            for one, _ in rows
        ]
        tx.execute(insert(blind_record), seen)
    tags = [{**of, "record": one.id, "tag": tag} for one, found in rows for tag in found]
    if tags:
        tx.execute(insert(blind_tag), tags)


def add_dummies(tx: Transaction, which: Offered, tags: Collection[int]) -> None:
    """Keep tags of nobody."""
    if tags:
        tx.execute(insert(blind_tag), [{**_key(which), "tag": tag} for tag in tags])


def take_dummies(tx: Transaction, which: Offered, most: int) -> list[int]:
    """Take out tags of nobody; return them."""
    some = select(blind_tag.c.tag).where(_same(blind_tag, which), blind_tag.c.record == "")
    which_ones = blind_tag.c.tag.in_(some.limit(most)) & (blind_tag.c.record == "")
    gone = delete(blind_tag).where(_same(blind_tag, which), which_ones)
    return list(tx.scalars(gone.returning(blind_tag.c.tag)))


def take_out(tx: Transaction, which: Offered, records: Collection[str]) -> set[int]:
    """Take out what was tagged of records; return the tags that nobody has any more."""
    tx.execute(
        delete(blind_record).where(_same(blind_record, which), blind_record.c.record.in_(records))
    )
    gone = delete(blind_tag).where(_same(blind_tag, which), blind_tag.c.record.in_(records))
    tags = set(tx.scalars(gone.returning(blind_tag.c.tag)))
    return tags - held_by_some(tx, which, tags)


def held_by_some(tx: Transaction, which: Offered, tags: Collection[int]) -> set[int]:
    """Return those of these tags that are in a list of ours."""
    found = blind_tag.c.tag == func.any(_numbers(tags))
    return set(tx.scalars(select(blind_tag.c.tag).where(_same(blind_tag, which), found)))


def all_tags(tx: Transaction, which: Offered) -> list[int]:
    """Return every tag of a list, each once."""
    return list(tx.scalars(select(blind_tag.c.tag).where(_same(blind_tag, which)).distinct()))


def counts(tx: Transaction, which: Offered) -> tuple[int, int]:
    """Return how many records have a tag in a list, and how many tags it has with those of nobody."""
    query = select(
        func.count(blind_tag.c.record.distinct()).filter(blind_tag.c.record != ""),
        func.count(blind_tag.c.tag.distinct()),
    ).where(_same(blind_tag, which))
    row = tx.execute(query).one()
    return int(row[0]), int(row[1])


def hold(tx: Transaction, new: Held) -> None:
    """Begin to hold a list; one of that epoch that is there already stays."""
    values = {name: getattr(new, name) for name in Held.__dataclass_fields__}
    tx.execute(upsert(held_list).values(values).on_conflict_do_nothing())


def held(tx: Transaction, node: str | None = None, of: BlindList | None = None) -> list[Held]:
    """Return the lists that we hold, of one node or all, by epoch."""
    query = select(held_list).order_by(held_list.c.node, held_list.c.list, held_list.c.epoch)
    if node is not None:
        query = query.where(held_list.c.node == node)
    if of is not None:
        query = query.where(held_list.c.list == of)
    return [_held(row) for row in tx.execute(query)]


def keep_held(tx: Transaction, which: Held, **values: Any) -> None:
    """Note how far a list has come."""
    tx.execute(update(held_list).where(_same(held_list, which)).values(values))


def let_go(tx: Transaction, which: Held) -> None:
    """Forget a list of another node."""
    for table in (held_tag, held_list):
        tx.execute(delete(table).where(_same(table, which)))


def add_held(tx: Transaction, which: Held, tags: Collection[int]) -> None:
    """Add tags to a list of another node."""
    values = _numbers(tags)
    key = [literal(value) for value in _key(which).values()]
    rows = select(*key, func.unnest(values))
    into = upsert(held_tag).from_select(["node", "list", "epoch", "tag"], rows)
    tx.execute(into.on_conflict_do_nothing())


def take_held(tx: Transaction, which: Held, tags: Collection[int]) -> None:
    """Take tags out of a list of another node."""
    gone = held_tag.c.tag == func.any(_numbers(tags))
    tx.execute(delete(held_tag).where(_same(held_tag, which), gone))


def in_held(tx: Transaction, which: Held, tags: Collection[int]) -> set[int]:
    """Return those of these tags that are in a list of another node."""
    found = held_tag.c.tag == func.any(_numbers(tags))
    return set(tx.scalars(select(held_tag.c.tag).where(_same(held_tag, which), found)))


def count_held(tx: Transaction, which: Held) -> int:
    """Return how many tags a list of another node has here."""
    query = select(func.count()).select_from(held_tag).where(_same(held_tag, which))
    return int(tx.scalar(query) or 0)


def _open(tx: Transaction, reader: Reader, *columns: Any) -> Select[Any]:
    """Return the query of records that are offered to a reader.

    Named in the audience, of our own, in force and not ill-gotten; never where the reader is
    excluded (PR-09) or is whom the person sought protection from (PR-16).
    """
    tokens = cast(sorted(reader.tokens), ARRAY(Text))
    offered = select(visibility.c.number).where(
        literal(f"{TOKEN}{reader.node}") == func.any(visibility.c.audience),
        ~visibility.c.excluded.bool_op("&&")(tokens),
        visibility.c.owner.in_(reader.owners),
    )
    numbers = list(tx.scalars(offered))
    protected = func.coalesce(record.c.marking["protected_from"], func.jsonb_build_array())
    query = select(*columns).where(
        record.c.visibility.in_(numbers),
        record.c.is_searchable,
        ~func.jsonb_exists_any(protected, tokens, type_=Boolean),
    )
    return query.where(record.c.schema.in_(_PAPERS)) if reader.documents_only else query


_PAPERS: Final = sorted(
    name for name, known in schemata().items() if "Identification" in known.ancestors
)


def _key(which: Offered | Held) -> dict[str, Any]:
    return {"node": which.node, "list": which.list, "epoch": which.epoch}


def _same(table: Table, which: Offered | Held) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _key(which).items()))


def _numbers(values: Iterable[int]) -> ColumnElement[Any]:
    return cast(list(values), ARRAY(BigInteger))


def _offered(row: Any) -> Offered:
    values = {name: getattr(row, name) for name in Offered.__dataclass_fields__}
    return Offered(**{**values, "list": BlindList(row.list), "salt": bytes(row.salt)})


def _held(row: Any) -> Held:
    values = {name: getattr(row, name) for name in Held.__dataclass_fields__}
    return Held(**{**values, "list": BlindList(row.list), "public": bytes(row.public)})
