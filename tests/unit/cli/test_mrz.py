"""`didban mrz`: words, JSON, exit codes, several documents."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from didban.cli.mrz import mrz

FIRST = "P<XARTAHMORES<<PARVIN<<<<<<<<<<<<<<<<<<<<<<<"
SECOND = "A1234567<6XAR7408122F3004157<<<<<<<<<<<<<<<4"
MISREAD = SECOND.replace("7408122F", "74O8122F")
CARD = (
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)

app = typer.Typer(rich_markup_mode=None)
app.command()(mrz)


@pytest.fixture
def run():
    """Return a function that runs the command."""
    runner = CliRunner()
    return lambda *words, text=None: runner.invoke(app, list(words), input=text)


def test_right_zone_ends_with_zero(run):
    """Nothing to say but what was read."""
    result = run(f"{FIRST}\n{SECOND}")
    assert result.exit_code == 0
    assert "every check digit is right" in result.stdout
    assert "TAHMORES" in result.stdout
    assert "1974-08-12" in result.stdout


def test_wrong_digit_ends_with_ten_and_is_explained(run):
    """The verdict, what was read, what it must be, and what may have been misread."""
    result = run(f"{FIRST}\n{MISREAD}")
    assert result.exit_code == 10
    assert "WRONG" in result.stdout
    assert "line 2, column 16: O may be 0" in result.stdout
    assert SECOND in result.stdout


def test_unreadable_text_ends_with_two(run):
    """A text that is no zone is bad input."""
    result = run("no zone at all")
    assert result.exit_code == 2
    assert "No machine-readable zone" in result.stdout


def test_json_has_the_promised_shape(run):
    """Exactly these keys, and each of the five checks."""
    result = run("--json", f"{FIRST}\n{SECOND}")
    answer = json.loads(result.stdout)
    assert list(answer) == ["format", "valid", "checks", "fields", "warnings", "repairs"]
    assert answer["format"] == "TD3"
    assert answer["valid"] is True
    assert answer["checks"] == {
        "docno": True,
        "dob": True,
        "exp": True,
        "optional": True,
        "composite": True,
    }
    assert answer["warnings"] == []
    assert answer["repairs"] == []


def test_json_fields_are_named_in_full(run):
    """Dates are ISO, the sex is a word, identifiers have spaces."""
    answer = json.loads(run("--json", f"{FIRST}\n{SECOND}").stdout)
    assert answer["fields"] == {
        "document_code": "P",
        "issuing_state": "XAR",
        "primary_identifier": "TAHMORES",
        "secondary_identifier": "PARVIN",
        "document_number": "A1234567",
        "nationality": "XAR",
        "birth_date": "1974-08-12",
        "sex": "female",
        "expiry_date": "2030-04-15",
        "optional_data": "",
        "optional_data_2": "",
        "primary_truncated": False,
        "secondary_truncated": False,
        "birth_date_older": None,
    }


def test_json_of_a_misread_zone_has_warnings_and_repairs(run):
    """A repair says what, where, why, and how the lines would read."""
    answer = json.loads(run("--json", f"{FIRST}\n{MISREAD}").stdout)
    assert answer["valid"] is False
    assert answer["checks"]["dob"] is False
    assert any(warning.startswith("birth_date_impossible: ") for warning in answer["warnings"])
    (repair,) = answer["repairs"]
    assert repair["lines"] == [FIRST, SECOND]
    assert repair["changes"] == [
        {"line": 2, "column": 16, "read": "O", "proposed": "0", "element": "birth_date"}
    ]


def test_json_of_an_unreadable_text_has_no_format(run):
    """The reason stands among the warnings."""
    result = run("--json", FIRST)
    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (answer["format"], answer["valid"], answer["fields"]) == (None, False, {})
    assert set(answer["checks"].values()) == {None}
    assert answer["warnings"][0].startswith("unreadable: found 1 line of 44")


def test_lines_may_be_given_as_several_texts(run):
    """What does not stand alone is read together."""
    result = run("--json", *CARD)
    assert json.loads(result.stdout)["format"] == "TD1"


def test_several_texts_may_be_several_documents(run):
    """Each gets its own answer, in order; the worst decides the exit code."""
    result = run("--json", f"{FIRST}\n{SECOND}", "".join(CARD), FIRST + MISREAD)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["format"] for answer in answers] == ["TD3", "TD1", "TD3"]
    assert result.exit_code == 10


def test_lines_of_several_documents_may_be_given_one_by_one(run):
    """The lines of a pile, in order."""
    result = run("--json", FIRST, SECOND, *CARD)
    formats = [json.loads(line)["format"] for line in result.stdout.splitlines()]
    assert formats == ["TD3", "TD1"]


def test_text_that_is_no_zone_is_not_lost_among_others(run):
    """A bad text beside a good one is reported, not skipped."""
    result = run("--json", FIRST + SECOND, "rubbish")
    formats = [json.loads(line)["format"] for line in result.stdout.splitlines()]
    assert formats == ["TD3", None]
    assert result.exit_code == 2


def test_standard_input_is_read_for_a_hyphen(run):
    """A scanner's text, with whatever stands around the zone."""
    result = run("--json", "-", text=f"scanned:\r\n{FIRST}\r\n{SECOND}\r\n")
    assert json.loads(result.stdout)["valid"] is True


def test_unreadable_bytes_on_standard_input_are_no_crash(run):
    """Other encodings and endless lines end in an answer."""
    assert run("-", text=b"\xff\xfe\x00P<UTO\x00" * 9).exit_code == 2
    assert run("-", text=b"P" * 3_000_000).exit_code == 2


def test_text_of_any_length_gets_one_answer(run):
    """Too long a text is refused once."""
    assert run("-", text="<" * 200_000).stdout.count("No machine-readable zone") == 1


def test_lost_filler_is_proposed_in_words(run):
    """What is to be put in, and where."""
    result = run(f"{FIRST[:-1]}\n{SECOND}")
    assert result.exit_code == 2
    assert "line 1, column 44: put in <" in result.stdout
    result = run(f"{FIRST}<\n{SECOND}")
    assert "take out <" in result.stdout


def test_absent_digit_is_explained(run):
    """A missing digit is told from a wrong one."""
    result = run("I<UTOD2314589<<<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<4", CARD[2])
    assert "absent" in result.stdout
    assert "it would be" in result.stdout
