"""The HTTP application of a node: the bank under `/api/v1`, and the paths of existing clients.

request ── envelope ── access (Host, Origin) ── body limit ── route ── frame (api.v1.frame)
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

from didban.api import problems
from didban.api.openapi import describe
from didban.api.sealing import Seal
from didban.api.v1 import routers
from didban.api.v1.frame import PREFIX
from didban.guard.secrets import SecretName
from didban.guard.sessions import Doorkeeper
from didban.serving.access import Access
from didban.serving.body_limit import BodyLimit
from didban.serving.envelope import Envelope

if TYPE_CHECKING:
    from starlette.requests import Request

    from didban.serving.services import Services

__all__ = ["create"]

DESCRIPTION: Final = f"{PREFIX}/openapi.json"


def create(services: Services) -> FastAPI:
    """Return the application that answers from these parts. Opens nothing by itself."""
    app = FastAPI(
        title="Didban node",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # ours stands below; pages of documentation would load foreign scripts
        redirect_slashes=False,
        middleware=[
            Middleware(Envelope, failed=problems.failed),
            Middleware(
                Access, hosts=services.hosts, origins=services.origins, refuse=problems.problem
            ),
            Middleware(BodyLimit, max_bytes=services.settings.serving.max_body_bytes),
        ],
        exception_handlers=problems.HANDLERS,
    )
    secret = services.secrets.get(SecretName.CURSOR)
    app.state.services = services
    app.state.cursors = Seal(secret, "cursors")
    app.state.answers = Seal(secret, "answers")
    app.state.door = Doorkeeper(services.database, services.settings.access, services.secrets)
    app.state.turns = anyio.CapacityLimiter(services.turns)
    for router in routers():
        app.router.routes.extend(router.routes)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    app.add_route(DESCRIPTION, _description, include_in_schema=False)
    return app


async def _description(request: Request) -> JSONResponse:
    app: Any = request.app
    return JSONResponse(app.openapi())
