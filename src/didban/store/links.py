"""Which records speak of others: found by the identifiers among their words."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import cast, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.record_rows import present, record_of
from didban.store.tables.records import record
from didban.store.tables.search import WORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from didban.model.bank import BankRecord
    from didban.store.database import Transaction


def speaking_of(
    tx: Transaction, ids: Collection[str], open_to: frozenset[int], *, limit: int
) -> list[BankRecord]:
    """Return records with a property that holds one of these, in the order of their own names."""
    if not ids:
        return []
    words = reduce(lambda one, other: one.op("||")(other), map(_words_of, ids))
    path: ColumnElement[Any] = literal_column("'$.*[*] ? (@ == $ids[*])'::jsonpath")
    asked = func.jsonb_build_object("ids", cast(list(ids), JSONB))
    holds_one = func.jsonb_path_exists(record.c.entity["properties"], path, asked)
    query = present().where(record.c.visibility.in_(open_to), WORDS.op("@@")(words), holds_one)
    return [record_of(row) for row in tx.execute(query.order_by(record.c.id).limit(limit))]


def _words_of(record_id: str) -> ColumnElement[Any]:
    return func.phraseto_tsquery(literal_column("'simple'::regconfig"), record_id)
