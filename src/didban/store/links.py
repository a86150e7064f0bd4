"""Which records speak of a record: found by its identifier among their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column

from didban.store.record_rows import present, record_of
from didban.store.tables.records import record
from didban.store.tables.search import WORDS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from didban.model.bank import BankRecord
    from didban.store.database import Transaction


def speaking_of(
    tx: Transaction, record_id: str, open_to: frozenset[int], *, limit: int
) -> list[BankRecord]:
    """Return records with a property that holds this identifier, in the order of their own."""
    words = func.phraseto_tsquery(literal_column("'simple'::regconfig"), record_id)
    path: ColumnElement[Any] = literal_column("'$.*[*] ? (@ == $id)'::jsonpath")
    holds_it = func.jsonb_path_exists(
        record.c.entity["properties"], path, func.jsonb_build_object("id", record_id)
    )
    query = present().where(record.c.visibility.in_(open_to), WORDS.op("@@")(words), holds_it)
    return [record_of(row) for row in tx.execute(query.order_by(record.c.id).limit(limit))]
