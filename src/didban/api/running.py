"""How a request reaches what is searched: one at a time, and entered before it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import anyio.to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from didban.api.service import Service

_Answer = TypeVar("_Answer")


def service_of(request: Request) -> Service:
    """Return the service that answers this request."""
    service: Service = request.app.state.service
    return service


async def run(request: Request, work: Callable[[Service], _Answer]) -> _Answer:
    """Return what the work comes to, once the disk has what it entered in the check log.

    The work runs in a thread, and no other beside it: the snapshot's caches are not for several, and
    two searches at once would only take turns at the interpreter. All of it sees one snapshot.
    """
    service = service_of(request)

    def at_one_moment() -> _Answer:
        with service.one_moment():
            return work(service)

    answer = await anyio.to_thread.run_sync(at_one_moment, limiter=request.app.state.searching)
    await service.synced()
    return answer
