"""`GET /algorithms`: under which names matching is offered, and what is known of how well it does."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import JSONResponse

from didban.api.parameters import ALGORITHMS, mode_of
from didban.api.running import service_of
from didban.match.scoring import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

CONFIG: Final[Mapping[str, float | str | None]] = {
    "nm_name_property": None,
    "nm_number_mismatch": 0.3,
    "nm_extra_query_name": 0.8,
    "nm_extra_result_name": 0.2,
    "nm_family_name_weight": 1.3,
    "nm_fuzzy_cutoff_factor": 1.0,
}
"""Settings of another matcher that clients send, with its defaults. Ours has no use for them."""

_NAME_DOC: Final = "The name, in any script: its parts, their sounds, and how rare they are."
_OURS: Final = (
    "Didban's own matcher. It answers under this name so that existing clients work unchanged:"
    " log-odds of evidence from a stated prior; 0.7 and above means worth a look."
)
_MODE: Final = (
    "Didban's own matcher in the mode `{mode}`: a match from score {threshold} on, unless the"
    " request names a threshold."
)


def features() -> Mapping[str, str]:
    """Return what each feature of an explanation means, as officers are told."""
    said = {name: (function.__doc__ or "").split("\n")[0] for name, function in FEATURES.items()}
    return {"name": _NAME_DOC, **said}


async def get_algorithms(request: Request) -> JSONResponse:
    """List the names under which matching is offered; behind all of them is one matcher."""
    mode = service_of(request).mode
    algorithms = [_algorithm(name) for name in ALGORITHMS if name != "best"]
    return JSONResponse(
        {"algorithms": algorithms, "default": "best", "best": f"didban-{mode.value}"}
    )


def _algorithm(name: str) -> dict[str, Any]:
    mode = mode_of(name)
    said = _OURS if mode is None else _MODE.format(mode=mode.value, threshold=mode.threshold)
    described = {
        feature: {"description": text, "coefficient": 1.0, "url": ""}
        for feature, text in features().items()
    }
    config = {
        key: {
            "type": "string" if default is None else "float",
            "description": "Taken, without effect.",
            "default": default,
        }
        for key, default in CONFIG.items()
    }
    docs = {"name": name, "description": said, "config": config, "features": described}
    algorithm = {"name": name, "description": said, "features": described, "docs": docs}
    return algorithm if mode is None else {**algorithm, "measured": asdict(mode.measured)}
