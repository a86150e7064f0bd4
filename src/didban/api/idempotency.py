"""A POST that is sent again with the same `Idempotency-Key` is answered again, not done again.

- The answer is kept in the transaction of the deed: after a crash there is either both or neither.
- Only what was done is kept: an error leaves the key free.
- A key belongs to one actor and one route, for a day. The same key with another body is refused;
  while the first is at work, the second waits for it.
- Kept answers are sealed, and erased with the records that they speak of (PR-31).
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from didban import clock
from didban.errors import InvalidInput
from didban.store import idempotency
from didban.store.idempotency import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from didban.api.sealing import Seal
    from didban.model.actors import Actor
    from didban.store.database import Database, Transaction

HEADER: Final = "Idempotency-Key"
MAX_KEY: Final = 100  # characters
KEPT_FOR: Final = timedelta(hours=24)
_KEPT_HEADERS: Final = ("content-type", "location")
_NAMES_OF_IDS: Final = frozenset({"id", "record", "record_id", "subject"})


def place_of(key: str, actor: Actor, route: str) -> Place:
    """Return where the answer to a request is kept.

    Raises InvalidInput for a key that is none.
    """
    if not key or len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        raise InvalidInput(f"{HEADER}: 1 to {MAX_KEY} printable ASCII characters are expected")
    return Place(actor=f"{actor.authority}/{actor.user}", route=route, key=key)


def answered_before(tx: Transaction, seal: Seal, place: Place, request: bytes) -> Response | None:
    """Return the answer that this very request had before, or None when it is the first.

    - `request`: query and body.

    Raises InvalidInput where the key was used for another request.
    """
    digest = hashlib.sha256(request).digest()
    kept = idempotency.take(tx, place, digest, now=clock.now())
    if kept is None:
        return None
    if kept.body_hash != digest:
        raise InvalidInput(f"{HEADER}: it was used for another request; take a new one")
    opened = seal.open(kept.answer, *_bound(place))
    if opened is None:
        raise InvalidInput(f"{HEADER}: the answer kept under it cannot be read; take a new one")
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
            if name in _NAMES_OF_IDS and isinstance(value, str):
                yield value
            else:
                yield from _ids_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from _ids_in(value)
