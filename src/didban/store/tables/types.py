"""Column types that SQLAlchemy does not have."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's `xid8`: the number of a transaction, which never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in SQL."""
        return "xid8"


ischema_names["xid8"] = TransactionId  # so that it is known when a schema is read back
