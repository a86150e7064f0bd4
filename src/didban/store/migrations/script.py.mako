# ruff: noqa: PLR0915 - drafted by tools.migration; one statement for each table and index
"""${message[:1].upper() + message[1:]}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

COMPAT = ${int(up_revision)}  # the oldest SCHEMA_VERSION whose code may still open the bank


def upgrade() -> None:
    """Go up."""
    % if down_revision is None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    % endif
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go down again."""
    ${downgrades if downgrades else "pass"}
