"""How the database goes about what a function asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable

    from didban.store.database import Transaction


def plans(tx: Transaction, asking: Callable[[], object]) -> list[str]:
    """Return the plans of the statements that a function sends."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", note)
    asking()
    event.remove(tx, "before_cursor_execute", note)
    told = []
    for statement, parameters in sent:
        rows = tx.exec_driver_sql(f"explain {statement}", parameters)
        told.append("\n".join(row[0] for row in rows))
    return told
