"""Statements: a record value by value, who said it, since when, and what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.guard.disclosure import all_shown_to
from didban.intake import bank
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.presenters import records, statements
from didban.web.presenters.ways import ways_on

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("statements")


@room.page("/records/{record_id}/statements", Permission.BANK_RECORD_READ_FULL)
def table(desk: Desk, record_id: str) -> Page:
    """Show every value of a record that its reader may see, over all its versions.

    Filtered by the part of the record that is asked for in the address, which names nobody.
    """
    kept = bank.history(desk.tx, desk.who, record_id)
    versions = all_shown_to(desk.tx, desk.who, kept)
    rows = statements.told(versions)
    present, shown = versions[-1]
    part, only = desk.asked("field"), desk.asked("only")
    return Page(
        "pages/statements/table.html",
        handling=(present.marking.visibility.confidentiality,),
        record=present,
        shown=shown,
        title=records.title_of(shown),
        rows=[
            row for row in rows if part in {"", row.part} and (only != "present" or row.is_present)
        ],
        parts=list(dict.fromkeys(row.part for row in rows)),
        chosen=part,
        only=only,
        steps=statements.steps(versions),
        is_somebody=records.is_somebody(shown),
        look_of=records.look_of,
        label_of=records.label_of,
        ways=ways_on(desk, present),
    )
