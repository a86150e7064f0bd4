from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from didban.errors import InvalidInput
from didban.match.index.manifest import Manifest
from didban.match.snapshot import Snapshot, SnapshotBuilder
from didban.screening.texts import keeping
from didban.screening.texts.asking import distance
from didban.screening.texts.fields import words
from didban.screening.texts.keeping import TextFiles
from didban.screening.texts.lucene import parse
from didban.screening.texts.texts import _HITS, Filters, Texts, Wanted
from screening_help import build_now
from specimens import passport, person

ZAHRA = replace(
    person(
        "Zahra Karimzadeh", id="zahra", birthDate="1971-05-02", nationality="ir",
        alias="زهرا کریم‌زاده", notes="Seen in Łódź near the station", topics="wanted",
        referents=("old-7",), documents=(passport(),),
    ),
    first_seen="2024-01-01", last_change="2025-06-01",
)  # fmt: skip
RESA = replace(
    person("Resa Tehrani", id="resa", datasets=("other",), nationality=("ir", "de")),
    first_seen="2025-01-01",
)
SHIP = person("Karimzadeh Star", id="ship", schema="Vessel", flag="pa", notes="seen in port")
OWNS = person("", id="owns", schema="Ownership", owner="zahra", asset="ship")
EVERYBODY = (ZAHRA, RESA, SHIP, OWNS)

Search = Callable[..., list[str]]


def texts_of(folder: Path) -> Texts:
    """Return the texts of a snapshot."""
    return TextFiles(folder).of(Snapshot.open(folder)).texts


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> Texts:
    """Return the texts of a few invented people and a ship."""
    return texts_of(build_now(tmp_path_factory.mktemp("texts") / "lists", EVERYBODY))


@pytest.fixture(scope="module")
def ids(texts) -> Search:
    """Return what searches and tells who was found."""

    def search(query: str = "", sorts: Sequence[tuple[str, bool]] = (), **filters) -> list[str]:
        wanted = Wanted(tree=parse(query), filters=Filters(**filters), sorts=sorts)
        return [record.id for record in texts.search(wanted).records]

    return search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("karimzadeh", {"zahra", "ship"}),
        ("KARIMZADEH zahra", {"zahra"}),
        ("زهرا", {"zahra"}),
        ("کریم زاده", {"zahra"}),
        ("lodz", {"zahra"}),
        ("karimzade~", {"zahra", "ship"}),
        ("karimzaedh~1", {"zahra", "ship"}),
        ("karim*", {"zahra", "ship"}),
        ("k?rim*eh", {"zahra", "ship"}),
        ("nobody", set()),
        ("names:seen", set()),
        ("text:seen", {"zahra", "ship"}),
        ("karimzadeh -zahra", {"ship"}),
        ("tehrani OR zahra", {"resa", "zahra"}),
        ("tehrani OR properties.flag:pa", {"resa", "ship"}),
        ('"near the station"', {"zahra"}),
        ('"near station"', set()),
        ('"near station"~1', {"zahra"}),
        ("L898902C3", {"zahra"}),
        ("identifiers:l898902c3", {"zahra"}),
        ("properties.birthDate:1971-05-02", {"zahra"}),
        ("properties.birthDate:1971", set()),
        ("dates:1971", {"zahra"}),
        ("birthDate:[1970 TO 1971]", {"zahra"}),
        ("birthDate:[1972 TO *]", set()),
        ("first_seen:>=2025", {"resa"}),
        ("countries:ir", {"zahra", "resa"}),
        ("countries:*", {"zahra", "resa", "ship"}),
        ("properties.notes:seen", {"zahra", "ship"}),
        ("properties.notes:tehrani", set()),
        ("schema:Vessel", {"ship"}),
        ("id:sh*", {"ship"}),
        ("target:true", {"zahra"}),
        ("datasets:other", {"resa"}),
        ("referents:old-7", {"zahra"}),
        ("shoesize:44", set()),
        ("*:*", {"zahra", "resa", "ship", "owns"}),
    ],
)
def test_a_query_finds(ids: Search, query: str, found: set[str]):
    """By words of any script, by values, by both."""
    assert set(ids(query)) == found


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"word{n}" for n in range(256)),
        " OR ".join(f"word{n}" for n in range(256)),
        " OR ".join(f"(word{n} AND properties.flag:pa)" for n in range(100)),
        "(" * 31 + "word" + ")" * 31,
        "x" * 50_000,
        "-" * 30 + "word",
        "properties.notes:(a OR b OR c)",
        "countries:[* TO *]",
        "id:[[]]*",
    ],
)
def test_a_large_query_is_searched_or_refused(ids: Search, query: str):
    """It breaks nothing."""
    with contextlib.suppress(InvalidInput):
        ids(query)


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"word{n}~" for n in range(9)),
        "*a*b*c*d*e*f*g*h*i",
        "countries:*a*b*c*d*e*f*g*h*i",
        '"' + "a " * 65 + '"',
        "***",
    ],
)
def test_what_would_cost_too_much_is_refused(ids: Search, query: str):
    """Many misspelt words, many jokers, an endless phrase."""
    with pytest.raises(InvalidInput):
        ids(query)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"schemata": frozenset({"Person"})}, {"zahra", "resa"}),
        ({"without_schemata": frozenset({"Person", "Ownership"})}, {"ship"}),
        ({"datasets": frozenset({"other"})}, {"resa"}),
        ({"datasets": frozenset()}, set()),
        ({"values": {"countries": ["de", "pa"]}}, {"resa", "ship"}),
        ({"values": {"countries": ["ir", "de"]}, "all_values": True}, {"resa"}),
        ({"values": {"properties.notes": ["in port"]}}, {"ship"}),
        ({"values": {"schema": ["Vessel"]}}, {"ship"}),
        ({"is_target": False}, {"resa", "ship", "owns"}),
        ({"changed_since": "2025-01-01"}, {"zahra"}),
    ],
)
def test_filters_narrow(ids: Search, filters, found: set[str]):
    """Each by itself."""
    assert set(ids(**filters)) == found


def test_results_are_sorted_and_those_without_a_value_come_last(ids: Search):
    """By a time, or by any value."""
    assert ids(sorts=[("first_seen", True)])[:2] == ["resa", "zahra"]
    assert ids(sorts=[("first_seen", False)])[:2] == ["zahra", "resa"]
    assert ids(sorts=[("properties.birthDate", False)])[0] == "zahra"
    with pytest.raises(InvalidInput):
        ids(sorts=[("notes", False)])


@pytest.mark.parametrize("_time", ["first", "again"])
def test_what_is_found_is_counted(texts, _time: str):
    """In all, and by the values of a facet; of some or of everybody, however often."""
    wanted = Wanted(tree=parse(""), filters=Filters(), facets=("countries", "schema"), limit=1)
    found, some = texts.search(wanted), texts.search(replace(wanted, tree=parse("schema:Person")))

    assert (len(found.records), found.total, some.total) == (1, 4, 2)
    assert found.facets["countries"] == {"ir": 2, "de": 1, "pa": 1}
    assert found.facets["schema"] == {"Person": 2, "Vessel": 1, "Ownership": 1}
    assert some.facets["countries"] == {"ir": 2, "de": 1}


@pytest.mark.parametrize(
    "filters",
    [
        Filters(schemata=frozenset({"Person"})),
        Filters(schemata=frozenset({"Person", "Vessel"}), without_schemata=frozenset({"Vessel"})),
        Filters(without_schemata=frozenset({"Vessel", "Ownership"})),
    ],
)
@pytest.mark.parametrize("gone", [(), ("resa",), ("zahra", "ship")])
def test_all_of_a_schema_are_counted_beforehand(tmp_path: Path, filters: Filters, gone: list[str]):
    """A search without words looks at nobody, and comes to what looking at each comes to."""
    folder = build_now(tmp_path / "lists", EVERYBODY)
    texts_of(folder)
    builder = SnapshotBuilder(folder, onto=(manifest := Manifest.read(folder)))
    for record_id in gone:
        builder.withdraw(record_id)
    builder.commit(built_at=manifest.built_at)
    wanted = Wanted(tree=parse(""), filters=filters, facets=("countries", "datasets", "schema"))

    counted = texts_of(folder).search(wanted)
    looked_at = texts_of(folder).search(replace(wanted, tree=parse("schema:Person")))

    assert counted == looked_at
    assert counted.total == 2 - len({"zahra", "resa"} & set(gone))


def test_a_search_looks_at_what_it_finds_and_not_at_everybody(texts):
    """SQLite would begin with the records: ten thousand times as many as are found."""
    (part,) = texts._parts
    (first, *_) = part.file.execute(f"explain query plan select count(*) from {_HITS}")

    assert first[3] == "SCAN hit"


def test_ties_are_found_from_their_other_end(texts):
    """By all properties, or by one."""
    assert [record.id for record in texts.pointing_at("zahra")] == ["owns"]
    assert [record.id for record in texts.pointing_at("ship", ["asset"])] == ["owns"]
    assert texts.pointing_at("ship", ["owner"]) == []


def test_an_update_is_searched_with_what_it_takes_out(tmp_path: Path):
    """Who is delisted is not found; only the new segment's text is made."""
    folder = build_now(tmp_path / "lists", EVERYBODY)
    files = TextFiles(folder)
    before = files.of(Snapshot.open(folder))
    builder = SnapshotBuilder(folder, onto=(manifest := Manifest.read(folder)))
    builder.withdraw("zahra")
    builder.add(person("Omid Rastgar", id="omid"))
    builder.commit(built_at=manifest.built_at)
    wanted = Wanted(tree=parse(""), filters=Filters(), facets=("schema",))
    after = files.of(Snapshot.open(folder)).texts.search(wanted)

    assert before.texts.search(Wanted(tree=parse("zahra"), filters=Filters())).total == 1
    assert {record.id for record in after.records} == {"resa", "ship", "owns", "omid"}
    assert after.facets["schema"] == {"Person": 2, "Vessel": 1, "Ownership": 1}


def test_a_large_text_is_made_beside_while_the_older_one_is_searched(tmp_path: Path, monkeypatch):
    """Nobody waits for it, and nobody is told that it is current."""
    folder = build_now(tmp_path / "lists", EVERYBODY)
    files = TextFiles(folder)
    files.of(Snapshot.open(folder))
    build_now(folder, [*EVERYBODY, person("Omid Rastgar", id="omid")])
    monkeypatch.setattr(keeping, "SMALL", 0)
    newer = Snapshot.open(folder)
    meanwhile = files.of(newer)
    assert files._process is not None
    files._process.wait(timeout=120)
    then = files.of(newer)
    files.close()

    assert (meanwhile.is_current, then.is_current) == (False, True)
    assert then.texts.search(Wanted(tree=parse("omid"), filters=Filters())).total == 1
    assert len(list(files.folder.iterdir())) == 1


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("karim", "karim", 0), ("karim", "kraim", 1), ("karim", "kari", 1), ("karim", "salim", 2),
     ("karim", "xyz", 3), ("", "ab", 2)],
)  # fmt: skip
def test_letters_that_differ_are_counted(one: str, other: str, apart: int):
    """Two that are swapped are one."""
    assert distance(one, other, 2) == min(apart, 3)


def test_words_are_compared_without_case_accents_and_joiners():
    """In every script."""
    assert words("Ślązak O'Neil ÆGIR احمدی\u200cنژاد ۱۲۳") == [
        "slazak", "o", "neil", "aegir", "احمدی", "نژاد", "123",
    ]  # fmt: skip
