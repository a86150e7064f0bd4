"""The interface of a node in this process, and people who ask it.

def test_something(api):
    desk = api.as_("xar", "second_line")
    assert desk.get("/records/rec_1").status_code == 404
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from asgi_help import Client, Response
from bank_help import actor, authority
from didban import clock
from didban.api.node_app import create
from didban.guard.credentials import digest_of
from didban.guard.secrets import Secrets
from didban.model.actors import Actor
from didban.serving.services import Services
from didban.settings import Access, Charter, Settings
from didban.store.database import Database
from didban.store.tables.access import session, user_account

PREFIX = "/api/v1"
TRAINING = Settings(
    charter=Charter(is_training=True), access=Access(hash_memory_mib=1, hash_rounds=1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody with a session. Paths begin below `/api/v1`."""

    client: Client
    secret: str
    who: Actor | None

    @property
    def user(self) -> str:
        """The identifier of who asks; empty where nobody is known."""
        return self.who.user if self.who else ""

    def send(self, method: str, path: str, **more: Any) -> Response:
        """Send any request."""
        headers = {"authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        return self.client.send(method, PREFIX + path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Response:
        """Send a GET."""
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> Response:
        """Send a POST; `key` is its Idempotency-Key."""
        headers = {"idempotency-key": key} if (key := more.pop("key", None)) else {}
        headers |= more.pop("headers", {})
        return self.send("POST", path, json=json, headers=headers, **more)


class Api:
    """A node's application on a fresh bank."""

    def __init__(
        self,
        database: Database,
        secrets: Secrets,
        index: Any = None,
        settings: Settings = TRAINING,
    ) -> None:
        self.database = database
        self.services = Services(database=database, settings=settings, secrets=secrets, index=index)
        self.app = create(self.services)
        self.client = Client(self.app)

    def as_(self, code: str = "xar", *roles: str, **more: Any) -> Asker:
        """Return somebody of an authority with these roles, as `bank_help.actor` makes them.

        - `groups`, `kind`: of the authority, where it is not registered yet.
        """
        more.setdefault("user", "_".join(("usr", code, *sorted(roles))))
        who = actor(code, *roles, **more)
        secret = f"ses_{who.user}-{who.purpose}"
        now = clock.now()
        person = {
            "id": who.user,
            "login": who.user,
            "authority": code,
            "roles": sorted(who.roles),
            "clearance": int(who.clearance),
            "language": "en",
            "is_active": True,
            "created_at": now,
            "created_by": "usr_first",
        }
        open_session = {
            "id": secret,
            "digest": digest_of(secret),
            "user": who.user,
            "purpose": who.purpose,
            "reference": who.reference,
            "place": who.place,
            "began_at": now,
            "seen_at": now,
            "idle_seconds": 3600,
            "ends_at": now + timedelta(hours=8),
        }
        with self.database.begin() as tx:
            authority(tx, code, kind=more.get("kind", "police"), groups=tuple(sorted(who.groups)))
            tx.execute(insert(user_account).values(person).on_conflict_do_nothing())
            tx.execute(insert(session).values(open_session).on_conflict_do_nothing())
        return Asker(client=self.client, secret=secret, who=who)

    def as_nobody(self, secret: str = "ses_of-nobody") -> Asker:
        """Return somebody whose secret is not known."""
        return Asker(client=self.client, secret=secret, who=None)
