"""Whose word a record is, and when another record makes it more certain (PR-10, PR-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.model.marking import InformationEvaluation, SourceEvaluation

if TYPE_CHECKING:
    from didban.model.marking import Marking

_SOURCES = tuple(SourceEvaluation)  # A, B, C, X: falling
_CERTAINTY = tuple(InformationEvaluation)  # 1 .. 4: falling


def source_of(marking: Marking) -> str:
    """Return the authority whose information it is, through however many it came."""
    return marking.origin[0] if marking.origin else marking.owner


def corroborates(other: Marking, own: Marking) -> bool:
    """Return whether another record makes one's own more certain.

    It does not where both come from one source, through whichever chain: what A told B, B told C
    and C tells A is still A's word alone.
    """
    return source_of(other) != source_of(own) and own.owner not in other.origin


def is_raised(before: Marking, after: Marking) -> bool:
    """Return whether source or information is graded higher than before."""
    source = _SOURCES.index(after.source_evaluation) < _SOURCES.index(before.source_evaluation)
    return source or is_more_certain(before, after)


def is_more_certain(before: Marking, after: Marking) -> bool:
    """Return whether the information is called more certain than before."""
    was = _CERTAINTY.index(before.information_evaluation)
    return _CERTAINTY.index(after.information_evaluation) < was
