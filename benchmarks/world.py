"""Derives how common name parts are in the world: writes `didban/match/evidence/world_names.txt`.

    python -m benchmarks.world

From public statistics (see `docs/reference/benchmarks.md`): name parts with country, role and count
in both scripts; common names by country and rank; Persian given names with their share of persons;
name tokens of people known in Russian and Hebrew; given names of Korea and China. In each country
(or language), a part has the share of names that sound the same; over countries, the mean share
among the compatriots of its bearers counts: Nguyen is as common as it is in Vietnam, not in the
world.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from benchmarks.material import ROOT, shared, table
from didban.match.evidence.world import FILE
from didban.match.kernels import distance
from didban.match.kernels.world import UNVOCALISED, WHOLE
from didban.match.spelling.distances import SCALE, SLOPE, weight
from didban.match.spelling.keys import coarse_keys, primary_key
from didban.match.spelling.phonemes import forms
from didban.match.spelling.tokens import name_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.match.spelling.phonemes import Form

PATH: Final = ROOT / "src" / "didban" / "match" / "evidence" / FILE

LEAST: Final = 5e-4
"""Parts rarer than this in their culture are left out: lists know as much."""

LEAST_HEARD: Final = 1e-5
"""Rarer spellings of one culture add nothing to a common name."""

SAME: Final = 239
"""From this similarity on, parts of one script are one name to the ear."""

GIVEN_NAMES: Final = 1.5
"""Given names in a full name: every second person's papers hold a second one, or a father's."""

DOUBT: Final = 1_000
"""So many further people with other names are assumed in each country: counts are samples."""

_FORENAMES_AT_TOP, _SURNAMES_AT_TOP = 0.02, 0.012
"""Share of the commonest name where a country tells ranks alone; the r-th has a share of it that
falls with the root of r, as where countries tell both."""

_FEW_SURNAMES: Final = {"CN": (0.072, 0.5), "KR": (0.215, 1.0)}
"""Where few family names serve all and ranks alone are told: the share of the commonest, and the
power of its rank by which a name is rarer (censuses of 2020 and of 2015)."""

_KOREAN: Final = re.compile(r"[^\u0250-\uffff]+, ([가-힣]{2})")
_CHINESE: Final = re.compile(r"[^\u0250-\uffff]+, ([一-鿿]{2}), (?:[一-鿿]{2}, )*[가-힣, ]+")
"""The spellings of one given name: in Latin letters, then the Hangul of two syllables; or Chinese
characters, and how Korean has them. Names from elsewhere are written in other scripts, too."""

Parts = dict[str, float]
"""In one culture: name part as written -> share of full names that hold it."""

Shares = dict["Form", float]
"""In one culture and script: reading -> share of full names that hold a part read so."""


def cultures() -> Iterator[Parts]:
    """Yield the name parts of each culture, one script at a time."""
    for script in ("arabic_key", "latin"):
        yield from _counted(script)
    yield _persian()
    yield from _ranked()
    for language in ("russian", "hebrew"):
        yield from _known_in(language)
    yield from _in_syllables()


def _counted(script: str) -> Iterator[Parts]:
    """Yield the parts of each country that counts people, in one script."""
    counts: defaultdict[str, defaultdict[str, Counter[str]]]
    counts = defaultdict(lambda: defaultdict(Counter))
    for row in table("names/arabic_script_name_units.tsv.gz", separator="\t"):
        counts[row["country"]][row["role"]][row[script]] += int(row["count"])
    for roles in counts.values():
        found: Parts = defaultdict(float)
        for role, names in roles.items():
            share = (GIVEN_NAMES if role == "given" else 1.0) / (names.total() + DOUBT)
            for name, count in names.items():
                found[name] += count * share
        yield found


def _persian() -> Parts:
    found: Parts = defaultdict(float)
    for row in table("names/persian/given_names_share.csv", separator=","):
        found[row["first_name"]] += float(row["%GT Count of id"].rstrip("%")) / 100 * GIVEN_NAMES
    return found


def _ranked() -> Iterator[Parts]:
    """Yield the common names of each country, as written there and in Latin letters."""
    found: defaultdict[tuple[str, str], Parts] = defaultdict(lambda: defaultdict(float))
    for file, top, few in (
        ("forenames", _FORENAMES_AT_TOP, {}),
        ("surnames", _SURNAMES_AT_TOP, _FEW_SURNAMES),
    ):
        for row in table(f"names/common-{file}-by-country.csv", separator=","):
            rank = int(row.get("Rank") or row["Index"] or 1)
            first, power = few.get(row["Country"], (top, 0.5))
            share = float(row.get("Percent") or 0) or first / rank**power
            for script in ("Localized Name", "Romanized Name"):
                name, own = row[script], found[row["Country"], script]
                own[name] = max(own[name], share)
    yield from found.values()


def _known_in(language: str) -> Iterator[Parts]:
    """Yield the name tokens of people known in a language, as written there and in Latin letters."""
    native, latin = Counter[str](), Counter[str]()
    path = shared(f"names/wd_{language}_64.tsv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for one, other, count in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            latin[one] += int(count)
            native[other.replace(" ", "")] += int(count)
    for names in (native, latin):
        people = names.total() / (1 + GIVEN_NAMES)
        yield {name: count / people for name, count in names.items()}


def _in_syllables() -> Iterator[Parts]:
    """Yield the given names of Korea and of China, each as common as any other of its country.

    People have one there. Statistics tell of one year's children only, and what is common is not the
    name but the syllable.
    """
    with gzip.open(shared("names/name_clusters.gz"), "rt", encoding="utf-8") as lines:
        clusters = [line.partition(" => ")[0] for line in lines]
    for pattern in (_KOREAN, _CHINESE):
        names = {match[1] for cluster in clusters if (match := pattern.fullmatch(cluster))}
        yield dict.fromkeys(names, 1 / len(names))


def heard(names: Parts) -> Shares:
    """Return the shares of the readings of one culture, each with all that sound the same."""
    own: dict[Form, float] = defaultdict(float)
    for name, share in names.items():
        for part in name_parts(name) if share > LEAST_HEARD else ():
            for form in forms(part):
                if len(form.codes) > 1:
                    own[form] += share
    by_key: defaultdict[int, list[Form]] = defaultdict(list)
    for form in own:
        for key in coarse_keys(form):
            by_key[key].append(form)
    return {
        form: sum(own[other] for other in alike)
        for form in own
        if (alike := {o for key in coarse_keys(form) for o in by_key[key] if _same(form, o)})
    }


def _same(one: Form, other: Form) -> bool:
    length = max(weight(one.codes), weight(other.codes))
    table = int(one.unvocalised != other.unvocalised)
    return SCALE - SLOPE * distance(one.codes, other.codes, table) // (length or 1) >= SAME


def among_compatriots() -> Shares:
    """Return for each reading the mean share in a culture over those who bear it."""
    share: dict[Form, float] = defaultdict(float)
    square: dict[Form, float] = defaultdict(float)
    for names in cultures():
        for form, heard_share in heard(names).items():
            own = min(heard_share, 1.0)
            share[form] += own
            square[form] += own * own
    return {f: square[f] / share[f] for f in share if square[f] > LEAST * share[f]}


def text(shares: Shares) -> str:
    """Return the file."""
    rows: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for form, share in shares.items():
        sounds = f"{form}{UNVOCALISED if form.unvocalised else ''}"
        rows[primary_key(form)].append((-round(share * WHOLE), sounds))
    lines = [
        f"{key} " + " ".join(f"{-share}:{sounds}" for share, sounds in sorted(own))
        for key, own in sorted(rows.items())
    ]
    head = "# Derived by `python -m benchmarks.world`: see didban/match/evidence/world.py for what it means."
    return "\n".join([head, *lines, ""])


def main() -> None:
    """Derive and write."""
    found = among_compatriots()
    PATH.write_text(text(found), encoding="ascii")
    print(f"{len(found)} readings, {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
