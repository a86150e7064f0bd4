"""What holds for every route: who asks, one permission, one transaction, one form of error."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from api_help import Api
from bank_help import authority
from didban import errors
from didban.api import problems
from didban.api.v1.frame import Route, Router, Tx, needs, open_because
from didban.model.permissions import Permission
from didban.store.tables.audit import audit_entry

KNOWN = "0b0e1c9a-5c0e-4f57-9d0a-3f0f1c2d4e5f"
NEW = {"code": "xbo", "name": "Boreland Police", "kind": "police"}


def _all_errors(cls: type[errors.DidbanError] = errors.DidbanError) -> set[type]:
    return {cls, *(deep for below in cls.__subclasses__() for deep in _all_errors(below))}


def test_every_error_has_a_status():
    """The single mapping is whole: what is added to the tree is added here; other nodes' faults share one."""
    ours = {error for error in _all_errors() if error.__module__ == "didban.errors"}
    shared = _all_errors(errors.PeerFault) - {errors.PeerFault}

    assert ours - shared == set(problems.STATUS)


def test_an_authority_is_registered_and_listed(api: Api):
    """The way in and the way out of a value."""
    administrator = api.as_("xar", "administrator")

    made = administrator.post("/authorities", NEW)
    listed = administrator.get("/authorities").json()

    assert made.status_code == 201
    assert made.json() == {**NEW, "country": None, "groups": []}
    assert [row["code"] for row in listed["items"]] == ["xar", "xbo"]
    assert listed["next_cursor"] is None


@pytest.mark.parametrize("secret", ["", "ses_wrong", "tok_wrong", "é"])
def test_who_is_not_known_is_told_so_and_nothing_else(api: Api, secret: str):
    """One answer, whatever is wrong with the credentials."""
    asker = api.as_nobody(secret)

    answer = asker.get("/authorities", headers={"x-request-id": KNOWN})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer, ApiKey"
    assert answer.json()["instance"] == f"urn:didban:request:{KNOWN}"
    assert answer.json()["code"] == "not_authenticated"


def test_a_missing_permission_is_refused_before_the_body_is_read_and_entered(api: Api):
    """Who may not do it learns nothing of its shape; the attempt stays in the audit."""
    first_line = api.as_("xar", "first_line")

    answer = first_line.post("/authorities", {"nonsense": True})

    assert answer.status_code == 403
    assert answer.json()["reasons"] == ["lacks:access:authority:manage"]
    with api.database.begin() as tx:
        [entry] = tx.execute(select(audit_entry)).all()
    assert entry.deed == "request.refused"
    assert entry.facts["route"] == "register_authority"


def test_a_body_without_its_shape_is_told_where(api: Api):
    """Pointers into the body, in words; what was sent is not repeated."""
    answer = api.as_("xar", "administrator").post(
        "/authorities", {**NEW, "kind": "secret-words", "more": 1}
    )

    assert answer.status_code == 422
    assert {(e["in"], e["pointer"]) for e in answer.json()["errors"]} == {
        ("body", "/kind"),
        ("body", "/more"),
    }
    assert b"secret-words" not in answer.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing-here", 404),
        ("DELETE", "/authorities", 405),
        ("GET", "/authorities/none", 404),
        ("GET", "/authorities/%00", 422),
        ("GET", "/authorities?limit=0", 422),
        ("GET", "/authorities?cursor=AAAA", 422),
    ],
)
def test_whatever_is_refused_is_a_problem_document(api: Api, method: str, path: str, status: int):
    """One form for errors of ours and of the framework."""
    answer = api.as_("xar", "administrator").send(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


@pytest.mark.parametrize("content", [b'{"code": "\\u0000"}', b'{"name": "\\ud800"}', b"\xff", b"["])
def test_what_is_no_text_is_refused(api: Api, content: bytes):
    """It could not be stored; the database never sees it."""
    administrator = api.as_("xar", "administrator")

    answer = administrator.send("POST", "/authorities", content=content)

    assert answer.status_code in {400, 422}


def test_a_body_that_breaks_off_is_named_as_no_json(api: Api):
    """The pointer is to the whole of it: there is no member to point to."""
    answer = api.as_("xar", "administrator").send("POST", "/authorities", content=b'{"code": [')

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault == {
        "in": "body",
        "pointer": "",
        "detail": "this is not JSON, from character 10 on",
    }


def test_a_body_that_is_too_large_is_refused(api: Api):
    """413, before anything reads it whole."""
    content = b" " * (api.services.settings.serving.max_body_bytes + 1)

    answer = api.as_("xar", "administrator").send("POST", "/authorities", content=content)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_error_undoes_what_was_done_before_it(database, node_secrets):
    """The transaction of a request is one: nothing stays of half a deed."""
    router = Router("half")

    @router.post("/half")
    @open_because("a test")
    def half(tx: Tx) -> None:
        authority(tx, "xca")
        raise RuntimeError("Zahra Karimzadeh")

    api = Api(database, node_secrets)
    api.app.router.routes.extend(router.routes)

    answer = api.as_nobody().post("/half")

    assert answer.status_code == 500
    assert b"Zahra" not in answer.body
    with database.begin() as tx:
        assert tx.scalar(text("select count(*) from authority")) == 0


def test_a_route_that_declares_nothing_does_not_start():
    """Every route says what its caller must be permitted to do."""
    router = Router("silent")

    with pytest.raises(RuntimeError, match="declares no permission"):

        @router.get("/silent")
        def silent() -> None: ...


def test_a_route_carries_its_permission():
    """Tests and documentation read it."""
    router = Router("told")

    @router.get("/told")
    @needs(Permission.AUDIT_LOG_READ)
    def told() -> None: ...

    [route] = router.routes
    assert isinstance(route, Route)
    assert route.permission is Permission.AUDIT_LOG_READ


def test_every_answer_guards_itself(api: Api):
    """Nothing is kept on the way, framed, sniffed or run."""
    headers = api.as_("xar", "administrator").get("/authorities").headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    "headers", [{"host": "elsewhere.example"}, {"origin": "https://elsewhere.example"}]
)
def test_pages_of_others_may_not_ask(api: Api, headers: dict[str, str]):
    """The guard of step 1 stands before the node too."""
    assert api.as_("xar", "administrator").get("/authorities", headers=headers).status_code == 403
