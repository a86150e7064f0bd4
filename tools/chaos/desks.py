"""Somebody at a node who reports, withdraws and checks, over HTTP as any desk does."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.dialects.postgresql import insert

from didban import clock
from didban.guard.credentials import digest_of, new_secret
from didban.ids import new_id
from didban.store.tables.access import session, user_account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.store.database import Database
    from tools.chaos.nodes import LocalNode

_SECONDS: Final = 120  # that an answer is waited for


class Refused(Exception):
    """A node answered, and did not do it. `status`: of HTTP."""

    def __init__(self, status: int, what: object) -> None:
        super().__init__(f"{status}: {what}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Desk:
    """A user of a node, signed in. Safe for several threads, each with a connection of its own."""

    node: LocalNode
    secret: str
    _lines: threading.local = field(default_factory=threading.local, repr=False)

    @classmethod
    def of(cls, node: LocalNode, database: Database, role: str, purpose: str) -> Desk:
        """Let somebody in who has just signed in, for a shift."""
        now, secret, user = clock.now(), new_secret("ses_"), new_id("usr")
        person = {
            "id": user,
            "login": user,
            "authority": node.code,
            "roles": [role],
            "clearance": 1,
            "language": "en",
            "is_active": True,
            "created_at": now,
            "created_by": "operator:chaos",
        }
        shift = {
            "id": new_id("ses"),
            "digest": digest_of(secret),
            "user": user,
            "purpose": purpose,
            "reference": "exercise",
            "place": "desk",
            "began_at": now,
            "seen_at": now,
            "idle_seconds": 43_200,
            "ends_at": now + timedelta(hours=12),
        }
        with database.begin() as tx:
            tx.execute(insert(user_account).values(person))
            tx.execute(insert(session).values(shift))
        return cls(node=node, secret=secret)

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """Send one request and return its answer. Raises OSError where nobody answers, Refused."""
        headers = {"authorization": f"Bearer {self.secret}", "content-type": "application/json"}
        if key:
            headers["idempotency-key"] = key
        text = None if body is None else json.dumps(body)
        try:
            connection = self._connection()
            connection.request(method, f"/api/v1{path}", text, headers)
            with connection.getresponse() as answer:
                content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            raise ConnectionError(type(error).__name__) from error
        found = json.loads(content) if content else None
        if answer.status >= http.client.BAD_REQUEST:
            raise Refused(answer.status, found)
        return found

    def hang_up(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._lines, "connection", None)
        if connection is not None:
            connection.close()
            self._lines.connection = None

    def _connection(self) -> http.client.HTTPConnection:
        connection = getattr(self._lines, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=_SECONDS)
            self._lines.connection = connection
        return connection

    def report(self, numbers: Sequence[str], *, key: str = "") -> list[str]:
        """Report documents of this state as stolen; return the identifiers of their records."""
        year = clock.now().year + 1
        papers = {
            "documents": [
                {"number": number, "issuer": self.node.code, "type": "P", "status": "stolen"}
                for number in numbers
            ],
            "marking": {
                "purpose": "document_fraud",
                "legal_basis": "Passport Act, s. 31",
                "retention_until": f"{year}-06-30",
            },
        }
        made = self.ask("POST", "/documents", papers, key=key)
        return [each["id"] for each in made]

    def finds(self, number: str, issuer: str) -> bool:
        """Return whether a check of a document finds something."""
        paper = {"documents": [{"number": number, "issuer": issuer, "type": "P"}]}
        return bool(self.ask("POST", "/checks", paper)["matches"])


def recorder(node: LocalNode, database: Database) -> Desk:
    """Return somebody who reports."""
    return Desk.of(node, database, "recorder", "document_fraud")


def officer(node: LocalNode, database: Database) -> Desk:
    """Return somebody who checks at a border."""
    return Desk.of(node, database, "first_line", "border_control")
