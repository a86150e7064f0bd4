"""A list that is taken in from a file: what it changes, and the rows that were refused."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from didban import clock
from didban.errors import InvalidFile
from didban.guard import access
from didban.guard.retention import policy_of
from didban.intake.publications import Terms, take_in
from didban.intake.readers import READERS
from didban.intake.readers.base import Source
from didban.intake.rejects import Rejects
from didban.intake.sources import DATASET
from didban.model.permissions import Permission
from didban.web.desk import Page, Room
from didban.web.i18n import N_
from didban.web.presenters.entries import marking as marks

if TYPE_CHECKING:
    from didban.model.publications import PublicationReport
    from didban.web.desk import Desk
    from didban.web.forms import Attached

room = Room("lists")

_TAKE_IN: Final = Permission.BANK_LIST_TAKE_IN
_SHOWN: Final = 200  # refused rows of one page


@room.page("/lists", _TAKE_IN)
def form(desk: Desk) -> Page:
    """Show the form on which a list is taken in."""
    values = marks.unmarked(clock.today()) | {"audience": desk.form.all("audience") or ("*",)}
    return Page(
        "pages/lists/form.html",
        values=values,
        choices=marks.choices(desk, values),
        kinds=[(kind, kind) for kind in READERS],
    )


@room.deed("/lists", _TAKE_IN, again=form)
def take(desk: Desk) -> Page:
    """Bring the bank to what a list of one's own authority says now, and show what that changed."""
    sent = desk.form
    dataset, kind = sent.text("dataset", needed=True), sent.text("kind", needed=True)
    if dataset and not DATASET.fullmatch(dataset):
        sent.blame("dataset", N_("Up to 64 letters, digits and - . _"))
    if kind and kind not in READERS:
        sent.blame("kind", N_("Choose one of the answers."))
    file = sent.files.get("file")
    if file is None:
        sent.blame("file", N_("Choose a file."))
    marking = marks.list_marking_of(sent, desk.who.authority)
    assert file is not None  # noqa: S101 - `require` has seen to it
    terms = Terms(
        marking=marking,
        policy=policy_of(desk.services.settings.retention),
        allow_withdrawals=sent.is_ticked("allow_withdrawals"),
    )
    access.require(desk.who, _TAKE_IN)
    report, refused = _taken(desk, file, dataset, kind, terms)
    return Page("pages/lists/taken.html", report=report, refused=refused[:_SHOWN])


def _taken(
    desk: Desk, file: Attached, dataset: str, kind: str, terms: Terms
) -> tuple[PublicationReport, list[dict[str, Any]]]:
    """Take the file in by transactions of its own; return what it did, and the refused rows."""
    with tempfile.TemporaryDirectory(prefix="didban-list-") as name:
        folder = Path(name)
        path, rejects = folder / f"list{Path(file.name).suffix[:10]}", folder / "rejects"
        path.write_bytes(file.content)
        mapping = None
        if text := desk.form.text("mapping"):
            mapping = folder / "mapping.toml"
            mapping.write_text(text, encoding="utf-8")
        if (kind == "csv") != (mapping is not None):
            raise InvalidFile(N_("A list of the kind csv needs a mapping, and no other has one."))
        source = Source(kind=kind, name=dataset, path=path, mapping=mapping)
        with Rejects(rejects) as refused:
            report = take_in(
                desk.services.database, desk.who, source, terms, rejects=refused, now=clock.now()
            )
        rows = rejects.read_text(encoding="utf-8").splitlines()
        return report, [json.loads(row) for row in rows]
