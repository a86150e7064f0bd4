"""Photos and files: kept once, marked like their record, gone with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bank_help import actor, draft_of, marking, person
from didban.errors import InvalidInput, NotFound, NotPermitted
from didban.intake import attachments, bank
from didban.intake.attachments import File
from didban.model.attachments import AttachmentRole
from didban.model.bank import has_minimum_identity
from didban.model.marking import Handling, Visibility
from didban.settings import Records
from didban.store import attachments as store
from didban.store.tables.attached import blob

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
PDF = b"%PDF-1.7\n" + bytes(100)
RECORDER = actor("xar")
DESK = actor("xbo", "second_line")
GUARD = actor("xbo", "first_line")


def portrait(content: bytes = JPEG, **more) -> File:
    """Return a photo of a face."""
    return File(content=content, role=AttachmentRole.PORTRAIT, **more)


@pytest.fixture
def kept(tx):
    """Return a person of Arvand that all may see."""
    return bank.report(tx, RECORDER, person(), marking("xar"))


def blobs(tx) -> int:
    """Return how many contents are stored."""
    return int(tx.scalar(select(func.count()).select_from(blob)))


def test_a_file_comes_back_byte_for_byte(tx, kept):
    """With the media type that its first bytes tell."""
    made = attachments.attach(tx, RECORDER, kept.id, portrait())
    found, content = attachments.read(tx, DESK, kept.id, made.id)

    assert (found, content) == (made, JPEG)
    assert found.media_type == "image/jpeg"


def test_a_photo_beside_the_name_is_enough_to_act_on(tx, kept):
    """PR-19; its removal takes that away."""
    assert not has_minimum_identity(kept)
    made = attachments.attach(tx, RECORDER, kept.id, portrait())
    assert has_minimum_identity(bank.found(tx, RECORDER, kept.id))
    attachments.remove(tx, RECORDER, kept.id, made.id)
    assert not has_minimum_identity(bank.found(tx, RECORDER, kept.id))


def test_the_same_content_is_kept_once_until_nobody_refers_to_it(tx, kept):
    """By its SHA-256, not by its name."""
    other = bank.report(tx, RECORDER, person("Omid Sami"), marking("xar"))
    first = attachments.attach(tx, RECORDER, kept.id, portrait())
    second = attachments.attach(tx, RECORDER, other.id, portrait(title="the same"))

    assert (first.sha256, blobs(tx)) == (second.sha256, 1)
    attachments.remove(tx, RECORDER, kept.id, first.id)
    assert (attachments.read(tx, DESK, other.id, second.id)[1], blobs(tx)) == (JPEG, 1)
    store.forget(tx, other.id)
    assert blobs(tx) == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns=''/>", b"<html>", b"MZ\x90", b"GIF89a", b"PK\x03\x04", JPEG + bytes(999)],
    ids=["empty", "svg", "html", "program", "gif", "archive", "too large"],
)
def test_only_pictures_and_papers_of_some_size_are_taken(tx, kept, content):
    """Whatever it is called."""
    with pytest.raises(InvalidInput):
        attachments.attach(
            tx, RECORDER, kept.id, portrait(content), Records(max_attachment_bytes=1_000)
        )


def test_a_record_has_so_many_files_at_most(tx, kept):
    """One too many is refused."""
    limits = Records(max_attachments=1)
    attachments.attach(tx, RECORDER, kept.id, portrait(), limits)
    with pytest.raises(InvalidInput):
        attachments.attach(tx, RECORDER, kept.id, portrait(), limits)


def test_a_file_is_marked_at_least_as_strictly_as_its_record(tx):
    """Stricter is for fewer; laxer is refused."""
    guarded = marking("xar", audience=("node:xbo", "node:xca"), handling=Handling.H1)
    kept = bank.report(tx, RECORDER, person(), guarded)
    for laxer in (
        {"visibility": replace(guarded.visibility, audience=("*",))},
        {"visibility": Visibility(owner="xbo", audience=("node:xbo",))},
        {"handling": Handling.H0},
    ):
        with pytest.raises(InvalidInput):
            attachments.attach(tx, RECORDER, kept.id, portrait(**laxer))
    fewer = replace(guarded.visibility, audience=("node:xca",))
    made = attachments.attach(tx, RECORDER, kept.id, portrait(visibility=fewer))

    assert attachments.listed(tx, DESK, kept.id) == []
    with pytest.raises(NotFound):
        attachments.read(tx, DESK, kept.id, made.id)
    assert attachments.listed(tx, actor("xca", "second_line"), kept.id) == [made]


def test_a_file_disappears_with_the_sight_of_its_record(tx, kept):
    """A new exclusion reaches what was attached before."""
    made = attachments.attach(tx, RECORDER, kept.id, portrait())
    closed = marking("xar", excluded=("node:xbo",))
    bank.correct(
        tx, RECORDER, kept.id, draft_of(kept, marking=closed), expected=1, reason="source at risk"
    )
    with pytest.raises(NotFound):
        attachments.read(tx, DESK, kept.id, made.id)


def test_the_first_line_sees_faces_and_no_papers(tx, kept):
    """PR-02: what it needs to tell whether this is the person."""
    face = attachments.attach(tx, RECORDER, kept.id, portrait())
    warrant = attachments.attach(
        tx, RECORDER, kept.id, File(content=PDF, role=AttachmentRole.LEGAL_PAPER)
    )

    assert attachments.listed(tx, GUARD, kept.id) == [face]
    assert attachments.listed(tx, DESK, kept.id) == [face, warrant]
    with pytest.raises(NotFound):
        attachments.read(tx, GUARD, kept.id, warrant.id)


def test_others_attach_counter_evidence_and_its_owner_cannot_remove_it(tx, kept):
    """PR-48: it stays with the record."""
    with pytest.raises(NotPermitted):
        attachments.attach(tx, actor("xbo"), kept.id, portrait())
    against = File(content=PDF, role=AttachmentRole.COUNTER_EVIDENCE)
    made = attachments.attach(tx, DESK, kept.id, against)
    with pytest.raises(NotPermitted):
        attachments.remove(tx, RECORDER, kept.id, made.id)

    assert attachments.listed(tx, actor("xca", "second_line"), kept.id) == [made]
