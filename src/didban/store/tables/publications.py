"""Where lists come from, and what each of their publications did to the bank."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Interval,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from didban.store.tables.base import metadata

# What is read on its own, again and again. A list that is taken in by hand needs no row here.
source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dataset", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # a format of `didban.intake.readers`
    Column("location", Text, nullable=False),  # an address, or a folder and a pattern
    Column("mapping", Text),  # the text of the mapping of a CSV
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column("terms", JSONB, nullable=False),  # the marking that its records get
    Column("every", Interval, nullable=False),
    Column("stale_after", Interval, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default="true"),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),  # since the last success
    Column("fresh_at", DateTime(timezone=True)),  # when the present text was seen last
    Column("last_error", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("alarmed_at", DateTime(timezone=True)),  # told once that it is stale
    Index(None, "due_at"),
)

# One row for each publication of a list. One that was cut off has no `taken_in_at`; the same file
# again goes on with its row.
publication = Table(
    "publication",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dataset", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner", ForeignKey("authority.code"), nullable=False),
    Column(
        "digest", LargeBinary, nullable=False
    ),  # of the file, and of all that decides its reading
    Column("published_on", Date),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("taken_in_at", DateTime(timezone=True)),
    Column("listed", Integer, nullable=False, server_default="0"),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("withdrawn", Integer, nullable=False, server_default="0"),
    Column("held_back", Integer, nullable=False, server_default="0"),
    Column("barred", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("noted", Integer, nullable=False, server_default="0"),
    Column("is_cut", Boolean, nullable=False, server_default="false"),
    CheckConstraint("taken_in_at >= begun_at", name="in_order"),
    Index(None, "dataset", "begun_at"),
)

# What the monthly look at each owner's records found (PR-23): counts, nothing else.
quality_report = Table(
    "quality_report",
    metadata,
    Column("owner", ForeignKey("authority.code"), primary_key=True),
    Column("dataset", Text, primary_key=True),  # empty: what came with no list
    Column("month", Date, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("faults", JSONB, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
