"""What two names say: which parts agree, how rare they are, and which contradict each other."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from didban.match.evidence import compiled
from didban.match.evidence import parameters as p
from didban.match.evidence.compiled import pair_names
from didban.match.evidence.pairing import Descent, How, descent, fathers, is_byname
from didban.match.evidence.particulars import Explanation
from didban.match.evidence.world import band
from didban.match.features import Name, Quality
from didban.match.kernels import Asked
from didban.match.kernels import constants as k
from didban.match.spelling.distances import SCALE
from didban.match.spelling.scripts import script_of
from didban.match.spelling.tokens import FIRST_HALVES, TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from didban.match.evidence.pairing import Agreed, Pairing

_WORTH_NOTHING: Final = TITLES | FIRST_HALVES
"""Parts that a name may have or not have without being another name."""


@dataclass(frozen=True, slots=True)
class QueryName:
    """A name that is looked for, with what the index knows of its parts.

    - `shares[i][b]`: share of all listed names that have a part as similar to part i as band b.
    - `of_person`: people share names; an organisation or a ship rarely has another's.
    - `spared[i]`: how much less part i says for being commoner in the world than on the lists; empty
      where there is no list.
    """

    name: Name
    shares: tuple[tuple[float, ...], ...]
    of_person: bool
    spared: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class NameFindings:
    """What two names have in common, before it is weighed.

    - `information`: for each band of similarity, the sum of -ln(share of names) of the parts that
      agree so well.
    - `culture`: the share of `parameters.SAME_CULTURE` that counts.
    - `spelled`: parts that agree to the letter; `respelled`: parts that agree, of one script, and do
      not.
    - `initials`: single letters that fit; `nicknames`: familiar forms of a given name; `cut`: parts
      of which one side has the beginning; `mistyped`: parts that slips of the finger may have made.
    - `contradicted`: parts on both sides without counterpart; `extra`, `missing`: such parts on the
      query's or on the listed side alone; `bynames`: such parts on either side that are named after
      a father (-ovich) or a child (Abu), or are a link in a line of fathers.
    - `father`: both names make the same one the father.
    - `whole`: whose whole name agrees (see `parameters.WHOLE`), in nearly the same sounds, with
      nothing left over on either side; empty where it does not.
    """

    information: tuple[float, ...]
    culture: float
    spelled: int
    respelled: int
    initials: int
    nicknames: int
    cut: int
    mistyped: int
    contradicted: int
    extra: int
    missing: int
    bynames: int
    father: bool
    is_weak: bool
    whole: str

    @property
    def terms(self) -> dict[str, float]:
        """What is weighed: the name of a weight (see `parameters`) -> how often it counts."""
        agreed: dict[str, float] = {
            **{f"NAME_SHARE[{near}]": value for near, value in enumerate(self.information)},
            "SAME_CULTURE": self.culture,
            "SPELLED": self.spelled,
            "RESPELLED": self.respelled,
            "INITIAL": self.initials,
            "NICKNAME": self.nicknames,
            "BEGINNING": self.cut,
            "FATHER": float(self.father),
        }
        if self.contradicted and self._agreed > p.RELATIVES:
            agreed = {"RELATIVES": 1.0}
        return agreed | {
            "MISTYPED": self.mistyped,
            "CONTRADICTED": self.contradicted,
            "EXTRA_IN_QUERY": self.extra,
            "EXTRA_IN_CANDIDATE": self.missing,
            "BYNAME": self.bynames,
            f"WHOLE[{self.whole}]": float(bool(self.whole)),
        }

    @property
    def weight(self) -> float:
        """The evidence in log-odds."""
        agreed = self._agreed
        if self.contradicted:
            agreed = min(agreed, p.RELATIVES)
        total = (
            agreed
            + self.mistyped * p.MISTYPED
            + self.contradicted * p.CONTRADICTED
            + self.extra * p.EXTRA_IN_QUERY
            + self.missing * p.EXTRA_IN_CANDIDATE
            + self.bynames * p.BYNAME
            + p.WHOLE[self.whole]
        )
        if self.is_weak and total > 0:
            return total * p.WEAK_NAME
        return max(total, p.LEAST_NAME)

    @property
    def _agreed(self) -> float:
        """What the parts that agree say by themselves."""
        similar = _added_up(map(operator.mul, self.information, p.NAME_SHARE))
        written = self.spelled * p.SPELLED + self.respelled * p.RESPELLED
        others = self.initials * p.INITIAL + self.nicknames * p.NICKNAME + self.cut * p.BEGINNING
        return similar + self.culture * p.SAME_CULTURE + written + others + self.father * p.FATHER


def find(query: QueryName, candidate: Name, pairs: bytes) -> NameFindings:
    """Return what a query's name and a listed name have in common, part by part."""
    pairing = pair_names(query.name, candidate, pairs)
    information = [0.0] * k.BANDS
    ways = [0] * len(How)
    for found in pairing.agreed:
        ways[found.how] += max(len(found.ours), len(found.theirs))
        if found.how is How.ALIKE:
            nearest = band(found.similarity)
            share = min(query.shares[i][nearest] for i in found.ours)
            information[nearest] -= math.log(max(share, p.RAREST))
    spelled, respelled = _spelled(query.name.parts, candidate.parts, pairing)
    told = descent(query.name, candidate, pairing)
    (ours, own), (theirs, listed) = _unmatched(query.name, candidate, pairing)
    both = min(ours, theirs)
    own, listed = min(own, ours - both), min(listed, theirs - both)
    is_whole = not (ours or theirs) and ways[How.ALIKE] == sum(ways)
    return NameFindings(
        information=tuple(information),
        culture=_culture(query, pairing) if any(information) else 0.0,
        spelled=spelled,
        respelled=respelled,
        initials=ways[How.INITIAL],
        nicknames=ways[How.NICKNAME],
        cut=ways[How.CUT],
        mistyped=ways[How.MISTYPED],
        contradicted=both + (told is Descent.CROSSED),
        extra=ours - both - own,
        missing=0 if _is_address(query.name) else theirs - both - listed,
        bynames=own + listed,
        father=told is Descent.SAME,
        is_weak=candidate.quality is Quality.WEAK,
        whole=_whole(query, information) if is_whole else "",
    )


def ready(query: QueryName) -> Asked | None:
    """Return a name ready to be weighed against many, as `find` does; None where Python has to do it.

    That is an organisation's, and one that tells whose son somebody is: there the text is read.
    """
    known = compiled.names()
    if known is None or query.name.of_organisation or fathers(query.name.text):
        return None
    return Asked(known, query)


def _spelled(parts: Sequence[str], others: Sequence[str], pairing: Pairing) -> tuple[int, int]:
    """Return how many parts agree to the letter, and how many others agree that are of one script."""
    pairs = [
        (parts[found.ours[0]], others[found.theirs[0]])
        for found in pairing.agreed
        if found.how is How.ALIKE and len(found.ours) == len(found.theirs)
    ]
    same = sum(one == other for one, other in pairs)
    return same, sum(script_of(one) is script_of(other) for one, other in pairs) - same


def _culture(query: QueryName, pairing: Pairing) -> float:
    """Return the share of `parameters.SAME_CULTURE` that counts: no more than the world took away."""
    if not query.spared:
        return 1.0
    agreed = (i for found in pairing.agreed if found.how is How.ALIKE for i in found.ours)
    return min(1.0, _added_up(query.spared[i] for i in agreed) / p.SAME_CULTURE)


def _added_up(values: Iterable[float]) -> float:
    """Return the sum of values, added up one after the other, as the compiled twin does.

    (`sum` rounds otherwise from Python 3.12 on.)
    """
    return reduce(operator.add, values, 0.0)


def _unmatched(name: Name, listed: Name, pairing: Pairing) -> tuple[tuple[int, int], ...]:
    """Return for each side how many parts stand alone, and how many of these are bynames."""
    if not pairing.alone and not pairing.listed_alone:
        return (0, 0), (0, 0)
    lines = fathers(name.text), fathers(listed.text)
    counts = []
    for one, line, places in zip(
        (name, listed), lines, (pairing.alone, pairing.listed_alone), strict=True
    ):
        alone = [part for i in places if (part := one.parts[i]) not in _WORTH_NOTHING]
        links = line if all(lines) else ()
        counts.append((len(alone), sum(is_byname(part) or part in links for part in alone)))
    return tuple(counts)


def _is_address(name: Name) -> bool:
    """Return whether a name is a title and one part: so are people called who have more of them."""
    titles = sum(part in TITLES for part in name.parts)
    return titles > 0 and len(name.parts) - titles == 1


def _whole(query: QueryName, information: Sequence[float]) -> str:
    """Return whose name it is that agrees as a whole; empty if it does not."""
    if any(information[p.NEARLY_SAME :]):
        return ""
    if not query.of_person:
        return "NAME"
    parts = sum(part not in TITLES for part in query.name.parts)
    return "PERSON" if parts > 1 else "SINGLE"


def explain(
    query: QueryName, candidate: Name, pairs: bytes, *, weight: float | None = None
) -> Explanation:
    """Names, part by part: an agreement counts as much as the part is rare on the lists.

    `weight`: that of `find`, where it is known already.
    """
    parts, others = query.name.parts, candidate.parts
    pairing = pair_names(query.name, candidate, pairs)
    words = [_words(parts, others, found) for found in pairing.agreed]
    if pairing.alone:
        words.append(f"only in the query: {' '.join(parts[i] for i in pairing.alone)}")
    if pairing.listed_alone:
        words.append(f"only in the list: {' '.join(others[j] for j in pairing.listed_alone)}")
    told = descent(query.name, candidate, pairing)
    if told is not Descent.UNTOLD:
        words.append(_OF_DESCENT[told])
    if candidate.quality is Quality.WEAK:
        words.append("the list calls this a weak alias")
    return Explanation(
        query=query.name.text,
        candidate=candidate.text,
        similarity=_overall(parts, others, pairing),
        weight=find(query, candidate, pairs).weight if weight is None else weight,
        detail="; ".join(words),
    )


_OF_DESCENT: Final = {
    Descent.SAME: "both tell the same father",
    Descent.CROSSED: "whose son is whose is the other way round",
}


Apart = tuple[float, ...]
"""How far two names are apart beyond what is weighed; the lesser tuple is the closer name."""


def apart(query: QueryName, candidate: Name, pairs: bytes) -> Apart:
    """Return how far two names are apart: what orders matches of equal score, and nothing else.

    First how little the parts are alike, then the parts out of order, then the words (titles,
    articles) that only one of them writes.
    """
    positions = [p for p in pairs[::2] if p != k.NONE]
    turned = sum(one > other for one, other in pairwise(positions))
    words = abs(len(query.name.text.split()) - len(candidate.text.split()))
    pairing = pair_names(query.name, candidate, pairs)
    alike = _overall(query.name.parts, candidate.parts, pairing)
    return (1.0 - alike, turned, words)


def _overall(parts: Sequence[str], others: Sequence[str], pairing: Pairing) -> float:
    """Return the mean similarity over the parts of the longer name, without regard to rarity."""
    longer = max(len(parts), len(others))
    side = "ours" if len(parts) == longer else "theirs"
    total = sum(found.similarity * len(getattr(found, side)) for found in pairing.agreed)
    return total / SCALE / longer


_DEGREES: Final[tuple[tuple[int, Callable[[str, str], str]], ...]] = (
    (SCALE, lambda a, b: f"{a} = {b}" if a != b else f"{a} is the same"),
    (231, lambda a, b: f"{a} sounds like {b}"),
    (0, lambda a, b: f"{a} is similar to {b}"),
)


_OTHER_WAYS: Final = {
    How.INITIAL: "{} and {}: initials agree",
    How.NICKNAME: "{} and {} are forms of one name",
    How.CUT: "{} and {}: one is the beginning of the other",
    How.MISTYPED: "{} and {}: one may be the other mistyped",
}


def _words(parts: Sequence[str], others: Sequence[str], found: Agreed) -> str:
    part = " ".join(parts[i] for i in found.ours)
    other = " ".join(others[j] for j in found.theirs)
    if found.how in _OTHER_WAYS:
        return _OTHER_WAYS[found.how].format(part, other)
    return alike(part, other, found.similarity)


def alike(part: str, other: str, similarity: int) -> str:
    """Return in words how similar (0..255) two parts are."""
    return next(say(part, other) for least, say in _DEGREES if similarity >= least)
