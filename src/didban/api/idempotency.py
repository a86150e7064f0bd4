"""A POST that is sent again with the same `Idempotency-Key` is answered again, not done again.

- The answer is kept in the transaction of the deed: after a crash there is either both or neither.
- Only what was done is kept: an error leaves the key free.
- A key belongs to one actor and one route, for a day. The same key with another address, body or
  purpose is refused; while the first is at work, the second waits for it.
- What is not open to the actor any more is not told again (PR-09); that an answer was given again is
  entered (PR-01).
- Kept answers are sealed, and erased with the records that they speak of (PR-31).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from didban import clock
from didban.errors import InvalidInput
from didban.guard import audit
from didban.intake.bank import is_there_for
from didban.model.deeds import Deed
from didban.store import idempotency, records
from didban.store.idempotency import Place
from didban.store.visibility import every_number, open_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from didban.api.sealing import Seal
    from didban.model.actors import Actor
    from didban.store.database import Database, Transaction

HEADER: Final = "Idempotency-Key"
MAX_KEY: Final = 100  # characters
KEPT_FOR: Final = timedelta(hours=24)
_KEPT_HEADERS: Final = ("content-type", "location")
_NAMES_OF_IDS: Final = frozenset(
    {"id", "left", "record", "record_id", "records", "reference", "right", "subject"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: who asks, by which route (`what`), and its address and body (`content`)."""

    actor: Actor
    what: str
    content: bytes

    @property
    def digest(self) -> bytes:
        """What tells it from another one, of another purpose or with other rights too."""
        who = self.actor
        standing = f"{who.purpose}/{who.reference}/{who.place}/{int(who.clearance)}"
        roles = ",".join(sorted(who.roles))
        return hashlib.sha256(f"{standing}/{roles}\n".encode() + self.content).digest()


def place_of(key: str, actor: Actor, route: str) -> Place:
    """Return where the answer to a request is kept.

    Raises InvalidInput for a key that is none.
    """
    if not key or len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidInput(f"{HEADER}: 1 to {MAX_KEY} printable ASCII characters are expected")
    return Place(actor=f"{actor.authority}/{actor.user}", route=route, key=key)


def answered_before(tx: Transaction, seal: Seal, place: Place, asked: Asked) -> Response | None:
    """Return the answer that this very request had before, or None when it is the first.

    Raises InvalidInput where the key was used for another request, or the answer speaks of a record
    that is not there for the actor any more.
    """
    digest = asked.digest
    kept = idempotency.take(tx, place, digest, now=clock.now())
    if kept is None:
        return None
    if kept.body_hash != digest:
        raise InvalidInput(f"{HEADER}: it was used for another request; take a new one")
    opened = seal.open(kept.answer, *_bound(place))
    if opened is None or not _is_open(tx, asked.actor, kept.mentions):
        raise InvalidInput(f"{HEADER}: the answer kept under it cannot be read; take a new one")
    audit.enter(tx, asked.actor, Deed.ANSWER_REPEATED, facts={"route": asked.what})
    head, _, body = opened.partition(b"\n")
    return Response(body, kept.status, {**json.loads(head), "idempotent-replayed": "true"})


def keep(tx: Transaction, seal: Seal, place: Place, response: Response) -> None:
    """Keep an answer in the transaction that it tells of."""
    head = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = bytes(response.body)
    closed = seal.close(json.dumps(head).encode() + b"\n" + body, *_bound(place))
    mentions = sorted(set(mentioned(body)))
    idempotency.keep(tx, place, status=response.status_code, answer=closed, mentions=mentions)


def run_due(database: Database, now: datetime) -> int:
    """Delete the answers whose day is over; return how many."""
    with database.begin() as tx:
        return idempotency.forget_before(tx, now - KEPT_FOR)


def _is_open(tx: Transaction, actor: Actor, mentions: Iterable[str]) -> bool:
    """Return whether all that is still kept of these records is there for an actor."""
    seen = open_to(tx, actor)
    return all(
        record.visibility_number in seen and is_there_for(record, actor)
        for record in records.many(tx, mentions, every_number(tx)).values()
    )


def _bound(place: Place) -> tuple[str, str, str]:
    return (place.actor, place.route, place.key)


def mentioned(body: bytes) -> Iterator[str]:
    """Yield the identifiers in an answer."""
    try:
        yield from _ids_in(json.loads(body))
    except ValueError:
        return


def _ids_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name in _NAMES_OF_IDS:
                said = value if isinstance(value, list) else [value]
                yield from (each for each in said if isinstance(each, str))
            yield from _ids_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from _ids_in(value)
