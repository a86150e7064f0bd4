'''The bank over HTTP, one module for each room.

A room's module holds a `router`, the shapes of what it is sent and answers, and thin functions: the
shape becomes a value of the model, a service does the deed, the outcome becomes a shape again.

    """Authorities: who takes part in this bank."""

    from didban.api.v1.frame import Router, Tx, Who, needs
    from didban.api.v1.pages import Given, Page, Paging, Told

    router = Router("authorities")

    class AuthorityTold(Told):
        code: str
        ...
        @classmethod
        def of(cls, authority: Authority) -> AuthorityTold: ...

    @router.post("/authorities", status_code=201)
    @needs(Permission.ACCESS_AUTHORITY_MANAGE)
    def register_authority(tx: Tx, who: Who, new: AuthorityGiven) -> AuthorityTold:
        """Register an authority: from now on it can own records and have users."""
        return AuthorityTold.of(authorities.register(tx, who, ...))

What the frame does, so that no function has to:

- `Who` is the actor behind `Authorization`; its purpose and case or post come with the session or
  token. `@needs(...)` stands *below* the router's decorator; a route without it does not start.
  `@open_because("...")` is for sign-in and its like: there is no `Who` then.
- `Tx` is the request's one transaction. It is committed before the answer leaves, and any error
  undoes it: never commit, never answer an error by hand, raise one of `didban.errors`.
  What must outlive an error (a failed sign-in is counted) goes into `Node.database.begin()`.
- Functions are plain `def`: they run in threads. The name of the function is the operation's id,
  unique in the whole interface; its docstring is the operation's summary and description.
- `Given` refuses fields that it does not know. Put bounds on every text, number and list.
- `shapes` has the shapes that several rooms answer with: a record as it may be seen, hit-no-hit.
- `Paging` pages a long answer (see `pages`); `Node` gives the index, the settings and the secrets.
- `Idempotency-Key` works on every POST without a word here.

A new room is added to `ROOMS`, in alphabetical order.
'''

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.api.v1.frame import Router

ROOMS: Final = (
    "assessments",
    "audit",
    "authorities",
    "carrier_checks",
    "checks",
    "consents",
    "contacts",
    "decisions",
    "devices",
    "exports",
    "graph",
    "hits",
    "match",
    "messages",
    "network",
    "notice_cases",
    "notices",
    "oversight",
    "passengers",
    "peer_checks",
    "peers",
    "person_files",
    "questions",
    "record_life",
    "records",
    "retention",
    "reviews",
    "search",
    "session",
    "shared_records",
    "signals",
    "sources",
    "subject_requests",
    "tokens",
    "users",
)
"""Modules of this package that hold a `router`."""


def routers() -> Iterator[Router]:
    """Yield the router of each room."""
    for room in ROOMS:
        yield importlib.import_module(f"{__name__}.{room}").router
