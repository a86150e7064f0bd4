"""The node's own PostgreSQL and an existing server reached by an address behave alike."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bank_help import actor, authority, fresh_bank, marking, person
from didban import clock
from didban.errors import Unavailable
from didban.intake import bank
from didban.model.actors import Authority, AuthorityKind
from didban.model.retention import ErasureReason
from didban.node import copies, making
from didban.node import parts as building
from didban.settings import Access, Charter, Node, Settings
from didban.store import backup, erasure, jobs, records, schema
from didban.store import node as node_row
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres
from didban.store.visibility import open_to
from folders_help import new_folder
from tools.chaos.nodes import free_ports

PASSWORD = "a password, with: @/?#"


@dataclass
class External:
    """A server that is not ours: reached by TCP with a password, as another program's."""

    url: str
    programs: Path = field(default_factory=Path)


@pytest.fixture(scope="session")
def external(postgres):
    """Return a plain server on the loopback address."""
    from urllib.parse import quote

    [port] = free_ports(1)
    folder = new_folder("didban-external-")
    account = postgres.account
    server = EmbeddedPostgres(folder)
    server._take_folder()
    secret = folder / "password"
    account.run(["/bin/sh", "-c", 'cat >"$1"', "sh", secret], given=PASSWORD)
    program = server.programs
    data = folder / "data"
    making = account.run(
        [program / "initdb", "-D", data, "-U", "owner", f"--pwfile={secret}", "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
         "--locale=C.UTF-8", "--no-sync"],
    )  # fmt: skip
    assert making.returncode == 0, making.stderr
    options = (
        f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        " -c shared_buffers=32MB"
    )
    started = account.run(
        [program / "pg_ctl", "-D", data, "-w", "-s", "-l", folder / "log", "-o", options, "start"]
    )
    assert started.returncode == 0, started.stderr
    address = (
        f"postgresql://owner:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/didban?connect_timeout=60"
    )
    with psycopg.connect(address.replace("/didban?", "/postgres?"), autocommit=True) as connection:
        connection.execute("create database didban")
        connection.execute("create database template_bank")
    made = Database(address.replace("/didban?", "/template_bank?"))
    schema.upgrade(made)
    made.close()
    yield External(url=address)
    account.run([program / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop"])
    shutil.rmtree(folder)


@pytest.fixture(params=["embedded", "external"])
def server(request, postgres):
    """Return each kind of server."""
    return postgres if request.param == "embedded" else request.getfixturevalue("external")


@pytest.fixture
def database(server):
    """Return a fresh bank on it."""
    with fresh_bank(server) as made:
        yield made


def test_it_fits(database):
    """Age, encoding and letters are asked of every server."""
    with database.begin() as tx:
        schema.require_fit(tx)
        assert schema.state(tx).version in {0, schema.SCHEMA_VERSION}


def test_a_record_comes_back_as_it_was_reported(database):
    """Every script, every kind of value."""
    entity = person("زهرا کریم‌زاده", birthDate="1971-05")
    with database.begin() as tx:
        authority(tx, "xar")
        kept = bank.report(tx, actor("xar"), entity, marking("xar"))
    with database.begin() as tx:
        found = records.get(tx, entity.id, open_to(tx, actor("xar")))

    assert found is not None
    assert (found.entity, found.marking) == (kept.entity, kept.marking)


def test_an_error_undoes_all_of_a_transaction(database):
    """Nothing is half done."""
    entity = person()
    with pytest.raises(ZeroDivisionError), database.begin() as tx:  # noqa: PT012 - all of it
        authority(tx, "xar")
        bank.report(tx, actor("xar"), entity, marking("xar"))
        raise ZeroDivisionError
    with database.begin() as tx:
        assert tx.execute(text("select count(*) from record")).scalar_one() == 0


def test_names_of_several_scripts_are_found_by_their_parts(database):
    """The locale does what the search counts on."""
    with database.begin() as tx:
        tx.execute(text("create extension if not exists pg_trgm"))
        like = text("select similarity('محمد رضا', 'محمدرضا') > 0.5, lower('ИЙ'), upper('ß') <> ''")
        assert tx.execute(like).one() == (True, "ий", True)


def test_times_are_in_utc_whatever_the_server_s_zone(database):
    """A moment is the same moment for every client."""
    now = clock.now()
    with database.begin() as tx:
        back = tx.execute(text("select cast(:now as timestamptz)"), {"now": now}).scalar_one()
    assert back == now
    assert back.utcoffset() == timedelta(0)


def test_one_at_a_time_holds_between_processes_and_ends_with_them(database):
    """Whoever dies lets go."""
    with database.exclusively("a task") as ours, database.exclusively("a task") as theirs:
        assert (ours, theirs) == (True, False)
    with database.exclusively("a task") as again:
        assert again


def test_a_statement_that_takes_too_long_is_given_up(server, database):
    """A client is told to try again; nobody waits behind it for ever."""
    hasty = Database(database.url.render_as_string(hide_password=False), statement_seconds=0.05)
    with pytest.raises(Unavailable, match="did not answer in time"), hasty.begin() as tx:
        tx.execute(text("select pg_sleep(5)"))
    hasty.close()


def test_two_that_wait_for_each_other_are_parted(database):
    """One of them is told to try again."""
    outcomes = []

    def take(first, second, met):
        try:
            with database.begin() as tx:
                tx.execute(text(f"select pg_advisory_xact_lock({first})"))
                met.wait(60)
                tx.execute(text(f"select pg_advisory_xact_lock({second})"))
            outcomes.append("done")
        except Unavailable:
            outcomes.append("told to try again")

    met = threading.Barrier(2)
    both = [threading.Thread(target=take, args=(*pair, met)) for pair in ((1, 2), (2, 1))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["done", "told to try again"]


def test_jobs_are_done_once_by_several_workers(database):
    """Whoever takes a job, it is done once, in one transaction with its removal."""
    with database.begin() as tx:
        tx.execute(text("create table done (number int)"))
        for number in range(40):
            jobs.add(tx, "count", {"number": number}, now=clock.now())

    def count(tx, facts):
        tx.execute(text("insert into done values (:number)"), facts)

    workers = [
        threading.Thread(target=jobs.run_due, args=(database, {"count": count}, clock.now()))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.begin() as tx:
        assert sorted(tx.scalars(text("select number from done"))) == list(range(40))
        assert tx.execute(text("select count(*) from job")).scalar_one() == 0


def test_a_server_that_is_away_is_told_of_without_its_password():
    """An address stands in many a log."""
    away = Database("postgresql://owner:secret@127.0.0.1:1/didban")
    with pytest.raises(Unavailable) as told, away.begin():
        pass
    assert "secret" not in f"{told.value} {away!r}"


def parts_on(url, folder, *, is_external):
    """Return the parts of a node on a database."""
    if is_external:
        settings = Settings(
            database_url=url,
            node=Node(data_folder=folder),
            charter=Charter(is_training=True),
            access=Access(hash_memory_mib=1, hash_rounds=1),
        )
    else:
        settings = Settings(
            node=Node(data_folder=folder), charter=Charter(is_training=True),
            access=Access(hash_memory_mib=1, hash_rounds=1),
        )  # fmt: skip
    return building.build(settings)


@pytest.mark.parametrize("kind", ["embedded", "external"])
def test_pr_31_what_was_erased_stays_erased_in_a_node_made_of_an_older_backup(kind, request, place):
    """Backup, erasure, loss, restore: the record is not there, and its tombstone is."""
    is_external = kind == "external"
    banks = []

    def a_node(name):
        url = None
        if is_external:
            bank_of_it = fresh_bank(request.getfixturevalue("external"), made_by="")
            made = bank_of_it.__enter__()
            banks.append(bank_of_it)
            url = made.url.render_as_string(hide_password=False)
        return parts_on(url, place / name, is_external=is_external)

    host = Authority(code="xar", name="Arvand", kind=AuthorityKind.POLICE)
    lost = a_node("lost")
    making.make(lost, host, operator="tester", login="administrator", is_training=True)
    building.start_database(lost)
    stays, goes = person("Zahra Karimzadeh"), person("Reza Tehrani")
    with lost.database.begin() as tx:
        for entity in (stays, goes):
            bank.report(tx, actor("xar"), entity, marking("xar"))
    made = copies.back_up(lost, place / "backup", operator="tester")
    with lost.database.begin() as tx:
        erasure.erase(tx, goes.id, ErasureReason.RETENTION_ENDED, clock.now())
    erasure.write_list(lost.database, lost.places.erased, clock.now())
    building.stop_database(lost)

    back = a_node("back")
    shutil.copytree(lost.places.secrets, back.places.secrets)
    about, count = copies.restore(back, place / "backup", lost.places.erased, operator="tester")
    assert (about, count) == (made, 1)
    building.start_database(back)
    with back.database.begin() as tx:
        open_to_all = open_to(tx, actor("xar"))
        assert records.get(tx, stays.id, open_to_all) is not None
        assert records.get(tx, goes.id, open_to_all) is None
        assert tx.scalars(text("select reason from tombstone")).all() == ["retention_ended"]
        assert node_row.get(tx) == made.node
        assert tx.execute(text("select count(*) from change")).scalar_one() == 1  # the erasure
    assert [stone.hash for stone in erasure.read_list(back.places.erased)]
    building.stop_database(back)
    for bank_of_it in banks:
        bank_of_it.__exit__(None, None, None)


def test_a_password_is_not_among_the_arguments_of_a_program(external, place, monkeypatch):
    """Every user of a machine sees the arguments of every process."""
    seen = place / "seen"
    tool = place / "pg_dump"
    tool.write_text(f'#!/bin/sh\necho "$@" >{seen}; echo no >&2; exit 1\n')
    tool.chmod(0o755)
    with fresh_bank(external) as made:
        about = (
            node_row.NodeRow(host="xar", is_training=True, made_at=clock.now()),
            schema.SchemaState(version=1, compat=1),
        )
        with pytest.raises(Unavailable, match="pg_dump failed: no"):
            backup.write(made, place, place / "backup", about, clock.now())
    assert "password" in PASSWORD
    assert "password" not in seen.read_text().replace("no-password", "")
    assert not (place / "backup").exists()
