"""What cells of lists say in free text: numbered values, states, names, papers."""

from __future__ import annotations

from time import process_time

import pytest

from didban.intake.readers.draft import Draft
from didban.intake.readers.names import names_in_cell, person_name
from didban.intake.readers.papers import papers
from didban.intake.readers.remarks import add_facts, links_to_un_entries, papers_in
from didban.intake.readers.states import is_plain, state, state_of_place, states
from didban.intake.readers.text import clean, numbered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two\n words ", "two words"),
        ("-0- ", ""),
        ("-", ""),
        (None, ""),
        ("\u202bپروانه\u202c", "پروانه"),
        ("کوه\u200cوند", "کوه\u200cوند"),
    ],
)
def test_cells_are_trimmed_and_placeholders_are_nothing(text, expected):
    """Display marks go, the joiner that spelling needs stays."""
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norn", ("Norn",)),
        ("1) Norn 2) Port Norn", ("Norn", "Port Norn")),
        ("(a) Norn, (b) Port Norn", ("Norn", "Port Norn")),
        ("(1) Norn (b) Port Norn", ("Norn", "Port Norn")),
        ("X123 (Arvandi) (2004)", ("X123 (Arvandi) (2004)",)),
        ("No: (a) 1111, (b) 2222.", ("No: 1111", "No: 2222.")),
        ("first (b) second", ("first", "second")),
        ("(1)-(2) Norn", ("Norn",)),
        ("", ()),
    ],
)
def test_numbered_cells_are_split_at_their_markers(text, expected):
    """A marker counts only where it is the next of its row."""
    assert numbered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arvandi", ("xar",)),
        ("(1) Arvandi (2) Borelander", ("xar", "xbo")),
        ("Arvandi, Caspian", ("xar", "xca")),
        ("Arvandi citizenship", ("xar",)),
        ("Arvandi national and US national/citizen", ("xar", "us")),
        ("Possibly Borelander", ("xbo",)),
        ("Boreland (citizenship revoked in January 2015)", ("xbo",)),
        ("Old Example SSR (now Caspia)", ("xca",)),
        ("na", ()),
        ("UTO", ("uto",)),
        ("stateless wanderer", ()),
    ],
)
def test_states_are_found_among_remarks(text, expected):
    """In the order of the list."""
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Boreland", True), ("(1) Arvand (2) Caspia", True), ("Boreland (previous)", False)],
)
def test_a_cell_that_says_more_than_states_is_known(text, expected):
    """Such a cell is also kept as a remark."""
    assert is_plain(text) is expected


def test_two_small_letters_are_no_code():
    """Capitals are."""
    assert (state("na"), state("NA")) == (None, "na")


@pytest.mark.parametrize(
    ("place", "expected"),
    [("Norn, Lower Example, Arvand", "xar"), ("Boreland", "xbo"), ("Norn", None), ("", None)],
)
def test_a_place_ends_with_its_state(place, expected):
    """Or says none."""
    assert state_of_place(place) == expected


@pytest.mark.parametrize(
    ("text", "forms", "given", "family"),
    [
        (
            "KUHANVAND, Rostamin",
            ("Rostamin KUHANVAND", "KUHANVAND, Rostamin"),
            "Rostamin",
            "KUHANVAND",
        ),
        ("DOE, Jon, Jr.", ("Jon DOE Jr.", "DOE, Jon, Jr."), "Jon", "DOE"),
        ("JON DOE, JR.", ("JON DOE, JR.",), "", ""),
        ("KUHANVAND", ("KUHANVAND",), "", ""),
        ('"DOE, Jon"', ("Jon DOE", "DOE, Jon"), "Jon", "DOE"),
        ("'AYNI, Jon", ("Jon 'AYNI", "'AYNI, Jon"), "Jon", "'AYNI"),
        ("", (), "", ""),
    ],
)
def test_a_name_is_taken_apart_at_its_comma(text, forms, given, family):
    """Natural order first."""
    name = person_name(text)
    assert (name.forms, name.given, name.family) == (forms, given, family)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Abe One", ("Abe One",)),
        ("Abe One; Abe Two", ("Abe One", "Abe Two")),
        ("Abe, Ebe, Ibe", ("Abe", "Ebe", "Ibe")),
        ("Abe (رستمین)", ("Abe", "رستمین")),
        ("رستمین (Rostamin; Rustamin)", ("رستمین", "Rostamin", "Rustamin")),
        ("Abe (original script: Аббе)", ("Abe", "Аббе")),
        ("Abe One, born 1 Jan. 1953 (Arvand passport no.07100320)", ("Abe One",)),
        ("Abe (combat name)", ("Abe",)),
        (") Abe", ("Abe",)),
    ],
)
def test_an_alias_cell_may_hold_several_names_and_remarks(cell, expected):
    """Only names are taken for names."""
    assert names_in_cell(cell) == expected


def test_brackets_belong_to_the_name_of_an_organisation():
    """Unless they repeat it in another script."""
    assert names_in_cell("Example (Norn) Ltd", is_person=False) == ("Example (Norn) Ltd",)
    assert names_in_cell("Example (مثال)", is_person=False) == ("Example", "مثال")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000071003", [("0000071003", None, "P", None, None)]),
        (
            "Passport No: 710017 (Arvandi passport issued on 3 May 2017).",
            [("710017", "xar", "P", "2017-05-03", None)],
        ),
        (
            "(1) X-710018 (Arvandi) issued on 4 June 1985 in Norn (2) P710019 (Caspian)",
            [("X-710018", "xar", "P", "1985-06-04", None), ("P710019", "xca", "P", None, None)],
        ),
        (
            "710020 issued on 31 May 2005. And 710021 issued on 12 Jan. 2008",
            [("710020", None, "P", "2005-05-31", None), ("710021", None, "P", "2008-01-12", None)],
        ),
        (
            "a) Arvand 710022 (approximately issued in 2009) b) Arvand 710023 (expired on 4 April 2004)",
            [("710022", "xar", "P", "2009", None), ("710023", "xar", "P", None, "2004-04-04")],
        ),
        (
            "Holder of Caspian Passport No x710024 issued in November 2016 expiring on 21.11.2021.",
            [("x710024", "xca", "P", "2016-11", "2021-11-21")],
        ),
        (
            "XO 7100251 (Borelander). Issued 4 Feb 2003 by the Consulate in Norn, Arvand.",
            [("XO 7100251", "xbo", "P", "2003-02-04", None)],
        ),
        ("Arvandi passport number 8208 No. 710026", [("8208 710026", "xar", "P", None, None)]),
        (
            "XC7100270 (valid from 20.5.2014 to 19.5.2019)",
            [("XC7100270", None, "P", "2014-05-20", "2019-05-19")],
        ),
        ("710028 (Personal ID)", [("710028", None, "I", None, None)]),
        ("X7100290 (place of issue: Caspia)", [("X7100290", None, "P", None, None)]),
        ("Borelander Passport.", []),
        ("(Boreland). Issued 1993.", []),
        ("11.1.2002", []),
        ("", []),
    ],
)
def test_papers_are_read_from_sentences(text, expected):
    """Number, issuer, kind, dates; a place of issue is not an issuer, a year not a number."""
    found = papers(text, default="P")
    assert [(d.number, d.issuer, d.type, d.issued_on, d.expires_on) for d in found] == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("X710031 (False Arvandi)", "invalid"),
        ("X710031 (officially cancelled)", "revoked"),
        ("X710031 (reported stolen)", "stolen"),
        ("X710031 (Arvandi)", None),
    ],
)
def test_a_remark_tells_the_status_of_a_paper(text, status):
    """In the words of the glossary."""
    assert papers(text, default="P")[0].status == status


@pytest.mark.parametrize(
    "unit", ["(", "1) ", "a, ", "no ", "passport no 1", "; ", "issued ", "Arvand and "]
)
def test_a_huge_cell_costs_no_time(unit):
    """It is kept as it is and not interpreted: prose of a million characters is no cell."""
    cell = unit * (1_000_000 // len(unit))
    started = process_time()
    assert (states(cell), papers(cell, default="P")) == ((), ())
    assert len(numbered(cell)) == len(names_in_cell(cell)) == len(person_name(cell).forms) == 1
    assert process_time() - started < 2


@pytest.mark.parametrize(
    "unit",
    [
        "Brother of A ",
        "Father's name is Al ",
        "referred to as A, ",
        "(XXi.001) ",
        "passport no 1 ",
        "gender ",
    ],
)
def test_huge_remarks_cost_little_time(unit):
    """Phrases are looked for in their beginning only; the remarks themselves are kept whole."""
    draft = Draft("x", "Person", dataset="x")
    remarks = unit * (1_000_000 // len(unit))
    started = process_time()
    add_facts(draft, remarks)
    papers_in(remarks)
    list(links_to_un_entries(draft, remarks, own="XXi.009", dataset="x"))
    assert process_time() - started < 2
