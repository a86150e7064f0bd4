from __future__ import annotations

from pathlib import Path

import pytest

from asgi_help import Client
from screening_help import entries
from serve_help import serve, tied


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Client:
    """Return a client of a service over people and ships."""
    return serve(tied(tmp_path_factory.mktemp("lookup") / "lists"))


def test_a_record_comes_with_what_it_is_tied_to(client: Client):
    """Through a link to what stands behind it; the way back stays an identifier."""
    properties = client.get("/entities/zahra").json()["properties"]
    owned = {one["id"]: one for one in properties["ownershipOwner"]}

    assert properties["addressEntity"][0]["properties"]["full"] == ["1 Harbour Street"]
    assert set(owned) == {"owns-star", "owns-moon"}
    assert owned["owns-star"]["properties"]["owner"] == ["zahra"]
    assert owned["owns-star"]["properties"]["asset"][0]["id"] == "star"


def test_a_link_is_seen_from_its_other_end(client: Client):
    """Under the name that it has there."""
    properties = client.get("/entities/star").json()["properties"]

    assert properties["ownershipAsset"][0]["properties"]["owner"][0]["id"] == "zahra"


def test_a_record_alone_keeps_identifiers(client: Client):
    """As it is stored."""
    properties = client.get("/entities/zahra?nested=false").json()["properties"]

    assert properties["addressEntity"] == ["street"]
    assert "ownershipOwner" not in properties


@pytest.mark.parametrize("more", ["", "/adjacent", "/adjacent/ownershipOwner"])
def test_a_referent_is_sent_on_to_the_record(client: Client, more: str):
    """For good: clients remember it."""
    answer = client.get(f"/entities/old-7{more}")

    assert (answer.status_code, answer.headers["location"]) == (308, f"/entities/zahra{more}")


def test_ties_come_by_property_and_in_pages(client: Client):
    """In the order of their lists."""
    adjacent = client.get("/entities/zahra/adjacent?limit=1").json()
    second = client.get("/entities/zahra/adjacent/ownershipOwner?limit=1&offset=1").json()
    sorted_down = client.get("/entities/zahra/adjacent/ownershipOwner?sort=id:desc").json()

    assert adjacent["entity"]["properties"]["addressEntity"] == ["street"]
    assert set(adjacent["adjacent"]) == {"addressEntity", "ownershipOwner"}
    page = adjacent["adjacent"]["ownershipOwner"]
    assert (page["total"]["value"], page["limit"], page["offset"]) == (2, 1, 0)
    assert [one["id"] for one in page["results"]] == ["owns-star"]
    assert page["results"][0]["properties"]["asset"][0]["id"] == "star"
    assert [one["id"] for one in second["results"]] == ["owns-moon"]
    assert [one["id"] for one in sorted_down["results"]] == ["owns-star", "owns-moon"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/entities/nobody", 404),
        ("/entities/nobody/adjacent", 404),
        ("/entities/zahra/adjacent/name", 404),
        ("/entities/zahra/adjacent/shoes", 404),
        ("/entities/zahra/adjacent?limit=501", 422),
        ("/entities/zahra/adjacent?sort=shoes", 400),
        ("/entities/zahra?nested=perhaps", 422),
    ],
)
def test_what_is_not_there_is_told(client: Client, path: str, status: int):
    """With the status that existing clients know."""
    assert client.get(path).status_code == status


def test_who_is_looked_up_is_entered(tmp_path: Path):
    """Also where nobody was there."""
    listed = tied(tmp_path / "lists")
    client = serve(listed)
    client.get("/entities/zahra")
    client.get("/entities/nobody")

    assert [(entry.asked, entry.matched) for entry in entries(listed)] == [(1, 1), (1, 0)]
