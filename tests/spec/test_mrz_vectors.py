"""Check digits decide alike everywhere: vectors of the standard, and of the suites of 17 parsers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from didban.model.mrz import Format, Mrz, parse

TODAY = date(2026, 3, 1)

# The specimens of Doc 9303 parts 4 to 7, and a card of 1988 with an invented holder.
SPECIMENS = {
    "TD3": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "TD3 of 2026": (
        "PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    ),
    "TD2": "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6",
    "TD2, long": "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<D23145890<UTO3407127M95071227349<<<8",
    "TD1": (
        "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    ),
    "TD1, long": (
        "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"
    ),
    "MRVA": (
        "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L8988901C4XXX4009078F96121096ZE184226B<<<<<<"
    ),
    "MRVB": "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<L8988901C4XXX4009078F9612109<<<<<<<<",
    "FRID": "IDFRADURANTIN<<<<<<<<<<<<<<<<<7530421012753060717ODILE<<MARIE<<8206141F7",
}


@pytest.mark.parametrize("name", SPECIMENS)
def test_specimen_is_right_in_every_check_digit(name):
    """What the standard prints is valid, in the format that it is printed as."""
    zone = parse(SPECIMENS[name], reference_date=TODAY)
    assert zone.format == name[:4].rstrip(",").strip()
    assert False not in zone.verdicts.values()
    assert zone.is_valid


def judged(vector: dict[str, Any]) -> tuple[Mrz, Format | None]:
    """Return what we read and the format that the vector states; other papers have none."""
    stated = vector["format"]
    expected = Format(stated) if stated in Format.__members__ else None
    return parse(vector["lines"], reference_date=TODAY), expected


@pytest.fixture(scope="module")
def vectors(shared_data):
    """Return the vectors that are published with the suites of other parsers."""
    lines = (shared_data / "mrz" / "mrz_dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_vector_gets_its_format(vectors):
    """A format for each zone, and none for damaged lines and for other papers."""
    found = [(zone.format, expected) for zone, expected in map(judged, vectors)]
    assert len(found) == 149
    assert [pair for pair in found if pair[0] is not pair[1]] == []


def test_every_check_digit_of_every_vector_gets_the_expected_verdict(vectors):
    """Right and wrong, digit by digit."""
    wrong = [
        (number, name)
        for number, vector in enumerate(vectors)
        for name, verdict in vector["checks"].items()
        if judged(vector)[0].verdicts[name] is not verdict
    ]
    assert wrong == []


def test_every_vector_is_valid_or_not_as_expected(vectors):
    """Valid means that no check digit is wrong."""
    zones = [(judged(vector)[0], vector["valid_checks"]) for vector in vectors]
    assert [z.lines for z, valid in zones if valid is not None and z.is_valid is not valid] == []


def test_no_vector_gains_by_a_proposal_that_is_not_confirmed(vectors):
    """Each confirmed proposal is valid when it is read again."""
    for vector in vectors:
        for repair in judged(vector)[0].repairs:
            assert parse(repair.lines, reference_date=TODAY).is_valid == repair.is_confirmed
