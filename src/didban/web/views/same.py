"""Whether two files are about the same: side by side, judged by a human, taken back with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.analysis import links, person_files
from didban.model.permissions import Permission
from didban.model.person_files import Judgement
from didban.web.desk import Go, Page, Room
from didban.web.i18n import N_
from didban.web.presenters import evidence, records, same
from didban.web.presenters import files as shaped
from didban.web.views import files

if TYPE_CHECKING:
    from didban.model.person_files import PersonFile, Suggestion
    from didban.web.desk import Desk

room = Room("same")

_LOTS: Final = 10  # judgements of one sample

_SAID = {
    Judgement.SAME: N_("The two are one file now. You can take the judgement back."),
    Judgement.DIFFERENT: N_("The two stay apart. You can take the judgement back."),
    Judgement.UNSURE: N_("It is kept that you are not sure. You can take the judgement back."),
}


@room.page("/files/{record_id}/same", Permission.ANALYSIS_FILE_JUDGE)
def review(desk: Desk, record_id: str) -> Page:
    """Show who may be the same as somebody, or two files side by side (PR-24).

    `with` names the record that is compared; without it, suggestions are looked for, which counts
    as a search (PR-04).
    """
    found = person_files.file_of(desk.tx, desk.who, record_id)
    other_id = desk.form.text("with", most=200) or desk.asked("with")
    shown = [member.shown for member in found.members]
    if other_id:
        other = person_files.file_of(desk.tx, desk.who, other_id)
        shown += [member.shown for member in other.members]
        members = [*found.members, *other.members]
        return Page(
            "pages/same/pair.html",
            handling=records.handling_of(shown),
            **files.head(found, record_id),
            other=other,
            other_id=other_id,
            other_title=files.head(other, other_id)["title"],
            pairs=same.beside(found, other),
            is_one=other.id == found.id,
            members=list({member.record: member for member in members}.values()),
            linked=len(_linked(desk, found) | _linked(desk, other)),
        )
    return Page(
        "pages/same/suggestions.html",
        handling=records.handling_of(shown),
        **files.head(found, record_id),
        suggestions=_suggestions(desk, record_id),
        has_index=desk.services.index is not None,
        in_short=lambda one: evidence.in_short(desk.speech, one.evidence),
        score_words=evidence.score_words,
        tones=evidence.TONES,
    )


@room.page("/judgements", Permission.ANALYSIS_FILE_JUDGE)
def sample(desk: Desk) -> Page:
    """Show judgements drawn by lot, so that somebody looks at them once more."""
    return Page("pages/same/sample.html", rows=person_files.sample(desk.tx, desk.who, limit=_LOTS))


@room.deed("/files/{record_id}/same", Permission.ANALYSIS_FILE_JUDGE, again=review)
def judge(desk: Desk, record_id: str) -> Go:
    """Judge whether two records are about the same, with a reason."""
    form = desk.form
    other = form.text("with", needed=True, most=200)
    judgement = form.one_of("judgement", Judgement)
    reason = form.text("reason", needed=True, most=2_000)
    form.require()
    assert judgement is not None  # noqa: S101 - `require` has seen to it
    pair = person_files.judge(desk.tx, desk.who, record_id, other, judgement, reason)
    return _to_decisions(record_id, _SAID[judgement], pair.id)


def _linked(desk: Desk, file: PersonFile) -> set[str]:
    """Return what the records of a file are linked with, one step away."""
    names = [member.record for member in file.members]
    graphs = [links.around(desk.tx, desk.who, name) for name in names]
    return {one.id for one in shaped.linked(names, graphs)}


def _decisions(desk: Desk, record_id: str, judgement_id: str) -> Page:  # noqa: ARG001 - as the deed
    return files.tab_of(desk, record_id, "decisions")


@room.deed(
    "/files/{record_id}/judgements/{judgement_id}/undo",
    Permission.ANALYSIS_FILE_JUDGE,
    again=_decisions,
)
def undo(desk: Desk, record_id: str, judgement_id: str) -> Go:
    """Take a judgement back: the files are what they were before it."""
    reason = desk.form.text("reason", needed=True, most=2_000)
    desk.form.require()
    person_files.undo(desk.tx, desk.who, judgement_id, reason)
    return _to_decisions(record_id, N_("The judgement is taken back."), judgement_id)


def _to_decisions(record_id: str, said: str, anchor: str) -> Go:
    return Go(
        "files.file",
        said=said,
        anchor=anchor,
        path={"record_id": record_id},
        query={"tab": "decisions"},
    )


def _suggestions(desk: Desk, record_id: str) -> list[Suggestion]:
    if desk.services.index is None:
        return []
    return person_files.suggest(
        desk.tx,
        desk.who,
        desk.services.index,
        record_id,
        settings=desk.services.settings.access,
    )
