"""Learns the weights of evidence from labelled pairs: the run behind `didban.match.parameters`.

    python -m benchmarks.weights

A logistic regression in which the prior of each index is given, not learned, so that the weights
are log-odds that add up with it. The rows are candidates as retrieval brings them up:

- people of one list asked against the other lists, where analysts said who is who (`er`);
- attested names asked in another spelling or script among thousands of others (`names`);
- both crowds against all real lists: none of their candidates is right.

A normal prior around the weights in force keeps what the material says little about where it is.
The candidates change with the weights only through the name that counts, so one run is enough.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import crowds, labelled, real_lists
from benchmarks.snapshots import opened
from didban.match import dates, names, parameters
from didban.match.candidates import Scope
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.snapshot import Snapshot
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.match.candidates import Candidate
    from didban.match.features import Features

CROWD: Final = 6_000
NAMES: Final = 6_000
ROUNDS: Final = 12
SMALLEST_STEP: Final = 1e-3

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate: what was found, what is given, and whether it is the right one.

    `prior` is that of its index, with what a whole name adds: that weight is set, not learned.
    """

    values: Values
    prior: float
    is_right: bool


def in_force() -> Values:
    """Return the weights in force, by the names that rows use."""
    weights = {f"NAME_SHARE[{b}]": share for b, share in enumerate(parameters.NAME_SHARE)}
    weights |= {f"DATES[{name}]": weight for name, weight in parameters.DATES.items()}
    alone = "INITIAL NICKNAME BEGINNING BYNAME CONTRADICTED EXTRA_IN_QUERY EXTRA_IN_CANDIDATE SAME_SEX OTHER_SEX"
    for name in f"{alone} SAME_COUNTRY OTHER_COUNTRY".split():
        weights[name] = getattr(parameters, name)
    return weights


def spread(name: str) -> float:
    """Return how far a weight may go from the one in force, as a standard deviation."""
    return 0.15 if name.startswith("NAME_SHARE") else 1.5


# -- rows ------------------------------------------------------------------------------------------


def rows() -> Iterator[Row]:
    """Yield all rows of all material."""
    yield from _clusters()
    yield from _spellings()
    with Snapshot.open(real_lists.snapshot()) as snapshot:
        for crowd in crowds.crowds(CROWD, seed=11).values():
            for asked in crowd:
                yield from _candidates(snapshot, asked, frozenset())


def _clusters() -> Iterator[Row]:
    partners: dict[str, set[str]] = defaultdict(set)
    for group in labelled.clusters():
        for one in group:
            partners[one].update(other for other in group if other != one)
    records = list(real_lists.records(("ofac-sdn", "un-sc", "uk-ofsi")))
    for dataset in ("ofac-sdn", "un-sc", "uk-ofsi"):
        others = [r for r in records if dataset not in r.datasets]
        with opened(others) as snapshot:
            for record in records:
                if dataset in record.datasets and record.id in partners:
                    yield from _candidates(snapshot, _as_traveller(record), partners[record.id])


def _as_traveller(record: Record) -> Record:
    kept = ("name", "birthDate", "gender", "nationality", "citizenship")
    properties = {name: values[:1] for name, values in record.properties.items() if name in kept}
    return dataclasses.replace(record, properties=properties, documents=())


def _spellings() -> Iterator[Row]:
    known = labelled.sampled([s for s in labelled.full_names() if s.latin], NAMES, seed=7)
    listed = [_named(f"n{i}", spelled.latin[0]) for i, spelled in enumerate(known)]
    with opened(listed) as snapshot:
        for i, spelled in enumerate(known):
            for text in (spelled.native, *spelled.latin[1:2]):
                yield from _candidates(snapshot, _named("asked", text), {f"n{i}"})


def _named(number: str, text: str) -> Record:
    return Record(id=number, schema="Person", properties={"name": (text,)}, datasets=("names",))


def _candidates(snapshot: Snapshot, asked: Record, right: Iterable[str]) -> Iterator[Row]:
    query = query_from_record(asked)
    scope = Scope(query=query, mode=Mode.BALANCED, datasets=None)
    wanted = frozenset(right)
    for candidate in snapshot._search._retrieval.candidates(scope):  # noqa: SLF001
        if candidate.names:
            record = candidate.layer.record(candidate.number)
            found = max((names.find(*pair) for pair in candidate.names), key=lambda f: f.weight)
            values = _values(query.features, candidate, found)
            given = snapshot.prior + found.whole * _share(found)
            yield Row(values, given, record.id in wanted)


def _share(found: names.NameFindings) -> float:
    return parameters.WEAK_NAME if found.is_weak and found.weight > 0 else 1.0


def _values(query: Features, candidate: Candidate, found: names.NameFindings) -> Values:
    listed = candidate.layer.features(candidate.number)
    share = _share(found)
    values: Values = {
        f"NAME_SHARE[{b}]": share * value for b, value in enumerate(found.information) if value
    }
    for name, count in (
        ("INITIAL", found.initials),
        ("NICKNAME", found.nicknames),
        ("BEGINNING", found.cut),
        ("BYNAME", found.bynames),
        ("CONTRADICTED", found.contradicted),
        ("EXTRA_IN_QUERY", found.extra),
        ("EXTRA_IN_CANDIDATE", found.missing),
    ):
        if count:
            values[name] = share * count
    pairs = [dates.compare_dates(a, b) for a in query.birth_dates for b in listed.birth_dates]
    if pairs:
        weight, finding = max(pairs, key=lambda pair: pair[0])
        full = parameters.DATES[finding.name]
        values[f"DATES[{finding.name}]"] = weight / full if full else 1.0
    if query.sexes and listed.sexes:
        values["SAME_SEX" if query.sexes & listed.sexes else "OTHER_SEX"] = 1.0
    if query.countries and listed.countries:
        shared = set(query.countries) & set(listed.countries)
        values["SAME_COUNTRY" if shared else "OTHER_COUNTRY"] = 1.0
    return values


# -- fit -------------------------------------------------------------------------------------------


def fit(material: list[Row], start: Mapping[str, float]) -> Values:
    """Return the weights of the highest posterior, by Newton's method."""
    order = sorted(start)
    at = {name: i for i, name in enumerate(order)}
    centre = [start[name] for name in order]
    precision = [spread(name) ** -2 for name in order]
    weights = list(centre)
    sparse = [([(at[n], v) for n, v in r.values.items()], r.prior, r.is_right) for r in material]
    for _ in range(ROUNDS):
        slope = [q * (c - w) for q, c, w in zip(precision, centre, weights, strict=True)]
        bend = [[0.0] * len(order) for _ in order]
        for i, q in enumerate(precision):
            bend[i][i] = q
        for values, prior, is_right in sparse:
            chance = _logistic(prior + sum(weights[i] * v for i, v in values))
            for i, v in values:
                slope[i] += (is_right - chance) * v
                for j, u in values:
                    bend[i][j] += chance * (1 - chance) * v * u
        weights = _step(
            material, start, dict(zip(order, weights, strict=True)), _solve(bend, slope)
        )
    return dict(zip(order, weights, strict=True))


def _step(
    material: list[Row], centre: Mapping[str, float], weights: Values, step: list[float]
) -> list[float]:
    """Go a Newton step, or the part of it that makes things better: far from the top it overshoots."""

    def cost(trial: Values) -> float:
        away = sum(((trial[n] - centre[n]) / spread(n)) ** 2 for n in trial) / 2
        return loss(material, trial) + away

    now, share = cost(weights), 1.0
    while share > SMALLEST_STEP:
        trial = {n: w + share * s for (n, w), s in zip(weights.items(), step, strict=True)}
        if cost(trial) < now:
            return list(trial.values())
        share /= 2
    return list(weights.values())


def _logistic(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, logit))))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a positive definite system by elimination."""
    size = len(right)
    rows_ = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(size):
        for j in range(i + 1, size):
            factor = rows_[j][i] / rows_[i][i]
            if factor:
                rows_[j] = [a - factor * b for a, b in zip(rows_[j], rows_[i], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = sum(rows_[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (rows_[i][size] - known) / rows_[i][i]
    return solution


def loss(material: Iterable[Row], weights: Mapping[str, float]) -> float:
    """Return the sum of -ln(probability given to what is true)."""
    total = 0.0
    for row in material:
        chance = _logistic(row.prior + sum(weights[n] * v for n, v in row.values.items()))
        total -= math.log(max(1e-12, chance if row.is_right else 1 - chance))
    return total


def main() -> None:
    """Learn on two thirds, measure on the rest, print the weights."""
    material = list(rows())
    learned_on = [row for i, row in enumerate(material) if i % 3]
    held_out = [row for i, row in enumerate(material) if not i % 3]
    start = in_force()
    weights = fit(learned_on, start)
    print(f"{len(material)} candidates, {sum(r.is_right for r in material)} right")
    print(f"held out: loss {loss(held_out, start):.1f} in force, {loss(held_out, weights):.1f} new")
    for name, weight in weights.items():
        seen = sum(name in row.values for row in material)
        right = sum(name in row.values and row.is_right for row in material)
        print(f"{name:26} {start[name]:7.2f} -> {weight:7.2f}   seen {seen:6}, right {right:5}")


if __name__ == "__main__":
    main()
