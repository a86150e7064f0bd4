"""Which scored pairs of records belong together: clusters that hold as a whole.

Pairs are joined best first, by the mean log-odds of all pairs between two clusters (average linkage,
Sokal and Michener 1958): a chain of weak links joins nothing. A list names a person once, so that
two records of one list stay apart (source consistency, as in CLIP: Saeedi, Peukert and Rahm, "Using
link features for entity clustering in knowledge graphs", ESWC 2018).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Pair = tuple[str, str]
"""Two identifiers, the lesser one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Records that may be about one person or thing. A proposal, not a decision.

    - `members`: identifiers in order, two or more.
    - `log_odds`: the mean over all pairs of members.
    """

    members: tuple[str, ...]
    log_odds: float

    @property
    def id(self) -> str:
        """The name of the cluster: that of its first member, so that it keeps it when it grows."""
        return f"cluster-{self.members[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What joins. All in natural log-odds.

    - `join_from`: two clusters are joined where the mean of their pairs is at least this.
    - `unseen`: what a pair counts that no search brought up: nothing speaks for it.
    - `within_lists`: whether two records of one list may come together.
    """

    join_from: float
    unseen: float
    within_lists: bool = False


@dataclass(slots=True)
class _Group:
    """A cluster in the making; `links` has the sum and the number of known pairs to others."""

    members: list[str]
    lists: set[str]
    links: dict[str, tuple[float, int]] = field(default_factory=dict)


def cluster(
    log_odds: Mapping[Pair, float], lists: Mapping[str, Collection[str]], rules: Rules
) -> list[Cluster]:
    """Return the clusters of two or more records, by the identifier of their first member.

    - `log_odds`: of each pair that a search brought up.
    - `lists`: the names of the lists that each record is on.

    The result depends on nothing else: not on the order of the pairs, nor on who scored them.
    """
    groups = _single(log_odds, lists)
    best = [
        (-total, one, other) for (one, other), total in log_odds.items() if total >= rules.join_from
    ]
    heapq.heapify(best)
    while best:
        said, one, other = heapq.heappop(best)
        if one not in groups or other not in groups or _mean(groups, one, other, rules) != -said:
            continue  # one of them has grown meanwhile, and was entered anew
        if rules.within_lists or groups[one].lists.isdisjoint(groups[other].lists):
            for third in _join(groups, one, other):
                mean = _mean(groups, one, third, rules)
                if mean >= rules.join_from:
                    heapq.heappush(best, (-mean, min(one, third), max(one, third)))
    found = (sorted(group.members) for group in groups.values() if len(group.members) > 1)
    return [
        Cluster(members=tuple(members), log_odds=_cohesion(members, log_odds, rules))
        for members in sorted(found)
    ]


def _single(
    log_odds: Mapping[Pair, float], lists: Mapping[str, Collection[str]]
) -> dict[str, _Group]:
    """Return a group for each record that is in a pair, by its identifier."""
    groups: dict[str, _Group] = {}
    for one, other in sorted(log_odds):
        for name, partner in ((one, other), (other, one)):
            group = groups.setdefault(name, _Group([name], set(lists[name])))
            group.links[partner] = log_odds[one, other], 1
    return groups


def _mean(groups: Mapping[str, _Group], one: str, other: str, rules: Rules) -> float:
    """Return the mean log-odds of all pairs between two groups."""
    total, known = groups[one].links[other]
    pairs = len(groups[one].members) * len(groups[other].members)
    return (total + (pairs - known) * rules.unseen) / pairs


def _join(groups: dict[str, _Group], one: str, other: str) -> Iterator[str]:
    """Put the group `other` into `one`; yield the groups whose links with `one` have changed."""
    kept, gone = groups[one], groups.pop(other)
    kept.members += gone.members
    kept.lists |= gone.lists
    del kept.links[other]
    for third, (total, known) in gone.links.items():
        if third == one:
            continue
        del groups[third].links[other]
        before, count = kept.links.get(third, (0.0, 0))
        kept.links[third] = groups[third].links[one] = before + total, count + known
    yield from kept.links


def _cohesion(members: list[str], log_odds: Mapping[Pair, float], rules: Rules) -> float:
    pairs = list(combinations(members, 2))
    return sum(log_odds.get(pair, rules.unseen) for pair in pairs) / len(pairs)
