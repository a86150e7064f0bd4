"""Every text of the pages is there in every language, and says the same with the same gaps."""

from __future__ import annotations

import re

import pytest

from didban.web.i18n.catalogues import FOLDER, read, translations
from didban.web.i18n.errors import told
from didban.web.numerals import OF_LANGUAGE
from tools import catalogues
from tools.catalogues import BY_HAND, TRANSLATED

_TYPED = re.compile(r"[A-Z]{2} \d+|[\w:~.-]*(?:[A-Z]|-|\d{4}|\d\.\d)[\w:~.-]*")
_GAP = re.compile(r"%\((\w+)\)s|%%")


@pytest.fixture(scope="module")
def said():
    """Return what the pages say, by room."""
    return catalogues.said()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_without_a_translation(said, language):
    """A text that is missing would stand in English in the middle of a page."""
    missing = []
    for room, wanted in said.items():
        there = catalogues.kept(language, room)
        for message in wanted:
            known = there.get(message.id, message.context) if message.id else message
            if known is None or not known.string or not all(_strings(known.string)):
                missing.append(f"{room}: {message.id}")

    assert [one for one in missing if not one.endswith(": ")] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_of_a_text_that_is_gone(said, language):
    """What no page says any more is taken out by `make catalogues`."""
    gone = [
        f"{catalogue.domain}: {message.id}"
        for catalogue in read(language)
        if catalogue.domain not in BY_HAND
        for message in catalogue
        if message.id and said[catalogue.domain].get(message.id, message.context) is None
    ]

    assert gone == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_gaps_of_its_text(language):
    """A gap that is missing loses a fact, and one too many breaks the page.

    The words for an error may leave out codes of ours that stand in its message, and the form for
    one or two things in Arabic says their number itself.
    """
    wrong = []
    for catalogue in read(language):
        for message in catalogue:
            wanted = set(_GAP.findall(" ".join(_strings(message.id)))) - {"num", ""}
            for string in _strings(message.string):
                found = set(_GAP.findall(string)) - {"num", ""}
                may_leave_out = catalogue.domain == "errors" or message.pluralizable
                is_right = found <= wanted if may_leave_out else found == wanted
                if message.id and string and not is_right:
                    wrong.append(f"{catalogue.domain}: {message.id}")

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_text_is_translated_in_one_way(language):
    """The same words mean the same on every page."""
    ways: dict[tuple[str, str | None], set[str]] = {}
    for catalogue in read(language):
        for message in catalogue:
            if message.id:
                key = (str(message.id), message.context)
                ways.setdefault(key, set()).add(str(message.string))

    assert {text: found for text, found in ways.items() if len(found) > 1} == {}


def test_an_error_with_values_is_told_in_the_language_of_the_reader():
    """The catalogue has gaps where the values stand; what no catalogue has stays as it is."""
    assert "3" in told("fa", "the record has version 3 by now; read it again")
    assert "version" not in told("fa", "the record has version 3 by now; read it again")
    assert told("ru", "nothing like this") == "nothing like this"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_plural_has_every_form_of_its_language(language):
    """Arabic has six, Russian three."""
    for catalogue in read(language):
        for message in catalogue:
            if message.id and message.pluralizable:
                assert len(_strings(message.string)) == catalogue.num_plurals, message.id


def test_terms_have_the_same_codes_in_every_language():
    """A code that one language names is named by all; English only where its code is no word."""
    named = {
        language: {
            (message.context, message.id)
            for catalogue in read(language)
            if catalogue.domain == "terms"
            for message in catalogue
            if message.id
        }
        for language in TRANSLATED
    }

    first = named[TRANSLATED[0]]
    assert {language: codes ^ first for language, codes in named.items() if codes != first} == {}


@pytest.mark.parametrize("language", OF_LANGUAGE)
def test_a_number_in_a_translation_stands_in_the_digits_of_its_language(language):
    """Only what is a code, a date or to be typed has Latin digits."""
    latin = [
        text
        for catalogue in read(language)
        for message in catalogue
        if message.id and message.context != "InformationEvaluation"
        for text in _strings(message.string)
        if re.search("[0-9]", _TYPED.sub("", _GAP.sub("", text)))
    ]

    assert latin == []


def test_a_number_in_a_text_is_told_in_the_digits_that_were_chosen():
    """Whoever chose Latin digits meets no others."""
    text = "The owner has 12 hours to answer. It learns that the matter is alive."

    assert "۱۲" in translations("fa", "arabext").ugettext(text)
    assert "12" in translations("fa").ugettext(text)
    assert "١٢" in translations("ar", "arab").ugettext(text)
    assert "12" in translations("ar").ugettext(text)


def test_an_error_tells_its_numbers_in_the_digits_that_were_chosen():
    """A bare number is one of the text; a date or a code stays as everybody writes it."""
    late = "must lie after today and not after 2027-01-31 (PR-30)"
    version = "the record has version 3 by now; read it again"

    assert "۳" in told("fa", version, "arabext")
    assert "2027-01-31" in told("fa", late, "arabext")


def test_languages_have_the_same_rooms():
    """No room is forgotten in one language."""
    rooms = {
        language: {path.name for path in (FOLDER / language).iterdir()} for language in TRANSLATED
    }

    assert len({frozenset(names) for names in rooms.values()}) == 1, rooms


def _strings(string):
    return (string or "",) if isinstance(string, str | None) else tuple(string)
