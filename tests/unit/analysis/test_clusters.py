from __future__ import annotations

import random

import pytest

from didban.analysis.resolving.clusters import Cluster, Pair, Rules, cluster

_RULES = Rules(join_from=0.8, unseen=-9.0)


def _lists(*ids: str) -> dict[str, tuple[str, ...]]:
    """Return each record's list: the word before its number."""
    return {record_id: (record_id.partition("-")[0],) for record_id in ids}


def _clusters(log_odds: dict[Pair, float], rules: Rules = _RULES) -> list[tuple[str, ...]]:
    ids = {record_id for pair in log_odds for record_id in pair}
    return [found.members for found in cluster(log_odds, _lists(*ids), rules)]


def test_records_that_all_say_the_same_are_one_cluster():
    """It is named for its first member, and as sure as its pairs are on average."""
    log_odds = {("a-1", "b-1"): 6.0, ("a-1", "c-1"): 4.0, ("b-1", "c-1"): 5.0}

    (found,) = cluster(log_odds, _lists("a-1", "b-1", "c-1"), _RULES)

    assert found == Cluster(members=("a-1", "b-1", "c-1"), log_odds=5.0)
    assert found.id == "cluster-a-1"


def test_a_pair_below_the_threshold_joins_nothing():
    """What is not proposed as a pair is not proposed as a cluster."""
    assert _clusters({("a-1", "b-1"): 0.79}) == []


def test_a_chain_of_weak_links_does_not_hold():
    """The ends of a chain must be alike too: nobody has seen a-1 and c-1 together."""
    assert _clusters({("a-1", "b-1"): 6.0, ("b-1", "c-1"): 5.0}) == [("a-1", "b-1")]


def test_a_weak_link_holds_where_the_others_are_strong():
    """One list that says little of somebody does not take them out of the cluster."""
    log_odds = {("a-1", "b-1"): 9.0, ("a-1", "c-1"): 9.0, ("b-1", "c-1"): -2.0}

    assert _clusters(log_odds) == [("a-1", "b-1", "c-1")]


def test_one_list_names_a_person_once():
    """Of two brothers on one list the more likely one is joined, and the other stays alone."""
    log_odds = {("a-1", "b-1"): 8.0, ("a-2", "b-1"): 7.0, ("a-1", "a-2"): 9.0}

    assert _clusters(log_odds) == [("a-1", "b-1")]


def test_a_list_may_be_said_to_name_somebody_twice():
    """For a register that was never tidied."""
    log_odds = {("a-1", "b-1"): 8.0, ("a-2", "b-1"): 7.0, ("a-1", "a-2"): 9.0}
    rules = Rules(join_from=0.8, unseen=-9.0, within_lists=True)

    assert _clusters(log_odds, rules) == [("a-1", "a-2", "b-1")]


def test_two_likely_persons_are_told_apart_over_three_lists():
    """Each joins where it fits best, whatever crosses over between them."""
    log_odds = {
        ("a-1", "b-1"): 12.0, ("a-1", "c-1"): 12.0, ("b-1", "c-1"): 12.0,
        ("a-2", "b-2"): 10.0, ("a-2", "c-2"): 10.0, ("b-2", "c-2"): 10.0,
        ("a-1", "b-2"): 9.0, ("a-2", "b-1"): 9.0, ("b-1", "c-2"): 9.0, ("a-1", "c-2"): 9.0,
    }  # fmt: skip

    assert _clusters(log_odds) == [("a-1", "b-1", "c-1"), ("a-2", "b-2", "c-2")]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_pairs_are_found_decides_nothing(seed: int):
    """However the work was shared out, ties included."""
    lot = random.Random(seed)
    ids = [f"{name}-{n}" for name in "abc" for n in range(12)]
    pairs: list[tuple[Pair, float]] = [
        ((one, other), float(lot.randrange(-4, 9)))
        for one in ids
        for other in ids
        if one < other and lot.random() < 0.3
    ]
    expected = cluster(dict(pairs), _lists(*ids), _RULES)
    lot.shuffle(pairs)

    assert cluster(dict(pairs), _lists(*ids), _RULES) == expected
    assert all(len({i[0] for i in each.members}) == len(each.members) for each in expected)
