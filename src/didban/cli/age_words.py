"""The age of the data in words, which every answer says (PR-21), and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.cli.output import counted, span
from didban.screening.freshness import Age

if TYPE_CHECKING:
    from didban.screening.freshness import Freshness


def age_in_words(freshness: Freshness) -> str:
    """Return when the data was built, how long ago that is, and what that means.

    Below it, a line says which lists were not read in full.
    """
    return "\n".join([_age(freshness), *incomplete_in_words(freshness)])


def incomplete_in_words(freshness: Freshness) -> list[str]:
    """Return one line about the lists that were not read in full, or none."""
    gaps = []
    for info in freshness.incomplete:
        refused = f"{counted(info.rejects, 'row', 'rows')} refused"
        said = [*["breaks off"] * info.breaks_off, *[refused] * bool(info.rejects)]
        gaps.append(f"{info.name} ({', '.join(said)})")
    return [f"INCOMPLETE: {'; '.join(gaps)}. Who stood there cannot be found."] if gaps else []


def _age(freshness: Freshness) -> str:
    built = f"Data of {freshness.built_at:%Y-%m-%d %H:%M} UTC"
    if freshness.age.total_seconds() < 0 and freshness.is_expired:
        return f"{built}, which is in the FUTURE: this machine's clock is wrong."
    age = span(freshness.age)
    return {
        Age.FRESH: f"{built}, {age} old.",
        Age.OLD: f"{built}: {age} OLD. Bring it up to date.",
        Age.EXPIRED: f"{built}: {age} old, which is past its hard limit. It can say nothing.",
    }[freshness.state]
