"""PR-09 over the whole interface: what somebody may not know of leaves no trace in any answer.

Two banks differ in one thing alone: in the second, another authority holds records that the asker
is excluded from. Whatever is asked, both answer byte for byte alike; and what is hidden is looked
for in the same statements to the database as what is not there.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.python import asgi
from sqlalchemy import event

from api_help import TRAINING, Api, Asker
from bank_help import actor, authority, fresh_bank, marking, person
from didban import clock
from didban.analysis import person_files
from didban.api.openapi import operations
from didban.intake import bank
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.documents import Document
from didban.model.marking import Confidentiality
from didban.model.permissions import HOLDERS, NO_USERS, Permission
from didban.model.person_files import Judgement
from didban.model.records import Record
from didban.screening.live import LiveIndex
from didban.settings import Access
from tools import interface

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REQUEST = {"x-request-id": "0b0e1c9a-5c0e-4f57-9d0a-3f0f1c2d4e5f"}
GENEROUS = replace(TRAINING, access=Access(searches_per_minute=10**5, results_per_day=10**7))
OPEN, OTHER = "rec_" + "a" * 24, "rec_" + "b" * 24
HIDDEN, HIDDEN_LINK, MADE_UP = "rec_" + "c" * 24, "rec_" + "d" * 24, "rec_" + "e" * 24
ARREST = Alert(
    action_requested=Action.ARREST, person_status=PersonStatus.SUSPECT, facts="Forged visas"
)
_NEW = re.compile(rb"[a-z]{3}_[a-z2-7]{24}")
_KNOWN = {name.encode() for name in (OPEN, OTHER, HIDDEN, HIDDEN_LINK, MADE_UP)}
_LAG = re.compile(rb'"lag_seconds":[0-9.e-]+')
_CURSOR = re.compile(rb'"next_cursor":"[^"]*"')

# What they tell is not of records: who watches the log may see that it grows.
OF_THE_LOG = ("/api/v1/audit",)


def _told(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """Return an answer without what is drawn by lot or by the clock of the machine.

    That is identifiers that were made, cursors, and for how long the index has not looked.
    """
    body: bytes = answer.body
    drawn = _NEW.sub(lambda found: found[0] if found[0] in _KNOWN else b"<new>", body)
    length = max((len(found) for found in _CURSOR.findall(body)), default=0)
    drawn = _LAG.sub(b'"lag_seconds":0', drawn)
    headers = {k.lower(): v for k, v in answer.headers.items() if k.lower() != "content-length"}
    return answer.status_code, _CURSOR.sub(b"<cursor %d>" % length, drawn), headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two banks, of which the second hides something."""

    plain: Api
    hiding: Api

    def both(self, *roles: str, **more: Any) -> tuple[Asker, Asker]:
        """Return the same asker in both."""
        return self.plain.as_("xar", *roles, **more), self.hiding.as_("xar", *roles, **more)

    def alike(self, method: str, path: str, *roles: str, **more: Any) -> Any:
        """Return the answer of both to the same request; fails where they differ."""
        headers = REQUEST | more.pop("headers", {})
        purpose = {"purpose": more.pop("purpose")} if "purpose" in more else {}
        askers = self.both(*(roles or ("second_line",)), **purpose)
        plain, hiding = (a.send(method, path, headers=headers, **more) for a in askers)
        assert _told(plain) == _told(hiding)
        return hiding


def _fill(api: Api, *, is_hiding: bool) -> None:
    """Report the same in both; in one, what is hidden stands between."""
    with api.database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)

        def report(owner, entity, alert=None, **marked):
            who = actor(owner, clearance=Confidentiality.CONFIDENTIAL)
            bank.report(tx, who, entity, marking(owner, **marked), alert)

        known = replace(person(birthDate="1971-05-02", nationality="xbo"), id=OPEN)
        known = replace(known, documents=(Document(number="X1234567", issuer="xbo"),))
        report("xar", known, ARREST)
        if is_hiding:
            unseen = {"excluded": ("node:xar",)}
            report("xbo", replace(known, id=HIDDEN), ARREST, **unseen)
            ends = {"person": (OPEN,), "relative": (HIDDEN,)}
            report("xbo", Record(id=HIDDEN_LINK, schema="Family", properties=ends), **unseen)
            report("xbo", person("Zahra Karimzade"), ARREST, audience=("node:xca",))
            report("xbo", person("Zahra Karim"), ARREST, confidentiality=2)
        report("xbo", replace(person("Omid Karimzadeh"), id=OTHER), ARREST)
        if is_hiding:
            analyst = actor("xbo", "analyst")
            person_files.judge(tx, analyst, OPEN, HIDDEN, Judgement.SAME, "same photo")
            person_files.judge(tx, analyst, OTHER, HIDDEN, Judgement.DIFFERENT, "other sex")


@pytest.fixture(scope="module")
def twins(postgres, node_secrets, tmp_path_factory):
    """Return two banks that tests ask and do not change, but for the traces of asking."""
    with _two_banks(postgres, node_secrets, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="module")
def changing_twins(postgres, node_secrets, tmp_path_factory):
    """Return two banks for requests that may change anything."""
    with _two_banks(postgres, node_secrets, tmp_path_factory) as made:
        yield made


@contextlib.contextmanager
def _two_banks(postgres, node_secrets, tmp_path_factory):
    """Give two banks, filled at one moment that does not pass."""
    patch = pytest.MonkeyPatch()
    patch.setattr(clock, "now", lambda: NOW)
    with contextlib.ExitStack() as stack:
        stack.callback(patch.undo)
        made = []
        for name in ("plain", "hiding"):
            folder = tmp_path_factory.mktemp(name)
            database = stack.enter_context(fresh_bank(postgres))
            index = stack.enter_context(LiveIndex.open(database, folder / "index", follow=False))
            api = Api(database, node_secrets, index, GENEROUS)
            _fill(api, is_hiding=name == "hiding")
            index.catch_up()
            made.append(api)
        yield Twins(plain=made[0], hiding=made[1])


def test_there_is_something_to_be_seen(twins: Twins):
    """To whom it is open, the two banks do differ: this file would notice."""
    there = [
        api.as_("xca", "second_line").get(f"/records/{HIDDEN}").status_code
        for api in (twins.plain, twins.hiding)
    ]

    assert there == [404, 200]


SEARCHES = [
    {"text": "karimzadeh"},
    {"text": "Zahra Karimzadeh", "country": "xbo"},
    {"name": "Zahra Karimzadeh"},
    {"name": "زهرا کریم‌زاده"},
    {"document_number": "X1234567"},
    {"name": "Zahra Karimzadeh", "born_from": "1971-01-01", "born_to": "1971-12-31"},
    {"text": '"forged visas"', "action": "arrest"},
    {"text": HIDDEN},
    {"text": "karimzadeh", "owner": "xbo"},
    {"text": "karimzadeh", "schema": "Family"},
]
BROWSING = [{"text": "kar*"}, {"owner": "xbo"}, {"schema": "Family"}, {"state": "active"}]


@pytest.mark.parametrize("search", SEARCHES, ids=str)
@pytest.mark.parametrize("path", ["/search", "/search?limit=1", "/search/counts"])
def test_pr_09_searches_and_counts(twins: Twins, path: str, search):
    """By words, names, numbers and fields; rows, pages and counts."""
    assert twins.alike("POST", path, json=search).status_code == 200


@pytest.mark.parametrize("search", BROWSING, ids=str)
@pytest.mark.parametrize("path", ["/search", "/search?limit=1", "/search/counts"])
def test_pr_09_looking_around(twins: Twins, path: str, search):
    """A supervisor who looks at everything sees nothing more."""
    asked = twins.alike("POST", path, "supervisor", purpose="supervision", json=search)

    assert asked.status_code == 200


def test_pr_09_the_next_page(twins: Twins):
    """What is hidden leaves no gap between pages."""
    askers = twins.both("supervisor", purpose="supervision")
    pages = []
    for asker in askers:
        first = asker.post("/search?limit=1", {"text": "karimzadeh*"}).json()
        path = f"/search?limit=1&cursor={first['next_cursor']}"
        pages.append(_told(asker.post(path, {"text": "karimzadeh*"}, headers=REQUEST)))

    assert pages[0] == pages[1]


CHECKS = [
    {"names": ["Zahra Karimzadeh"]},
    {"names": ["Zahra Karimzade"], "birth_date": "1971"},
    {"documents": [{"issuer": "xbo", "type": "P", "number": "X1234567"}]},
]


@pytest.mark.parametrize("asked", CHECKS, ids=str)
def test_pr_09_from_a_check_to_a_hit(twins: Twins, asked):
    """What is found, scored and explained; what comes of it, and what lists tell of it."""
    walks = []
    for api in (twins.plain, twins.hiding):
        gate, desk = api.as_("xar", "first_line"), api.as_("xar", "second_line")
        made = gate.post("/checks", asked, headers=REQUEST)
        [match] = [each["match"] for each in made.json()["matches"]][:1]
        opened = desk.post(f"/matches/{match}/open", {"reason": "compare"}, headers=REQUEST)
        hit = gate.post("/hits", {"match": match}, headers=REQUEST)
        name = hit.json()["id"]
        steps = [
            desk.get(path, headers=REQUEST)
            for path in (f"/hits/{name}", f"/checks/{made.json()['check']}")
        ]
        listed = [len(desk.get(path).json()["items"]) for path in ("/hits", "/checks")]
        walks.append([*(_told(answer) for answer in (made, opened, hit, *steps)), listed])

    for plain, hiding in zip(*walks, strict=True):
        assert plain == hiding
    assert [answer[0] for answer in walks[0][:3]] == [201, 200, 201]


def test_pr_09_queries_of_existing_clients(twins: Twins):
    """`/match` tells of no hidden record, not by a score or a number either."""
    queries = {
        "one": {"schema": "Person", "properties": {"name": ["Zahra Karimzadeh"]}},
        "two": {"schema": "Person", "properties": {"name": ["Zahra Karimzade"]}},
    }
    answers = []
    for api in (twins.plain, twins.hiding):
        gate = api.as_("xar", "first_line")
        answers += [
            api.client.send(
                "POST",
                f"/match/{scope}",
                json={"queries": queries},
                headers={"authorization": f"Bearer {gate.secret}", **REQUEST},
            )
            for scope in ("default", "xbo", "xca", "nothing")
        ]

    assert [_told(a)[:2] for a in answers[:4]] == [_told(a)[:2] for a in answers[4:]]
    assert answers[0].status_code == 200


@pytest.mark.parametrize("path", ["/file", "/suggestions"])
def test_pr_09_person_files(twins: Twins, path: str):
    """A member that is not open is not there, nor is what was judged about it."""
    asked = twins.alike(
        "GET", f"/records/{OPEN}{path}", "analyst", purpose="criminal_investigation"
    )

    assert asked.status_code == 200
    assert HIDDEN.encode() not in asked.body


@pytest.mark.parametrize("use", ["own_use", "court"])
def test_pr_09_exports(twins: Twins, use: str):
    """What leaves holds nothing that may not be seen, and nothing bars it."""
    order = {"search": {"text": "karimzadeh"}, "use": use}
    recipient = {} if use == "own_use" else {"recipient": "court-1"}

    answer = twins.alike(
        "POST", "/exports", "analyst", purpose="criminal_investigation", json=order | recipient
    )

    assert answer.status_code == 201
    assert HIDDEN.encode() not in answer.body


@pytest.mark.parametrize("path", ["", "/links", "/statements", "/versions"])
def test_pr_09_what_hangs_together_with_an_open_record(twins: Twins, path: str):
    """Links, values and history of a record that a hidden one speaks of."""
    assert twins.alike("GET", f"/records/{OPEN}{path}").status_code == 200


@pytest.mark.parametrize("identifier", [HIDDEN, HIDDEN_LINK])
def test_pr_09_guessed_identifiers(twins: Twins, identifier: str):
    """Every call that takes an identifier answers one that is hidden as one that is not there."""
    for method, path, call in operations(interface.description()):
        if method == "get" and "{" in path and not path.startswith(OF_THE_LOG):
            asked = re.sub(r"\{[^}]*\}", identifier, path.removeprefix("/api/v1"))
            for role in _roles_for(call):
                twins.alike("GET", asked, role)


def test_pr_09_timing_class(twins: Twins):
    """What is hidden is looked for in the very statements in which nothing is found."""
    asker = twins.hiding.as_("xar", "second_line")
    seen: dict[str, list[str]] = {}
    for identifier in (HIDDEN, MADE_UP):
        for path in ("", "/links", "/statements", "/versions"):
            with _statements(twins.hiding) as made:
                asker.get(f"/records/{identifier}{path}")
            seen.setdefault(identifier, []).extend(made)

    assert seen[HIDDEN] == seen[MADE_UP]
    assert seen[HIDDEN]


def test_pr_09_keys_and_cursors_of_another_say_nothing(twins: Twins):
    """Those of an asker to whom it is open are worth nothing to who asks."""
    theirs = twins.hiding.as_("xbo", "supervisor", purpose="supervision")
    search = {"text": "karim*"}
    page = theirs.post("/search?limit=1", search, key="their-key").json()
    path = f"/search?limit=1&cursor={page['next_cursor']}"

    with_cursor = twins.alike("POST", path, "supervisor", purpose="supervision", json=search)
    with_key = twins.alike(
        "POST",
        "/search?limit=1",
        "supervisor",
        purpose="supervision",
        json=search,
        headers={"idempotency-key": "their-key"},
    )

    assert with_cursor.status_code == 422
    assert "idempotent-replayed" not in with_key.headers


def test_pr_09_no_answer_may_be_kept_and_compared_on_the_way(twins: Twins):
    """No validator, no cache: what was open yesterday is asked for anew."""
    headers = twins.alike("GET", f"/records/{OPEN}").headers

    assert headers["cache-control"] == "no-store"
    assert "etag" not in headers


CALLS = [
    (method.upper(), path)
    for method, path, _ in operations(interface.description())
    if not path.startswith(OF_THE_LOG)
]


@pytest.fixture(scope="module")
def clients(changing_twins):
    """Return what sends generated requests to both banks, and their description."""
    apps: list[Any] = [changing_twins.plain.app, changing_twins.hiding.app]
    described = schemathesis.openapi.from_dict(apps[0].openapi())
    described.app = apps[0]
    with asgi.get_client(apps[0]) as plain, asgi.get_client(apps[1]) as hiding:
        yield described, plain, hiding


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), CALLS, ids=str)
def test_pr_09_whatever_is_sent(changing_twins: Twins, clients, method: str, path: str):
    """Any request in the form of the description, with identifiers that exist, hide or are not."""
    described, *both = clients
    operation = described[path][method]
    [role] = _roles_for(operation.definition.raw)[:1]
    asker, _ = changing_twins.both(role)

    @settings(
        max_examples=2,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), name=st.sampled_from([OPEN, OTHER, HIDDEN, MADE_UP]))
    def ask(case, name):
        if case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, name)
        headers = {"authorization": f"Bearer {asker.secret}", **REQUEST}
        plain, hiding = (
            case.call(session=client, base_url="http://127.0.0.1", headers=headers)
            for client in both
        )
        assert plain.status_code == hiding.status_code
        assert _unordered(_told(_Plain(plain))[1]) == _unordered(_told(_Plain(hiding))[1])

    ask()


def _unordered(body: bytes) -> Any:
    """Return what an answer says, the rows of a page in an order of their own.

    What generated requests made at one moment stands in the order of identifiers drawn by lot.
    """
    told = json.loads(body or b"null")
    if isinstance(told, dict) and isinstance(told.get("items"), list):
        told["items"].sort(key=json.dumps)
    return told


@dataclass(frozen=True, slots=True)
class _Plain:
    """A response of the generator, with the names that ours have."""

    sent: Any

    @property
    def status_code(self) -> int:
        return int(self.sent.status_code)

    @property
    def body(self) -> bytes:
        return bytes(self.sent.content)

    @property
    def headers(self) -> dict[str, str]:
        return {name: str(values) for name, values in self.sent.headers.items()}


def _roles_for(call: dict[str, Any]) -> list[str]:
    """Return the roles that may make a call; for one that is open, anybody."""
    needed = call.get("x-permission")
    if needed is None:
        return ["second_line"]
    return sorted(HOLDERS[Permission(needed)] - NO_USERS)


@contextlib.contextmanager
def _statements(api: Api):
    """Give the statements that are sent to the database in the block."""
    made: list[str] = []

    def note(_connection, _cursor, statement, *_):
        made.append(statement)

    engine = api.database._engine
    event.listen(engine, "before_cursor_execute", note)
    yield made
    event.remove(engine, "before_cursor_execute", note)
