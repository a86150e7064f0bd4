"""What all tables share: the catalogue, and how its constraints are named."""

from __future__ import annotations

from sqlalchemy import DDL, MetaData, event

# Names that do not depend on the server, so that a migration can speak of them.
metadata = MetaData(
    naming_convention={
        "ix": "%(column_0_N_label)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

# Searches by parts of a name need it; the migrations make it too.
_TRIGRAMS = DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # type: ignore[no-untyped-call]
event.listen(metadata, "before_create", _TRIGRAMS)
