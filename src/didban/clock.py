"""The only place that asks what time it is, so that everything else can be given a time in tests."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # this is the one place


def today() -> date:
    """Return the present date in UTC."""
    return now().date()
