"""What is served: health, the lists with their dates, and how matching is done."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from didban.api.bodies import CONFIG_KEYS
from didban.api.parameters import ALGORITHMS
from didban.errors import DidbanError
from didban.match import evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from didban.api.service import Service

_NAME_DOC = "The name, in any script: its parts, their sounds, and how rare they are."
_OURS = (
    "Didban's own matcher. It answers under this name so that existing clients work unchanged:"
    " log-odds of evidence from a stated prior; 0.7 and above means worth a look."
)


def features() -> Mapping[str, str]:
    """Return what each feature of an explanation means, as officers are told."""
    functions: dict[str, Callable[..., Any]] = {
        "document": evidence.document,
        "birth_date": evidence.birth_date,
        "sex": evidence.sex,
        "country": evidence.country,
    }
    said = {name: (function.__doc__ or "").split("\n")[0] for name, function in functions.items()}
    return {"name": _NAME_DOC, **said}


async def get_health(_request: Request) -> JSONResponse:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})


async def get_readiness(request: Request) -> JSONResponse:
    """Say whether checks can be answered: 503 when the snapshot is gone or past its hard limit."""
    service: Service = request.app.state.service
    try:
        is_ready = not service.freshness.is_expired
    except DidbanError:
        is_ready = False
    if is_ready:
        return JSONResponse({"status": "ok"})
    return JSONResponse({"detail": "the snapshot cannot answer: it is damaged or too old"}, 503)


async def get_algorithms(_request: Request) -> JSONResponse:
    """List the names under which matching is offered; behind all of them is one matcher."""
    described = {
        name: {"description": text, "coefficient": 1.0, "url": ""}
        for name, text in features().items()
    }
    config = {
        key: {"type": "float", "description": "taken, without effect", "default": None}
        for key in CONFIG_KEYS
    }
    algorithms = [
        {
            "name": name,
            "description": _OURS,
            "features": described,
            "docs": {"name": name, "description": _OURS, "config": config, "features": described},
        }
        for name in ALGORITHMS
        if name != "best"
    ]
    return JSONResponse({"algorithms": algorithms, "default": "best", "best": "logic-v2"})


async def get_catalog(request: Request) -> Response:
    """List the datasets of the snapshot, with the time they were read as their version."""
    service: Service = request.app.state.service
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
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return JSONResponse(data, headers=headers)


def _version(moment: str | None) -> str | None:
    """Return an ISO time as the version of a dataset: `YYYYMMDDHHMMSS`."""
    if moment is None:
        return None
    return "".join(char for char in moment[:19] if char.isdigit())
