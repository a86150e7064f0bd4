from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from asgi_help import Client
from didban.match.index.manifest import Manifest
from didban.match.snapshot import SnapshotBuilder
from screening_help import build_now, entries
from serve_help import serve, tied


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Client:
    """Return a client of a service over people and ships."""
    return serve(tied(tmp_path_factory.mktemp("search") / "lists"))


def search(client: Client, parameters: str = "", scope: str = "default") -> Any:
    """Return the answer to a search."""
    answer = client.get(f"/search/{scope}?{quote(parameters, safe='=&')}")
    assert answer.status_code == 200, answer.body
    return answer.json()


def ids(client: Client, parameters: str = "", scope: str = "default") -> set[str]:
    """Return who is found."""
    return {result["id"] for result in search(client, parameters, scope)["results"]}


def test_a_search_is_answered_in_the_known_shape(client: Client):
    """A page, how many there are, and facets."""
    answer = search(client, "q=karimzadeh&limit=2")

    assert (answer["limit"], answer["offset"]) == (2, 0)
    assert answer["total"] == {"value": 3, "relation": "eq"}
    assert len(answer["results"]) == 2
    assert list(answer["facets"]) == ["countries", "topics", "datasets"]
    assert answer["facets"]["countries"] == {
        "label": "Countries",
        "values": [
            {"name": "pa", "label": "Panama", "count": 2},
            {"name": "ir", "label": "Iran", "count": 1},
        ],
    }


def test_a_result_is_an_entity(client: Client):
    """With times that have no zone."""
    (result,) = search(client, "q=zahra")["results"]

    assert (result["id"], result["schema"], result["target"]) == ("zahra", "Person", True)
    assert result["first_seen"] == "2024-01-01T00:00:00"
    assert result["last_change"] == "2025-06-01T08:30:00"
    assert result["referents"] == ["old-7"]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ("q=karimzadeh", {"zahra", "star", "moon"}),
        ("q=karimzadeh AND NOT zahra", {"star", "moon"}),
        ("q=karimzadeh&schema=Person", {"zahra"}),
        ("q=karimzadeh&schema=LegalEntity", {"zahra"}),
        ("q=karimzadeh&exclude_schema=Vessel", {"zahra"}),
        ("q=karimzadeh&include_dataset=ships", {"star", "moon"}),
        ("q=karimzadeh&include_dataset=elsewhere", set()),
        ("q=karimzadeh&exclude_dataset=ships", {"zahra"}),
        ("q=karimzadeh&countries=pa&countries=ir", {"zahra", "star", "moon"}),
        ("q=karimzadeh&countries=pa&countries=ir&filter_op=AND", set()),
        ("q=karimzadeh&topics=wanted", {"zahra"}),
        ("q=karimzadeh&datasets=ships", {"star", "moon"}),
        ("q=karimzadeh&filter=properties.birthDate:1971-05-02", {"zahra"}),
        ("q=karimzadeh&filter=properties.birthDate:1971-05-02§", set()),
        ("q=karimzadeh&target=true", {"zahra"}),
        ("q=karimzadeh&changed_since=2025-06-01", {"zahra"}),
        ("q=karimzadeh&changed_since=2025-06-02T00:00", set()),
        ("q=karimsade~&fuzzy=true", {"zahra", "star", "moon"}),
        ("q=karimzadeh/zahra&simple=true", {"zahra"}),
        ("q=karimzadeh&limit=0", set()),
        ("q=karimzadeh&offset=3", set()),
        ("q=karimzadeh&shoesize=44", {"zahra", "star", "moon"}),
    ],
)
def test_a_search_is_narrowed(client: Client, parameters: str, found: set[str]):
    """By the parameters that existing clients send."""
    assert ids(client, parameters) == found


def test_a_scope_is_a_dataset_or_all(client: Client):
    """And no other."""
    assert ids(client, "q=karimzadeh", "ships") == {"star", "moon"}
    assert client.get("/search/nowhere").status_code == 404


def test_results_are_sorted(client: Client):
    """Those without a value last, whichever way."""
    down = search(client, "sort=first_seen:desc&limit=2")["results"]
    up = search(client, "sort=caption:asc&q=karimzadeh")["results"]

    assert down[0]["id"] == "zahra"
    assert down[1]["first_seen"] is None
    assert up[-1]["id"] == "zahra"


def test_facets_are_those_that_are_asked(client: Client):
    """With their labels."""
    facets = search(client, "q=karimzadeh&facets=schema&facets=topics")["facets"]

    assert list(facets) == ["schema", "topics"]
    assert facets["schema"]["values"][0] == {"name": "Vessel", "label": "Vessel", "count": 2}


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ("q=invalid%2Fquery", 400),
        ("q=(open", 400),
        ("schema=Banana", 400),
        ("filter=nocolon", 400),
        ("sort=notes", 400),
        ("limit=501", 422),
        ("limit=-1", 422),
        ("offset=9999", 422),
        ("facets=shoes", 422),
        ("filter_op=XOR", 422),
        ("simple=perhaps", 422),
        ("fuzzy=perhaps", 422),
        ("&".join(f"countries=x{n}" for n in range(101)), 422),
        ("&".join(f"filter=a:{n}" for n in range(101)), 422),
        ("sort=a&sort=b&sort=c&sort=d&sort=e", 422),
        ("changed_since=lately", 422),
    ],
)
def test_what_cannot_be_searched_is_refused(client: Client, parameters: str, status: int):
    """With the status that existing clients know, and without repeating what was asked."""
    answer = client.get(f"/search/default?{parameters}")

    assert answer.status_code == status
    assert "open" not in str(answer.json()["detail"])


def test_a_search_that_takes_too_long_is_given_up(client: Client, monkeypatch):
    """One person's joker is not everybody's wait."""
    monkeypatch.setattr("didban.screening.texts.texts.MAX_SECONDS", -1.0)
    monkeypatch.setattr("didban.screening.texts.texts._STEPS", 1)

    assert client.get("/search/default?q=karim*").status_code == 400


def test_a_search_leaves_an_entry_before_its_answer(tmp_path: Path):
    """Like every check."""
    listed = tied(tmp_path / "lists")
    search(serve(listed), "q=karimzadeh")
    (entry,) = entries(listed)

    assert (entry.command, entry.asked, entry.matched) == ("serve", 1, 3)


def test_expired_lists_are_not_searched(tmp_path: Path):
    """Nothing found would look like nobody listed."""
    client = serve(build_now(tmp_path / "lists", age=timedelta(days=31)))

    assert client.get("/search/default?q=zoltan").status_code == 503


def test_an_update_is_searched_at_the_next_request(tmp_path: Path):
    """Who was delisted is not found any more."""
    listed = tied(tmp_path / "lists")
    client = serve(listed)
    before = ids(client, "q=karimzadeh")
    builder = SnapshotBuilder(listed, onto=(manifest := Manifest.read(listed)))
    builder.withdraw("zahra")
    builder.commit(built_at=manifest.built_at)

    assert before - ids(client, "q=karimzadeh") == {"zahra"}


def test_while_the_text_is_made_who_is_delisted_is_not_shown(tmp_path: Path, monkeypatch):
    """The older text is searched, against the records as they stand now."""
    listed = tied(tmp_path / "lists")
    client = serve(listed)
    search(client)
    builder = SnapshotBuilder(listed)
    builder.commit(built_at=Manifest.read(listed).built_at)
    monkeypatch.setattr("didban.screening.texts.keeping.SMALL", -1)

    shown = ids(client, "q=karimzadeh")
    client._app.state.service.close()

    assert shown == set()
