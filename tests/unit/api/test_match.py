from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from asgi_help import Client
from didban import clock
from didban.api.app import Service, create_app
from didban.api.bodies import MAX_TOLD
from didban.guard.check_log import CheckLog
from didban.guard.entries import Outcome
from didban.match.index.manifest import DatasetInfo, Manifest
from didban.match.snapshot import SnapshotBuilder
from didban.settings import Settings
from screening_help import LISTED, REASON, build_now, entries
from specimens import passport, person

_QUERY = {"schema": "Person", "properties": {"name": [LISTED], "birthDate": ["1970"]}}


def serve(snapshot: Path, **options: Any) -> Client:
    """Return a client of a service over this snapshot."""
    service = Service(
        snapshot=snapshot,
        settings=Settings(),
        reason=REASON,
        log=CheckLog.beside(snapshot),
        **options,
    )
    return Client(create_app(service))


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Client:
    """Return a client of a service over the invented snapshot."""
    return serve(build_now(tmp_path_factory.mktemp("api") / "lists"))


@pytest.fixture
def post(client: Client) -> Callable[..., Any]:
    """Return what posts one query."""

    def ask(query: dict[str, Any] = _QUERY, scope: str = "default", **parameters: Any) -> Any:
        return client.post(f"/match/{scope}", json={"queries": {"q": query}}, params=parameters)

    return ask


def test_a_query_is_answered_in_the_known_shape(post):
    """Responses by key, each with results, their number, and the query as it was understood."""
    answer = post().json()
    response = answer["responses"]["q"]

    assert (answer["limit"], response["status"]) == (5, 200)
    assert response["total"] == {"value": 1, "relation": "eq"}
    assert response["query"] == {"id": "q", **_QUERY}


def test_a_result_is_an_entity_with_score_and_explanations(post):
    """The keys are those that existing clients read."""
    (result,) = post().json()["responses"]["q"]["results"]

    assert {"id", "caption", "schema", "properties", "datasets", "referents", "target"} <= set(
        result
    )
    assert {"first_seen", "last_seen", "last_change", "score", "match"} <= set(result)
    assert {"detail", "score", "query", "candidate"} <= set(result["explanations"]["name"])


def test_the_batch_has_its_size_in_a_header(client: Client):
    """As existing clients expect it."""
    answer = client.post("/match/default", json={"queries": {"a": _QUERY, "b": _QUERY}})

    assert answer.headers["x-batch-size"] == "2"
    assert list(answer.json()["responses"]) == ["a", "b"]


def test_the_body_needs_no_content_type(client: Client):
    """JSON is JSON."""
    answer = client.post("/match/default", content=json.dumps({"queries": {"q": _QUERY}}).encode())

    assert answer.status_code == 200


def test_values_need_no_list_and_numbers_become_text(post):
    """What clients send in haste is understood."""
    query = {"schema": "Person", "properties": {"name": LISTED, "birthDate": 1970}}

    assert post(query).json()["responses"]["q"]["query"]["properties"]["birthDate"] == ["1970"]


def test_a_name_is_made_of_its_parts(post):
    """First and last name are enough."""
    properties = {"firstName": ["Zoltan"], "lastName": ["Varghese"], "birthDate": ["1970"]}

    assert post({"schema": "Person", "properties": properties}).json()["responses"]["q"]["results"]


def test_documents_may_come_with_their_issuing_state(post):
    """Our own addition, beside the properties."""
    query = {
        "schema": "Person",
        "properties": {},
        "documents": [{"issuer": "UTO", "type": "P", "number": "L898902C3"}],
    }

    assert post(query).json()["responses"]["q"]["results"][0]["id"] == "p1"


def test_unknown_properties_and_parameters_are_ignored_and_told(post):
    """Clients of every version are served, and may see what was not searched."""
    stated = {"name": [LISTED], "shoeSize": ["44"], "birhtDate": ["1970"], "nationality": ["?"]}
    answer = post({"schema": "Person", "properties": stated, "gender": "male"}, fuzzy="true")
    response = answer.json()["responses"]["q"]

    assert answer.status_code == 200
    assert "shoeSize" not in response["query"]["properties"]
    assert response["notes"] == [
        "'Person' has no property 'shoeSize'; it is not searched",
        "'Person' has no property 'birhtDate'; it is not searched; did you mean 'birthDate'?",
        "'gender' stands beside the properties; it is not searched",
        "'nationality' holds a value that cannot be read; it is kept as it is",
    ]


def test_a_part_of_a_document_that_there_is_not_is_told(post):
    """The state that issued it would be missed in silence."""
    paper = {"number": "L898902C3", "isuer": "uto"}
    response = post({"schema": "Person", "documents": [paper]}).json()["responses"]["q"]

    assert response["notes"] == [
        "a document has no part 'isuer'; it is not read; did you mean 'issuer'?"
    ]


@pytest.mark.parametrize(
    ("scope", "parameters", "meant"),
    [
        ("default", {"algorithm": "didban-boarder"}, "didban-border"),
        ("defualt", {}, "default"),
        ("x", {}, None),
    ],
)
def test_a_mistyped_word_of_ours_is_told_the_nearest(post, scope: str, parameters, meant):
    """Where one is near."""
    detail = post(scope=scope, **parameters).json()["detail"]

    assert detail.endswith(f"; did you mean '{meant}'?" if meant else "No such dataset.")


def test_a_query_of_unknown_properties_alone_names_them(post):
    """It holds nothing to search for, and why."""
    response = post({"schema": "Person", "properties": {"nme": ["x"]}}).json()["responses"]["q"]

    assert response["detail"].endswith(
        "no property 'nme'; it is not searched; did you mean 'name'?"
    )


def test_of_many_unknown_properties_the_first_are_told(post):
    """Looking for the nearest word takes its time."""
    stated = {"name": [LISTED], **{f"shoeSize{n}": ["44"] for n in range(1_000)}}
    answer = post({"schema": "Person", "properties": stated}).json()

    assert len(answer["responses"]["q"]["notes"]) == MAX_TOLD


def test_a_query_that_is_understood_has_no_notes(post):
    """The answer is what clients know."""
    assert "notes" not in post().json()["responses"]["q"]


def test_a_mistyped_schema_is_told_the_nearest(post):
    """Its case is easily missed."""
    answer = post({"schema": "person", "properties": {"name": [LISTED]}})

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("'person'; did you mean 'Person'?")


def test_a_schema_that_is_never_compared_is_no_all_clear(post):
    """An address is in the vocabulary, and nobody is found by one."""
    response = post({"schema": "Address", "properties": {"name": [LISTED]}}).json()["responses"]

    assert response["q"]["status"] == 400


def test_a_query_without_anything_to_search_for_is_no_all_clear(post):
    """Its own status says so; the batch goes on."""
    response = post({"schema": "Person", "properties": {}}).json()["responses"]["q"]

    assert (response["status"], response["results"]) == (400, [])


def test_threshold_and_cutoff_decide_what_matches_and_what_is_shown(post):
    """`match` is by the request's own threshold, and nothing at or below the cutoff appears."""
    query = {"schema": "Person", "properties": {"name": ["Arvid Petar Kostner"]}}
    many = post(query, cutoff=0, limit=3).json()["responses"]["q"]["results"]
    strict = post(query, threshold=0.999999, cutoff=0).json()["responses"]["q"]

    assert [result["match"] for result in many] == [True, False, False]
    assert strict["total"]["value"] == 0


@pytest.mark.parametrize(
    "parameters",
    [
        {"exclude_entity_ids": "p1"},
        {"exclude_schema": "Person"},
        {"topics": "sanction"},
        {"changed_since": "2001-01-01"},
    ],
)
def test_results_can_be_narrowed(post, parameters: dict[str, str]):
    """Each filter takes the listed man out."""
    assert post(**parameters).json()["responses"]["q"]["results"] == []


def test_a_scope_is_a_dataset_or_all(tmp_path: Path):
    """Datasets are searched alone, included and excluded."""
    client = _with_datasets(tmp_path / "lists")

    def ids(path: str) -> list[str]:
        answer = client.post(path, json={"queries": {"q": _QUERY}}).json()
        return [result["id"] for result in answer["responses"]["q"]["results"]]

    assert ids("/match/default?cutoff=0") == ["one", "two"]
    assert ids("/match/one?cutoff=0") == ["one"]
    assert ids("/match/default?cutoff=0&include_dataset=two") == ["two"]
    assert ids("/match/default?cutoff=0&exclude_dataset=two") == ["one"]


def test_an_answer_says_in_which_part_of_the_lists_was_searched(tmp_path: Path):
    """Clients narrow down to lists that are not here; nothing found in nothing is no all-clear."""
    client = _with_datasets(tmp_path / "lists")

    def searched(path: str) -> Any:
        return client.post(path, json={"queries": {"q": _QUERY}}).json().get("searched")

    assert searched("/match/default") is None
    assert searched("/match/default?include_dataset=two&include_dataset=elsewhere") == ["two"]
    assert searched("/match/one?exclude_dataset=one") == []
    assert searched("/match/default?include_dataset=elsewhere") == []


@pytest.mark.parametrize(("mode", "match"), [("border", 0.9), ("balanced", 0.7), ("thorough", 0.4)])
def test_our_modes_are_algorithms_with_their_own_threshold(post, mode: str, match: float):
    """Unless the request names one."""
    query = {"schema": "Person", "properties": {"name": ["Arvid Petar Kostner"]}}
    answer = post(query, cutoff=0, limit=10, algorithm=f"didban-{mode}").json()
    usual = answer["responses"]["q"]["results"]

    assert all(result["match"] == (result["score"] >= match) for result in usual)
    assert usual


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/match/nowhere", 404),
        ("/match/default?algorithm=magic", 400),
        ("/match/default?algorithm=LOGIC-V2", 200),
        ("/match/default?limit=500", 200),
        ("/match/default?limit=501", 422),
        ("/match/default?limit=0", 422),
        ("/match/default?limit=many", 422),
        ("/match/default?limit=" + "9" * 5_000, 422),
        ("/match/default?threshold=2", 422),
        ("/match/default?threshold=nan", 422),
        ("/match/default?changed_since=lately", 422),
        ("/match/default?" + "&".join(["exclude_entity_ids=x"] + [f"exclude_entity_ids={i}" for i in range(50)]), 422),
    ],
)  # fmt: skip
def test_parameters_out_of_bounds_are_refused(client: Client, path: str, status: int):
    """With the status that existing clients know."""
    assert client.post(path, json={"queries": {"q": _QUERY}}).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 422),
        (b"[" * 100_000, 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"queries": []}', 422),
        (b'{"queries": {}}', 400),
        (b'{"queries": {"q": 7}}', 422),
        (b'{"queries": {"q": {"properties": {}}}}', 422),
        (b'{"queries": {"q": {"schema": "Nonsense", "properties": {}}}}', 400),
        (b'{"queries": {"q": {"schema": "Person", "properties": []}}}', 422),
        (b'{"queries": {"q": {"schema": "Person"}}, "config": {"nonsense": 1}}', 400),
        (b'{"queries": {"q": {"schema": "Person"}}, "config": {"nm_number_mismatch": 1}}', 200),
        (b'{"queries": {"q": {"schema": "Person"}}, "weights": {"name": "much"}}', 422),
        (b'{"queries": {"\\ud800": {"schema": "Person"}}}', 422),
        (b'{"queries": {"q": {"schema": "Person"}}, "weights": {"\\ud800": 1}}', 422),
        (b"\xff\xfe\x00", 422),
    ],
)
def test_a_body_without_its_shape_is_refused(client: Client, body: bytes, status: int):
    """And the detail says what is missing, never what was asked."""
    answer = client.post("/match/default", content=body)

    assert answer.status_code == status
    assert status == 200 or answer.json()["detail"]


def test_too_many_queries_are_refused(client: Client):
    """A hundred is the most."""
    queries = {str(number): _QUERY for number in range(101)}

    assert client.post("/match/default", json={"queries": queries}).status_code == 400


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ({"name": [f"Name {number}" for number in range(256)]}, 200),
        ({"name": [f"Name {number}" for number in range(257)]}, 400),
        ({"name": ["Name"], "weakAlias": [f"Alias {number}" for number in range(256)]}, 400),
        ({"name": ["a" * 1_000]}, 200),
        ({"name": ["a" * 1_001]}, 400),
        ({"firstName": ["a" * 600], "lastName": ["b" * 600]}, 400),
        ({"name": ["Name"], "notes": ["a" * 60_000]}, 200),
        ({"name": ["Name"], "idNumber": [f"X{number}" for number in range(2_000)]}, 400),
    ],
)
def test_a_query_that_would_keep_others_waiting_is_refused(post, properties: Any, status: int):
    """Each name costs as much as a query with one: nobody asks about a thousand by mistake."""
    answer = post({"schema": "Person", "properties": properties})

    assert answer.status_code == status
    assert status == 200 or "limit: " in answer.json()["detail"]


def test_too_many_names_in_one_batch_are_refused(client: Client):
    """Each of its queries alone has not too many."""
    many = {"schema": "Person", "properties": {"name": [f"Name {number}" for number in range(251)]}}
    answer = client.post("/match/default", json={"queries": dict.fromkeys("abcd", many)})

    assert answer.status_code == 400


def test_too_large_a_body_is_refused(client: Client):
    """Before it is read whole."""
    assert client.post("/match/default", content=b" " * 8_000_001).status_code == 413


def test_each_request_leaves_an_entry_before_its_answer(tmp_path: Path):
    """How many were asked and matched, under the purpose of the server."""
    listed = build_now(tmp_path / "lists")
    other = {"schema": "Person", "properties": {"name": ["Quirin Eggenfelder"]}}
    serve(listed).post("/match/default", json={"queries": {"a": _QUERY, "b": other}})
    (entry,) = entries(listed)

    assert (entry.command, entry.asked, entry.matched) == ("serve", 2, 1)
    assert entry.purpose == "quality_test"


def test_nothing_is_answered_when_the_log_cannot_be_written(tmp_path: Path):
    """503, and no results."""
    listed = build_now(tmp_path / "lists")
    client = serve(listed)
    Path(f"{listed}.checks.jsonl").mkdir()
    answer = client.post("/match/default", json={"queries": {"q": _QUERY}})

    assert answer.status_code == 503
    assert "responses" not in answer.json()


def test_an_expired_snapshot_answers_503_and_never_an_empty_list(tmp_path: Path):
    """Ready no more, and entered in the log as unknown."""
    listed = build_now(tmp_path / "lists", age=timedelta(days=31))
    client = serve(listed)
    answer = client.post("/match/default", json={"queries": {"q": _QUERY}})

    assert (answer.status_code, client.get("/readyz").status_code) == (503, 503)
    assert client.get("/healthz").status_code == 200
    assert [entry.outcome for entry in entries(listed)] == [Outcome.UNKNOWN]


def test_an_update_is_seen_at_the_next_request(tmp_path: Path):
    """Nobody restarts the service to delist a person."""
    listed = build_now(tmp_path / "lists")
    client = serve(listed)
    before = client.post("/match/default", json={"queries": {"q": _QUERY}}).json()
    builder = SnapshotBuilder(listed, onto=(manifest := Manifest.read(listed)))
    builder.withdraw("p1")
    builder.commit(built_at=manifest.built_at)
    after = client.post("/match/default", json={"queries": {"q": _QUERY}}).json()

    assert before["responses"]["q"]["results"]
    assert after["responses"]["q"]["results"] == []


def test_a_request_sees_one_state_of_the_lists(tmp_path: Path, monkeypatch):
    """Whatever is published between two of its queries."""
    listed = build_now(tmp_path / "lists")
    client = serve(listed)
    search = Service.search

    def search_and_delist(service: Service, *args: Any, **options: Any) -> Any:
        found = search(service, *args, **options)
        builder = SnapshotBuilder(listed, onto=(manifest := Manifest.read(listed)))
        builder.withdraw("p1")
        builder.commit(built_at=manifest.built_at)
        return found

    monkeypatch.setattr(Service, "search", search_and_delist)
    both = client.post("/match/default", json={"queries": {"a": _QUERY, "b": _QUERY}}).json()
    after = client.post("/match/default", json={"queries": {"a": _QUERY}}).json()

    assert [one["total"]["value"] for one in both["responses"].values()] == [1, 1]
    assert after["responses"]["a"]["results"] == []


def _with_datasets(folder: Path) -> Client:
    """Return a client over a snapshot of the datasets `one` and `two`."""
    builder = SnapshotBuilder(folder)
    for name in ("one", "two"):
        builder.add(person(LISTED, id=name, datasets=(name,), documents=(passport(),)))
        builder.dataset(DatasetInfo(name=name, kind="ftm", records=1))
    builder.commit(built_at=clock.now())
    return serve(folder)
