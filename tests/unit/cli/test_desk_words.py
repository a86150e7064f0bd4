"""What a desk reads in a terminal: what speaks against an alert first, then what it would ask."""

from __future__ import annotations

from didban.cli.desk.words import (
    facts,
    hit_words,
    question_words,
    review_view_words,
    review_words,
)
from didban.cli.output import moment

REVIEW = {
    "id": "rvw_1",
    "record": "rec_1",
    "owner": "xbo",
    "state": "proposed",
    "digest": "ab" * 32,
    "doubts": ["political"],
    "ground": None,
}


def test_a_review_is_told_with_what_speaks_against_it():
    """State, owner and doubts in one line; a refusal with its ground."""
    assert review_words(REVIEW) == "rvw_1: proposed, alert of xbo; against it: political"
    refused = {**REVIEW, "state": "refused", "ground": "art3", "doubts": []}
    assert review_words(refused) == "rvw_1: refused (art3), alert of xbo"


def test_doubts_and_earlier_refusals_come_before_what_would_be_asked():
    """And the digest of what was read stands at the end."""
    told = {
        "review": REVIEW,
        "would_ask": "arrest",
        "doubts": ["refused_before"],
        "earlier": [{"refused_at": "2031-03-01T12:00:00Z", "ground": "flagged"}],
        "held": [{"partner": "xbo", "harm": "torture", "verdict": "assurances"}],
        "record": {"id": "rec_1", "facts": {"legal_references": ["warrant 12/2031"]}},
        "history": [
            {"at": "2031-03-01T12:00:00Z", "event": "change", "state": "waiting", "actor": "duty:x"}
        ],
    }
    lines = review_view_words(told).splitlines()

    assert lines[1:5] == [
        "  ! the same person was refused or withdrawn before",
        "  ! refused or withdrawn on 2031-03-01: flagged",
        "  ! held of xbo: torture, assurances",
        "  accepted, it asks here: arrest",
    ]
    assert any("warrant 12/2031" in line for line in lines)
    assert lines[-1] == f"  digest of what was read: {'ab' * 32}"


def test_a_withheld_question_is_told_by_the_node_that_asks():
    """Nobody else is named."""
    told = {
        "id": "qst_1",
        "record": "rec_1",
        "answer": None,
        "authority": None,
        "node": "xar",
        "place": None,
        "reply_by": None,
        "words": "",
        "feedback": None,
        "identity": {"properties": {"name": ["ZAHRA KARIMZADEH"]}},
    }
    assert "asked by: xar" in question_words(told).replace("\u2068", "").replace("\u2069", "")


def test_an_officer_reads_words_and_zones_instead_of_codes():
    """Neither names of fields nor bare times."""
    shown = {"asks_first_line": True, "birthDate": ["1971-05-02"], "person_status": None}
    assert list(facts(shown, "")) == ["asks first line: yes", "birth date: 1971-05-02"]
    ours = {"purpose": "border_control", "recorded_at": "2031-02-03T04:05:06+00:00"}
    assert list(facts(ours, "")) == [
        "purpose: border control", "recorded at: 2031-02-03 04:05:06 UTC",
    ]  # fmt: skip
    assert list(facts({"alias": ["the_fox"]}, "")) == ["alias: the_fox"]
    assert moment("2031-02-03T04:05:06.789+02:00") == "2031-02-03 02:05:06 UTC"
    assert hit_words({"id": "hit_1", "state": "second_line"}) == "hit_1: second line"
