"""Conditions on many values at once: one parameter, one statement, one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, func, literal

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement


def is_one_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these values.

    As one array: a list of 500 parameters is written, read and planned anew each time.
    """
    found: ColumnElement[bool] = column == func.any(literal(list(values), ARRAY(column.type)))
    return found
