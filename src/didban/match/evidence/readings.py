"""A part of a name as retrieval looks for it: how it may be read, each reading with its keys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from didban.match.kernels import coarse_keys, forms

if TYPE_CHECKING:
    from didban.match.spelling.phonemes import Form

Reading = tuple["Form", tuple[int, ...]]
"""A form of a part, and its coarse keys."""


@lru_cache(maxsize=65_536)
def readings(part: str) -> tuple[Reading, ...]:
    """Return the readings of one name part, as `phonemes.forms` gives them."""
    return tuple((form, coarse_keys(form)) for form in forms(part))
