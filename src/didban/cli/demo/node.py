"""The second story: a node, and one hit from the scan to its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def tell(folder: Path) -> None:
    """Tell it."""
