"""Clusters and whole nodes for tests, in folders that the database's account can reach."""

from __future__ import annotations

import http.client
import io
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import structlog

from didban import logs
from didban.node.running import look
from didban.store.embedded import EmbeddedPostgres
from folders_help import new_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAST = ("fsync=off", "shared_buffers=16MB")

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="lends an account to the server: root's")


@pytest.fixture
def place() -> Iterator[Path]:
    """Return an empty folder with a short path, which every account may enter.

    What still runs in it afterwards, since the test failed, is ended.
    """
    folder = new_folder()
    yield folder
    for lock in folder.rglob("node.lock"):
        if running := look(lock):
            os.kill(running.process, signal.SIGKILL)
    for data in folder.rglob("PG_VERSION"):
        if data.parent.name == "data":
            EmbeddedPostgres(data.parent.parent).stop()
    shutil.rmtree(folder)


def didban(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line, and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "didban", *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def told(*arguments: str | Path, **environment: str) -> dict[str, Any]:
    """Run a command that answers in JSON, and return its answer."""
    done = didban(*arguments, "--json", **environment)
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Return what is logged from now on, as JSON; afterwards logs are as they were."""
    for module, hook in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
    ):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    logs.configure(out, as_json=True)
    yield out
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level


class LiveNode:
    """A node in processes of its own, as an operator has one."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.server = data / "postgres"
        self.address = ""

    def init(self, *options: str) -> dict[str, Any]:
        """Make it, for training."""
        who = ("--authority", "xar", "--name", "Arvand", "--environment", "training")
        return told("init", "--data", self.data, *who, *options)

    def up(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        said = told("up", "--data", self.data, "--port", "0", "--detach", *options)
        self.address = said["address"]

    def down(self) -> None:
        """Stop it."""
        done = didban("down", "--data", self.data)
        assert done.returncode == 0, done.stderr

    def status(self) -> dict[str, Any]:
        """Return what it says of itself."""
        return told("status", "--data", self.data)

    def kill(self) -> None:
        """Kill its process as a power cut would."""
        running = look(self.data / "node.lock")
        assert running is not None
        process = running.process
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not is_alive(process))

    def kill_database(self) -> None:
        """Kill PostgreSQL."""
        process = int((self.server / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGKILL)

    @property
    def url(self) -> str:
        """The address of its database."""
        return EmbeddedPostgres(self.server).url

    def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, dict[str, Any] | str]:
        """Send one request and return status and answer; raises OSError when nobody answers."""
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=240)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"content-type": "application/json", **headers})
            with connection.getresponse() as answer:
                content = answer.read().decode()
        finally:
            connection.close()
        is_json = "json" in (answer.getheader("content-type") or "")
        return answer.status, json.loads(content) if is_json else content


def is_alive(process: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(is_so: Callable[[], object], patience: float = 900.0) -> None:
    """Wait until something came about."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def made_node() -> Iterator[LiveNode]:
    """Return a node to be copied."""
    folder = new_folder("didban-node-")
    made = LiveNode(folder / "node")
    made.init()
    yield made
    shutil.rmtree(folder)


@pytest.fixture
def node(place: Path, made_node: LiveNode) -> Iterator[LiveNode]:
    """Return a node that was made and is not running."""
    subprocess.run(["cp", "-a", made_node.data, place / "node"], check=True)
    copy = LiveNode(place / "node")
    yield copy
    if look(copy.data / "node.lock"):
        copy.down()
