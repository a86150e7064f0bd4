"""Machine-readable zones: inverse functions, and what a single misread character can hide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from didban.model.mrz import (
    LAYOUTS,
    Fields,
    Format,
    Mrz,
    check_digit,
    is_undetectable,
    number_variants,
    parse,
    parse_all,
    render,
)
from didban.model.mrz.searching import to_record
from didban.model.transliteration import (
    arabic_readings,
    cyrillic_readings,
    latin_readings,
    latin_variants,
    readings,
    russian_internal_reading,
    to_mrz,
)
from didban.model.transliteration_tables import ARABIC

TODAY = date(2026, 3, 1)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
LETTERS = ALPHABET[:26]

words = st.text(LETTERS, min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=2).map(" ".join)
states = st.sampled_from(["UTO", "XAR", "XBO", "D", "GBR", "RKS"])
dates = st.dates(date(1930, 1, 1), date(2025, 12, 31)).map(lambda day: day.strftime("%y%m%d"))
birth_dates = dates | dates.map(lambda raw: raw[:2] + "<<<<") | st.just("<<<<<<")


def data(most):
    """Return a strategy for optional data of so many characters at most."""
    return st.text(ALPHABET, max_size=most)


@st.composite
def documents(draw, kinds=tuple(Format)):
    """Draw the elements of a document that fit without truncation."""
    kind = draw(st.sampled_from(kinds))
    is_french = kind is Format.FRID
    first = {Format.TD3: "P", Format.MRVA: "V", Format.MRVB: "V"}.get(kind, "I")
    longest = {Format.TD1: 12, Format.TD2: 13, Format.FRID: 12}.get(kind, 9)
    number = draw(st.text(ALPHABET, min_size=12 if is_french else 1, max_size=longest))
    room = {Format.TD1: 10, Format.TD2: 1, Format.TD3: 14, Format.MRVA: 16, Format.MRVB: 8}
    is_long = len(number) > 9 and not is_french
    return Fields(
        format=kind,
        document_code="ID" if is_french else first + draw(st.sampled_from(["", "P", "D"])),
        issuing_state="FRA" if is_french else draw(states),
        primary_identifier=draw(names),
        secondary_identifier=draw(names | (words if is_french else st.just(""))),
        document_number=number,
        nationality="" if is_french else draw(states),
        birth_date=draw(birth_dates),
        sex=draw(st.sampled_from(["M", "F", ""])),
        expiry_date="" if is_french else draw(dates),
        optional_data=draw(data(6 if is_french else 0 if is_long else room[kind])),
        optional_data_2=draw(data(11)) if kind is Format.TD1 else "",
    )


@given(documents())
def test_parsing_undoes_rendering(fields: Fields):
    """What was printed is read back, with every check digit right."""
    zone = parse(render(fields), reference_date=TODAY)
    assert zone.fields == fields
    assert zone.is_valid
    assert False not in zone.verdicts.values()


@given(documents())
def test_rendering_undoes_parsing(fields: Fields):
    """Lines that are right in every digit are rendered character by character."""
    lines = render(fields)
    zone = parse(lines, reference_date=TODAY)
    assert zone.fields is not None
    assert render(zone.fields) == lines


@given(documents(), st.sampled_from(["\n", "\r", "\r\n", "", " \n "]), st.booleans())
def test_form_of_the_text_does_not_matter(fields: Fields, line_break: str, lower: bool):  # noqa: FBT001
    """Line breaks and case change nothing."""
    text = line_break.join(render(fields))
    zone = parse(text.lower() if lower else text, reference_date=TODAY)
    assert zone.fields == fields


def covered_positions(zone: Mrz) -> set[tuple[int, int]]:
    """Return line and column of every character that a check digit covers, from 0."""
    assert zone.format is not None
    layout = LAYOUTS[zone.format]
    spans = [span for name in layout.digits for span in layout.covers[name]]
    spans += layout.digits.values()
    return {(s.line - 1, column - 1) for s in spans for column in range(s.first, s.last + 1)}


@given(documents(), st.data())
def test_one_changed_character_is_detected_or_known_to_be_undetectable(fields, draw):
    """Where a check digit covers, only characters of equal weight pass for one another."""
    lines = render(fields)
    zone = parse(lines, reference_date=TODAY)
    row, column = draw.draw(st.sampled_from(sorted(covered_positions(zone))))
    old = lines[row][column]
    new = draw.draw(st.sampled_from(sorted(set(ALPHABET + "<") - {old})))
    changed = list(lines)
    changed[row] = lines[row][:column] + new + lines[row][column + 1 :]
    after = parse(changed, reference_date=TODAY)
    is_seen = after.format is not zone.format or not after.is_valid
    assert is_seen or is_undetectable(old, new)


@given(documents(), st.data())
def test_every_proposal_is_what_it_says(fields, draw):
    """A confirmed proposal has right check digits throughout; its changes make its lines."""
    lines = list(render(fields))
    row = draw.draw(st.integers(0, len(lines) - 1))
    column = draw.draw(st.integers(0, len(lines[row]) - 1))
    lines[row] = (
        lines[row][:column] + draw.draw(st.sampled_from(ALPHABET)) + lines[row][column + 1 :]
    )
    zone = parse(lines, reference_date=TODAY)
    for repair in zone.repairs:
        mended = parse(repair.lines, reference_date=TODAY)
        assert mended.is_valid == repair.is_confirmed
        rebuilt = [list(line) for line in zone.lines]
        for change in repair.changes:
            assert rebuilt[change.line - 1][change.column - 1] == change.read
            rebuilt[change.line - 1][change.column - 1] = change.proposed
        assert tuple("".join(line) for line in rebuilt) == repair.lines


@given(documents(kinds=(Format.TD3, Format.TD2, Format.MRVA)), st.data())
def test_lost_filler_never_makes_a_readable_zone(fields, draw):
    """A line that is too short is refused, and whatever is proposed is right."""
    lines = list(render(fields))
    lines[1] = lines[1].replace("<", "", 1) if "<" in lines[1] else lines[1][:-1]
    zone = parse(lines, reference_date=TODAY)
    assert zone.format is None
    assert all(parse(r.lines, reference_date=TODAY).is_valid for r in zone.repairs)


@given(st.text(max_size=300) | st.text(ALPHABET + "<\n ", max_size=300))
def test_no_text_raises(text: str):
    """Whatever is scanned, there is an answer."""
    for zone in parse_all(text, reference_date=TODAY):
        assert (zone.format is None) == bool(zone.reasons)


@given(st.lists(st.text(ALPHABET + "<", min_size=36, max_size=36), min_size=2, max_size=2))
def test_no_zone_raises(lines: list[str]):
    """Any characters of the alphabet in the right shape are read, judged and searched."""
    zone = parse(lines, reference_date=TODAY)
    assert zone.format is not None
    assert to_record(zone, identifier="x").schema == "Person"


@given(documents(kinds=(Format.TD1, Format.TD2, Format.TD3, Format.MRVB)), names)
def test_long_names_are_cut_to_fit_and_marked(fields, more):
    """However long the names, the zone is right, and says that they may be cut."""
    long = replace(fields, secondary_identifier=f"{fields.secondary_identifier} {more} " + "Z" * 40)
    zone = parse(render(long), reference_date=TODAY)
    assert zone.is_valid
    assert zone.secondary is not None
    assert zone.secondary.is_truncated


@given(st.text(ALPHABET, min_size=1, max_size=12), st.integers(1, 2))
def test_variants_of_a_number_have_its_check_digit(number: str, changes: int):
    """A variant is what a misread number may be with its check digit right."""
    variants = number_variants(number, max_changes=changes)
    assert number not in variants
    assert len(set(variants)) == len(variants)
    assert {check_digit(variant) for variant in variants} <= {check_digit(number)}


@given(st.text(max_size=40))
def test_transliteration_never_raises(text: str):
    """Any text gives letters, and any letters give readings or none."""
    printed = to_mrz(text)
    assert set(printed) <= set(LETTERS + "<")
    latin_variants(text)
    readings(text)
    russian_internal_reading(text)


@given(st.text("".join(ARABIC), min_size=1, max_size=8))
def test_arabic_letters_are_read_back(name: str):
    """Reading back finds the letters that were printed, among all that it finds."""
    assert name in arabic_readings(to_mrz(name), limit=4096)


@given(st.text("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ", min_size=1, max_size=5))
def test_cyrillic_readings_are_printed_alike(name: str):
    """Each reading, printed again, is what was read."""
    printed = to_mrz(name)
    assert {to_mrz(reading) for reading in cyrillic_readings(printed)} == {printed}
    assert latin_readings(printed)
