"""A list refreshes itself from an address or a folder, and somebody is told when it does not."""

from __future__ import annotations

import json
import os
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bank_help import actor, authority, marking
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.ids import new_id
from didban.intake import fetching, sources
from didban.intake.fetching import Limits
from didban.intake.sources import Refreshing
from didban.model.sources import ListSource
from didban.store import node
from didban.store.node import NodeRow
from didban.store.tables.records import record
from didban.store.tables.signals import signal


def entries(*names: str) -> bytes:
    """Return a list of these persons."""
    return b"".join(
        json.dumps({"id": f"arvand-{n}", "schema": "Person", "properties": {"name": [n]}}).encode()
        + b"\n"
        for n in names
    )


def arvand(location: str, **more) -> ListSource:
    """Return the registration of a list."""
    return ListSource(
        **{
            "id": new_id("src"),
            "dataset": "arvand-wanted",
            "kind": "ftm",
            "location": location,
            "marking": marking("arvand"),
            "every": timedelta(hours=1),
            "stale_after": timedelta(days=2),
            **more,
        }
    )


@pytest.fixture
def administrator():
    """Return who may say where lists come from."""
    return actor("xar", "administrator", purpose="administration")


@pytest.fixture
def register(database, administrator):
    """Return what registers a list."""
    with database.begin() as tx:
        authority(tx, "xar")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))

    def register(new: ListSource) -> ListSource:
        with database.begin() as tx:
            sources.add(tx, administrator, new)
        return new

    return register


@pytest.fixture
def publisher():
    """Return a publisher's server on this machine: what it answers, and what it was asked."""
    told = SimpleNamespace(asked=[], answer=lambda _: (404, {}, b""))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            told.asked.append(dict(self.headers))
            status, headers, body = told.answer(self)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/list.json"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


def names(database) -> list[str]:
    """Return who can be found."""
    with database.begin() as tx:
        query = select(record.c.caption).where(record.c.is_searchable).order_by(record.c.caption)
        return list(tx.scalars(query))


def status(database, administrator):
    """Return how the only list stands."""
    with database.begin() as tx:
        (found,) = sources.listed(tx, administrator)
        return found


def test_the_newest_file_of_a_folder_is_taken_in(database, register, tmp_path: Path):
    """A file that is still being written is left alone."""
    register(arvand(str(tmp_path / "*.json")))
    for age, name in ((50, "Anna"), (10, "Berta")):
        path = tmp_path / f"{name}.json"
        path.write_bytes(entries(name))
        os.utime(path, (clock.now().timestamp() - age,) * 2)
    (tmp_path / ".next.json").write_bytes(entries("Clara"))

    assert sources.run_due(database, clock.now(), Refreshing()) == 1
    assert names(database) == ["Berta"]


def test_a_list_is_looked_at_when_it_is_due(database, register, tmp_path: Path):
    """A newer file is taken in at the next look, an hour later."""
    path = tmp_path / "list.json"
    path.write_bytes(entries("Anna", "Berta"))
    register(arvand(str(path)))
    now = clock.now()
    sources.run_due(database, now, Refreshing())
    path.write_bytes(entries("Berta", "Clara"))

    assert sources.run_due(database, now + timedelta(minutes=59), Refreshing()) == 0
    assert sources.run_due(database, now + timedelta(minutes=61), Refreshing()) == 1
    assert names(database) == ["Berta", "Clara"]


def test_an_address_is_asked_whether_anything_changed(database, register, administrator, publisher):
    """What the server called the text is sent back; "not modified" is fresh, too."""
    register(arvand(publisher.url))
    publisher.answer = lambda _: (200, {"ETag": '"one"'}, entries("Anna"))
    now = clock.now()
    sources.run_due(database, now, Refreshing())
    publisher.answer = lambda _: (304, {"ETag": '"one"'}, b"")
    later = now + timedelta(hours=2)
    sources.run_due(database, later, Refreshing())

    assert names(database) == ["Anna"]
    assert publisher.asked[1]["If-None-Match"] == '"one"'
    found = status(database, administrator)
    assert (found.fresh_at, found.failures, found.etag) == (later, 0, '"one"')


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((500, {}, b""), "status 500"),
        ((200, {}, b"<html>maintenance</html>"), "is not a FollowTheMoney file"),
        ((200, {}, b""), None),
        ((200, {}, b"x" * 5000), "larger than 4,000 bytes"),
        ((302, {"Location": "http://lists.example/list.json"}, b""), "cannot be fetched"),
        ((302, {"Location": "/again"}, b""), "too many redirections"),
    ],
)
def test_a_list_that_cannot_be_had_stays_as_it_was(
    database, register, administrator, publisher, answer, said
):
    """It is tried again, ever later, and its status says why."""
    register(arvand(publisher.url))
    publisher.answer = lambda _: (200, {}, entries("Anna"))
    now = clock.now()
    how = Refreshing(limits=Limits(max_bytes=4_000))
    sources.run_due(database, now, how)
    publisher.answer = lambda _: answer
    now += timedelta(hours=2)
    sources.run_due(database, now, how)

    assert names(database) == ["Anna"]
    found = status(database, administrator)
    if said is None:
        assert found.failures == 0  # an empty file is a delta in which nothing changed
        return
    assert said in str(found.last_error)
    assert (found.failures, found.due_at) == (1, now + timedelta(minutes=1))
    now += timedelta(minutes=1)
    sources.run_due(database, now, how)
    assert status(database, administrator).due_at == now + timedelta(minutes=2)


def test_somebody_is_told_once_when_a_list_is_stale(
    database, register, administrator, tmp_path: Path
):
    """A file that nobody replaces is as old as itself, however often it is looked at."""
    path = tmp_path / "list.json"
    path.write_bytes(entries("Anna"))
    register(arvand(str(path)))
    now = clock.now()
    sources.run_due(database, now, Refreshing())
    assert not status(database, administrator).is_stale(now)
    for hours in (49, 50, 51):
        sources.run_due(database, now + timedelta(hours=hours), Refreshing())

    with database.begin() as tx:
        assert [(s.kind, s.count) for s in tx.execute(select(signal))] == [("list_stale", 1)]
    assert status(database, administrator).is_stale(now + timedelta(hours=51))


def test_refused_rows_come_back_in_a_file(database, register, tmp_path: Path):
    """One for each list, of its last publication, for nobody else's eyes."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "list.json").write_bytes(entries("Anna") + b"{broken\n")
    register(arvand(str(tmp_path / "in")))
    sources.run_due(database, clock.now(), Refreshing(rejects=tmp_path / "rejects"))

    (line,) = (tmp_path / "rejects" / "arvand-wanted.jsonl").read_text().splitlines()
    assert json.loads(line)["row"] == "{broken"
    assert (tmp_path / "rejects").stat().st_mode & 0o777 == 0o700


def test_a_list_that_rests_is_not_looked_at(database, register, administrator, tmp_path: Path):
    """Until it is told to go on; removing it leaves its records."""
    path = tmp_path / "list.json"
    path.write_bytes(entries("Anna"))
    new = register(arvand(str(path)))
    with database.begin() as tx:
        sources.set_active(tx, administrator, new.id, is_active=False)
    assert sources.run_due(database, clock.now(), Refreshing()) == 0
    with database.begin() as tx:
        sources.set_active(tx, administrator, new.id, is_active=True)
    assert sources.run_due(database, clock.now(), Refreshing()) == 1
    with database.begin() as tx:
        (report,) = sources.history(tx, administrator, new.dataset, limit=10)
        sources.remove(tx, administrator, new.id)
        with pytest.raises(NotFound):
            sources.history(tx, administrator, new.id, limit=10)
    assert report.added == 1
    assert names(database) == ["Anna"]


def test_a_csv_brings_its_mapping(database, register, tmp_path: Path):
    """Its text is kept in the bank."""
    (tmp_path / "list.csv").write_text("no,who\n1,Anna\n", encoding="utf-8")
    mapping = 'schema = "Person"\nid = "no"\n[columns]\nwho = "name"\n'
    register(arvand(str(tmp_path / "list.csv"), kind="csv", mapping=mapping))
    sources.run_due(database, clock.now(), Refreshing())

    assert names(database) == ["Anna"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"location": "http://lists.example/list.json"},
        {"location": "https://user:secret@lists.example/list.json"},
        {"location": "list.json"},
        {"location": "ftp://lists.example/list"},
        {"location": "https://lists.example/", "kind": "ofac-sdn"},
        {"kind": "pdf"},
        {"dataset": "../up"},
        {"dataset": "default"},
        {"every": timedelta(seconds=1)},
        {"every": timedelta(days=3)},
        {"kind": "csv"},
        {"kind": "csv", "mapping": "nonsense"},
        {"mapping": 'schema = "Person"'},
    ],
)
def test_a_wrong_registration_is_refused(database, register, wrong):
    """With words that say how to mend it."""
    with pytest.raises(InvalidInput):
        register(arvand(**{"location": "/srv/lists", **wrong}))


def test_a_name_is_given_once(register):
    """Two lists of one name would withdraw each other's entries."""
    register(arvand("/srv/lists"))
    with pytest.raises(Conflict):
        register(arvand("/srv/others"))


def test_a_publisher_s_list_is_registered_by_the_host(database, register):
    """An administrator of another authority registers its own lists alone."""
    other = actor("xbo", "administrator", purpose="administration")
    with database.begin() as tx:
        authority(tx, "xbo")
        sources.add(tx, other, arvand("/srv/own", dataset="own", marking=marking("xbo")))
        with pytest.raises(NotPermitted):
            sources.add(tx, other, arvand("/srv/lists"))
        assert [s.source.dataset for s in sources.listed(tx, other)] == ["own"]


def test_nobody_registers_the_list_of_another_authority(database, register):
    """Only a publisher's, or one's own (PR-07)."""
    with database.begin() as tx:
        authority(tx, "xbo")
    with pytest.raises(NotPermitted):
        register(arvand("/srv/lists", marking=marking("xbo")))


def test_plain_http_is_for_this_machine():
    """On every other way somebody could change the list."""
    fetching.require_location("http://localhost:8000/list", "ftm")
    fetching.require_location("http://[::1]/list", "ftm")
    with pytest.raises(InvalidInput):
        fetching.require_location("http://127.0.0.1.example/list", "ftm")


def test_a_list_is_taken_in_by_a_process_of_its_own(
    database, register, administrator, tmp_path: Path
):
    """And what is wrong with it is told here."""
    path = tmp_path / "list.json"
    path.write_bytes(entries("Anna"))
    register(arvand(str(path)))
    now = clock.now()
    sources.run_due(database, now, Refreshing(is_apart=True))
    assert names(database) == ["Anna"]

    path.write_bytes(b"<html></html>")
    sources.run_due(database, now + timedelta(hours=2), Refreshing(is_apart=True))
    assert names(database) == ["Anna"]
    assert "is not a FollowTheMoney file" in str(status(database, administrator).last_error)
