from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from screening_help import PURPOSE, build_now, environment, run


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("serve") / "lists")


@pytest.fixture
def served(snapshot: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Return a service that runs in a process of its own, and its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "didban", "serve", "--snapshot", snapshot, "--port", "0", *PURPOSE],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
        assert found is not None
        yield process, int(found[1])
        process.kill()


def test_it_answers_on_the_loopback_address(served):
    """A free port is taken for 0, and told."""
    _, port = served
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/healthz")
        answer = connection.getresponse().read()

    assert answer == b'{"status":"ok"}'


def test_an_endless_address_gets_its_own_answer(served):
    """Not the parser's, which clients do not know."""
    _, port = served
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/healthz?" + "x" * 100_000)
        status = connection.getresponse().status

    assert status == 414


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_stop_is_no_failure(served, stop: signal.Signals):
    """It ends with 0."""
    process, _ = served
    process.send_signal(stop)

    assert process.wait(timeout=15) == 0


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
        timeout=30,
        check=False,
    )

    assert done.returncode == 3
    assert "didban[serve]" in done.stderr
