"""The second person at their page, what became of it, and where posts are told of deadlines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework_help import CLERK, OTHER, scene
from didban.model.actors import AuthorityKind
from didban.model.hits import HitState
from didban.store import authorities

BASIS = "Extradition Act of Arvand, s. 4"


def desks(pages):
    """Return who asked the owner, and another officer of the same desk."""
    return tuple(pages.as_("xar", "second_line", user=one.user) for one in (CLERK, OTHER))


def compare(desk, hit_id):
    """Open a hit and tick every row."""
    page = desk.get(f"/hits/{hit_id}/second")
    boxes = [one for one in page.all(".//main//input") if one.get("name") == "seen"]
    desk.send(f"/hits/{hit_id}/compare", seen=[one.get("value") for one in boxes])


def test_another_person_decides_and_the_owner_hears_of_it(pages, monkeypatch):
    """What is asked or less, on a named provision; the first person has no button."""
    made = scene(pages.api.database, monkeypatch)
    hit_id = made.confirmed()
    first, second = desks(pages)
    path = f"/hits/{hit_id}"

    assert "Not you" in first.get(f"{path}/second").text
    compare(first, hit_id)
    assert first.send(f"{path}/decision", action="arrest", basis=BASIS).status == 403
    early = second.send(f"{path}/decision", action="arrest", basis=BASIS)
    assert early.status == 422
    compare(second, hit_id)
    assert second.send(f"{path}/decision", action="arrest", basis="").status == 422
    assert second.send(f"{path}/decision", action="seize", basis=BASIS).status == 409
    decided = second.send(f"{path}/decision", action="locate", basis=BASIS)
    assert made.state(hit_id) is HitState.ACTION_TAKEN
    assert "What became of it" in second.follow(decided).text
    told = second.follow(second.send(f"{path}/outcome", outcome="located"))
    assert "it is owed the outcome" in told.text
    second.send(f"{path}/feedback")
    assert made.state(hit_id) is HitState.CLOSED


def test_it_is_recorded_why_what_is_asked_is_not_done(pages, monkeypatch):
    """A ground and words; nothing is preselected."""
    made = scene(pages.api.database, monkeypatch)
    hit_id = made.confirmed()
    _, second = desks(pages)
    compare(second, hit_id)

    page = second.get(f"/hits/{hit_id}/second")
    assert [one for one in page.all(".//main//input") if "checked" in one.attrib] == []
    second.send(f"/hits/{hit_id}/no-action", reason="law", words="no treaty")
    assert made.state(hit_id) is HitState.ACTION_NOT_TAKEN


def test_a_published_list_is_compared_by_a_second_person(pages, monkeypatch):
    """Its current text is shown, and that it was shown is recorded."""
    made = scene(pages.api.database, monkeypatch, publisher=True)
    with pages.api.database.begin() as tx:
        publisher = authorities.get(tx, "xbo")
        assert publisher is not None
        authorities.change(tx, replace(publisher, kind=AuthorityKind.PUBLISHER))
    hit_id = made.referred()
    first, second = desks(pages)
    first.send(f"/hits/{hit_id}/current-text")

    assert second.send(f"/hits/{hit_id}/confirm-public", compared="yes").status == 409
    second.follow(second.send(f"/hits/{hit_id}/current-text"))
    assert second.send(f"/hits/{hit_id}/confirm-public").status == 422
    second.send(f"/hits/{hit_id}/confirm-public", compared="yes")
    assert made.state(hit_id) is HitState.CONFIRMED


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_supervisor_says_where_posts_are_told(pages, language):
    """An address that is none is named; a contact is replaced, and taken out."""
    desk = pages.as_("xar", "supervisor", language=language)
    given = {"post": "duty_officer", "channel": "email"}

    assert desk.send("/contacts", **given, address="nowhere").status == 422
    kept = desk.follow(desk.send("/contacts", **given, address="duty@arvand.example"))
    assert "duty@arvand.example" in kept.text
    gone = desk.follow(desk.send("/contacts/drop", **given))
    assert "duty@arvand.example" not in gone.text
