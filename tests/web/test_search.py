"""One box: what is found, why, and what no more is told of than that it exists."""

from __future__ import annotations

import pytest

from bank_help import actor, marking, passport, person
from didban.intake import bank


@pytest.fixture
def known(api):
    """Return identifiers: of a person of Arvand, of one of Boreland's own, of a passport."""
    with api.database.begin() as tx:
        own = person("زهرا کریم‌زاده", birthDate="1971-05-02", nationality="xar", notes="A scar.")
        mine = bank.report(tx, actor("xar"), own, marking("xar"))
        theirs = bank.report(tx, actor("xbo"), person("Zahra Karimzade"), marking("xbo"))
        paper = bank.report(tx, actor("xar"), passport("A12345678"), marking("xar"))
        bank.report(tx, actor("xar"), passport("A12345699"), marking("xar"))
    return mine.id, theirs.id, paper.id


@pytest.fixture
def desk(pages, api, known):
    """Return an analyst of Arvand, once the index knows of the records."""
    api.services.index.catch_up()
    return pages.as_("xar", "analyst")


def test_a_name_is_found_in_whichever_script_and_says_why(desk, known):
    """What is open is shown by kind; of another owner's record no more than that it exists (PR-03)."""
    mine, theirs, _ = known
    assert desk.get("/search").heading == "Search"

    page = desk.send("/search", q="Zahra Karimzadeh")

    assert page.status == 200
    assert f"/desk/files/{mine}" in page.links()
    assert "A name like it" in page.text
    again = desk.send("/search", q="Zahra Karimzadeh", speak="fa")
    assert f"/desk/files/{mine}" in again.links()
    assert again.heading == "جست‌وجو"
    assert "More exists of which a search tells nothing else" in page.text
    assert f"/desk/records/{theirs}" in page.links()  # a step of its own, recorded with its purpose
    assert "Write to its owner" not in page.text
    assert "Zahra Karimzade" not in page.text.replace("Zahra Karimzadeh", "")


def test_a_number_and_words_are_asked_in_the_same_box(desk, known):
    """What was asked never stands in an address."""
    mine, _, paper = known

    by_number = desk.send("/search", q="A1234 5678")
    by_words = desk.send("/search", q="scar")

    assert f"/desk/records/{paper}" in by_number.links()
    assert "Passport" in by_number.text
    assert "Stolen" in by_number.text
    assert f"/desk/files/{mine}" in by_words.links()
    assert "The words" in by_words.text


def test_one_word_of_a_name_finds_who_bears_it_in_whichever_script(pages, api):
    """It seldom says who is meant, so the page asks for the rest; and it says what nothing means."""
    with api.database.begin() as tx:
        found = bank.report(tx, actor("xar"), person("تیمور عسکروف"), marking("xar"))
        for given in ("Vera", "Lina", "Nora", "Omid", "Sara", "Yara"):
            bank.report(tx, actor("xar"), person(f"{given} Orlovskaya"), marking("xar"))
    api.services.index.catch_up()
    desk = pages.as_("xar", "analyst")

    word, whole = desk.send("/search", q="Askarov"), desk.send("/search", q="Timur Askarov")
    nothing = desk.send("/search", q="Askarov", owner="xbo")

    assert f"/desk/files/{found.id}" in word.links()
    assert "Give the whole name" in word.text
    assert "Give the whole name" not in whole.text
    assert "It does not mean that there is none" in nothing.text
    assert "Search without what narrows it down" in nothing.text


def test_who_writes_messages_asks_the_owner_with_the_reference(pages, api, known):
    """The form of a request is filled in with whom to ask and about what."""
    api.services.index.catch_up()
    desk = pages.as_("xar", "second_line")

    page = desk.send("/search", q="Zahra Karimzadeh")

    assert "Write to its owner" in page.text
    asked = {"kind": "request", "recipient": "xbo", "p0-what": "text", "p0-text": known[1]}
    assert known[1] in desk.send("/letters/part", **asked).text


def test_a_supervisor_looks_for_a_series_of_documents(pages, known):
    """The purpose of the session is supervision; it stands in every entry."""
    desk = pages.as_("xar", "supervisor", purpose="supervision")

    found = desk.send("/search", q="A1234*")
    paper = desk.get(f"/records/{known[2]}")

    assert f"/desk/records/{known[2]}" in found.links()
    assert f"/desk/records/{known[2]}/series" in paper.links()
    series = desk.get(f"/records/{known[2]}/series")
    assert "Numbers that begin with A12345" in series.text
    assert "A12345699" in series.text


def test_looking_around_is_refused_in_words_and_nothing_typed_is_lost(desk):
    """Looking around is a supervisor's right (PR-04)."""
    page = desk.send("/search", q="Zah*")

    assert page.status == 403
    assert "needs the purpose" in page.text
    [box] = [one for one in page.all(".//main//input") if one.get("name") == "q"]
    assert box.get("value") == "Zah*"
    assert desk.send("/search").status == 422


def test_the_answer_stands_in_each_language(pages, desk):
    """Every page is whole in each language; `desk` has seen to the index."""
    for language in ("fa", "ar", "ru"):
        asker = pages.as_("xar", "analyst", language=language)
        assert asker.send("/search", q="Zahra Karimzadeh").status == 200


def test_who_has_no_search_has_no_box(pages):
    """The first line checks; it does not search."""
    assert pages.as_("xar", "first_line").get("/search").status == 403
