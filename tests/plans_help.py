"""How the database goes about what a function asks it."""

from __future__ import annotations

from sqlalchemy import event


def plans(tx, asking) -> list[str]:
    """Return the plans of the statements that a function sends."""
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", note)
    asking()
    event.remove(tx, "before_cursor_execute", note)
    told = []
    for statement, parameters in sent:
        rows = tx.exec_driver_sql(f"explain {statement}", parameters)
        told.append("\n".join(row[0] for row in rows))
    return told
