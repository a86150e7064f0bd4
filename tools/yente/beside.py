"""What yente's tests import, with our service behind it: a plugin of pytest."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import re
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from didban.model.schemata import schemata
from tools.yente.servers import TOKEN, Client, Manifest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

APART: Final = {
    "test_redoc_has_sri": "there is no page at / that loads a script from another host",
    "test_algorithms_hidden": "changes a setting within the process under test",
    "test_catalog": "puts a catalogue into the process under test; ours tells what is in the lists",
    "test_match_logic_v2_with_algorithm_config": "replaces the matcher in the process under test",
    "test_match_name_clause_limit": "replaces the search in the process under test, and counts"
    " clauses of Elasticsearch; ours counts names",
    "test_match_candidate_search_skips_total": "replaces the search in the process under test",
    "test_reconcile_suggest_entity_prefix": "yente chooses a caption among the names, even where"
    " the list states one; the list's own stands here",
    "test_entity_fetch": "in older versions: needs a list that they fetch from the web",
}
"""Tests that fail beside any other server, or for a difference that is meant; and why."""

_CLIENT: Final = Client()
_STORED: Final = ("zala", "parteispenden")
_MANIFESTS: Final = pytest.StashKey[dict[str, Manifest]]()

_SHAPE: Final[dict[str, type | tuple[type, ...]]] = {
    "id": str,
    "caption": str,
    "schema": str,
    "properties": dict,
    "datasets": list,
    "referents": list,
    "target": bool,
    "first_seen": (str, type(None)),
    "last_seen": (str, type(None)),
    "last_change": (str, type(None)),
}
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


def pytest_configure(config: pytest.Config) -> None:
    """Put the stand-ins where the tests look for them."""
    config.addinivalue_line("markers", "asyncio: a coroutine")
    tests = config.rootpath / "tests"
    files = {name: tests / f"fixtures/dataset/{name}/entities.ftm.json" for name in _STORED}
    manifests = {
        name: Manifest.model_validate({"datasets": [{"name": name, "path": str(path)}]})
        for name, path in files.items()
    }
    config.stash[_MANIFESTS] = manifests
    _CLIENT.manifest = Manifest([each for one in manifests.values() for each in one.datasets])
    settings = SimpleNamespace(
        MAX_URL_LENGTH=60_000, UPDATE_TOKEN=TOKEN, HIDDEN_ALGORITHMS=[], ENTITY_INDEX=""
    )
    _module("tests", __path__=[str(tests)])
    _module(
        "tests.conftest",
        client=_CLIENT,
        assert_entity_shape=assert_entity_shape,
        patch_yente_catalog=patch_yente_catalog,
        patch_catalog_response=lambda _response: contextlib.nullcontext(),
        build_index_alias_name_for_fixture=str,
        FIXTURES_PATH=tests / "fixtures",
        ZALA_MANIFEST=manifests["zala"],
        PARTEISPENDEN_MANIFEST=manifests["parteispenden"],
    )
    _module("yente", settings=settings)
    _module("yente.app", create_app=None)
    _module("yente.data")
    _module("yente.data.manifest", Manifest=Manifest)
    _module("yente.search")
    _module("yente.search.indexer", update_index=update_index)
    _module("normality", ascii_text=str)
    _module("fastapi")
    _module("fastapi.testclient", TestClient=None)


def _module(name: str, **held: Any) -> None:
    sys.modules[name] = module = ModuleType(name)
    vars(module).update(held)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what cannot face another server; it is run all the same, and should it pass, it says so."""
    for item in items:
        if reason := APART.get(item.name):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


def pytest_sessionfinish() -> None:
    """End what was started."""
    _CLIENT.close()


@pytest.fixture
def zala_test_dataset(pytestconfig: pytest.Config) -> Iterator[None]:
    """Serve people and firms around one that is sanctioned."""
    with _CLIENT.serving(pytestconfig.stash[_MANIFESTS]["zala"]):
        yield


@pytest.fixture
def parteispenden_test_dataset(pytestconfig: pytest.Config) -> Iterator[None]:
    """Serve gifts to political parties."""
    with _CLIENT.serving(pytestconfig.stash[_MANIFESTS]["parteispenden"]):
        yield


@contextlib.asynccontextmanager
async def patch_yente_catalog(manifest: Manifest) -> AsyncIterator[None]:
    """Serve other datasets for a while."""
    with _CLIENT.serving(manifest):
        yield


async def update_index() -> None:
    """Do nothing: a service is started over its data."""


def assert_entity_shape(data: dict[str, Any]) -> None:
    """Fail unless an answer is an entity, and what is nested in it too."""
    faults = [name for name, kind in _SHAPE.items() if not isinstance(data.get(name, ...), kind)]
    moments = [data[name] for name in _SHAPE if name.startswith(("first_", "last_"))]
    faults += [moment for moment in moments if moment and not _MOMENT.fullmatch(moment)]
    if faults or not data["id"] or not data["caption"] or data["schema"] not in schemata():
        pytest.fail(f"no entity, for {faults}: {data}")
    for values in data["properties"].values():
        for value in values:
            if isinstance(value, dict):
                assert_entity_shape(value)
            elif not isinstance(value, str):
                pytest.fail(f"no value: {value}")
