"""What the screening index finds for another node, among what it may know of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.errors import Unavailable
from didban.match.modes import Mode
from didban.match.query import query_from_record

if TYPE_CHECKING:
    from didban.model.records import Record
    from didban.screening.live import LiveIndex

_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """The index as the exchange asks it (`exchange.hit_no_hit.Finder`)."""

    index: LiveIndex
    mode: Mode = Mode.BALANCED

    def __call__(self, sought: Record, seen: frozenset[int]) -> list[str]:
        """Return the records that match, most alike first.

        Raises Unavailable where the index is so old that "no hit" cannot be said.
        """
        if self.index.freshness().is_expired:
            raise Unavailable("the screening index is too far behind the bank to answer")
        found = self.index.match(
            query_from_record(sought),
            open_to=seen,
            limit=_MOST,
            threshold=self.mode.threshold,
            mode=self.mode,
        )
        return [match.id for match in found]
