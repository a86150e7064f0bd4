"""Signing in: who, for what purpose, for which case or post."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pyotp.totp import TOTP

from bank_help import actor
from didban import clock
from didban.guard import users
from didban.model.permissions import Role
from didban.model.users import LANGUAGES, User
from didban.web.desk import SESSION
from didban.web.look import Look


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


def test_a_page_is_compressed_and_its_forms_bear_another_token_each_time(pages):
    """The length of a page tells nothing of what its forms prove: that is never the same bytes."""
    desk = pages.as_("xar", "second_line")
    cookie = f"{SESSION}={desk.secret}"
    answers = [
        desk.client.get("/desk/mine", headers={"cookie": cookie, "accept-encoding": "gzip"})
        for _ in range(2)
    ]

    assert {one.headers["content-encoding"] for one in answers} == {"gzip"}
    assert all("Accept-Encoding" in one.headers["vary"] for one in answers)
    found = [set(re.findall(rb'name="token" value="(\w+)"', one.unpacked)) for one in answers]
    (one,), (other,) = found
    assert one != other
    assert desk.send("/session/end", token=one.decode()).status == 303


def test_a_user_enrols_signs_in_and_changes_the_purpose(api, pages):
    """Nobody else learns the password; another purpose is another session (PR-01, PR-06)."""
    head = actor("xar", "administrator")
    draft = User(
        id="",
        login="officer.one",
        authority="xar",
        roles=frozenset({Role.FIRST_LINE}),
        language="ru",
    )
    with api.database.begin() as tx:
        secret = users.add(tx, head, draft, api.services.settings.access).secret
    new = pages.as_nobody()
    assert new.send("/enrolment/factor", secret="enr_wrong").status == 401
    page = new.send("/enrolment/factor", secret=secret)
    (address,) = [link for link in page.links() if link.startswith("otpauth:")]
    assert b'aria-label="QR code of the key"' in page.response.body
    assert page.response.headers["cache-control"] == "no-store"
    factor = TOTP(parse_qs(urlsplit(address).query)["secret"][0])
    chosen = {"secret": secret, "password": "seven green kettles sing", "code": factor.now()}
    wrong = new.send("/enrolment", **chosen, password_again="other")
    assert "The two passwords are not the same." in wrong.text
    done = new.send("/enrolment", **chosen, password_again=chosen["password"])
    assert done.location == "/desk/session"

    why = {"purpose": "border_control", "place": "gate 4"}
    given = {"login": "officer.one", "password": chosen["password"], **why}
    refused = new.send("/session", **given, code="000000")
    assert refused.status == 401
    assert "these credentials are not right" in refused.text
    code = factor.at(clock.now() + timedelta(seconds=30))
    other = new.send("/session", **{**given, "purpose": "administration"}, code=code)
    assert "None of your roles acts for this purpose" in other.text
    new.look = None  # a browser in which nothing was chosen yet
    let_in = new.send("/session", **given, code=code)
    assert "Это ваш первый вход." in unquote("".join(let_in.response.cookies))
    assert new.look == Look(language="ru")
    assert new.get("/mine").status == 200
    first = new.secret
    assert new.send("/session/purpose", code="000000", **why).status == 422
    assert new.secret == first
    assert new.get("/session/purpose").status == 200


def test_help_tells_the_keys_and_the_words_in_every_language(pages):
    """Also to somebody who cannot sign in yet."""
    for language in LANGUAGES:
        reader = pages.as_nobody(language)
        assert reader.get("/help").status == 200
        assert "машиносчитываемая зона" in reader.get("/help/glossary").text


def test_a_browser_says_where_a_form_comes_from(pages):
    """With no referrer at all its origin is "null", which is refused as somebody else's."""
    assert pages.as_nobody().get("/session").response.headers["referrer-policy"] == "same-origin"
