"""What a user keeps for themselves: files they opened and watch, and filters of lists by a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.marking import Confidentiality

RECENT_FOR: Final = timedelta(days=30)
"""How long a file stays among those that were opened."""

WATCHED_FOR: Final = timedelta(days=90)
"""How long a file is watched that is not opened any more."""

MOST_RECENT: Final = 20
MOST_WATCHED: Final = 50
MOST_VIEWS: Final = 20  # of one list
MAX_NAME: Final = 40  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A record by which a user opened a file.

    - `opened_at`: the last time; `watched_since`: None where it is not watched.
    """

    record: str
    opened_at: datetime
    watched_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShelf:
    """A file as it stands on a shelf.

    - `shown`: what the user may see of the record in the first step (PR-02).
    - what came since they last opened it, and when, None where nothing did: a version of one of its
      records, a judgement about them, a hit.
    """

    kept: Shelved
    owner: str
    confidentiality: Confidentiality
    shown: Mapping[str, Any]
    changed_at: datetime | None = None
    judged_at: datetime | None = None
    hit_at: datetime | None = None

    @property
    def news_at(self) -> datetime | None:
        """When the newest of it came."""
        came = (self.changed_at, self.judged_at, self.hit_at)
        return max((at for at in came if at is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """A filter of a list under a name. `page`: of which list; `query`: of its address."""

    page: str
    name: str
    query: str
