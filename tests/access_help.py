"""A door with cheap locks, and users who have come through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from pyotp.totp import TOTP

from bank_help import actor, authority
from didban import clock
from didban.guard import enrolment, users
from didban.guard.secrets import Secrets
from didban.guard.sessions import Admission, Doorkeeper, Reason
from didban.model.permissions import Role, purposes_of
from didban.model.purposes import Purpose
from didban.model.users import User, folded_login
from didban.settings import Access
from didban.store import node
from didban.store.database import Database
from didban.store.node import NodeRow

CHEAP = Access(hash_memory_mib=1, hash_rounds=1)
PASSWORD = "otter beneath nine clocks"

# What is about records and shows none: where lists come from, that they are fetched, how sound they
# are. Who says where a list comes from gains nothing by fetching it.
WITHOUT_CONTENT = {
    "bank:list:take_in",
    "bank:quality:read",
    "bank:source:manage",
    "exchange:identity:manage",
    "exchange:peer:manage",
    "exchange:peer:read",
    "exchange:sharing:read",
    "node:state:read",
    "screening:device:confirm",
    "screening:device:manage",
    "screening:device:serve",
}


@dataclass
class Enrolled:
    """A user with what they know and hold. Each code is good once, so time goes on with each."""

    id: str
    login: str
    roles: frozenset[Role]
    phone: TOTP
    password: str = PASSWORD

    def code(self, now: datetime) -> str:
        """Return what the authenticator shows."""
        return self.phone.at(now)


class Door:
    """A node's door at a moment of its own: `now` moves by hand."""

    def __init__(
        self, database: Database, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.database = database
        self.now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.now)
        self.keeper = Doorkeeper(database, CHEAP, secrets)
        with database.begin() as tx:
            authority(tx, "xar", kind="border")
            authority(tx, "xbo")
            if node.get(tx) is None:
                node.add(tx, NodeRow(host="xar", is_training=True, made_at=self.now))

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def enrolled(self, login: str, *roles: str, code: str = "xar", **more: Any) -> Enrolled:
        """Return a user who was added by the host's administrator and has enrolled."""
        draft = User(id="", login=login, authority=code, roles=frozenset(map(Role, roles)), **more)
        with self.database.begin() as tx:
            administrator = actor("xar", "administrator", user="usr_first")
            invited = users.add(tx, administrator, draft, CHEAP)
        return self.enrol(invited)

    def enrol(self, invited: users.Invitation, password: str = PASSWORD) -> Enrolled:
        """Return the user behind an invitation, enrolled."""
        keeper = self.keeper
        with self.database.begin() as tx:
            address = urlparse(enrolment.begin(tx, keeper.factor, invited.secret))
            phone = TOTP(parse_qs(address.query)["secret"][0])
            enrolment.finish(
                tx,
                keeper.passwords,
                keeper.factor,
                invited.secret,
                password=password,
                code=phone.at(self.now),
            )
        self.wait(seconds=60)
        return Enrolled(
            id=invited.user.id,
            login=folded_login(invited.user.login),
            roles=invited.user.roles,
            phone=phone,
            password=password,
        )

    def sign_in(self, user: Enrolled, purpose: str | None = None, **wrong: Any) -> Admission:
        """Sign a user in for a purpose that their roles may use; `wrong` replaces what they give."""
        fitting = purposes_of(user.roles)
        chosen = Purpose(purpose or next(p for p in Purpose if p in fitting))
        given: dict[str, Any] = {
            "login": user.login,
            "password": user.password,
            "code": user.code(self.now),
            "reason": Reason(purpose=chosen, place="Gate 4"),
            "source": "192.0.2.1",
        }
        return self.keeper.sign_in(**{**given, **wrong})
