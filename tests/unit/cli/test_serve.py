from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from screening_help import PURPOSE, build_now, environment, run


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("serve") / "lists")


@contextlib.contextmanager
def serving(snapshot: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Return a service that runs in processes of its own, and its port."""
    command = [sys.executable, "-m", "didban", "serve", "--snapshot", str(snapshot), "--port", "0"]
    with subprocess.Popen(
        [*command, *PURPOSE, *options], stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
        assert found is not None
        yield process, int(found[1])
        process.kill()


@pytest.fixture(params=["1", "2"])
def served(snapshot: Path, request) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Return a service of one worker, and of two, and its port."""
    with serving(snapshot, "--workers", request.param) as (process, port):
        yield process, port


def ask(port: int, method: str, path: str, body: Any = None) -> Any:
    """Return the answer to a request; it must be a good one."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request(method, path, json.dumps(body).encode() if body else None)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        return json.loads(answer.read())


@pytest.mark.slow
def test_updates_leave_no_gap(tmp_path: Path):
    """A delta that lists, changes and delists is seen at the next request by every worker."""
    folder = tmp_path / "lists"
    source = _write(tmp_path / "list.json", _entity("a"), _entity("b"))
    assert run("lists", "build", folder, "--source", f"ftm:wanted={source}").code == 0
    query = {"queries": {"q": {"schema": "Person", "properties": {"name": [NAMES["c"]]}}}}
    with serving(folder, "--workers", "2") as (_, port):
        for turn, (operation, found) in enumerate([("ADD", 1), ("MOD", 1), ("DEL", 0)] * 2):
            entity = {"id": "c"} if operation == "DEL" else _entity("c", notes=[f"turn {turn}"])
            delta = _write(tmp_path / "delta.json", {"op": operation, "entity": entity})
            done = run("lists", "update", folder, "--source", f"ftm:wanted={delta}")
            assert done.code == 0, done.err
            for _ in range(4):
                matched = ask(port, "POST", "/match/wanted", query)["responses"]["q"]["results"]
                searched = ask(port, "GET", "/search/wanted?q=karimzadeh")["results"]
                assert (len(matched), len(searched)) == (found, found)
                assert all(one["properties"]["notes"] == [f"turn {turn}"] for one in searched)


@pytest.mark.slow
def test_who_asks_while_lists_change_sees_one_state_or_the_next(tmp_path: Path):
    """Four programs ask without a pause: no error, nobody lost, and nothing old after an update."""
    folder = tmp_path / "lists"
    source = _write(tmp_path / "list.json", _entity("a"), _entity("b"))
    assert run("lists", "build", folder, "--source", f"ftm:wanted={source}").code == 0
    queries = {key: {"schema": "Person", "properties": {"name": [NAMES[key]]}} for key in "ac"}
    states: list[tuple[float, float, int]] = [(0.0, 0.0, 0)]  # began, done, whether `c` is listed
    answers: list[tuple[float, float, int, int]] = []
    is_over = threading.Event()

    def ask_on(port: int) -> None:
        while not is_over.is_set():
            began = time.monotonic()
            responses = ask(port, "POST", "/match/wanted", {"queries": queries})["responses"]
            found = [len(responses[key]["results"]) for key in "ac"]
            answers.append((began, time.monotonic(), found[0], found[1]))

    with serving(folder, "--workers", "2") as (_, port), ThreadPoolExecutor() as asking:
        askers = [asking.submit(ask_on, port) for _ in range(4)]
        try:
            for listed in (1, 0, 1, 0):
                change = {"op": "ADD", "entity": _entity("c")} if listed else _DELISTED
                delta = _write(tmp_path / "delta.json", change)
                began = time.monotonic()
                assert run("lists", "update", folder, "--source", f"ftm:wanted={delta}").code == 0
                states.append((began, time.monotonic(), listed))
        finally:
            is_over.set()
        for asker in askers:
            asker.result()

    assert len(answers) > len(states)
    for asked, answered, found_a, found_c in answers:
        last = max(state for state in states if state[1] <= asked)
        possible = {last[2]} | {listed for began, _, listed in states if last[0] < began < answered}
        assert found_a == 1
        assert found_c in possible


_DELISTED = {"op": "DEL", "entity": {"id": "c"}}
NAMES = {"a": "Omid Rastgar", "b": "Zoltan Varghese", "c": "Zahra Karimzadeh"}


def _entity(identifier: str, **properties: list[str]) -> dict[str, Any]:
    return {
        "id": identifier,
        "schema": "Person",
        "properties": {"name": [NAMES[identifier]], **properties},
    }


def _write(path: Path, *lines: Any) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(snapshot: Path):
    """Those that ask meanwhile wait."""
    with serving(snapshot, "--workers", "2") as (process, port):
        ask(port, "GET", "/healthz")
        for child in _workers(process.pid):
            os.kill(child, signal.SIGKILL)
        assert ask(port, "GET", "/healthz") == {"status": "ok"}


def test_a_killed_service_leaves_nothing_behind(snapshot: Path, tmp_path: Path, monkeypatch):
    """Its workers end with it, and remove what they counted into."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving(snapshot, "--workers", "2") as (process, _):
        assert list(tmp_path.glob("didban-counters-*"))
        process.kill()
        until = time.monotonic() + 120
        while list(tmp_path.glob("didban-counters-*")) and time.monotonic() < until:
            time.sleep(0.05)

    assert not list(tmp_path.glob("didban-counters-*"))


def _workers(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, command in commands.items() if b"spawn_main" in command]


def test_it_answers_on_the_loopback_address(served):
    """A free port is taken for 0, and told."""
    _, port = served
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse().read()

    assert answer == b'{"status":"ok"}'


def test_an_endless_address_gets_its_own_answer(served):
    """Not the parser's, which clients do not know."""
    _, port = served
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("GET", "/healthz?" + "x" * 100_000)
        status = connection.getresponse().status

    assert status == 414


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_stop_is_no_failure(served, stop: signal.Signals):
    """It ends with 0."""
    process, _ = served
    process.send_signal(stop)

    assert process.wait(timeout=120) == 0


def test_a_taken_port_is_told(snapshot: Path):
    """Exit 3: trying again with another may help."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("serve", "--snapshot", snapshot, "--port", taken.getsockname()[1], *PURPOSE)

    assert ended.code == 3
    assert "cannot be used" in ended.err


_WITHOUT_WEB = """
import sys
sys.modules["starlette"] = None
from didban.cli import main
main()
"""


def test_without_the_web_packages_it_says_what_to_install(snapshot: Path):
    """Exit 3; everything else works without them."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_WEB, "serve", "--snapshot", snapshot, *PURPOSE],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
        check=False,
    )

    assert done.returncode == 3
    assert "didban[serve]" in done.stderr
