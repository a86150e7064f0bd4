"""What every route under `/api/v1` stands in: who asks, one transaction, one permission, one answer.

    body ── turn ── transaction ── who asks ── permission ── [kept answer] ── shape ── the function
         ── [answer is kept] ── commit ── the answer is sent

- The transaction is committed before the answer leaves, and rolled back by any error.
- Whoever lacks the permission is refused before anything of the request is looked at.
- A refusal is entered in the audit in a transaction of its own (PR-01, PR-04).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, cast

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import Request

from didban.api import admission, idempotency
from didban.api.text import require_text
from didban.errors import DidbanError
from didban.model.actors import Actor
from didban.model.permissions import Permission
from didban.serving.services import Services
from didban.store.database import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

    from didban.store.idempotency import Place

PREFIX: Final = "/api/v1"
_PERMISSION: Final = "x-permission"
_OPEN: Final = "x-open-because"

_F = TypeVar("_F", bound="Callable[..., Any]")


def needs(permission: Permission) -> Callable[[_F], _F]:
    """Declare what who asks must be permitted to do. Stands below the router's decorator."""
    return _declared(_PERMISSION, str(permission))


def open_because(reason: str) -> Callable[[_F], _F]:
    """Declare that nobody has to be known, and why: sign-in, and little else."""
    return _declared(_OPEN, reason)


def _declared(name: str, value: str) -> Callable[[_F], _F]:
    def declare(function: _F) -> _F:
        function.__dict__["declared"] = {name: value}
        return function

    return declare


class Route(APIRoute):
    """A route that stands in the frame. A function that declares nothing is refused at the start."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        declared = getattr(endpoint, "declared", None)
        if declared is None:
            raise RuntimeError(f"{endpoint.__name__} declares no permission: see api.v1")
        self.permission = Permission(declared[_PERMISSION]) if _PERMISSION in declared else None
        extra = {**declared, **(options.pop("openapi_extra", None) or {})}
        super().__init__(path, endpoint, openapi_extra=extra, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: the framework's handler, in our frame."""
        inner = super().get_route_handler()

        async def answer(request: Request) -> Response:
            await request.body()  # before the turn: a slow sender keeps nobody waiting
            try:
                async with _turns(request):
                    return await self._in_transaction(request, inner)
            except DidbanError as error:
                if (actor := actor_of(request)) is not None:
                    await run_sync(admission.refused, _services(request), actor, self.name, error)
                raise

        return answer

    async def _in_transaction(
        self, request: Request, inner: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response:
        services = _services(request)
        async with contextmanager_in_threadpool(services.database.begin()) as tx:
            request.state.tx = tx
            if self.permission is not None:
                await run_sync(admission.admit, tx, request, self.permission)
            await require_text(request)
            place = await self._place(request)
            if place is None:
                return await inner(request)
            seal = request.app.state.answers
            address = f"{request.url.path}?{request.url.query}\n".encode()
            asked = idempotency.Asked(
                actor=request.state.actor, what=self.name, content=address + await request.body()
            )
            before = await run_sync(idempotency.answered_before, tx, seal, place, asked)
            if before is not None:
                return before
            response = await inner(request)
            await run_sync(idempotency.keep, tx, seal, place, response)
            return response

    async def _place(self, request: Request) -> Place | None:
        """Return where the answer is to be kept, or None where the client gave no key."""
        key = request.headers.get(idempotency.HEADER)
        actor = actor_of(request)
        if key is None or actor is None or request.method != "POST":
            return None
        return idempotency.place_of(key, actor, self.path)


class Router(APIRouter):
    """The routes of one room. Paths begin below `/api/v1`; the first tag names the room.

    `prefix` is another for the paths of existing clients.
    """

    def __init__(self, room: str, *, prefix: str = PREFIX) -> None:
        super().__init__(
            prefix=prefix,
            tags=[room],
            route_class=Route,
            redirect_slashes=False,
            generate_unique_id_function=lambda route: route.name,
            strict_content_type=False,
        )


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


def _turns(request: Request) -> anyio.CapacityLimiter:
    return cast("anyio.CapacityLimiter", request.app.state.turns)


def actor_of(request: Request) -> Actor | None:
    """Return who asks, or None where that is not known (yet)."""
    return getattr(request.state, "actor", None)


async def _who(request: Request) -> Actor:
    return cast("Actor", request.state.actor)


async def _tx(request: Request) -> Transaction:
    return cast("Transaction", request.state.tx)


async def _node(request: Request) -> Services:
    return _services(request)


Who = Annotated[Actor, Depends(_who)]
"""Who asks, for which authority, and why."""

Tx = Annotated[Transaction, Depends(_tx)]
"""The one transaction of the request."""

Node = Annotated[Services, Depends(_node)]
"""The parts of the node: the index, the settings, the secrets."""
