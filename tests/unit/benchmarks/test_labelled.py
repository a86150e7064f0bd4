"""Labelled material is read whole: a row that is lost in reading would change a figure in silence."""

from __future__ import annotations

import pytest

from benchmarks import labelled

pytestmark = pytest.mark.usefixtures("shared_data")


def test_every_cluster_is_read_with_our_ids():
    """221 clusters over three lists; UN members by reference number, as on our list."""
    clusters = labelled.clusters()

    assert len(clusters) == 221
    assert {i.partition("-")[0] for ids in clusters for i in ids} == {"ofac", "un", "uk"}


def test_hard_negatives_are_pairs_of_different_ids():
    """74 pairs of which an analyst said: not the same."""
    pairs = labelled.hard_negatives()

    assert len(pairs) == 74
    assert all(a != b for a, b in pairs)


def test_every_judged_name_pair_has_its_verdict_in_its_kind():
    """The rows of the table are all there, and `same` or `other` is what the figures group by."""
    pairs = labelled.judged_names()

    assert len(pairs) == 826
    assert {pair.kind.rpartition(" ")[2] for pair in pairs} == {"same", "other"}


def test_full_names_fall_into_four_groups():
    """Arabic, Persian, Urdu and Hebrew names are read by different habits, and told apart."""
    groups = labelled.by_group(list(labelled.full_names()))

    assert groups.keys() == {"Arabic", "Persian (IR, AF)", "Urdu (PK)", "Hebrew"}
    assert sum(map(len, groups.values())) > 110_000


@pytest.mark.parametrize("language", ["arabic", "russian", "hebrew"])
def test_tokens_are_written_without_the_spaces_of_their_table(language: str):
    """The tables part the letters of a native token by spaces."""
    tokens = list(labelled.tokens(language))

    assert tokens
    assert not any(" " in token.native for token in tokens)


def test_a_sample_is_the_same_each_time():
    """A figure can be repeated."""
    tokens = list(labelled.tokens("hebrew"))

    assert labelled.sampled(tokens, 20) == labelled.sampled(tokens, 20)
