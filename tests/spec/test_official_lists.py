"""The official lists as they were published: every entry arrives, with all that it says.

No name of a listed person stands here; where one is needed, it is taken from the file itself.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from datetime import date
from xml.etree import ElementTree as ET  # the test's own, independent reading of trusted files

import pytest

from didban.intake.readers import READERS
from didban.intake.readers.base import Source
from didban.model.countries import country
from didban.model.dates import parse_date
from didban.model.schemata import Kind, schemata
from intake_help import read_path

pytestmark = pytest.mark.slow

OFAC_LINES = 8890
"""Rows of sdn.csv of April 2021. Oddities: a last line of one end mark (0x1A) in each of the three
files, and seven entries whose remarks are cut off at 1,000 characters (no sdn_comments.csv)."""


@pytest.fixture(scope="module")
def lists(shared_data):
    """Return the folder of real lists."""
    return shared_data / "lists"


@pytest.fixture(scope="module")
def un(lists):
    """Return the UN list of March 2020 as read."""
    return read_path("un-sc", lists / "un" / "2020-03-20.xml")


@pytest.fixture(scope="module")
def un_root(lists):
    """Return the same file, parsed independently."""
    return ET.parse(lists / "un" / "2020-03-20.xml").getroot()  # noqa: TID251 - a trusted file


@pytest.fixture(scope="module")
def ofac(lists):
    """Return the OFAC list of April 2021 as read."""
    return read_path("ofac-sdn", lists / "ofac" / "2021-04")


@pytest.fixture(scope="module")
def csl(lists):
    """Return the US consolidated screening list of May 2022 as read."""
    return read_path("us-csl", lists / "csl" / "consolidated_2022-05.csv.gz")


@pytest.fixture(scope="module")
def uk(lists):
    """Return the UK list of April 2020 as read."""
    return read_path("uk-ofsi", lists / "uk" / "hmt_conlist_2020-04.csv.gz")


def _is_link(record):
    return schemata()[record.schema].is_link


def _entries(outcome):
    return {r.id: r for r in outcome.records if not _is_link(r)}


def _rows(path, encoding="utf-8"):
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def _words(texts):
    """Return the words of all names, as a bag for comparison."""
    return {word for text in texts for word in re.findall(r"\w+", text)}


@pytest.mark.parametrize(
    ("name", "persons", "others", "day"),
    [
        ("2020-03-20.xml", 709, 305, date(2020, 3, 20)),
        ("2018-10-29.xml", 703, 390, date(2018, 10, 29)),
    ],
)
def test_every_entry_of_the_un_list_is_read(lists, name, persons, others, day):
    """1,014 of March 2020 and 1,093 of October 2018, with nothing refused or guessed."""
    path = lists / "un" / name
    outcome = read_path("un-sc", path)
    kinds = Counter(record.schema for record in _entries(outcome).values())
    assert kinds == {"Person": persons, "Organization": others}
    assert outcome.rejects == outcome.notes == []
    assert READERS["un-sc"].source_date(Source(kind="un-sc", name="un", path=path)) == day


def test_every_un_reference_is_an_identifier(un, un_root):
    """Trimmed, as the list has blanks around some."""
    references = {f"un-{node.text.strip()}" for node in un_root.iter("REFERENCE_NUMBER")}
    assert _entries(un).keys() == references


def test_every_word_of_every_un_name_is_kept(un, un_root):
    """Names, original scripts and aliases: in the names or, where a cell holds more, in the notes."""
    records = _entries(un)
    for node in (*un_root.iter("INDIVIDUAL"), *un_root.iter("ENTITY")):
        record = records[f"un-{node.findtext('REFERENCE_NUMBER').strip()}"]
        tags = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "NAME_ORIGINAL_SCRIPT")
        listed = [node.findtext(tag) or "" for tag in tags]
        listed += [alias.text or "" for alias in node.iter("ALIAS_NAME")]
        kept = record.values("name", "alias", "weakAlias", "previousName", "notes")
        assert _words(listed) <= _words(kept), record.id


def test_every_un_passport_number_is_kept(un, un_root):
    """Each stands in a document, or in the notes when it is no number."""
    records = _entries(un)
    for node in un_root.iter("INDIVIDUAL"):
        record = records[f"un-{node.findtext('REFERENCE_NUMBER').strip()}"]
        papers = [text for d in record.documents for text in (d.number, d.note or "")]
        kept = " ".join([*papers, *record.values("notes")])
        for number in node.iter("NUMBER"):
            digits = re.findall(r"\d{4,}", number.text or "")
            assert all(group in kept for group in digits), record.id


def test_birth_dates_of_the_un_list_are_understood(un):
    """All but seven remarks ("30-35 years old") become dates."""
    unread = [
        n for r in un.records for n in r.values("notes") if n.startswith("birthDate as listed")
    ]
    people = [r for r in un.records if r.schema == "Person"]
    dated = sum(1 for r in people if r.values("birthDate"))
    assert len(unread) <= 7
    assert dated / len(people) > 0.9


def test_every_line_of_the_ofac_list_is_an_entry(ofac):
    """8,890, by type; the oddities are noted, nothing is refused."""
    kinds = Counter(record.schema for record in _entries(ofac).values())
    assert kinds == {"Person": 4566, "Organization": 3644, "Vessel": 403, "Airplane": 277}
    assert kinds.total() == OFAC_LINES
    assert ofac.rejects == []
    assert len(ofac.notes) == 7
    assert all("cut off" in note.reason for note in ofac.notes)


def test_every_ofac_alias_is_joined(ofac, lists):
    """11,742 of alt.csv, each with its entry, under its kind."""
    records = _entries(ofac)
    kinds = {"aka": "alias", "fka": "previousName", "nka": "alias"}
    aliases = [row for row in _rows(lists / "ofac" / "2021-04" / "alt.csv") if len(row) == 5]
    assert len(aliases) == 11742
    for number, _, kind, name, _ in aliases:
        properties = records[f"ofac-{number}"].properties
        assert " ".join(name.split()) in properties[kinds[kind]], number


def test_every_ofac_address_is_joined(ofac, lists):
    """Street and city in the address, the state as a code or in the address."""
    records = _entries(ofac)
    for row in _rows(lists / "ofac" / "2021-04" / "add.csv"):
        if len(row) == 6 and any(cell.strip() != "-0-" for cell in row[2:4]):
            kept = " ".join(records[f"ofac-{row[0]}"].values("address"))
            street = " ".join(row[2].split())
            assert street in kept or street == "-0-", row[0]


def test_ofac_remarks_are_kept_whole(ofac, lists):
    """Whatever is understood of them."""
    records = _entries(ofac)
    for row in _rows(lists / "ofac" / "2021-04" / "sdn.csv"):
        if len(row) == 12 and row[11].strip() != "-0-":
            assert " ".join(row[11].split()) in records[f"ofac-{row[0]}"].values("notes"), row[0]


def test_ofac_passports_and_birth_dates_are_understood(ofac, lists):
    """As many as the remarks state, less those in the clauses that are cut off."""
    remarks = [row[11] for row in _rows(lists / "ofac" / "2021-04" / "sdn.csv") if len(row) == 12]
    clauses = [clause.strip() for text in remarks for clause in text.split(";")]
    stated = sum(
        1 for c in clauses if re.match(r"(?:alt\. )?(?:Diplomatic |\w+ \w+ )?Passport ", c)
    )
    read = sum(1 for r in ofac.records for d in r.documents if d.type == "P")
    assert abs(stated - read) <= 5
    births = sum(1 for clause in clauses if re.match(r"(?:alt\. )?DOB ", clause))
    dated = sum(len(record.values("birthDate")) for record in ofac.records)
    assert abs(births - dated) <= 15


def test_ofac_relations_find_both_ends(ofac):
    """3,361 of "Linked To"; only names that no entry bears are left to the remarks."""
    records = _entries(ofac)
    links = [record for record in ofac.records if record.schema == "UnknownLink"]
    assert len(links) == 3361
    ends = {end for record in links for end in record.values("subject", "object")}
    assert ends <= records.keys()


@pytest.mark.parametrize(
    ("path", "entries"),
    [
        ("ofac/cons_sdnlist_2024-05-06.xml", 443),
        ("ofac/enhanced_sample_2024-08-28.xml.gz", 293),
        ("samples/sample_ofac_consolidated.xml", 8),
    ],
)
def test_every_entry_of_the_other_ofac_layouts_is_read(lists, path, entries):
    """Told apart by their content."""
    outcome = read_path("ofac-sdn", lists / path)
    assert len(_entries(outcome)) == entries
    assert outcome.rejects == outcome.notes == []


def test_the_enhanced_layout_gives_all_relations(lists):
    """229 of them, most with a schema of their own."""
    outcome = read_path("ofac-sdn", lists / "ofac" / "enhanced_sample_2024-08-28.xml.gz")
    relations = Counter(r.schema for r in outcome.records if _is_link(r))
    assert relations == {
        "Representation": 112,
        "Ownership": 67,
        "UnknownLink": 43,
        "Directorship": 7,
    }


def test_every_row_of_the_us_screening_list_is_a_record(csl):
    """14,160, each under an identifier of its own, and only one of them by a repeated number."""
    records = _entries(csl)
    assert len(records) == 14160
    assert csl.rejects == []
    hashed = [key for key in records if re.fullmatch(r"csl-[A-Z-]+-[0-9a-f]{12}", key)]
    assert len(hashed) == 3625 + 1


def test_every_passport_of_the_us_screening_list_is_kept(csl, lists):
    """With its state where one is stated."""
    rows = _rows(lists / "csl" / "consolidated_2022-05.csv.gz", "utf-8-sig")
    identifiers = [part for row in rows[1:] for part in row[-1].split("; ")]
    stated = sum(1 for text in identifiers if text.split(", ")[-1].endswith("Passport"))
    read = [d for r in csl.records for d in r.documents if d.type == "P"]
    assert abs(stated - len(read)) <= 20  # the same passport may be stated twice for one person
    assert sum(1 for d in read if d.issuer) / len(read) > 0.85


def test_every_group_of_the_uk_list_is_a_record(uk, lists):
    """2,114, though the rows of nearly all stand apart."""
    rows = [
        row
        for row in _rows(lists / "uk" / "hmt_conlist_2020-04.csv.gz", "cp1252")
        if len(row) == 29
    ]
    records = _entries(uk)
    assert len(records) == 2114
    assert records.keys() == {f"uk-{row[-1]}" for row in rows[1:]}
    assert uk.rejects == []
    for row in rows[1:]:
        listed = " ".join(filter(None, (*row[1:6], row[0])))
        kept = records[f"uk-{row[-1]}"].values("name", "alias", "previousName")
        assert " ".join(listed.split()) in kept, row[-1]


def test_most_uk_passports_have_a_number(uk, lists):
    """Only cells without any number give no document."""
    rows = [
        row
        for row in _rows(lists / "uk" / "hmt_conlist_2020-04.csv.gz", "cp1252")
        if len(row) == 29
    ]
    with_digits = {row[-1] for row in rows[1:] if len(re.findall(r"\d", row[11])) > 4}
    records = _entries(uk)
    missing = [number for number in with_digits if not records[f"uk-{number}"].documents]
    assert len(missing) <= 3


@pytest.mark.parametrize(
    ("kind", "name", "entries"),
    [
        ("eu-fsf", "sample_eu.xml", 7),
        ("uk-ofsi", "sample_hmt.csv", 6),
        ("un-sc", "sample_unsc.xml", 7),
    ],
)
def test_small_samples_of_other_publications_are_read(lists, kind, name, entries):
    """EU, the new UK layout, a later UN list."""
    outcome = read_path(kind, lists / "samples" / name)
    assert len(_entries(outcome)) == entries
    assert outcome.rejects == []


@pytest.mark.parametrize("name", ["un", "ofac", "csl", "uk"])
def test_every_value_is_of_the_vocabulary(request, name):
    """Properties that the schema knows, dates as EDTF, states as codes."""
    for record in request.getfixturevalue(name).records:
        known = schemata()[record.schema].properties
        for key, values in record.properties.items():
            assert key in known, (record.id, key)
            if known[key] is Kind.DATE:
                assert all(str(parse_date(value)) == value for value in values), record.id
            if known[key] is Kind.COUNTRY:
                assert all(country(value) == value for value in values), record.id
