"""Signing in: who, for what purpose, for which case or post."""

from __future__ import annotations

import pytest

from didban.model.users import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(pages, language):
    """No page of the desk is shown to somebody who is not known."""
    sent = pages.as_nobody(language).get("/mine")

    assert sent.status == 303
    assert sent.location == "/desk/session?next=%2Fdesk%2Fmine"
    door = pages.as_nobody(language).follow(sent)
    assert door.status == 200
    assert {"login", "password", "code", "purpose", "reference", "place"} <= door.fields()


def test_nothing_is_chosen_for_who_signs_in(pages):
    """The purpose is theirs to say (PR-01)."""
    door = pages.as_nobody().get("/session")

    [purpose] = [one for one in door.all(".//select") if one.get("name") == "purpose"]
    assert [one for one in purpose if "selected" in one.attrib] == []


def test_what_is_missing_is_named_at_its_field(pages):
    """Nothing that was typed is lost but the password."""
    door = pages.as_nobody().send("/session", login="somebody", code="123456")

    assert door.status == 422
    assert "Choose one of the answers." in door.text
    assert "Name the case, or the post at which you work." in door.text
    [login] = [one for one in door.all(".//input") if one.get("name") == "login"]
    assert login.get("value") == "somebody"


def test_who_is_signed_in_sees_the_desk_and_signs_out(pages):
    """The session ends on the node, not only in the browser."""
    desk = pages.as_("xar", "second_line")

    assert desk.get("/mine").heading == "My desk"
    assert desk.send("/session/end").location == "/desk/session"
    assert desk.get("/mine").status == 303


def test_a_form_of_another_session_does_nothing(pages):
    """A page that was left open over a change of session cannot act for the new one."""
    desk = pages.as_("xar", "second_line")

    assert desk.send("/session/end", token="0" * 64).status == 403
    assert desk.get("/mine").status == 200
