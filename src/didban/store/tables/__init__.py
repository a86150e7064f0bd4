"""Every table, by room. All share one `MetaData`, which the migrations are held against."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from didban.store.tables.base import metadata

if TYPE_CHECKING:
    from sqlalchemy import MetaData


def catalogue() -> MetaData:
    """Return the catalogue with the tables of every room in it."""
    for room in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{room.name}")
    return metadata
