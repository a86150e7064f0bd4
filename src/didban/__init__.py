"""Didban: cross-border police information exchange.

    from didban import Screener

The package itself imports nothing heavy: `Screener` is loaded when it is first asked for, so that
commands which need no matching start at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from didban.screening.screener import Screener

__all__ = ["Screener", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load `Screener` on first use (PEP 562)."""
    if name == "Screener":
        from didban.screening.screener import Screener  # noqa: PLC0415 - see above

        return Screener
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
