from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from screening_help import LISTED, PURPOSE, ZONE, ask, build_now, run
from specimens import person


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("check") / "lists")


def test_a_possible_match_is_one_large_line_then_why(snapshot: Path):
    """Answer, age of the data, evidence, and who decides."""
    ended = ask(snapshot, "--name", LISTED, "--birth-date", "1970-01-01")

    assert ended.code == 10
    assert ended.out.startswith("=== POSSIBLE MATCH ===")
    assert "less than a minute old" in ended.out
    assert "A person decides; no machine does." in ended.out


def test_the_table_of_evidence_adds_up(snapshot: Path):
    """The weights shown sum to the line `together`, and that to the score."""
    ended = ask(snapshot, "--name", LISTED, "--birth-date", "1970-01-01", "--limit", 1)
    weights = [float(w) for w in re.findall(r"(?<= )([+-]\d+\.\d\d)(?= )", ended.out)]
    score = float(re.findall(r"   score (\d\.\d+)", ended.out)[0])

    assert sum(weights[:-1]) == pytest.approx(weights[-1], abs=0.02)
    assert 1 / (1 + math.exp(-weights[-1])) == pytest.approx(score, abs=0.002)


def test_the_explanation_in_json_adds_up_too(tmp_path: Path):
    """Prior and weights give the logit of the score."""
    listed = build_now(tmp_path / "few", [person("Zoltan", birthDate="1970"), person("B", id="b")])
    ended = ask(listed, "--name", "Zoltan", "--threshold", 0, "--json")
    (result,) = ended.json["results"]
    weights = sum(e["weight"] for e in result["explanations"].values())

    assert result["prior"] + weights == pytest.approx(
        math.log(result["score"] / (1 - result["score"])), abs=1e-2
    )


def test_no_match_says_that_nobody_reaches_the_threshold_and_no_more(snapshot: Path):
    """Who is like nobody listed."""
    ended = ask(snapshot, "--name", "Quirin Eggenfelder", "--mode", "border")

    assert ended.code == 0
    assert ended.out.endswith(
        "\nNothing in these lists reaches the threshold of mode border, score 0.9.\n"
    )


def test_a_namesake_below_the_threshold_is_told(snapshot: Path):
    """With how to see it, and without calling it a match."""
    namesake = ("--name", LISTED, "--birth-date", "2001-05-05")
    ended = ask(snapshot, *namesake)
    shown = ask(snapshot, *namesake, "--threshold", 0)

    assert (ended.code, shown.code) == (0, 0)
    assert re.search(
        r"\n1 candidate lies below it, with score 0\.\d{3}: --threshold 0 shows it\.\n$", ended.out
    )
    assert shown.out.count("below the threshold") == 1
    assert shown.out.endswith("What is shown lies below it.\n")


def test_more_namesakes_than_are_shown_are_told_with_the_limit(tmp_path: Path):
    """The options that are named show every one of them."""
    people = [person(LISTED, id=f"p{i}", birthDate=("1930-01-01",)) for i in range(7)]
    listed = build_now(tmp_path / "lists", people)
    namesake = ("--name", LISTED, "--birth-date", "2001-05-05")
    ended = ask(listed, *namesake)
    options = re.findall(r"7 candidates lie below it, .*: (.*) shows them\.\n$", ended.out)
    shown = ask(listed, *namesake, *options[0].split())

    assert shown.out.count("below the threshold") == 7


def test_names_are_shown_in_their_own_script_beside_the_latin_ones(tmp_path: Path):
    """PR-20: never a transliteration alone."""
    listed = build_now(tmp_path / "lists", [person(("Keyvan Behruzi", "کیوان بهروزی"))])

    ended = ask(listed, "--name", "Keyvan Behruzi", "--threshold", 0)

    assert "original script: \u2068کیوان بهروزی\u2069" in ended.out


def test_several_values_of_an_option_are_all_asked(snapshot: Path):
    """`--name` repeats."""
    ended = ask(snapshot, "--name", "Quirin Eggenfelder", "--name", LISTED, "--json")

    assert ended.json["results"][0]["id"] == "p1"


@pytest.mark.parametrize(
    "zone",
    [
        ("--mrz", "\n".join(ZONE)),
        ("--mrz", ZONE[0], "--mrz", ZONE[1]),
        ("--mrz", "".join(ZONE).lower()),
    ],
    ids=["one value of two lines", "a value for each line", "one line in lower case"],
)
def test_a_zone_may_be_given_as_a_scanner_gives_it(snapshot: Path, zone: tuple[str, ...]):
    """Line breaks and case do not matter."""
    assert ask(snapshot, *zone).code == 10


def test_a_dash_reads_the_zone_from_standard_input(snapshot: Path):
    """A scanner that types needs no quotation marks."""
    ended = run("check", "--snapshot", snapshot, *PURPOSE, "--mrz", "-", stdin="\n".join(ZONE))

    assert ended.code == 10


def test_a_wrong_check_digit_is_said_and_does_not_stop_the_check(snapshot: Path):
    """The answer is that of the search, the note is about the zone."""
    ended = ask(snapshot, "--mrz", ZONE[0], "--mrz", ZONE[1].replace("C36UTO", "C35UTO"))

    assert ended.code == 10
    assert "NOTE: check digit" in ended.out


def test_json_says_what_was_asked_and_what_the_data_was(snapshot: Path):
    """Enough to reproduce the answer, nothing that the clock changes."""
    data = ask(snapshot, "--name", LISTED, "--json").json

    assert data["answer"] == "possible_match"
    assert data["asked"][0]["properties"] == {"name": [LISTED]}
    assert data["snapshot"]["state"] == "fresh"
    assert (data["purpose"], data["reference"]) == ("quality_test", "T-1")


def test_a_foreign_name_cannot_steer_the_terminal(tmp_path: Path):
    """What a list writes is shown without control characters."""
    listed = build_now(tmp_path / "lists", [person("Zoltan \x1b[31mVarghese")])

    assert "\x1b" not in ask(listed, "--name", LISTED, "--threshold", 0).out
