"""What is served: the lists with their dates; and a wish to look anew."""

from __future__ import annotations

import hashlib
import json
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from didban.api.parameters import flag
from didban.api.running import run, service_of

if TYPE_CHECKING:
    from starlette.requests import Request


async def get_catalog(request: Request) -> Response:
    """List the datasets of the snapshot, with the time they were read as their version."""
    service = service_of(request)
    snapshot = service.snapshot
    datasets: list[dict[str, Any]] = [
        {
            "name": dataset.name,
            "title": dataset.name,
            "version": _version(dataset.read_at),
            "load": True,
            "entities_url": None,
            "delta_url": None,
            "namespace": False,
            "index_version": _version(dataset.read_at),
            "index_current": True,
            "children": [],
            "kind": dataset.kind,
            "published_at": dataset.published_at,
            "entity_count": dataset.records,
            "breaks_off": dataset.breaks_off,
            "rejects": dataset.rejects,
        }
        for dataset in snapshot.datasets
    ]
    data = {
        "datasets": datasets,
        "current": [dataset["name"] for dataset in datasets],
        "outdated": [],
        "index_stale": service.freshness.is_expired,
    }
    tag = f'"{hashlib.sha256(json.dumps(data).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if _is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return JSONResponse(data, headers=headers)


def _version(moment: str | None) -> str | None:
    """Return an ISO time as the version of a dataset: `YYYYMMDDHHMMSS`."""
    if moment is None:
        return None
    return "".join(char for char in moment[:19] if char.isdigit())


def _is_known(stated: str, tag: str) -> bool:
    """Return whether a client has this already (RFC 9110, section 13.1.2: weak comparison)."""
    tags = {one.strip().removeprefix("W/") for one in stated.split(",")}
    return bool({tag, "*"} & tags)


async def post_update(request: Request) -> JSONResponse:
    """Look now for newer lists, which the next request would find anyway, and make them searchable.

    Only with the token of the file `serving.update_token_file`; 403 without. With `sync` the answer
    waits until it is done.
    """
    service = service_of(request)
    file = service.settings.serving.update_token_file
    token = file.read_text(encoding="utf-8").strip() if file and file.is_file() else ""
    stated = request.query_params.get("token", "")
    if not token or not compare_digest(token.encode(), stated.encode(errors="replace")):
        raise HTTPException(403, "Invalid token.")
    if flag(request.query_params, "sync"):
        await run(request, lambda service: service.refresh())
        return JSONResponse({"status": "ok"})
    later = BackgroundTask(run, request, lambda service: service.refresh())
    return JSONResponse({"status": "ok"}, background=later)
