"""Access over HTTP: enrol, sign in, ask, change one's purpose, sign out; users, tokens, signals."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from pyotp.totp import TOTP

from api_help import Api, Asker
from bank_help import actor, authority, marking, person
from didban import clock
from didban.guard import signals
from didban.guard.secrets import Secrets
from didban.intake import bank
from didban.model.marking import Handling
from didban.model.signals import SignalKind
from didban.store import node
from didban.store.node import NodeRow

PASSWORD = "otter beneath nine clocks"


@pytest.fixture
def api(database, tmp_path, monkeypatch) -> Api:
    """Return the interface of a node whose host is `xar`."""
    Secrets(tmp_path).make()
    moment = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    made = Api(database, Secrets(tmp_path))
    made.moment = moment  # type: ignore[attr-defined]
    with database.begin() as tx:
        authority(tx, "xar")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=moment[0]))
    return made


def _wait(api: Api, **span: float) -> None:
    api.moment[0] += timedelta(**span)  # type: ignore[attr-defined]


def _enrolled(api: Api, secret: str) -> tuple[str, TOTP]:
    """Return the login name and the phone of somebody who enrols."""
    nobody = api.as_nobody("")
    begun = nobody.post("/enrolment/second-factor", {"secret": secret})
    address = urlparse(begun.json()["address"])
    phone = TOTP(parse_qs(address.query)["secret"][0])
    given = {
        "secret": secret,
        "password": PASSWORD,
        "code": phone.at(clock.now()),
        "own_name": "Zahra Karimzadeh",
        "own_birth_date": "1971-05-02",
    }
    finished = nobody.post("/enrolment", given)
    assert (begun.status_code, finished.status_code) == (201, 201)
    _wait(api, seconds=60)
    return finished.json()["login"], phone


def _new_user(login: str = "z.karimi", *roles: str) -> dict[str, object]:
    return {"login": login, "authority": "xar", "roles": list(roles or ("second_line",))}


def test_from_the_invitation_to_the_end_of_the_shift(api):
    """Invited, enrolled, signed in, on to another case, signed out."""
    invited = api.as_("xar", "administrator").post("/users", _new_user()).json()
    login, phone = _enrolled(api, invited["secret"])
    given = {
        "login": login,
        "password": PASSWORD,
        "code": phone.at(clock.now()),
        "purpose": "border_control",
        "place": "Gate 4",
    }
    begun = api.as_nobody("").post("/session", given)
    first = Asker(client=api.client, secret=begun.json()["secret"], who=None)
    told = first.get("/session").json()
    _wait(api, seconds=60)
    change = {"code": phone.at(clock.now()), "purpose": "document_fraud", "reference": "Case 7"}
    changed = first.send("PUT", "/session/purpose", json=change)
    second = Asker(client=api.client, secret=changed.json()["secret"], who=None)

    assert (begun.status_code, told["purpose"], told["place"]) == (201, "border_control", "Gate 4")
    assert "bank:record:read_full" in told["permissions"]
    assert first.get("/session").status_code == 401
    assert second.get("/session").json()["reference"] == "Case 7"
    assert second.send("DELETE", "/session").status_code == 204
    assert second.get("/session").status_code == 401


def test_a_failed_sign_in_tells_nothing_and_counts(api):
    """The same body for a name that is there and one that is not; 429 after the fifth."""
    invited = api.as_("xar", "administrator").post("/users", _new_user()).json()
    login, _ = _enrolled(api, invited["secret"])
    given = {"password": "wrong", "code": "1", "purpose": "border_control", "place": "Gate 4"}
    answers = {}
    for name in (login, "nobody.here"):
        sent = [api.as_nobody("").post("/session", {**given, "login": name}) for _ in range(6)]
        answers[name] = [(a.status_code, a.json().get("detail")) for a in sent]

    assert answers[login] == answers["nobody.here"]
    assert [status for status, _ in answers[login]] == [401] * 5 + [429]


def test_without_a_provider_there_are_no_identity_tokens(api):
    """The routes say so."""
    nobody = api.as_nobody("")
    given = {"id_token": "a.b.c", "purpose": "border_control", "place": "Gate 4"}

    assert nobody.post("/session/oidc/nonce").status_code == 404
    assert nobody.post("/session/oidc", given).status_code == 404


def test_users_are_listed_changed_and_deactivated(api):
    """By an administrator; nobody else is permitted."""
    administrator = api.as_("xar", "administrator")
    added = administrator.post("/users", _new_user()).json()["user"]
    path = f"/users/{added['id']}"
    changed = administrator.send("PATCH", path, json={"roles": ["analyst"], "clearance": 1})
    bound = administrator.send("PUT", f"{path}/subject", json={"subject": "person-7"})
    closed = administrator.post(f"{path}/deactivation").json()
    opened = administrator.post(f"{path}/activation").json()
    listed = administrator.get("/users?limit=1").json()
    rest = administrator.get(f"/users?limit=1&cursor={listed['next_cursor']}").json()

    assert (changed.json()["roles"], changed.json()["clearance"]) == (["analyst"], 1)
    assert (bound.status_code, closed["is_active"], opened["is_active"]) == (204, False, True)
    logins = [row["login"] for row in listed["items"] + rest["items"]]
    assert logins == sorted(logins)
    assert "z.karimi" in logins
    assert api.as_("xar", "supervisor").get("/users").status_code == 403
    mixed = _new_user("a.mixed", "administrator", "analyst")
    assert administrator.post("/users", mixed).status_code == 422


def test_access_is_recovered_by_two_persons(api):
    """One asks, another confirms, and the data-protection officer hears of it."""
    one = api.as_("xar", "administrator", user="usr_one")
    two = api.as_("xar", "supervisor", user="usr_two")
    user = one.post("/users", _new_user()).json()["user"]["id"]
    asked = one.post(f"/users/{user}/recovery")
    alone = one.post(f"/users/{user}/recovery/confirmation")
    waiting = two.get("/recoveries").json()
    confirmed = two.post(f"/users/{user}/recovery/confirmation")
    officer = api.as_("xar", "data_protection_officer")
    (signal,) = officer.get("/signals?state=raised").json()["items"]

    assert (asked.status_code, alone.status_code, confirmed.status_code) == (201, 403, 201)
    assert [row["user"] for row in waiting] == [user]
    assert (signal["kind"], signal["user"]) == ("recovery", user)
    again = one.post(f"/users/{user}/recovery")
    assert again.status_code == 201
    assert two.post(f"/users/{user}/recovery/refusal").status_code == 204


def test_a_token_is_told_once_and_works_until_it_is_revoked(api):
    """With the purpose and place that are bound to it."""
    administrator = api.as_("xar", "administrator")
    given = {
        "authority": "xar",
        "label": "scanner 4",
        "roles": ["first_line"],
        "purpose": "border_control",
        "place": "Gate 4",
        "expires_at": (clock.now() + timedelta(days=30)).isoformat(),
    }
    issued = administrator.post("/tokens", given).json()
    device = Asker(client=api.client, secret=issued["secret"], who=None)
    told = device.get("/session").json()
    (listed,) = administrator.get("/tokens").json()["items"]

    assert (told["user"], told["place"]) == (issued["token"]["id"], "Gate 4")
    assert issued["secret"] not in str(listed)
    assert device.send("DELETE", "/session").status_code == 403
    revoked = administrator.send("DELETE", f"/tokens/{listed['id']}")
    assert (revoked.status_code, device.get("/session").status_code) == (200, 401)
    for wrong in ({"roles": ["supervisor"]}, {"purpose": "supervision"}, {"place": " "}):
        assert administrator.post("/tokens", {**given, **wrong}).status_code == 422


def test_signals_are_triaged_and_closed_in_this_order(api):
    """Only about users of one's own authority, and by nobody else than the officer."""
    officer = api.as_("xbo", "data_protection_officer")
    with api.database.begin() as tx:
        for code in ("xar", "xbo"):
            noticed = api.as_(code, "first_line").who
            for _ in range(2):
                signals.raise_about(tx, SignalKind.SEARCH_LIMIT, noticed)
    (signal,) = officer.get("/signals").json()["items"]
    path = f"/signals/{signal['id']}"

    assert (signal["authority"], signal["count"]) == ("xbo", 2)
    assert officer.post(f"{path}/closing").status_code == 409
    assert officer.post(f"{path}/triage", {"verdict": "noise"}).json()["state"] == "triaged"
    assert officer.post(f"{path}/closing").json()["verdict"] == "noise"
    assert officer.post("/signals/sgn_none/triage", {"verdict": "noise"}).status_code == 404
    assert api.as_("xbo", "administrator").get("/signals").status_code == 403
    assert len(api.as_("xar", "data_protection_officer").get("/signals").json()["items"]) == 2


def test_conditions_are_acknowledged_and_uses_consented_to(api):
    """By whoever reads the record, and by whoever owns it."""
    entity = person(birthDate="1971-05-02", nationality="xbo")
    kept = {"handling": Handling.H3, "handling_conditions": "Not in open court."}
    with api.database.begin() as tx:
        authority(tx, "xbo")
        bank.report(tx, actor("xbo"), entity, marking("xbo", **kept))
    desk, owner = api.as_("xar", "second_line"), api.as_("xbo", "supervisor")
    path = f"/records/{entity.id}"
    given = {
        "authority": "xar",
        "purpose": "sanctions_screening",
        "until": (clock.today() + timedelta(days=30)).isoformat(),
    }
    consent = owner.post(f"{path}/use-consents", given)

    assert desk.get(path).json()["must_acknowledge"] is True
    assert desk.post(f"{path}/acknowledgement", {"version": 2}).status_code == 409
    assert desk.post(f"{path}/acknowledgement", {"version": 1}).status_code == 204
    assert desk.get(path).json()["identity"]["caption"] == entity.caption
    assert (consent.status_code, consent.json()["owner"]) == (201, "xbo")
    assert api.as_("xar", "supervisor").post(f"{path}/use-consents", given).status_code == 403
    assert desk.post("/records/rec_none/acknowledgement", {"version": 1}).status_code == 404
