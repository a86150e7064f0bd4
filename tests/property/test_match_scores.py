"""Scores are bounded, add up, and grow with the evidence."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from didban.match.index.candidates import Scope
from didban.match.index.layers import Layer
from didban.match.modes import Mode
from didban.match.query import Query
from didban.match.search import Match, Search
from didban.model.documents import Document
from didban.model.records import Record
from specimens import person, question

GIVEN = ["Dragan", "Petar", "Mohammad", "محمد", "Amir", "D", "Иван", "علی", "Ali", "Maximil…"]
FAMILY = [
    "Nazarov",
    "Назаров",
    "Karimi",
    "کریمی",
    "Rahimi",
    "Haddad",
    "Nasser",
    "Kostner",
    "al-Din",
]
DATES = ["1965-03-12", "1965-12-03", "1965", "1965~", "1963/1968", "1970-01-01", "XXXX-03-12"]
COUNTRIES = ["uto", "gb", "gbd", "fr", "Atlantis"]
NUMBERS = ["L898902C3", "LB98902C3", "1000", "1500"]

NAMES = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))
PAPERS = st.builds(
    Document, number=st.sampled_from(NUMBERS), issuer=st.sampled_from([None, "uto", "xar"])
)
LISTED_PAPERS = PAPERS | st.just(Document(number="1000", number_to="1999", issuer="uto"))


def few(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return none to two of these values."""
    return st.lists(values, max_size=2, unique=True).map(tuple)


def described(papers: st.SearchStrategy[Document]) -> st.SearchStrategy[Record]:
    """Return descriptions of persons in which anything may be missing."""
    return st.builds(
        person,
        few(NAMES),
        alias=few(NAMES),
        weakAlias=few(NAMES),
        birthDate=few(st.sampled_from(DATES)),
        gender=few(st.sampled_from(["male", "female", "other"])),
        nationality=few(st.sampled_from(COUNTRIES)),
        documents=st.lists(papers, max_size=2).map(tuple),
    )


@cache
def crowd_search() -> tuple[list[Record], Search]:
    """Return many records of all combinations, and a search over two layers of them."""
    records = [
        person(
            f"{given_name} {family}",
            id=f"r{i:03}",
            birthDate=DATES[i % len(DATES)],
            nationality=COUNTRIES[i % 3] if i % 4 else "",
            gender="male" if i % 3 else "",
            documents=(Document(number=NUMBERS[i % 4], issuer="uto"),) if i % 5 == 0 else (),
        )
        for i, (given_name, family) in enumerate((g, f) for f in FAMILY for g in GIVEN)
    ]
    return records, Search([Layer.of_records(records[::2]), Layer.of_records(records[1::2])])


def ask(search: Search, query: Query, *, limit: int = 1000, threshold: float = 0.0) -> list[Match]:
    """Return what a thorough search finds."""
    scope = Scope(query=query, mode=Mode.THOROUGH, datasets=None)
    return search.match(scope, limit=limit, threshold=threshold)


def query_of(record: Record) -> Query:
    """Return the query for somebody who is described like a record."""
    names = record.properties.get("name", ())
    return question(names, documents=record.documents, **_but_name(record))


def _but_name(record: Record) -> dict[str, Any]:
    return {name: values for name, values in record.properties.items() if name != "name"}


@given(described(PAPERS), st.lists(described(LISTED_PAPERS), min_size=1, max_size=4))
def test_prior_and_weights_are_the_log_odds_of_the_score(asked, listed):
    """For every result, with whatever is known of both sides."""
    search = Search([Layer.of_records([_numbered(r, i) for i, r in enumerate(listed)])])

    for match in ask(search, query_of(asked)):
        total = match.prior + sum(e.weight for e in match.explanations.values())
        assert 0.0 < match.score < 1.0
        assert match.score == pytest.approx(1 / (1 + math.exp(-total)), abs=2e-6)
        assert all(0.0 <= e.similarity <= 1.0 for e in match.explanations.values())
        assert all(e.detail for e in match.explanations.values())


@given(described(PAPERS), st.lists(described(LISTED_PAPERS), min_size=1, max_size=4))
def test_only_what_both_sides_state_is_explained(asked, listed):
    """A value that is missing on one side is no evidence."""
    records = [_numbered(record, i) for i, record in enumerate(listed)]
    for match in ask(Search([Layer.of_records(records)]), query_of(asked)):
        for feature, names in {
            "birth_date": ("birthDate",),
            "sex": ("gender",),
            "country": ("nationality",),
            "name": ("name", "alias", "weakAlias"),
        }.items():
            if feature in match.explanations:
                assert asked.values(*names)
                assert match.record.values(*names)


@given(described(PAPERS), st.integers(1, 12))
def test_a_shorter_answer_is_the_beginning_of_the_longer_one(asked, limit):
    """However much of the search is skipped because it can not matter."""
    search = crowd_search()[1]

    assert ask(search, query_of(asked), limit=limit) == ask(search, query_of(asked))[:limit]


@settings(max_examples=25)
@given(described(PAPERS), st.floats(0, 1))
def test_a_threshold_only_filters(asked, threshold):
    """What reaches it is what a search without one shows at that score or above."""
    search = crowd_search()[1]
    whole = ask(search, query_of(asked))
    bars = [threshold, *(match.score for match in whole[:3])]

    for bar in bars:
        found = ask(search, query_of(asked), threshold=bar)
        assert found == [match for match in whole if match.score >= bar]


@given(
    st.sampled_from(["name", "birthDate", "gender", "nationality", "documents"]),
    st.integers(0, len(GIVEN) * len(FAMILY) - 1),
    st.sets(st.sampled_from(["birthDate", "gender", "nationality", "documents"])),
)
def test_saying_more_that_agrees_never_lowers_the_score(added, number, stated):
    """A listed person is asked for by a part of what the list says, then by more of it."""
    records, search = crowd_search()
    listed = records[number]

    def score(features: set[str]) -> float:
        properties = {k: v for k, v in _but_name(listed).items() if k in features}
        papers = listed.documents if "documents" in features else ()
        query = question(listed.properties["name"], documents=papers, **properties)
        return max((m.score for m in ask(search, query) if m.id == listed.id), default=0.0)

    assert score(stated | {added}) >= score(stated)


def _numbered(record: Record, number: int) -> Record:
    return replace(record, id=f"r{number}")
