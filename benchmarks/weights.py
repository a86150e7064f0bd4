"""Learns the weights of evidence from labelled pairs, and writes them down.

    python -m benchmarks.weights [--write]

A logistic regression in which the prior of each index is given, not learned, so that the weights
are log-odds that add up with it. The rows are candidates as retrieval brings them up:

- generated people (`benchmarks.travellers`): those on a list and as many strangers, with what a
  passport shows and by name alone;
- attested names asked in another spelling or script among thousands of others (half of them);
- ordinary people who are on no list (half of them).

No judged list, pair or cluster is among them: those are measured on. A normal prior around the
weights in force keeps what the material says little about where it is. The candidates change with
the weights through the name that counts: run it twice after a large change.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from benchmarks import crowds, labelled, travellers
from benchmarks.material import ROOT, script
from benchmarks.snapshots import opened
from didban.clock import now
from didban.match.evidence import dates, learned, names, parameters, particulars
from didban.match.features import features_of
from didban.match.index.candidates import Scope
from didban.match.kernels.constants import BANDS
from didban.match.modes import Mode
from didban.match.query import query_from_record
from didban.match.scoring import NameWeights, explanations, logit_of
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from didban.match.features import Features
    from didban.match.snapshot import Snapshot

PATH: Final = ROOT / "src" / "didban" / "match" / "evidence" / "learned.py"
LISTS: Final = (1_000, 10_000)
"""Lengths of the generated lists: what is learned must hold for short and for long ones."""
ASKED, STRANGERS, RELATIVES = 1_000, 600, 60
"""So many of a list's people are asked for, and so many of whom it knows nothing; some of those are
brothers and sisters of somebody listed."""
CROWD: Final = 150
NAMES: Final = 1_500
LEARNED_ON, HELD_OUT = 1, 2
NOT_LEARNED: Final = frozenset({"name_order", "document", "birth_place"})
ROUNDS: Final = 12
SMALLEST_STEP: Final = 1e-3
CLOSE: Final = 1e-6

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate: what was found, what is given, and whether it is the right one.

    `prior` is that of its index, with what is weighed but not learned.
    """

    values: Values
    prior: float
    is_right: bool
    script: str


@cache
def in_force() -> Values:
    """Return the weights in force, by the names that rows use."""
    weights: Values = {}
    for name in learned.LEARNED:
        table, bracket, key = name.rstrip("]").partition("[")
        value = getattr(parameters, table)
        weights[name] = value[int(key) if key.isdecimal() else key] if bracket else value
    return weights


def spread(name: str) -> float:
    """Return how far a weight may go from the one in force, as a standard deviation."""
    if name.startswith("DATES"):
        return 0.5
    return 0.3 if name.startswith("NAME_SHARE") else 3.0


# -- rows ------------------------------------------------------------------------------------------


def rows(seed: int, *, with_strangers: bool = True) -> Iterator[Row]:
    """Yield all rows of all material; another seed gives other people."""
    for size in LISTS:
        people = list(travellers.people(size + STRANGERS, seed=seed + size))
        source = random.Random(seed + size)
        listed = [travellers.listed(person, source) for person in people[:size]]
        chosen, strangers = source.sample(people[:size], ASKED), people[size:]
        relatives = map(travellers.relative, chosen, strangers[:RELATIVES])
        others = [*relatives, *strangers[RELATIVES:]] if with_strangers else []
        asked = [*chosen, *others]
        with opened(listed) as snapshot:
            for number, person in enumerate(asked):
                query = travellers.shown(person, source, by_name_alone=number % 3 == 0)
                yield from candidates(snapshot, query, {f"person-{person.number}"})
            for crowd in _crowds(seed).values() if with_strangers else ():
                for person_ in crowd:
                    yield from candidates(snapshot, person_, frozenset())
    yield from _spellings(seed)


def _crowds(seed: int) -> dict[str, list[Record]]:
    """Return the half of the ordinary people that measurements leave alone, with and without facts."""
    everyone = crowds.ordinary(CROWD, seed=seed, part=crowds.TRAINING)
    return {"whole": everyone, "by name alone": crowds.by_name_alone(everyone)}


def _spellings(seed: int) -> Iterator[Row]:
    """Yield attested names asked in another spelling; the half that `training` chooses."""
    mine = [s for s in labelled.full_names() if s.latin and _is_training(s.native)]
    known = labelled.sampled(mine, NAMES, seed=seed)
    listed = [_named(f"n{i}", spelled.latin[0]) for i, spelled in enumerate(known)]
    with opened(listed) as snapshot:
        for i, spelled in enumerate(known):
            for text in (spelled.native, *spelled.latin[1:2]):
                yield from candidates(snapshot, _named("asked", text), {f"n{i}"})


def _is_training(text: str) -> bool:
    """Halve the attested names for good, whatever the order of their file."""
    return hashlib.blake2b(text.encode(), digest_size=1).digest()[0] % 2 == 0


def _named(number: str, text: str) -> Record:
    return Record(id=number, schema="Person", properties={"name": (text,)}, datasets=("names",))


def candidates(snapshot: Snapshot, asked: Record, right: Iterable[str]) -> Iterator[Row]:
    """Yield the candidates of a question, by whether they are among the right ones."""
    query = query_from_record(asked)
    scope = Scope(query=query, mode=Mode.THOROUGH, datasets=None)
    wanted = frozenset(right)
    search = snapshot._search  # noqa: SLF001 - nobody else needs what was found but not chosen
    for candidate in search._retrieval.candidates(scope):  # noqa: SLF001
        _, best = search._best_name(query.features, candidate, NameWeights())  # noqa: SLF001
        if best is None:
            continue
        pair = best()
        record = candidate.layer.record(candidate.number)
        listed = features_of(record, with_names=False)
        values, given = _values(query.features, listed, names.find(*pair))
        told = explanations(query.features, listed, pair)
        given += sum(told[feature].weight for feature in NOT_LEARNED & told.keys())
        row = Row(values, snapshot.prior + given, record.id in wanted, _script(asked))
        _check(row, logit_of(snapshot.prior, told))
        yield row


def _script(asked: Record) -> str:
    return script(asked.first("name") or "") or "none"


def _check(row: Row, told: float) -> None:
    """Make sure that nothing was weighed that is not learned."""
    if abs(logit(row, in_force()) - told) > CLOSE:
        raise ValueError(f"a feature is not learned: {row.values} do not make {told}")


def logit(row: Row, by: Mapping[str, float]) -> float:
    """Return the log-odds of a row by these weights."""
    return row.prior + sum(by[name] * value for name, value in row.values.items())


def _values(query: Features, listed: Features, found: names.NameFindings) -> tuple[Values, float]:
    """Return how often each learned weight counts, and the sum of what is not learned."""
    values, given = _name_values(found)
    pairs = [dates.compare_dates(a, b) for a in query.birth_dates for b in listed.birth_dates]
    if pairs:
        weight, finding = max(pairs, key=lambda pair: pair[0])
        full = parameters.DATES[finding.name]
        if finding is dates.DateFinding.WITHIN_RANGE or not full:
            given += weight
        else:
            values[f"DATES[{finding.name}]"] = weight / full
    for feature, same, other in (
        (particulars.sex, "SAME_SEX", "OTHER_SEX"),
        (particulars.country, "SAME_COUNTRY", "OTHER_COUNTRY"),
    ):
        if explanation := feature(query, listed):
            values[same if explanation.similarity else other] = 1.0
    return values, given


def _name_values(found: names.NameFindings) -> tuple[Values, float]:
    """Return the learned terms of a name's weight, and the rest; its bound where that counts."""
    share = parameters.WEAK_NAME if found.is_weak and found.weight > 0 else 1.0
    values = {n: share * v for n, v in found.terms.items() if v and n in learned.LEARNED}
    by_hand = found.weight - sum(in_force()[name] * value for name, value in values.items())
    return (values, by_hand) if found.weight > parameters.LEAST_NAME else ({}, found.weight)


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


def _ordered(weights: Values, material: Iterable[Row]) -> Values:
    """Return the weights in the order that they must have, whatever so much material says.

    What is less alike never says more than what is more so: where it would, neighbouring bands have
    their mean (by the method of pooled adjacent violators), and none speaks against. Another day
    never speaks for anybody. The prior takes it that somebody listed is meant, which strangers are
    not: without them there would be so many more right candidates to as many wrong ones.
    """
    found = {**weights, "DATES[OTHER_DAY]": min(weights["DATES[OTHER_DAY]"], 0.0)}
    found["SAME_CULTURE"] += math.log((ASKED + STRANGERS + CROWD) / ASKED)
    seen = Counter(name for row in material for name in row.values)
    pools: list[tuple[float, int, int]] = []  # mean, rows, bands
    for band in range(BANDS):
        name = f"NAME_SHARE[{band}]"
        mean, rows_, bands = max(0.0, weights[name]), seen[name] + 1, 1
        while pools and pools[-1][0] < mean:
            other, more, further = pools.pop()
            mean = (mean * rows_ + other * more) / (rows_ + more)
            rows_, bands = rows_ + more, bands + further
        pools.append((mean, rows_, bands))
    means = [mean for mean, _, bands in pools for _ in range(bands)]
    return found | {f"NAME_SHARE[{band}]": mean for band, mean in enumerate(means)}


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
    """Learn, measure on other people, print the weights; write them if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.weights")
    parser.add_argument("--write", action="store_true", help=f"write {PATH.relative_to(ROOT)}")
    options = parser.parse_args()
    material, held_out = list(rows(LEARNED_ON)), list(rows(HELD_OUT))
    start = in_force()
    weights = _ordered(fit(material, start), material)
    before, after = loss(held_out, start), loss(held_out, weights)
    right = sum(row.is_right for row in held_out)
    print(f"{len(material)} candidates; held out {len(held_out)}, {right} right")
    print(f"held-out loss {before:.1f} in force, {after:.1f} new")
    for name, weight in weights.items():
        seen = sum(name in row.values for row in material)
        found = sum(name in row.values and row.is_right for row in material)
        print(f"{name:26} {start[name]:7.2f} -> {weight:7.2f}   seen {seen:6}, right {found:5}")
    if options.write:
        PATH.write_text(_module(weights, len(material), len(held_out), after), encoding="utf-8")


def _module(weights: Values, size: int, other_size: int, after: float) -> str:
    lines = [f'    "{name}": {w:.2f},' for name, w in weights.items()]
    head = f'''"""The weights as they were learned: written by `python -m benchmarks.weights --write`.

On {now():%Y-%m-%d}, from {size:,} candidates: generated people as lists and papers describe them
(`benchmarks.travellers`), attested names in two spellings, ordinary people who are on no list. On
{other_size:,} candidates of other people their loss is {after / other_size:.4f} nats a candidate.
`didban.match.evidence.parameters` says what each of them means.
"""

from __future__ import annotations

from typing import Final

LEARNED: Final[dict[str, float]] = {{
'''
    return head + "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    main()
