"""Learns what letters say beside sounds: the run behind the tables of `didban.match.evidence.likeness`.

    python -m benchmarks.likeness

Two parts of names in Latin letters, so alike by sound and so many letters apart: how much oftener
are they one name (an attested spelling, or a slip of the finger) than the names of two strangers?

- *One name*: other spellings of the same person (`fullnames_arabic_script_dev`) and of the same name
  (`name_clusters`), and slips: a letter changed, added, left out, doubled or swapped.
- *Strangers*: parts drawn by how common they are.

And of a part in Arabic letters, which have no short vowels, against one in Latin letters: what so
much likeness says of one so long.

Each source is halved by a hash. One half makes the table, the other shows how it holds. What is
judged in `name_bench` and the lists of sanctions has no part in it.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import math
import random
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from benchmarks.material import shared, table
from didban.match.evidence import parameters as p
from didban.match.evidence.likeness import (
    _LENGTHS,
    _MANY,
    _UNVOCALISED_LENGTHS,
    CUTOFF,
    letters_apart,
    similarity,
    step,
)
from didban.match.spelling.tokens import name_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BANDS: Final = 12
_AGREEING: Final = step(CUTOFF) + 1
SLIPS: Final = 30_000
ACROSS: Final = 20_000
STRANGERS: Final = 1_800
SECOND_SLIP: Final = 0.2
SOURCES: Final = (0.2, 0.05, 0.05)
"""How often two mentions of one person differ so in a part: spelled in another habit, called by
another form of the name, mistyped."""
SMOOTHING: Final = 0.5
LEAST_LETTERS: Final = 3
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Couple = tuple[str, str]
Cell = tuple[int, int, int]
"""Letters apart less one, class of length, band of similarity by sound."""


def main() -> None:
    """Print the table of one half, and what each of its rows says on the other half."""
    names = {half: common_parts(half) for half in (0, 1)}
    evidence = {half: learned(half, names[half]) for half in (0, 1)}
    scale = weights_of_bands(names[0])
    print("what a band says:", [round(value, 1) for value in scale])
    for apart in range(_MANY):
        rows = []
        for length in range(len(_LENGTHS) + 1):
            cells = [(apart, length, b) for b in range(BANDS)]
            said = falling(filled([evidence[0].get(cell) for cell in cells]))
            rows.append("".join(counted(value, scale) for value in said))
            print(apart + 1, length, *(_both(evidence, cell) for cell in cells))
        print(f"    ({', '.join(repr(row) for row in rows)}),")
    across = {half: learned_across(half) for half in (0, 1)}
    for length in range(len(_UNVOCALISED_LENGTHS) + 1):
        cells = [(0, length, b) for b in range(_AGREEING)]
        said = falling(filled([across[0].get(cell) for cell in cells]))
        print(length, *(_both(across, cell) for cell in cells))
        print("   ", repr("".join(counted(value, scale) for value in said)))


def _both(evidence: Mapping[int, Mapping[Cell, float]], cell: Cell) -> str:
    """Return the evidence of a cell in the half that was learned from and in the other."""
    return "/".join(
        f"{evidence[half][cell]:.1f}" if cell in evidence[half] else "-" for half in (0, 1)
    )


def counted(said: float, scale: list[float]) -> str:
    """Return the band whose evidence is nearest to what was learned; `-` for hardly any."""
    if said < scale[-1] / 2:
        return "-"
    return str(min(range(len(scale)), key=lambda b: abs(scale[b] - said)))


def filled(values: Sequence[float | None]) -> list[float]:
    """Return a row without gaps: what was not seen says as much as what sounds less alike."""
    row: list[float] = []
    for value in reversed(values):
        row.append(value if value is not None else row[-1] if row else 0.0)
    return row[::-1]


def falling(values: Iterable[float]) -> list[float]:
    """Return the nearest row that never rises: what sounds less alike does not say more."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while blocks and blocks[-1][0] < mean:
            before, count = blocks.pop()
            mean, size = (mean * size + before * count) / (size + count), size + count
        blocks.append((mean, size))
    return [mean for mean, size in blocks for _ in range(size)]


def weights_of_bands(names: Mapping[str, float]) -> list[float]:
    """Return what a part of a usual name says in each band: its rarity, so far as that counts."""
    hits = _counts(strangers(names, with_same=True), len(p.NAME_SHARE))
    shares = (
        sum(n for (_, _, b), n in hits.items() if b <= most) / STRANGERS**2
        for most in range(len(p.NAME_SHARE))
    )
    return [-math.log(share) * p.NAME_SHARE[b] for b, share in enumerate(shares)][:_AGREEING]


def learned(half: int, names: Mapping[str, float]) -> dict[Cell, float]:
    """Return for each cell the logarithm of (share of one name) over (share of strangers)."""
    sources = [list(spellings(half)), list(clustered(half)), list(slips(names))]
    tables = [(_counts(source, BANDS), len(source)) for source in sources]
    others = _counts(strangers(names), BANDS)
    found = {}
    for cell in {cell for own, _ in tables for cell in own} | set(others):
        seen = zip(SOURCES, tables, strict=True)
        same = sum(often * own[cell] / size for often, (own, size) in seen)
        chance = (others[cell] + SMOOTHING) / STRANGERS**2
        least = SMOOTHING / sum(size for _, size in tables)
        found[cell] = math.log((same + least) / chance)
    return found


def _counts(couples: Iterable[Couple], bands: int) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for one, other in couples:
        heard = step(similarity(one, other))
        if heard < bands:
            length = sum(max(len(one), len(other)) > most for most in _LENGTHS)
            found[max(letters_apart(one, other), 1) - 1, length, heard] += 1
    return found


def learned_across(half: int) -> dict[Cell, float]:
    """Return the same of a part in Arabic letters, by its length, and one in Latin letters."""
    attested = random.Random(7).sample(list(spelled_across(half)), ACROSS)
    others = list(strangers_across())
    same, chance = (Counter(map(_cell_across, couples)) for couples in (attested, others))
    lengths = Counter(_length_across(native) for native, _ in attested)
    strange = Counter(_length_across(native) for native, _ in others)
    return {
        cell: math.log((same[cell] + SMOOTHING) / lengths[cell[1]])
        - math.log((chance[cell] + SMOOTHING) / strange[cell[1]])
        for cell in chance
    }


def _cell_across(couple: Couple) -> Cell:
    native, latin = couple
    return 0, _length_across(native), step(similarity(latin, native))


def _length_across(native: str) -> int:
    return sum(len(native) > most for most in _UNVOCALISED_LENGTHS)


def spelled_across(half: int) -> Iterator[Couple]:
    """Yield the parts of a full name in Arabic letters with those of its attested spellings."""
    for row in table("names/fullnames_arabic_script_dev.tsv.gz", separator="\t"):
        if _half(row["native_normalised"]) == half:
            native = name_parts(row["native_normalised"])
            for spelled in map(name_parts, row["latin_variants"].split("|")[:2]):
                if len(native) == len(spelled) > 1:
                    yield from zip(native, spelled, strict=True)


def strangers_across() -> Iterator[Couple]:
    """Yield pairs of draws of parts in Arabic and in Latin letters, by how common they are."""
    source = random.Random(8)
    found: dict[str, Counter[str]] = {"arabic_key": Counter(), "latin": Counter()}
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        for column, parts in found.items():
            for part in name_parts(row[column]):
                parts[part] += math.isqrt(int(row["count"]))
    natives, latins = (
        source.choices(list(parts), list(parts.values()), k=STRANGERS // 2)
        for parts in found.values()
    )
    return ((native, latin) for native in natives for latin in latins)


# -- material --------------------------------------------------------------------------------------


def _half(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0] & 1


def _is_usable(part: str) -> bool:
    return part.isascii() and part.isalpha() and len(part) >= LEAST_LETTERS


def spellings(half: int) -> Iterator[Couple]:
    """Yield the one part in which two attested spellings of one person differ."""
    for row in table("names/fullnames_arabic_script_dev.tsv.gz", separator="\t"):
        if _half(row["native_normalised"]) == half:
            written = [name_parts(text) for text in row["latin_variants"].split("|")]
            for one, other in pairwise(written):
                apart = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
                if len(one) == len(other) and len(apart) == 1 and all(map(_is_usable, apart[0])):
                    yield apart[0]


def _clusters(half: int) -> Iterator[list[str]]:
    with gzip.open(shared("names/name_clusters.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            names, _, number = line.rstrip("\n").partition(" => ")
            if _half(number) == half:
                parts = (name_parts(name.strip()) for name in names.split(","))
                yield [own[0] for own in parts if len(own) == 1 and _is_usable(own[0])]


def clustered(half: int) -> Iterator[Couple]:
    """Yield neighbouring Latin spellings of one given or family name."""
    for names in _clusters(half):
        yield from (pair for pair in pairwise(dict.fromkeys(names)))


def common_parts(half: int) -> dict[str, float]:
    """Return name parts of one half of all, with a measure of how common they are."""
    found: Counter[str] = Counter()
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        for part in name_parts(row["latin"]):
            found[part] += math.isqrt(int(row["count"]))
    for kind in ("forenames", "surnames"):
        path = shared(f"names/common-{kind}-by-country.csv")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for line in csv.DictReader(lines):
                found.update(name_parts(line["Romanized Name"]))
    for names in _clusters(half):
        found.update(names[:1])
    return {part: n for part, n in found.items() if _is_usable(part) and _half(part) == half}


def strangers(names: Mapping[str, float], *, with_same: bool = False) -> Iterator[Couple]:
    """Yield every pair of two draws of parts, those of the same name only when asked for."""
    source = random.Random(5)
    draws = (source.choices(list(names), list(names.values()), k=STRANGERS) for _ in range(2))
    first, second = draws
    return ((a, b) for a in first for b in second if with_same or a != b)


def slips(names: Mapping[str, float]) -> Iterator[Couple]:
    """Yield parts with what a slip of the finger makes of them, some with two."""
    source = random.Random(6)
    for name in source.choices(list(names), list(names.values()), k=SLIPS):
        slipped = _slip(name, source)
        if source.random() < SECOND_SLIP:
            slipped = _slip(slipped, source)
        if slipped != name:
            yield name, slipped


def _slip(name: str, source: random.Random) -> str:
    at, letter = source.randrange(len(name)), source.choice(LETTERS)
    start, own, rest = name[:at], name[at], name[at + 1 :]
    made = {
        "changed": start + letter + rest,
        "added": start + letter + own + rest,
        "left out": start + rest,
        "doubled": start + own + own + rest,
        "swapped": start + rest[:1] + own + rest[1:],
    }
    return made[source.choice(list(made))]


if __name__ == "__main__":
    main()
