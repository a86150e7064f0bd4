"""The parameters of requests, read from the query string as existing clients send them.

Unknown parameters are ignored, so that those of other versions do no harm; not on our own paths
(`only`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from didban.api.errors import Fault, Unprocessable
from didban.errors import MAX_QUOTED, nearest, quoted
from didban.match.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.datastructures import QueryParams

    from didban.match.search import Match

DEFAULT_LIMIT = 5
DEFAULT_THRESHOLD = 0.7  # "worth a look", whatever the mode
MAX_EXCLUDED = 50
# Known names of matchers. Ours answers under all of them, and says so in /algorithms; its own modes
# stand beside them.
ALGORITHMS = (
    "best",
    "logic-v2",
    "logic-v1",
    "name-based",
    "name-qualified",
    "regression-v1",
    "ofac",
    *(f"didban-{mode}" for mode in Mode),
)
OF_MATCHING = (
    "limit",
    "threshold",
    "cutoff",
    "algorithm",
    "include_dataset",
    "exclude_dataset",
    "exclude_schema",
    "topics",
    "changed_since",
    "exclude_entity_ids",
)
_WHOLE = re.compile(r"-?[0-9]{1,9}")  # longer ones are beyond every bound, and slow to read
_YES = frozenset({"true", "1", "yes", "on", "t", "y"})
_NO = frozenset({"false", "0", "no", "off", "f", "n"})
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a request wants.

    - `cutoff`: results of this score and below are left out.
    - `mode`: the one that the algorithm's name states, or None for that of the server.
    """

    limit: int = DEFAULT_LIMIT
    threshold: float = DEFAULT_THRESHOLD
    cutoff: float = DEFAULT_THRESHOLD
    mode: Mode | None = None
    datasets: frozenset[str] | None = None
    exclude_schemata: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    changed_since: str | None = None
    exclude_ids: frozenset[str] = frozenset()

    def reaching(self, cutoff: float) -> Parameters:
        """Return the same with another cutoff."""
        return replace(self, cutoff=cutoff)

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

    - 404 for a scope that is neither `default` nor a known dataset; 400 for an unknown algorithm; 422
      for a number, date or list that is out of its bounds.
    """
    algorithm = algorithm_of(query)
    mode = mode_of(algorithm)
    usual = mode.threshold if mode else DEFAULT_THRESHOLD
    threshold = number(query, "threshold", usual)
    excluded = frozenset(several(query, "exclude_entity_ids", most=MAX_EXCLUDED))
    return Parameters(
        limit=whole(query, "limit", DEFAULT_LIMIT, between=(1, max_limit)),
        threshold=threshold,
        cutoff=min(threshold, number(query, "cutoff", usual)),
        mode=mode,
        datasets=datasets_of(query, scope, known),
        exclude_schemata=frozenset(query.getlist("exclude_schema")),
        topics=frozenset(query.getlist("topics")),
        changed_since=moment(query, "changed_since"),
        exclude_ids=excluded,
    )


def only(query: QueryParams, known: Iterable[str]) -> None:
    """Refuse, with 422, a parameter that there is not: what it was to narrow would not be narrowed."""
    names = tuple(known)
    for name in query:
        if name not in names:
            raise _fault(name[:MAX_QUOTED], f"there is no such parameter{nearest(name, names)}")


def algorithm_of(query: QueryParams) -> str:
    """Return the algorithm that a request names; 400 for one that is not known."""
    name = query.get("algorithm", "best").strip().lower()
    if name not in ALGORITHMS:
        raise HTTPException(400, f"Invalid algorithm: {quoted(name)}{nearest(name, ALGORITHMS)}")
    return name


def mode_of(algorithm: str) -> Mode | None:
    """Return the mode that an algorithm's name states, or None."""
    name = algorithm.removeprefix("didban-")
    return Mode(name) if name != algorithm else None


def datasets_of(query: QueryParams, scope: str, known: Iterable[str]) -> frozenset[str] | None:
    """Return the datasets to search, or None for all; the set may be empty.

    404 for a scope that is neither `default` nor a known dataset. A dataset that is included and
    not there adds nothing.
    """
    every = frozenset(known)
    if scope != "default" and scope not in every:
        raise HTTPException(404, f"No such dataset{nearest(scope, (*every, 'default')) or '.'}")
    include = frozenset(query.getlist("include_dataset"))
    chosen = every if scope == "default" else frozenset({scope})
    chosen = (chosen & include if include else chosen) - set(query.getlist("exclude_dataset"))
    is_all = chosen == every and not include
    return None if is_all else chosen


def whole(query: QueryParams, name: str, default: int, *, between: tuple[int, int]) -> int:
    """Return a whole number of the query; 422 where it is none, or out of its bounds."""
    text = query.get(name, str(default)).strip()
    least, most = between
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise _fault(name, f"a whole number from {least} to {most} is expected")
    return int(text)


def number(query: QueryParams, name: str, default: float) -> float:
    """Return a number from 0 to 1 of the query; 422 for any other."""
    try:
        value = float(query.get(name, default))
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise _fault(name, "a number from 0 to 1 is expected")
    return value


def flag(query: QueryParams, name: str, *, default: bool = False) -> bool:
    """Return a yes or no of the query; 422 for what is neither."""
    text = query.get(name, "yes" if default else "no").strip().lower()
    if text not in _YES | _NO:
        raise _fault(name, "true or false is expected")
    return text in _YES


def moment(query: QueryParams, name: str) -> str | None:
    """Return a date or time of the query, or None; 422 for any other text."""
    text = query.get(name)
    if text is not None and not _MOMENT.fullmatch(text):
        raise _fault(name, "write YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS")
    return text


def several(query: QueryParams, name: str, *, most: int) -> list[str]:
    """Return the values of a parameter that repeats, each once; 422 for more than `most`."""
    values = list(dict.fromkeys(query.getlist(name)))
    if len(values) > most:
        raise _fault(name, f"at most {most} values are taken")
    return values


def one_of(
    query: QueryParams, name: str, known: Iterable[str], default: Iterable[str]
) -> list[str]:
    """Return the values of a parameter that repeats, each once; 422 for one that is not known."""
    chosen = list(dict.fromkeys(query.getlist(name))) or list(default)
    if unknown := set(chosen) - set(known):
        raise _fault(name, f"{len(unknown)} of the values are not known")
    return chosen


def _fault(name: str, message: str) -> Unprocessable:
    return Unprocessable(Fault(kind="value_error", place=("query", name), message=message))
