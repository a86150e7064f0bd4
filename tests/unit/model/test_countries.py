"""One code for each state, however a list, a document or an officer writes it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from didban.model.countries import alpha3, country, country_name, is_specimen, same_state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IR", "ir"),
        ("ir", "ir"),
        ("IRN", "ir"),
        ("D", "de"),
        ("D<<", "de"),
        ("DEU", "de"),
        ("GBR", "gb"),
        ("RKS", "xk"),
        ("XKX", "xk"),
        ("ROM", "ro"),
        ("ZAR", "cd"),
        ("SUN", "su"),
        ("suhh", "su"),
        ("SCG", "scg"),
        ("ge-ab", "ge"),
    ],
)
def test_codes_of_states_are_known_old_ones_too(text, expected):
    """Two letters, three, one; padded; renamed; of a region."""
    assert country(text) == expected


@pytest.mark.parametrize("text", ["UTO", "XXA", "XXX", "UNO", "GBD", "XPO", "XAR", "XBO", "XCA"])
def test_codes_of_other_issuers_stay_as_they_are(text):
    """Organisations, persons without nationality, specimens, private use (Doc 9303-3, 5)."""
    assert country(text) == text.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran (Islamic Republic of)", "ir"),
        ("Korea, North", "kp"),
        ("Democratic People’s Republic of Korea", "kp"),
        ("Russian Federation", "ru"),
        ("Cote d'Ivoire", "ci"),
        ("Côte d’Ivoire", "ci"),
        ("Congo, Democratic Republic of the", "cd"),
        ("Bahamas, The", "bs"),
        ("The Gambia", "gm"),
        ("Trinidad & Tobago", "tt"),
        ("St. Lucia", "lc"),
        ("Syrian", "sy"),
        ("Palestinian Territories", "ps"),
        ("Afghanistan (previous address)", "af"),
        ("USSR (now Russian Federation)", "ru"),
        ("Saudi Arabia citizenship", "sa"),
        ("  united   KINGDOM ", "gb"),
    ],
)
def test_habits_of_lists_are_known(text, expected):
    """Inverted names, demonyms, remarks in brackets."""
    assert country(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ایران", "ir"),
        ("إيران", "ir"),
        ("ايران", "ir"),
        ("Иран", "ir"),
        ("Российская Федерация", "ru"),
        ("جمهوری اسلامی افغانستان", "af"),
        ("العراق", "iq"),
        ("Allemagne", "de"),
    ],
)
def test_names_in_other_languages_are_known(text, expected):
    """Persian, Arabic (with either yeh), Russian, French."""
    assert country(text) == expected


@pytest.mark.parametrize("text", ["", "  ", "ZZ", "XX", "Q", "Atlantis", "12", "x" * 10_000, "\0"])
def test_what_is_no_state_gives_none(text):
    """Unknown stays unknown."""
    assert country(text) is None


def test_kinds_of_british_nationality_are_one_state():
    """A list says GBR where a passport says GBN."""
    assert same_state("gbn", "gb")
    assert same_state("gbd", "gbo")
    assert same_state("unk", "xk")


def test_territories_of_their_own_and_unknown_states_are_not_one():
    """Hong Kong issues its own passports; nothing is known of None."""
    assert not same_state("hk", "cn")
    assert not same_state(None, None)
    assert not same_state("ir", None)


def test_names_and_three_letters_are_given_back():
    """For people, in their language where there is a name in it."""
    assert (alpha3("ir"), alpha3("uto"), alpha3("xar")) == ("IRN", "UTO", "XAR")
    assert country_name("kp") == "North Korea"
    assert country_name("ir", "fa") == "ایران"
    assert country_name("uto", "fa") == "Utopia"
    assert country_name("ir", "no-such-language") == "Iran"


def test_only_utopia_is_a_specimen():
    """A fictional state of a demonstration must not raise the alarm."""
    assert is_specimen("uto")
    assert not is_specimen("xar")


def test_a_code_is_looked_up_without_babel():
    """A single check must not pay for names in eleven languages."""
    program = (
        "import sys; from didban.model.countries import country, alpha3;"
        "assert country('UTO') and country('D<<') and alpha3('ir');"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("former", "successor"),
    [("su", "ru"), ("su", "tj"), ("yu", "rs"), ("csk", "cz"), ("scg", "me")],
)
def test_a_state_that_is_no_more_may_be_each_of_its_successors(former, successor):
    """A birth certificate of the Soviet Union does not contradict a Tajik passport."""
    assert same_state(former, successor)
    assert same_state(successor, former)


def test_successors_of_one_state_are_different_states():
    """Having been one state does not make two one."""
    assert not same_state("ua", "ru")
