"""Messages at the desk: written, looked at, sent, read, answered, closed, recalled."""

from __future__ import annotations

import pytest

from bank_help import marking, person
from didban.intake import bank
from pages_help import Pages

PURPOSE = "criminal_investigation"
PART = {"p0-handling": "H0", "p0-source": "B", "p0-information": "2"}
TEXT = {**PART, "p0-what": "text", "p0-text": "Please compare the photo of your registry."}
HEAD = {"kind": "request", "topic": "identity", "urgency": "urgent"}


@pytest.fixture
def ours(pages: Pages):
    """Return who writes messages at the desk of Arvand."""
    return pages.as_("xar", "liaison_officer", purpose=PURPOSE)


@pytest.fixture
def theirs(pages: Pages):
    """Return who writes messages at the desk of Boreland."""
    return pages.as_("xbo", "liaison_officer", purpose=PURPOSE)


def test_a_request_is_sent_answered_and_closed(ours, theirs):
    """Nothing leaves before it was looked at; each end sees where it stands."""
    assert ours.send("/letters/look", **HEAD, **TEXT).status == 422
    no_file = {"p0-what": "file", "p0-file-name": "a", "p0-file-type": "b", "p0-file-data": "Ä"}
    assert "Choose a file." in ours.send("/letters/look", **HEAD, **PART, **no_file).text
    of_a_paper = {**HEAD, **TEXT, "topic": "document", "recipient": "xbo"}
    assert "carries a record of the bank" in ours.send("/letters/look", **of_a_paper).text
    look = ours.send("/letters/look", **HEAD, **TEXT, recipient="xbo")
    assert "All of it may go there." in look.text
    sent = ours.follow(ours.send("/letters", **HEAD, **TEXT, recipient="xbo"))
    assert "to Boreland" in sent.text
    where = ours.get("/messages/deadlines").links()
    [path] = [link.removeprefix("/desk") for link in where if "/messages/msg_" in link]

    assert "Please compare the photo" in theirs.get(path).text
    theirs.send(f"{path}/take")
    assert "In work" in ours.get(path).text
    answer = {**TEXT, "kind": "answer", "p0-text": "It is the same man."}
    assert "It is the same man." in theirs.send(f"{path}/reply/look", **answer).text
    assert "The reply is on its way." in theirs.follow(theirs.send(f"{path}/reply", **answer)).text

    assert "Answered" in ours.get(path).text
    [whole] = {one for one in ours.get(path).links() if "/threads/" in one}
    taken = {"use": "court", "recipient": "court-1"}
    bundle = ours.send(f"{whole.removeprefix('/desk')}/bundle", **taken)
    assert "It is the same man." in bundle.text
    assert ours.send(f"{path}/close").status == 422
    assert "It decided the case" in ours.follow(ours.send(f"{path}/close", useful="3")).text
    again = ours.send(f"{path}/reopen", words="Which year was the photo taken?")
    assert "Which year" in ours.follow(again).text
    refusal = {**TEXT, "kind": "refusal"}
    theirs.send(f"{path}/take")
    assert theirs.send(f"{path}/reply/look", **refusal).status == 422
    theirs.send(f"{path}/reply", **refusal, ground="law")
    assert "Refused" in theirs.get("/messages", box="received", state="refused").text
    recalled = ours.follow(ours.send(f"{path}/recall", words="Sent in error."))
    assert "Sent in error." in recalled.text


def test_what_may_not_go_to_a_recipient_is_told_with_why(pages, api, ours):
    """What is barred cannot be sent; a file and a second part stay through the look at them."""
    with api.database.begin() as tx:
        writer = pages.as_("xar", "recorder").who
        hidden = marking(protected_from=("node:xbo",))
        kept = bank.report(tx, writer, person("Zahra Karimzadeh"), hidden)
    record = {**HEAD, **PART, "kind": "spontaneous", "p0-what": "record", "p0-record": kept.id}
    look = ours.send("/letters/look", **record, recipient="xbo")
    assert "protected from this recipient" in look.text
    assert "Send it" not in look.text

    two = {**HEAD, **PART, "p0-what": "file", "recipient": "xbo", "do": "more"}
    form = ours.upload("/letters/look", {"p0-file": ("photo.png", b"\x89PNG")}, **two)
    assert "photo.png" in form.text
    assert "p1-text" in form.fields()


def test_conditions_are_acknowledged_before_a_part_is_read(pages, ours):
    """In Persian too; who only reads, reads, and is offered no deed."""
    part = {**TEXT, "p0-handling": "H3", "p0-conditions": "Ask us before you act on it."}
    sent = ours.send("/letters", **HEAD, **part, recipient="xbo")
    path = sent.location.removeprefix("/desk")
    persian = pages.as_("xbo", "liaison_officer", purpose=PURPOSE, language="fa")
    assert persian.get("/messages").heading == "پیام‌ها"
    assert "compare the photo" not in persian.get(path).text
    assert "compare the photo" in persian.follow(persian.send(f"{path}/parts/0/acknowledge")).text
