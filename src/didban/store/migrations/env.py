"""What Alembic runs around the steps: timeouts, one step at a time, and the version it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlalchemy import delete, insert, inspect
from sqlalchemy.types import UserDefinedType

from didban.store.tables import catalogue
from didban.store.tables.operation import schema_version

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.migration import MigrationContext, MigrationInfo
    from sqlalchemy import Connection


def _leave_version(*, ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
    """Write which version a step leaves, in the step's own transaction."""
    connection = ctx.connection
    if connection is None or not inspect(connection).has_table(schema_version.name):
        return
    connection.execute(delete(schema_version))
    for revision in step.destination_revision_ids:
        module = step.revision_map.get_revision(revision).module  # type: ignore[union-attr]
        left = {"version": int(revision), "compat": module.COMPAT}
        connection.execute(insert(schema_version).values(left))


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Return how a drafted step writes a column type of our own."""
    if kind != "type" or not isinstance(item, UserDefinedType):
        return False
    autogen.imports.add(f"from {type(item).__module__} import {type(item).__name__}")
    return f"{type(item).__name__}()"


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=catalogue(),
        transaction_per_migration=True,
        on_version_apply=_leave_version,  # type: ignore[arg-type]  # it is called by keywords
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
