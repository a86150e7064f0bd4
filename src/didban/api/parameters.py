"""The parameters of `POST /match`, read from the query string as existing clients send them.

Unknown parameters are ignored, so that those of other versions do no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from didban.api.errors import Fault, Unprocessable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.datastructures import QueryParams

    from didban.match.search import Match

DEFAULT_LIMIT = 5
DEFAULT_THRESHOLD = 0.7  # "worth a look", whatever the mode
MAX_EXCLUDED = 50
# Known names of matchers. Ours answers under all of them, and says so in /algorithms.
ALGORITHMS = (
    "best",
    "logic-v2",
    "logic-v1",
    "name-based",
    "name-qualified",
    "regression-v1",
    "ofac",
)
_WHOLE = re.compile(r"[0-9]{1,9}")  # longer ones are beyond every bound, and slow to read
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a request wants. `cutoff`: results of this score and below are left out."""

    limit: int = DEFAULT_LIMIT
    threshold: float = DEFAULT_THRESHOLD
    cutoff: float = DEFAULT_THRESHOLD
    datasets: frozenset[str] | None = None
    exclude_schemata: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    changed_since: str | None = None
    exclude_ids: frozenset[str] = frozenset()

    @property
    def is_filtered(self) -> bool:
        """Whether results are taken out after the search."""
        return bool(self.exclude_schemata or self.topics or self.changed_since or self.exclude_ids)

    def lets_through(self, match: Match) -> bool:
        """Whether a result passes the filters."""
        record = match.record
        if record.schema in self.exclude_schemata:
            return False
        if self.topics and self.topics.isdisjoint(record.values("topics")):
            return False
        if self.changed_since and (record.last_change or "") <= self.changed_since:
            return False
        return self.exclude_ids.isdisjoint((record.id, *record.referents))


def read_parameters(
    query: QueryParams, scope: str, known: Iterable[str], *, max_limit: int
) -> Parameters:
    """Return the parameters of a request to this scope.

    - 404 for a scope that is neither `default` nor a known dataset; 400 for an unknown algorithm, and
      where no dataset is left to search; 422 for a number, date or list that is out of its bounds.
    """
    datasets = _datasets(query, scope, frozenset(known))
    algorithm = query.get("algorithm", "best").strip().lower()
    if algorithm not in ALGORITHMS:
        raise HTTPException(400, f"Unknown algorithm: {query['algorithm']!r}")
    threshold = _number(query, "threshold", DEFAULT_THRESHOLD)
    excluded = frozenset(query.getlist("exclude_entity_ids"))
    if len(excluded) > MAX_EXCLUDED:
        raise _fault("exclude_entity_ids", f"at most {MAX_EXCLUDED} ids can be excluded")
    since = query.get("changed_since")
    if since is not None and not _MOMENT.fullmatch(since):
        raise _fault("changed_since", "write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS")
    return Parameters(
        limit=_limit(query, max_limit),
        threshold=threshold,
        cutoff=min(threshold, _number(query, "cutoff", DEFAULT_THRESHOLD)),
        datasets=datasets,
        exclude_schemata=frozenset(query.getlist("exclude_schema")),
        topics=frozenset(query.getlist("topics")),
        changed_since=since,
        exclude_ids=excluded,
    )


def _datasets(query: QueryParams, scope: str, known: frozenset[str]) -> frozenset[str] | None:
    """Return the datasets to search, or None for all."""
    if scope != "default" and scope not in known:
        raise HTTPException(404, f"No such dataset: {scope}")
    include = frozenset(query.getlist("include_dataset"))
    exclude = frozenset(query.getlist("exclude_dataset"))
    for name in include | exclude:
        if name not in known:
            raise HTTPException(404, f"No such dataset: {name}")
    chosen = known if scope == "default" else frozenset({scope})
    chosen = (chosen & include if include else chosen) - exclude
    if known and not chosen:
        raise HTTPException(400, "The parameters leave no dataset to search.")
    return None if chosen == known else chosen


def _limit(query: QueryParams, most: int) -> int:
    text = query.get("limit", str(DEFAULT_LIMIT)).strip()
    if not _WHOLE.fullmatch(text) or not 0 < int(text) <= most:
        raise _fault("limit", f"a whole number from 1 to {most} is expected")
    return int(text)


def _number(query: QueryParams, name: str, default: float) -> float:
    try:
        value = float(query.get(name, default))
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise _fault(name, "a number from 0 to 1 is expected")
    return value


def _fault(name: str, message: str) -> Unprocessable:
    return Unprocessable(Fault(kind="value_error", place=("query", name), message=message))
