from __future__ import annotations

import re
from pathlib import Path

import pytest

from asgi_help import Client
from didban import clock
from didban.api.app import Service, create_app
from didban.api.errors import STATUS
from didban.errors import DidbanError, PeerFault
from didban.guard.check_log import CheckLog
from didban.match.index.manifest import DatasetInfo
from didban.match.snapshot import SnapshotBuilder
from didban.settings import Settings
from screening_help import REASON, build_now

_ASKED = {"queries": {"q": {"schema": "Person", "properties": {"name": ["x"]}}}}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    """Return a snapshot of a few invented people."""
    return build_now(tmp_path_factory.mktemp("access") / "lists")


def _client(snapshot: Path, **options: tuple[str, ...]) -> Client:
    service = Service(
        snapshot=snapshot,
        settings=Settings(),
        reason=REASON,
        log=CheckLog.beside(snapshot),
        **options,  # type: ignore[arg-type]
    )
    return Client(create_app(service))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "LOCALHOST:8000", "[::1]:8000"])
def test_the_names_of_the_loopback_are_answered(snapshot: Path, host: str):
    """With any port, in any case."""
    assert _client(snapshot).get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", "", "[::2]"])
def test_another_name_is_refused(snapshot: Path, host: str):
    """A page whose name was pointed at this machine (DNS rebinding) gets nothing."""
    assert _client(snapshot).get("/healthz", headers={"host": host}).status_code == 403


def test_a_further_name_can_be_allowed(snapshot: Path):
    """For a proxy in front."""
    client = _client(snapshot, hosts=("Kiosk.xar",))

    assert client.get("/healthz", headers={"host": "kiosk.xar"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:3000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_a_web_page_may_not_query_an_officers_machine(snapshot: Path, headers: dict[str, str]):
    """Whatever the page's own address; and the answer invites no page to read it."""
    answer = _client(snapshot).post("/match/default", json=_ASKED, headers=headers)

    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_an_origin_that_was_named_may_ask(snapshot: Path):
    """Its pages may also read the answer; others still may not."""
    client = _client(snapshot, origins=("https://desk.xar",))
    headers = {"origin": "https://desk.xar", "sec-fetch-site": "cross-site"}
    answer = client.post("/match/default", json=_ASKED, headers=headers)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://desk.xar"
    assert client.get("/healthz", headers={"origin": "https://evil.example"}).status_code == 403


def test_an_endless_address_is_refused(snapshot: Path):
    """With the text that clients know."""
    answer = _client(snapshot).get("/healthz?" + "x" * 60_001)

    assert (answer.status_code, answer.json()) == (414, {"detail": "Request URI too long"})


def test_a_trace_goes_on_through_the_service(snapshot: Path):
    """The caller's trace, a span of our own, and that span first in the state."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "tracestate": "a=1,yente=old"}
    answer = _client(snapshot).get("/healthz", headers=headers)
    found = re.fullmatch(rf"00-{trace}-([0-9a-f]{{16}})-01", answer.headers["traceparent"])

    assert found is not None
    assert answer.headers["tracestate"] == f"yente={found[1]},a=1"


@pytest.mark.parametrize("parent", ["", "nonsense", "00-" + "0" * 32 + "-00f067aa0ba902b7-01"])
def test_a_trace_begins_where_none_came(snapshot: Path, parent: str):
    """Also where the one that came is not valid."""
    answer = _client(snapshot).get("/healthz", headers={"traceparent": parent})

    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", answer.headers["traceparent"])


def test_large_answers_are_compressed_for_who_asks(snapshot: Path):
    """From 500 bytes on."""
    answer = _client(snapshot).get("/algorithms", headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"


def test_the_catalog_is_not_sent_twice(snapshot: Path):
    """A client that has it gets 304."""
    client = _client(snapshot)
    tag = client.get("/catalog").headers["etag"]

    assert client.get("/manifest", headers={"if-none-match": tag}).status_code == 304


def test_the_catalog_says_which_datasets_were_not_read_in_full(tmp_path: Path):
    """Who stood there is not found."""
    builder = SnapshotBuilder(tmp_path / "lists")
    builder.dataset(DatasetInfo(name="cut", kind="us-csl", rejects=1, breaks_off=True))
    builder.commit(built_at=clock.now())
    (dataset,) = _client(tmp_path / "lists").get("/catalog").json()["datasets"]

    assert (dataset["breaks_off"], dataset["rejects"]) == (True, 1)


def test_algorithms_are_known_under_their_names(snapshot: Path):
    """`best` is ours; under the names of others it is said whose matcher answers."""
    data = _client(snapshot).get("/algorithms").json()
    named = {each["name"]: each for each in data["algorithms"]}

    assert (data["default"], data["best"]) == ("best", "didban-balanced")
    assert {"logic-v2", "logic-v1", "name-based", "didban-border", "didban-thorough"} <= set(named)
    assert named["logic-v2"]["description"].startswith("Didban's own matcher")
    assert named["logic-v2"]["docs"]["config"]["nm_number_mismatch"]["default"] == 0.3
    assert {"name", "birth_date"} <= set(named["logic-v2"]["features"])
    measured = named["didban-border"]["measured"]
    assert all(
        0 <= share <= 1 for share in (*measured["recall"].values(), *measured["alarms"].values())
    )
    assert all(measured[part] for part in ("recall", "alarms", "material", "measured_on"))


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/match/default", 405)])
def test_what_is_not_there_is_answered_in_json(snapshot: Path, path: str, status: int):
    """With a detail, as every error."""
    answer = _client(snapshot).get(path)

    assert (answer.status_code, list(answer.json())) == (status, ["detail"])


def _below(cls: type[DidbanError]) -> set[type[DidbanError]]:
    return {cls, *(deep for child in cls.__subclasses__() for deep in _below(child))}


def test_every_error_has_its_status():
    """A new error class needs a decision here; faults of other nodes share one."""
    assert _below(DidbanError) - _below(PeerFault) - STATUS.keys() == set()
    assert PeerFault in STATUS
