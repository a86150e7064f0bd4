"""Purpose, fields and persons: the protection rules of access, asked over HTTP as anybody would."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from access_help import CHEAP, WITHOUT_CONTENT, Door
from api_help import PREFIX, Api, Asker
from asgi_help import Response
from bank_help import actor, authority, marking, person
from didban import clock
from didban.api.v1.frame import Route
from didban.errors import NotAuthenticated, NotPermitted
from didban.guard.passwords import Passwords
from didban.guard.secrets import Secrets
from didban.guard.sessions import Reason
from didban.guard.totp import SecondFactor
from didban.intake import bank
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.permissions import NO_USERS, ROLE_PURPOSES, Role
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.screening.live import LiveIndex
from didban.store.tables.access import session
from didban.store.tables.audit import audit_entry


@pytest.fixture
def secrets(tmp_path) -> Secrets:
    """Return the secrets of a node."""
    Secrets(tmp_path).make()
    return Secrets(tmp_path)


@pytest.fixture
def api(database, secrets) -> Api:
    """Return the interface of a node."""
    return Api(database, secrets)


def _reported(api: Api, **more: Any) -> str:
    """Return the identifier of a person whom Boreland wants arrested."""
    entity: Record = person(
        birthDate="1971-05-02", nationality="xbo", address="9 Quay Street", biography="A baker."
    )
    alert = Alert(
        action_requested=Action.ARREST, person_status=PersonStatus.CHARGED, facts="A long story."
    )
    with api.database.begin() as tx:
        authority(tx, "xbo")
        bank.report(tx, actor("xbo"), entity, marking("xbo", **more), alert)
    return entity.id


def _entries(api: Api) -> list[tuple[str, str, str | None, str]]:
    """Return user, deed, purpose and case of every entry of the audit."""
    with api.database.begin() as tx:
        rows = tx.execute(audit_entry.select().order_by(audit_entry.c.number)).all()
    return [(row.actor, row.deed, row.purpose, row.reference) for row in rows]


def _text(response: Response) -> str:
    return json.dumps(response.json(), ensure_ascii=False)


def test_pr_01_every_view_is_entered_with_user_purpose_and_case(api):
    """They come from the session; the request cannot say otherwise."""
    record = _reported(api)
    desk = api.as_("xar", "second_line", purpose="document_fraud", reference="Case 7")
    desk.get(f"/records/{record}?purpose=border_control")

    user, _, purpose, case = _entries(api)[-1]
    assert (user, purpose, case) == (desk.user, "document_fraud", "Case 7")


@pytest.mark.parametrize("missing", ["secret", "purpose"])
def test_pr_01_without_a_user_or_a_purpose_there_is_no_answer(api, missing):
    """An unknown secret is refused; a session without case and post cannot even be stored."""
    record = _reported(api)
    if missing == "secret":
        assert api.as_nobody().get(f"/records/{record}").status_code == 401
    else:
        api.as_("xar", "second_line")
        with pytest.raises(Exception, match="session_reason_check"), api.database.begin() as tx:
            tx.execute(session.update().values(reference="", place=""))


def test_pr_02_the_first_line_is_shown_the_action_and_who_it_is_and_no_file(api):
    """The second line is shown the file too."""
    record = _reported(api)
    first = _text(api.as_("xar", "first_line").get(f"/records/{record}"))
    second = _text(api.as_("xar", "second_line").get(f"/records/{record}"))

    assert "arrest" in first
    assert "1971-05-02" in first
    for part in ("Quay Street", "A baker", "A long story", "Penal Code"):
        assert part not in first
        assert part in second


def test_pr_02_a_session_cannot_be_begun_for_a_purpose_that_the_role_has_not(
    database, secrets, monkeypatch
):
    """Walked over every role and every purpose of the closed list (PR-56)."""
    door = Door(database, secrets, monkeypatch)
    begun: dict[Role, set[Purpose]] = {}
    for role in set(Role) - NO_USERS:
        user = door.enrolled(role, role)
        begun[role] = set()
        for purpose in Purpose:
            with suppress(NotPermitted):
                door.sign_in(user, purpose)
                begun[role].add(purpose)
            door.wait(seconds=60)

    assert begun == {role: set(ROLE_PURPOSES[role]) for role in begun}


def test_pr_04_the_51st_person_search_of_a_minute_is_refused_and_signalled(
    database, secrets, tmp_path
):
    """By a first-line officer at the gate; the officer for data protection sees who, not whom."""
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        api = Api(database, secrets, index)
        gate = api.as_("xar", "first_line")
        asked = [{"names": [f"Traveller {number}"]} for number in range(51)]
        answers = [gate.post("/checks", one) for one in asked]
    officer = api.as_("xar", "data_protection_officer")
    (signal,) = officer.get("/signals").json()["items"]

    assert [answer.status_code for answer in answers] == [201] * 50 + [429]
    assert (signal["kind"], signal["user"]) == ("search_limit", gate.user)
    assert "Traveller" not in json.dumps(signal)


def test_pr_05_the_fifth_search_for_one_person_without_a_hit_is_signalled(
    database, secrets, tmp_path
):
    """It is answered all the same: there may be every reason."""
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        api = Api(database, secrets, index)
        gate = api.as_("xar", "first_line")
        spelt = ("Zahra Karimzadeh", "KARIMZADEH ZAHRA") * 3
        answers = [gate.post("/checks", {"names": [name]}) for name in spelt[:5]]
    officer = api.as_("xar", "data_protection_officer")
    (signal,) = officer.get("/signals").json()["items"]

    assert {answer.status_code for answer in answers} == {201}
    assert (signal["kind"], signal["user"]) == ("repeated_lookup", gate.user)


def test_pr_06_a_record_kept_for_another_purpose_shows_no_more_than_the_first_step(api):
    """Until its owner consents to just this use."""
    record = _reported(api, purpose=Purpose.IDENTIFICATION_OF_REMAINS)
    analyst = api.as_("xar", "analyst", purpose="criminal_investigation")
    before = _text(analyst.get(f"/records/{record}"))
    given = {
        "authority": "xar",
        "purpose": "criminal_investigation",
        "until": (clock.today() + timedelta(days=9)).isoformat(),
    }
    consent = api.as_("xbo", "supervisor").post(f"/records/{record}/use-consents", given)

    assert "A baker" not in before
    assert consent.status_code == 201
    assert "A baker" in _text(analyst.get(f"/records/{record}"))


def test_pr_16_the_state_from_which_somebody_fled_is_never_told_where_they_are(api):
    """The record is found, the place is not in it; others see it."""
    record = _reported(api, protected_from=("node:xca",))
    fled_from = api.as_("xca", "second_line").get(f"/records/{record}")
    others = api.as_("xar", "second_line").get(f"/records/{record}")

    assert fled_from.status_code == 200
    assert "Quay Street" not in _text(fled_from)
    assert "A long story" not in _text(fled_from)
    assert "Quay Street" in _text(others)


def test_pr_28_who_gives_access_reads_nothing(api):
    """Every route that shows content refuses an administrator, and says so in the audit."""
    record = _reported(api)
    administrator = api.as_("xar", "administrator")
    content = ("bank:", "screening:", "casework:", "analysis:", "audit:", "retention:")
    answers = {
        route.path: administrator.get(_filled(route.path, record)).status_code
        for route in api.app.routes
        if isinstance(route, Route)
        and route.methods == {"GET"}
        and route.permission is not None
        and route.permission.startswith(content)
        and route.permission not in WITHOUT_CONTENT
    }

    assert len(answers) > 8
    assert set(answers.values()) == {403}
    assert _entries(api)[-1][1] == "request.refused"


def test_pr_56_an_audience_can_bar_a_kind_of_authority(api):
    """What is not for the military is not there for the military, whatever else is open to them."""
    record = _reported(api, excluded=("kind:military",))
    army = api.as_("xca", "second_line", kind="military")

    assert army.get(f"/records/{record}").status_code == 404
    assert api.as_("xar", "second_line").get(f"/records/{record}").status_code == 200


def _filled(path: str, record: str) -> str:
    return re.sub(r"{\w+}", record, path.removeprefix(PREFIX))


def test_pr_40_a_refusal_is_entered_with_the_rule_that_refused(api):
    """So that the officer for data protection sees who tries doors."""
    first = api.as_("xar", "first_line")
    first.get("/users")

    assert _entries(api)[-1][:2] == (first.user, "request.refused")
    with api.database.begin() as tx:
        entry = tx.execute(audit_entry.select().order_by(audit_entry.c.number.desc())).first()
    assert entry is not None
    assert entry.facts["reasons"] == "lacks:access:user:manage"


class Work:
    """What a sign-in makes the machine do: statements, hashes and codes, counted."""

    def __init__(self, door: Door, monkeypatch) -> None:
        self.done: list[str] = []
        engine = door.database._engine
        event.listen(
            engine, "before_cursor_execute", lambda *told: self.done.append(_shape(told[2]))
        )
        for owner, name in ((Passwords, "verify"), (SecondFactor, "step_of")):
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))
        import argon2.low_level

        hashing = argon2.low_level.verify_secret
        monkeypatch.setattr("argon2._password_hasher.verify_secret", self._counted(hashing))

    def _counted(self, function):
        def counted(*arguments, **more):
            self.done.append(function.__name__)
            return function(*arguments, **more)

        return counted


def _shape(statement: str) -> str:
    return statement.split("(", maxsplit=1)[0][:60]


def test_a_failed_sign_in_does_the_same_work_whoever_is_tried(database, secrets, monkeypatch):
    """An unknown name, a closed account and a wrong password cost the same, step by step."""
    door = Door(database, secrets, monkeypatch)
    known = door.enrolled("z.karimi", "first_line")
    invited = door.enrolled("a.other", "first_line")
    with database.begin() as tx:
        from didban.guard import recovery

        recovery.request(tx, actor("xar", "administrator", user="usr_one"), invited.id)
        recovery.confirm(tx, actor("xar", "supervisor", user="usr_two"), invited.id, CHEAP)
    reason = Reason(purpose=Purpose.BORDER_CONTROL, place="Gate 4")
    with pytest.raises(NotAuthenticated):  # what is made at first use is made here
        door.keeper.sign_in("warm.up", "guess", "1", reason, source="first")
    work = Work(door, monkeypatch)
    done = {}
    for name in (known.login, invited.login, "nobody.here", "no name at all"):
        work.done.clear()
        with pytest.raises(NotAuthenticated):
            door.keeper.sign_in(name, "wrong password 1", "123456", reason, source=name)
        done[name] = list(work.done)

    assert len(set(map(tuple, done.values()))) == 1
    assert {"verify", "step_of", "verify_secret"} <= set(done[known.login])


def test_an_unknown_secret_and_an_ended_one_do_the_same_work(api, monkeypatch):
    """One question to the database, whatever the secret was."""
    ended = api.as_("xar", "first_line")
    with api.database.begin() as tx:
        tx.execute(session.update().values(ended_at=clock.now()))
    asked: list[str] = []
    event.listen(
        api.database._engine,
        "before_cursor_execute",
        lambda *told: asked.append(_shape(told[2])),
    )
    done = []
    for asker in (ended, api.as_nobody("ses_unknown")):
        asked.clear()
        assert asker.get("/session").status_code == 401
        done.append(list(asked))

    assert done[0] == done[1]
    assert len(done[0]) == 1
    assert isinstance(ended, Asker)
