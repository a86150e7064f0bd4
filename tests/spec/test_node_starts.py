"""From an empty folder to a node that answers, and down again, with nothing left running."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from didban.store.embedded import EmbeddedPostgres
from didban.store.postmaster import ServerState
from node_help import LiveNode, didban, is_alive, needs_root, told, wait_until
from tools.chaos.nodes import free_ports

pytestmark = pytest.mark.slow


def test_it_is_ready_within_ten_seconds_on_an_empty_machine(place):
    """Folder, cluster, schema, secrets and administrator included.

    On a machine that is busy with other tests, what counts is the processor's time that it took.
    """
    node = LiveNode(place / "node")
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    node.init()
    node.up()
    wait_until(lambda: node.ask("GET", "/readyz")[0] == 200)
    span = time.monotonic() - began
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    worked += sum(map(processor_seconds, processes(node.data)))
    node.down()

    assert min(span, worked) < 10


def processor_seconds(process):
    """Return how long a process and those that it waited for have worked."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def test_what_init_made_is_closed_to_others(node):
    """Secrets and records are for the service's own user; nobody else even sees their names."""
    for path in (node.data, *node.data.iterdir()):
        assert path.stat().st_mode & 0o007 == 0, path
    for secret in (node.data / "secrets").iterdir():
        assert secret.stat().st_mode & 0o077 == 0, secret


def test_init_shows_the_way_in_once_and_can_be_repeated_only_before_it_is_done(place):
    """A second node on the same folder would be two owners of one bank."""
    node = LiveNode(place / "node")
    made = node.init("--administrator", "first")

    assert (made["authority"], made["environment"], made["administrator"]) == (
        "xar", "training", "first",
    )  # fmt: skip
    assert made["enrolment"].startswith("enr_")
    same = ("--authority", "xar", "--name", "x", "--environment", "training")
    again = didban("init", "--data", node.data, *same)
    assert again.returncode == 2
    assert "there is a node in" in again.stderr
    assert EmbeddedPostgres(node.server).state is ServerState.DOWN


def test_up_without_init_says_what_to_do(place):
    """Nothing is made in passing."""
    done = didban("up", "--data", place / "nothing")

    assert done.returncode == 2
    assert "'didban init' makes one" in done.stderr
    assert not (place / "nothing").exists()


def test_a_node_says_how_it_is_and_runs_once(node):
    """Status, health and readiness agree; a second one on the same folder is refused."""
    assert node.status()["is_running"] is False
    node.up()
    said = node.status()

    assert (said["is_running"], said["address"], said["database"]) == (True, node.address, "ready")
    assert (said["authority"], said["environment"]) == ("xar", "training")
    assert node.ask("GET", "/healthz") == (200, {"status": "ok"})
    assert node.ask("GET", "/readyz")[0] == 200
    second = didban("up", "--data", node.data)
    assert (second.returncode, second.stderr.count("running already")) == (2, 1)


def test_it_is_not_ready_while_its_database_is_away(node):
    """A balancer sends nobody there meanwhile; alive it is, for a restart would mend nothing."""
    node.up()
    process = node.status()["process"]
    postmaster = int((node.server / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)
    EmbeddedPostgres(node.server).account.run(["/bin/sh", "-c", f"kill -KILL -{postmaster}"])
    try:
        assert node.ask("GET", "/healthz")[0] == 200
    finally:
        os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: node.ask("GET", "/readyz")[0] == 200)
    assert is_alive(process)


def test_told_to_stop_it_stops_and_leaves_nothing_running(node):
    """SIGTERM, as a service manager sends it, ends the node and its database."""
    started = subprocess.Popen(
        [sys.executable, "-m", "didban", "up", "--data", node.data, "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout
    assert json.loads(started.stdout.readline())["process"] == started.pid
    started.send_signal(signal.SIGTERM)
    _, log = started.communicate(timeout=120)

    assert started.returncode == 0, log
    assert EmbeddedPostgres(node.server).state is ServerState.DOWN
    assert node.status()["is_running"] is False


def test_several_workers_answer_on_one_port_and_end_with_their_parent(node):
    """No orphan keeps the port when the parent is killed; the next start finds it free."""
    [port] = map(str, free_ports(1))
    node.up("--workers", "2", "--port", port)
    assert node.ask("GET", "/readyz")[0] == 200
    parent = node.status()["process"]
    node.kill()
    node.up("--workers", "2", "--port", port)

    assert node.status()["process"] != parent
    assert node.ask("GET", "/readyz")[0] == 200
    answer = node.ask("GET", "/metrics")[1]
    assert 'didban_requests_total{method="GET",route="/readyz",status="200"}' in answer


@needs_root
def test_as_the_first_process_of_a_container_it_reaps_its_database_and_starts_it_again(node):
    """Nobody else is there to do it: without, the dead server would seem to live for ever."""
    started = subprocess.Popen(
        ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-m", "didban", "up",
         "--data", node.data, "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert started.stdout
    node.address = json.loads(started.stdout.readline())["address"]
    # A child of it has its arguments too, until it has named itself.
    postmaster = min(processes("postgres", "-D", node.server / "data"))
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{postmaster}").exists())
    wait_until(lambda: node.ask("GET", "/readyz")[0] == 200)
    (first,) = (p for p in processes("didban", "up", node.data) if p != started.pid)
    os.kill(first, signal.SIGTERM)

    assert started.wait(120) == 0
    assert processes("postgres", "-D", node.server / "data") == []
    started.stdout.close()


def processes(*words):
    """Return the processes whose arguments hold all these words."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            arguments = (process / "cmdline").read_bytes().decode(errors="replace")
            if all(str(word) in arguments for word in words):
                found.append(int(process.name))
    return found


def test_a_setting_that_is_wrong_stops_the_start_with_its_name(node):
    """Durability is not for the settings to give up."""
    done = didban("up", "--data", node.data, DIDBAN_NODE_POSTGRES_OPTIONS="fsync=off")

    assert done.returncode == 2
    assert "setting 'node.postgres_options'" in done.stderr


def test_a_training_node_stays_one(node):
    """What was made for specimens is not turned to production by a setting, nor the reverse."""
    node.up()
    assert told("status", "--data", node.data)["environment"] == "training"


def test_the_schema_is_moved_by_hand_only_while_the_node_is_stopped(node):
    """Whoever moves it under a running node would pull the floor away."""
    assert told("migrate", "--data", node.data) == {"passed": []}
    node.up()
    refused = didban("migrate", "--data", node.data)

    assert (refused.returncode, "running already" in refused.stderr) == (2, True)
