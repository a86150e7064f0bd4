"""A snapshot answers who on its lists may be meant, in an order and with reasons that hold."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from didban.match.modes import Mode
from didban.match.search import Match
from didban.match.snapshot import Snapshot
from didban.model.documents import Document
from specimens import build, crowd, passport, person, question, snapshot_of

KOWAL = person("Piotr Kowalski", id="kowal", birthDate="1965-03-12", nationality="uto")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return a snapshot of a crowd and of a few whom the tests ask for."""
    records = [
        *crowd(200),
        KOWAL,
        person("Kowalski", id="ship", schema="Vessel"),
        person("Piotr Kowalski", id="firm", schema="Company"),
        person("Abdrahman Varghese", id="arabic", alias="عبد الرحمن ورگیز"),
        person("Zoltan Varghese", id="other-list", datasets=("second",)),
        person("Mehmet Yildiz", id="twin-b", birthDate="1980"),
        person("Mehmet Yildiz", id="twin-a", birthDate="1980"),
        person("Maximilian Brandenburger", id="long"),
        person("", id="stolen", schema="Passport", documents=(passport("X7777777"),)),
        person(
            "",
            id="blanks",
            schema="Passport",
            documents=(Document(number="B001000", number_to="B001999", issuer="uto", type="P"),),
        ),
        person("Link", id="link", schema="Ownership"),
    ]
    return snapshot_of(tmp_path_factory.mktemp("listed"), records)


def ids(matches: list[Match]) -> list[str]:
    """Return the identifiers of the results."""
    return [match.id for match in matches]


def test_a_person_is_found_by_name_and_explained(listed):
    """The explanation adds up: the prior and all weights are the log-odds of the score."""
    best = listed.match(question("KOWALSKI, Piotr", birthDate="1965-03-12", nationality="uto"))[0]

    assert (best.id, best.match) == ("kowal", True)
    assert set(best.explanations) == {"name", "birth_date", "country"}
    weights = sum(explanation.weight for explanation in best.explanations.values())
    assert best.score == pytest.approx(1 / (1 + math.exp(-best.prior - weights)), abs=1e-6)


def test_the_prior_is_one_among_all_who_have_a_name(listed):
    """The longer the list, the more evidence a match needs; papers and links are nobody."""
    nameless = ["stolen", "blanks", "link"]

    assert listed.prior == pytest.approx(-math.log(len(listed) - len(nameless) - 1))


def test_a_feature_that_nobody_asked_for_is_not_explained(listed):
    """Unknown is neither the same nor different."""
    assert set(listed.match(question("Piotr Kowalski"))[0].explanations) == {"name"}


def test_a_person_never_meets_a_ship_or_a_firm(listed):
    """Nor is a link between people ever a result."""
    assert {"ship", "firm"}.isdisjoint(ids(listed.match(question("Kowalski"), limit=100)))
    assert ids(listed.match(question("Kowalski", schema="Vessel"))) == ["ship"]
    assert "firm" in ids(listed.match(question("Piotr Kowalski", schema="Organization")))
    assert listed.match(question("Link", schema="Ownership")) == []
    assert "link" not in ids(listed.match(question("Link", schema="Thing")))


@pytest.mark.parametrize(
    "name",
    ["Abdul Rahman Varghese", "Abd-ar-Rahman VARGHESE", "عبدالرحمن ورگیز", "Абдурахман Варгезе"],
)
def test_a_name_is_found_in_any_script_and_habit(listed, name):
    """The person stands in the list once; the ways to write the name are many."""
    assert ids(listed.match(question(name)))[0] == "arabic"


def test_a_name_that_was_cut_finds_the_whole_one(listed):
    """A machine-readable zone cuts long names; the ellipsis says so."""
    assert ids(listed.match(question("Maximilian Brandenb…"))) == ["long"]


def test_a_document_is_found_without_a_name(listed):
    """Also when a reader took a letter for its twin."""
    assert ids(listed.match(question(documents=(passport("X7777777"),)))) == ["stolen"]
    assert ids(listed.match(question(documents=(passport("X777777Z"),)))) == []


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("B001000", True),
        ("B001500", True),
        ("B001999", True),
        ("B000999", False),
        ("B002000", False),
    ],
)
def test_a_number_within_a_stolen_range_is_found(listed, number, found):
    """Both ends belong to the range."""
    assert ids(listed.match(question(documents=(passport(number),)))) == ["blanks"] * found


def test_a_document_of_another_state_is_not_the_document(listed):
    """The same digits are issued by many states."""
    answer = listed.match(question(documents=(passport("X7777777", "fr"),)))

    assert not any(match.match for match in answer)


def test_results_stand_by_score_then_identifier(listed):
    """Equal scores have one order, so the same question has the same answer."""
    answer = listed.match(question("Mehmet Yildiz", birthDate="1980"))

    assert ids(answer) == ["twin-a", "twin-b"]
    assert answer[0].score == answer[1].score


def test_the_limit_cuts_the_tail(listed):
    """A shorter answer is the beginning of the longer one."""
    asked = question("Dragan Petar Nazarov")
    whole = ids(listed.match(asked, limit=50))

    assert len(whole) > 3
    assert [ids(listed.match(asked, limit=n)) for n in range(4)] == [whole[:n] for n in range(4)]


def test_the_threshold_leaves_out_lower_scores_and_judges_nobody(listed):
    """Whether a result is called a match depends on the mode alone."""
    asked = question("Dragan Petar Nazarov", birthDate="1955")
    whole = listed.match(asked, limit=100)
    bar = whole[len(whole) // 2].score

    strict = listed.match(asked, limit=100, threshold=bar)

    assert strict == [match for match in whole if match.score >= bar]
    assert all(match.match == (match.score >= Mode.BALANCED.threshold) for match in whole)


def test_a_thorough_search_finds_all_that_a_balanced_one_finds(listed):
    """And a balanced one all that a search at the border finds; scores are the same."""
    for asked in [question("Piotr Kowalsky"), question("Dragan Nazarow"), question("Varghese")]:
        found = [
            {match.id: match.score for match in listed.match(asked, limit=1000, mode=mode)}
            for mode in (Mode.BORDER, Mode.BALANCED, Mode.THOROUGH)
        ]
        assert found[0].items() <= found[1].items() <= found[2].items()


def test_a_search_in_one_list_finds_nobody_of_another(listed):
    """And finds its own with the same score as a search in all."""
    asked = question("Zoltan Varghese")
    everywhere = {match.id: match.score for match in listed.match(asked)}
    second = {
        match.id: match.score for match in listed.match(asked, datasets=frozenset({"second"}))
    }

    assert second == {"other-list": everywhere["other-list"]}
    assert listed.match(asked, datasets=frozenset({"third"})) == []
    assert listed.match(asked, datasets=frozenset()) == []


@pytest.mark.parametrize("name", ["", "12345", "😀", "a", "김민준", "\ud800", "ال", "x" * 10_000])
def test_any_name_has_an_answer(listed, name):
    """Nothing that can be written makes the search fail."""
    assert isinstance(listed.match(question(name), limit=1000), list)


def test_a_number_of_any_length_has_an_answer(listed):
    """Not even one of a whole page."""
    assert listed.match(question(documents=(passport("7" * 5000),))) == []


def test_the_same_question_has_the_same_answer_after_a_new_build(tmp_path):
    """Same input, same files, same output, to the byte."""
    records = [*crowd(60), KOWAL]
    files = [build(tmp_path / str(i), records).segments[0] for i in range(2)]
    answers = [
        Snapshot.open(tmp_path / str(i)).match(question("Petar Kowalski"), limit=50)
        for i in range(2)
    ]

    assert files[0] == files[1]
    assert repr(answers[0]) == repr(answers[1])


def test_many_threads_get_the_answers_that_one_gets(tmp_path: Path):
    """One opened snapshot serves a whole process."""
    names = [f"{r.properties['name'][0]}" for r in crowd(80)]
    alone = snapshot_of(tmp_path, crowd(300))
    expected = [repr(alone.match(question(name), limit=20)) for name in names]
    shared = Snapshot.open(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: repr(shared.match(question(name), limit=20)), names * 2))

    assert found == expected * 2
