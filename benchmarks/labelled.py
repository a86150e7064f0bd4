"""The labelled material: attested spellings, name tokens, analysts' clusters, judged pairs."""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml.ElementTree import parse

from benchmarks.material import json_lines, shared, table
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GROUPS = {
    "Persian (IR, AF)": frozenset({"IR", "AF"}),
    "Urdu (PK)": frozenset({"PK"}),
}
"""Groups of countries by the language their names are written in; all others are Arabic."""

_PREFIXES = {"ofac": "ofac", "unsc": "un", "gb-hmt": "uk"}
"""The clusters' words for the lists -> the prefix of our ids."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A full name at home with its attested Latin spellings, in a group of names."""

    native: str
    latin: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that were judged; `kind` says by whom and with what verdict."""

    left: Record
    right: Record
    kind: str


def full_names() -> Iterator[Spelled]:
    """Yield full names of more than one word in Arabic and Hebrew script."""
    for row in table("names/fullnames_arabic_script_dev.tsv.gz", separator="\t"):
        countries = set(row["countries"].replace("|", " ").replace(",", " ").split())
        group = next((g for g, codes in _GROUPS.items() if codes & countries), "Arabic")
        yield Spelled(row["native_normalised"], _variants(row["latin_variants"]), group)
    with gzip.open(shared("names/fullnames_hebrew_dev.tsv.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            native, _, latin = line.rstrip("\n").partition("\t")
            yield Spelled(native, _variants(latin), "Hebrew")


def _variants(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def tokens(language: str) -> Iterator[Spelled]:
    """Yield name tokens of the published dev slice: `arabic`, `russian` or `hebrew`."""
    path = shared(f"names/wd_{language}_16.tsv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            latin, native, count = line.rstrip("\n").split("\t")
            if int(count) > 1:
                yield Spelled(native.replace(" ", ""), (latin,), f"{language} tokens")


def sampled(names: Sequence[Spelled], size: int, *, seed: int = 3) -> list[Spelled]:
    """Return a random sample, in a fixed order."""
    return random.Random(seed).sample(list(names), min(size, len(names)))


def clusters() -> list[list[str]]:
    """Return the analysts' clusters as groups of our ids."""
    references = un_references()
    found = []
    for members in json_lines(shared("er/clusters_dev.jsonl")):
        ids = []
        for member in members:
            number = member["id"]
            if member["list"] == "unsc":
                number = references.get(number, number)
            ids.append(f"{_PREFIXES[member['list']]}-{number}")
        found.append(ids)
    return found


def un_references(edition: str = "2020-03-20") -> dict[str, str]:
    """Return the UN list's internal numbers -> its reference numbers."""
    found = {}
    for entry in parse(shared(f"lists/un/{edition}.xml")).getroot().iter():
        if entry.tag in {"INDIVIDUAL", "ENTITY"}:
            reference = (entry.findtext("REFERENCE_NUMBER") or "").strip()
            found[(entry.findtext("DATAID") or "").strip()] = reference
    return found


def hard_negatives() -> list[tuple[str, str]]:
    """Return pairs of our ids that look alike and are not the same."""
    references = un_references()

    def ours(text: str) -> str:
        word = next(w for w in _PREFIXES if text.startswith(f"{w}-"))
        number = text[len(word) + 1 :]
        return f"{_PREFIXES[word]}-{references.get(number, number)}"

    return [(ours(p["a"]), ours(p["b"])) for p in json_lines(shared("er/hard_negatives.jsonl"))]


def judged_names() -> list[Pair]:
    """Return the labelled name pairs of persons and companies, by evidence strength."""
    pairs = []
    path = shared("names/name_bench/cases.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            is_same = row["is_match"] == "true"
            people = "persons" if row["schema"] == "Person" else "organisations"
            kind = f"{people}, {'same' if is_same else 'other'}"
            left = _named(f"left-{number}", row["schema"], row["name1"])
            right = _named(f"right-{number}", row["schema"], row["name2"])
            pairs.append(Pair(left, right, kind))
    return pairs


def _named(number: str, schema: str, name: str) -> Record:
    return Record(id=number, schema=schema, properties={"name": (name,)}, caption=name)


def cluster_pairs(records: dict[str, Record]) -> list[Pair]:
    """Return all pairs of persons that analysts have judged, both ways of the judgement."""
    pairs = []
    for ids in clusters():
        present = [records[i] for i in ids if i in records and records[i].schema == "Person"]
        for n, left in enumerate(present):
            pairs += [Pair(left, right, "clusters, same") for right in present[n + 1 :]]
    for a, b in hard_negatives():
        if a in records and b in records:
            pairs.append(Pair(records[a], records[b], "hard negatives, other"))
    return pairs


def by_group(names: Sequence[Spelled]) -> dict[str, list[Spelled]]:
    """Return the names of each group."""
    groups: defaultdict[str, list[Spelled]] = defaultdict(list)
    for name in names:
        groups[name.group].append(name)
    return dict(groups)
