"""How a setting is declared: its default, what it is for, its unit and its bounds."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Final

MAX_HOURS: Final = 24 * 366 * 100.0


def option(
    default: Any, why: str, *, unit: str = "", between: tuple[float, float] | None = None
) -> Any:
    """Declare one setting; `why` and `unit` are what its documentation says.

    `between`: the least and the highest number that it may be.
    """
    return field(default=default, metadata={"why": why, "unit": unit, "between": between})
