"""Who presents a secret is who holds it, and every other secret is simply unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bank_help import authority
from didban import clock
from didban.errors import NotAuthenticated
from didban.guard.credentials import DEVICE, SESSION, actor_of, digest_of, new_secret
from didban.ids import new_id
from didban.model.actors import AuthorityKind
from didban.model.marking import Confidentiality
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.store.database import Transaction
from didban.store.tables.access import device_token, session, user_account

START = clock.now()


def _user(tx, **values) -> str:
    authority(tx, "xar", kind="border", groups=("coast",))
    made_id = new_id("usr")
    made = {
        "id": made_id,
        "login": new_id("login"),
        "authority": "xar",
        "roles": ["first_line"],
        "clearance": 1,
        "language": "fa",
        "is_active": True,
        "created_at": START,
        "created_by": "usr_admin",
        **values,
    }
    tx.execute(user_account.insert().values(made))
    return made_id


def _session(tx, user: str, **values) -> str:
    secret = new_secret(SESSION)
    made = {
        "id": new_id("ses"),
        "digest": digest_of(secret),
        "user": user,
        "purpose": "border_control",
        "reference": "shift-7",
        "place": "Gate 4",
        "began_at": START,
        "seen_at": START,
        "idle_seconds": 1800,
        "ends_at": START + timedelta(hours=12),
        **values,
    }
    tx.execute(session.insert().values(made))
    return secret


def _token(tx, **values) -> str:
    authority(tx, "xar", kind="border")
    secret = new_secret(DEVICE)
    made = {
        "id": new_id("tok"),
        "digest": digest_of(secret),
        "authority": "xar",
        "label": "scanner",
        "roles": ["first_line"],
        "clearance": 0,
        "purpose": "border_control",
        "place": "Gate 4",
        "created_at": START,
        "created_by": "usr_admin",
        "expires_at": START + timedelta(days=30),
        **values,
    }
    tx.execute(device_token.insert().values(made))
    return secret


def test_a_session_gives_its_user_with_what_was_chosen_at_sign_in(database):
    """Purpose, case and place come from the session; authority, roles and clearance of now."""
    with database.begin() as tx:
        user = _user(tx)
        found = actor_of(tx, _session(tx, user), "req-1")

    assert (found.user, found.authority, found.kind) == (user, "xar", AuthorityKind.BORDER)
    assert (found.purpose, found.reference, found.place) == (
        Purpose.BORDER_CONTROL,
        "shift-7",
        "Gate 4",
    )
    assert (found.roles, found.groups) == (frozenset({Role.FIRST_LINE}), frozenset({"coast"}))
    assert (found.clearance, found.device) == (Confidentiality.RESTRICTED, None)
    assert found.request_id == "req-1"


def test_a_device_token_gives_the_device_with_its_bound_purpose_and_place(database):
    """No user stands behind it."""
    with database.begin() as tx:
        found = actor_of(tx, _token(tx), "req-1")

    assert found.device == found.user
    assert (found.purpose, found.place) == (Purpose.BORDER_CONTROL, "Gate 4")


HOUR = timedelta(hours=1)


def test_unknown_ended_and_revoked_get_the_same_answer(database):
    """One error with one text, whatever the reason."""
    refused: tuple[Callable[[Transaction], str], ...] = (
        lambda tx: "",
        lambda tx: "ses_",
        lambda tx: "tok_" + "a" * 43,
        lambda tx: "x" * 100_000,
        lambda tx: "ses_\udcff\x00",
        lambda tx: _session(tx, _user(tx), ended_at=START),
        lambda tx: _session(tx, _user(tx, is_active=False)),
        lambda tx: _session(tx, _user(tx), seen_at=START - HOUR),
        lambda tx: _session(tx, _user(tx), ends_at=START),
        lambda tx: _token(tx, revoked_at=START),
        lambda tx: _token(tx, expires_at=START),
        lambda tx: _session(tx, _user(tx)) + "a",
        lambda tx: _token(tx).replace("tok_", "ses_"),
    )
    answers = set()
    with database.begin() as tx:
        for secret in refused:
            with pytest.raises(NotAuthenticated) as caught:
                actor_of(tx, secret(tx), "req-1")
            answers.add(str(caught.value))

    assert answers == {"sign in again, or present a token that is in force"}


def test_use_keeps_a_session_awake_but_not_beyond_its_end(database, monkeypatch):
    """Half an hour without a request ends it; a shift of twelve hours ends it in any case."""
    with database.begin() as tx:
        secret = _session(tx, _user(tx))
        at = START
        while at < START + timedelta(hours=12):
            monkeypatch.setattr(clock, "now", lambda at=at: at)
            actor_of(tx, secret, "")
            at += timedelta(minutes=29)
        monkeypatch.setattr(clock, "now", lambda: at)
        with pytest.raises(NotAuthenticated):
            actor_of(tx, secret, "")
