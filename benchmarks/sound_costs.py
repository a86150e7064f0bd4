"""Learns what it costs when a sound is written otherwise: the run behind `didban.match.spelling.distances`.

    python -m benchmarks.sound_costs

The costs are those of a name in a script without vowels against its Latin spellings. The rows are
pairs of name parts: attested ones from the training half of the full names, and, for each of them,
other parts of the same material that share a key with it. A pair is aligned at the costs in force,
which says how often each sound stands for another and how often one is left out; similarity is then
a sum over the costs, and a logistic regression moves them until attested pairs and others part best.
Aligning and learning take turns. A prior keeps a cost near the one in force where little is known.

Sounds that nobody writes for each other stay as far apart as they are, for some of the attested pairs
are not one name. How well the costs tell is measured on parts of the other half, before and after:
the share of parts whose attested spelling is nearer than every other one.
"""

from __future__ import annotations

import math
import random
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import labelled
from didban.match.spelling import distances
from didban.match.spelling.alphabets import SYMBOLS
from didban.match.spelling.distances import SCALE, SLOPE, UNIT, weight
from didban.match.spelling.keys import coarse_keys
from didban.match.spelling.phonemes import Form, forms
from didban.match.spelling.tokens import name_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PARTS: Final = 900
"""Native parts of each group that are learned from, and as many that are measured on."""
OTHERS: Final = 12
"""Other Latin parts that stand beside the attested one."""
ROUNDS: Final = 3
EPOCHS: Final = 8
STEP: Final = 0.02
PRIOR: Final = 0.02
"""How much it weighs, in each row, that a cost is moved by a whole substitution."""
FEWEST: Final = 60
"""Rows that must have two sounds against each other for their cost to be moved."""
LEAST: Final = 0.02
"""No sound stands for another for nothing."""
_LIKE: Final = 0.3
"""Of the weight of a part: pairs that cost more are other names that stand in the same place."""
_NONE: Final = 32

Costs = dict[tuple[int, int], float]
"""(sound, sound) in rising order -> cost; (sound, 32): it is left out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A native and a Latin part: which costs stand between them, over their length, and the truth."""

    steps: tuple[tuple[tuple[int, int], float], ...]
    is_right: bool

    def similarity(self, costs: Costs) -> float:
        """Return the similarity 0..255 as the kernels would have it."""
        return SCALE - SLOPE * sum(costs[step] * share for step, share in self.steps)


def in_force() -> Costs:
    """Return the costs of unvocalised against vocalised forms that are in force."""
    substitution, insertion = distances.SUBSTITUTION[1], distances.INSERTION[1]
    size = len(SYMBOLS)
    costs = {(a, b): substitution[a * size + b] / UNIT for a in range(size) for b in range(a, size)}
    return costs | {(a, _NONE): insertion[a] / UNIT for a in range(size)}


def attested(*, half: int) -> dict[str, dict[str, Counter[str]]]:
    """Return group -> native part -> Latin parts with counts, of one half of the full names."""
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for name in labelled.full_names():
        if zlib.crc32(name.native.encode()) % 2 != half:
            continue
        native = name_parts(name.native)
        for spelling in name.latin:
            latin = name_parts(spelling)
            if len(latin) == len(native):
                for one, other in zip(native, latin, strict=True):
                    if len(one) > 1 and len(other) > 1:
                        found[name.group][one][other] += 1
    return found


def pairs_of(group: Mapping[str, Counter[str]], source: random.Random) -> Iterator[list[Pair]]:
    """Yield, for a sample of native parts, the attested spelling and others that share a key."""
    by_key: defaultdict[int, list[str]] = defaultdict(list)
    latin = Counter[str]()
    for spellings in group.values():
        latin.update(spellings)
    for part in sorted(latin):
        for key in {key for form in forms(part) for key in coarse_keys(form)}:
            by_key[key].append(part)
    natives = sorted(group)
    for native in source.sample(natives, min(PARTS, len(natives))):
        right = max(group[native], key=lambda part: (group[native][part], part))
        keys = {key for form in forms(native) for key in coarse_keys(form)}
        near = {part for key in keys for part in by_key[key]} - group[native].keys()
        others = sorted(near)
        if len(others) > OTHERS:
            others = source.choices(others, [latin[part] for part in others], k=OTHERS)
        nearby = dict.fromkeys([right, *others])
        yield [Pair(native, spelling, spelling == right) for spelling in nearby]


@dataclass(frozen=True, slots=True)
class Pair:
    """A native part, a Latin one, and whether they are attested as one name."""

    native: str
    latin: str
    is_right: bool


def row_of(pair: Pair, costs: Costs) -> Row | None:
    """Align a pair by its closest readings; nothing where it is too far for the same name."""
    best: tuple[float, list[tuple[int, int]], float] | None = None
    for one in forms(pair.native):
        for other in forms(pair.latin):
            length = max(weight(one.codes), weight(other.codes)) / UNIT
            cost, steps = _aligned(one, other, costs)
            if length and (best is None or cost / length < best[0]):
                best = cost / length, steps, length
    if best is None or best[0] > _LIKE:
        return None
    counted = Counter(step for step in best[1] if costs[step] or step[0] != step[1])
    return Row(tuple((step, n / best[2]) for step, n in counted.items()), pair.is_right)


def _aligned(one: Form, other: Form, costs: Costs) -> tuple[float, list[tuple[int, int]]]:
    """Return the least cost between two forms and its steps; neighbours do not change places."""
    a, b = one.codes, other.codes
    table: list[list[tuple[float, int, int]]] = []
    for i in range(len(a) + 1):
        table.append([])
        for j in range(len(b) + 1):
            options = [] if i or j else [(0.0, 0, 0)]
            if i and j:
                options.append((table[i - 1][j - 1][0] + costs[_step(a[i - 1], b[j - 1])], 1, 1))
            if i:
                options.append((table[i - 1][j][0] + costs[a[i - 1], _NONE], 1, 0))
            if j:
                options.append((table[i][j - 1][0] + costs[b[j - 1], _NONE], 0, 1))
            table[i].append(min(options, key=lambda option: option[0]))
    steps, i, j = [], len(a), len(b)
    while i or j:
        _, down, along = table[i][j]
        i, j = i - down, j - along
        steps.append(_step(a[i] if down else _NONE, b[j] if along else _NONE))
    return table[-1][-1][0], steps


def _step(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def line(rows: Sequence[Row], costs: Costs) -> tuple[float, float]:
    """Return where, and how sharply, similarity parts the right rows from the others: a line."""
    at, slope = 225.0, 0.1
    values = [(row.similarity(costs), row.is_right) for row in rows]
    for _ in range(200):
        by_at = by_slope = 0.0
        for value, is_right in values:
            error = is_right - _share(slope * (value - at))
            by_slope += error * (value - at)
            by_at -= error * slope
        at += 200 * by_at / len(values)
        slope += 0.0005 * by_slope / len(values)
    return at, slope


def learned(rows: Sequence[Row], costs: Costs, prior: Costs, source: random.Random) -> Costs:
    """Return costs that part the rows better: by stochastic gradients, their mean over late epochs."""
    at, slope = line(rows, prior)
    costs, order = dict(costs), list(rows)
    seen = Counter(pair for row in rows for pair, _ in row.steps)
    moving = {pair for pair, n in seen.items() if n >= FEWEST and 0.0 < prior[pair] < 1.0}
    total: defaultdict[tuple[int, int], float] = defaultdict(float)
    for epoch in range(2 * EPOCHS):
        source.shuffle(order)
        step = STEP / (1 + epoch / 2)
        for row in order:
            error = row.is_right - _share(slope * (row.similarity(costs) - at))
            for pair, share in row.steps:
                if pair in moving:
                    gradient = -error * share * SLOPE * slope
                    moved = costs[pair] + step * (gradient - PRIOR * (costs[pair] - prior[pair]))
                    costs[pair] = min(1.0, max(LEAST, moved))
        if epoch >= EPOCHS:
            for pair in moving:
                total[pair] += costs[pair]
    return costs | {pair: total[pair] / EPOCHS for pair in moving}


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def nearest(groups: Iterable[Sequence[Row]], costs: Costs) -> float:
    """Return the share of native parts whose attested spelling is nearer than every other."""
    right = total = 0
    for rows in groups:
        own = [row.similarity(costs) for row in rows if row.is_right]
        others = [row.similarity(costs) for row in rows if not row.is_right]
        if own and others:
            total += 1
            right += own[0] > max(others)
    return right / max(total, 1)


def learn() -> None:
    """Learn, measure and print the tables as `didban.match.spelling.distances` has them."""
    source, before = random.Random(1), in_force()
    halves = [
        {group: list(pairs_of(parts, source)) for group, parts in attested(half=half).items()}
        for half in (0, 1)
    ]
    print("nearest before:", *_measured(halves[1], before))
    costs = before
    for _ in range(ROUNDS):
        rows = [row for asked in halves[0].values() for own in _rows(asked, costs) for row in own]
        costs = learned(rows, costs, before, source)
    print("nearest after: ", *_measured(halves[1], costs))
    names = {pair: "".join(SYMBOLS[sound] for sound in pair if sound != _NONE) for pair in costs}
    for what, chosen in (
        ("instead", [pair for pair in costs if pair[0] != pair[1] and pair[1] != _NONE]),
        ("left out", [pair for pair in costs if pair[1] == _NONE]),
    ):
        entries = (f'"{names[pair]}": {costs[pair]:.2f}' for pair in chosen if costs[pair] < 1.0)
        print(f"{what}:", ", ".join(entries))


def _rows(asked: Iterable[Sequence[Pair]], costs: Costs) -> list[list[Row]]:
    return [[row for pair in pairs if (row := row_of(pair, costs))] for pairs in asked]


def _measured(groups: Mapping[str, Sequence[Sequence[Pair]]], costs: Costs) -> Iterator[str]:
    for group, asked in groups.items():
        yield f"{group} {nearest(_rows(asked, costs), costs):.1%}"


if __name__ == "__main__":
    learn()
