"""What every test gets: a clean environment, patience where machines are slow, the real lists.

Fixtures strategy: a test builds the smallest thing that shows its rule; invented specimens lie in
`tests/fixtures`; the real lists are asked for by the fixture `shared_data` alone.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from xdist.scheduler import LoadFileScheduling

from bank_help import database, postgres  # noqa: F401 - fixtures for every test
from devices_help import handheld, station  # noqa: F401 - the same
from exchange_help import lasting, network, sharing  # noqa: F401 - the same
from node_help import logged, made_node, node, place  # noqa: F401 - the same
from questions_help import asking, asking_banks  # noqa: F401 - the same
from rights_help import hand_clock, rights_bank, tx  # noqa: F401 - the same

ROOT = Path(__file__).resolve().parent.parent
BROWSER = ROOT / "tests" / "browser"
IN_CI = os.environ.get("CI", "").lower() == "true"

# Two cores, several workers, nobody waiting: a slow example is no defect. In CI the same examples
# come up in every run, so that a red run can be repeated.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("here", _patient, max_examples=60)
settings.register_profile("ci", _patient, max_examples=120, derandomize=True, database=None)
settings.load_profile("ci" if IN_CI else "here")
if IN_CI:  # nor may examples change with the constants of whichever modules are loaded by then
    providers._get_local_constants = Constants

# A shell lets what it starts in the background ignore Ctrl-C, and so does whatever that starts; but
# what our commands do when it comes is under test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real public lists that lies beside the repository.

    The lists are not ours to publish, so a contributor may be without them: there the tests that
    need them are skipped. In CI they must be there.
    """
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real lists are not here: ../shared/data is missing")
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every DIDBAN_* variable of the person who runs the tests."""
    for name in [name for name in os.environ if name.startswith("DIDBAN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def node_secrets(tmp_path_factory: pytest.TempPathFactory):
    """Return the secrets of a node, made for these tests."""
    from didban.guard.secrets import Secrets

    secrets = Secrets(tmp_path_factory.mktemp("node") / "secrets")
    secrets.make()
    return secrets


@pytest.fixture
def api(database, node_secrets):  # noqa: F811 - the fixture, not the name above
    """Return the interface of a node on a fresh bank: see `api_help`."""
    from api_help import Api  # the web framework is loaded by those who need it

    return Api(database, node_secrets)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold a slow test: begun last, one would keep all others waiting.

    The longest is what one worker does in the browser, in an order of its own.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (BROWSER not in item.path.parents, item.path not in slow))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Turn a skipped test into a failed one in CI: there, everything must run."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and in CI nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    """Turn a skipped module into a failed one in CI."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and in CI nothing may be"
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Let one worker have all tests in the browser: they share an office that takes long to open."""
    return _ByOffice(config, log) if config.getoption("dist") == "loadfile" else None


class _ByOffice(LoadFileScheduling):  # type: ignore[misc]  # it has no types
    """Gives each file to one worker, and the folder of the browser to one."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(super()._split_scope(nodeid))
        return str(BROWSER if BROWSER in (ROOT / file).parents else file)
