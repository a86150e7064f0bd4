from __future__ import annotations

from pathlib import Path

import pytest

from asgi_help import Client
from didban.settings import Serving, Settings
from serve_help import serve, tied


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of two datasets."""
    return tied(tmp_path_factory.mktemp("catalog") / "lists")


@pytest.fixture
def client(snapshot: Path, tmp_path: Path) -> Client:
    """Return a client of a service that has a token for updates."""
    token = tmp_path / "token"
    token.write_text("a long secret\n")
    return serve(snapshot, Settings(serving=Serving(update_token_file=token)))


def test_the_catalog_has_the_keys_that_clients_read(client: Client):
    """Its version is the time at which the list was read."""
    catalog = client.get("/catalog").json()
    by_name = {dataset["name"]: dataset for dataset in catalog["datasets"]}

    assert catalog["current"] == ["ships", "wanted"]
    assert (catalog["outdated"], catalog["index_stale"]) == ([], False)
    assert by_name["ships"]["version"] == by_name["ships"]["index_version"] == "20260102030405"
    assert by_name["ships"]["index_current"] is True
    assert client.get("/manifest").json() == catalog


@pytest.mark.parametrize(
    ("stated", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ('"other", {tag}', 304), ("*", 304), ('"other"', 200)],
)
def test_a_catalog_that_a_client_has_is_not_sent_again(client: Client, stated: str, status: int):
    """The tag comes with either answer."""
    tag = client.get("/catalog").headers["etag"]
    answer = client.get("/catalog", headers={"if-none-match": stated.format(tag=tag)})

    assert (answer.status_code, answer.headers["etag"]) == (status, tag)
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert (answer.body == b"") == (status == 304)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/updatez", 403),
        ("/updatez?token=", 403),
        ("/updatez?token=wrong", 403),
        ("/updatez?token=a%20long%20secret", 200),
        ("/updatez?token=a%20long%20secret&sync=true", 200),
    ],
)
def test_only_who_has_the_token_makes_it_look_anew(client: Client, path: str, status: int):
    """With `sync` the answer waits until it is done."""
    assert client.send("POST", path).status_code == status


def test_without_a_token_nobody_does(snapshot: Path):
    """An empty token is none."""
    assert serve(snapshot).send("POST", "/updatez?token=").status_code == 403


def test_what_is_counted_is_told_on_this_machine(client: Client):
    """By route, never by path."""
    client.get("/entities/zahra")
    shown = client.get("/metrics").body.decode()

    assert 'route="/entities/{id}",status="200"' in shown
    assert "didban_snapshot_records" in shown
    assert "zahra" not in shown
