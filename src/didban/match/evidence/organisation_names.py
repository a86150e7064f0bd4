"""What two names of organisations, ships or aircraft say.

A rare word that agrees says much, a generic one (trade, bank, group) little. A place or a number
that differs tells branches, funds and units apart; a generic word more or less is often habit. A
legal form that is left out says nothing, another one a little.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.match.evidence import parameters as p
from didban.match.evidence.likeness import CUTOFF, likeness
from didban.match.evidence.names import alike
from didban.match.evidence.particulars import Explanation
from didban.match.evidence.world import band
from didban.match.features import Quality
from didban.match.kernels import constants as k
from didban.match.organisations.tables import WordKind
from didban.match.organisations.words import kind_of_word, read
from didban.match.spelling.distances import SCALE
from didban.match.spelling.scripts import script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from didban.match.evidence.names import QueryName
    from didban.match.features import Name
    from didban.match.organisations.tables import LegalForm

_ANY_COMPANY: Final = "company"
_SEVERAL: Final = 2
_ABBREVIATION: Final = 3
_SAME_SOUND: Final = 1
_NEARLY_SAME: Final = 4
"""Bands up to which words sound the same, or but for a typing error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFindings:
    """What two names of organisations have in common, before it is weighed.

    - `information`: for each band of similarity, the sum of -ln(share of names) of the words that
      agree so well; `common`: the same of generic words, places and numbers.
    - `parts`: how many words agree; `whole`: the worst band of them, where no word is left over on
      either side, else None.
    - `against`: how many words contradict each other, by kind; `alone`: how many are on one side
      only; `asides`: how many of those stand in brackets.
    - `other_form`: whether both state legal forms, and of different kinds.
    - `initials`: how many letters of one name are the initials of the other, where that is compared.
    """

    information: tuple[float, ...]
    common: tuple[float, ...]
    parts: int
    whole: int | None
    against: Counter[WordKind]
    alone: Counter[WordKind]
    asides: int
    other_form: bool
    is_weak: bool
    initials: int | None = None

    @property
    def weight(self) -> float:
        """The evidence in log-odds."""
        if self.initials is not None:
            return self.initials * p.LETTER_OF_INITIALS or p.LEAST_NAME
        total = self._agreed()
        total += sum(p.WORDS_AGAINST[kind] * count for kind, count in self.against.items())
        total += sum(p.WORD_ALONE[kind] * count for kind, count in self.alone.items())
        total += self.asides * p.ASIDE + self.other_form * p.OTHER_FORM
        if self.is_weak and total > 0:
            return total * p.WEAK_NAME
        return max(total, p.LEAST_NAME)

    def _agreed(self) -> float:
        rows = zip(p.NAME_SHARE, self.information, self.common, strict=True)
        agreed = sum(share * (own + p.COMMON_WORD * common) for share, own, common in rows)
        if self.whole is None:
            return agreed
        share = p.NAME_SHARE[self.whole] if self.whole > _NEARLY_SAME else 1.0
        is_same = self.parts >= _SEVERAL and self.whole <= _SAME_SOUND
        least = p.SEVERAL_WORDS if is_same else 0.0
        return max(agreed, least) + p.WHOLE["NAME"] * share


def find(query: QueryName, candidate: Name, pairs: bytes) -> OrganisationFindings:
    """Return what a query's name and a listed name have in common, word by word."""
    ours, theirs = query.name.parts, candidate.parts
    agreeing = _agreeing(query.name, candidate, pairs)
    initials = _initials(query.name, candidate)
    information, common = [0.0] * k.BANDS, [0.0] * k.BANDS
    for i, (_, near) in agreeing.items():
        table = information if kind_of_word(ours[i]) is WordKind.WORD else common
        table[near] += _information(query, i, near)
    left, right = _left_over(ours, theirs, agreeing)
    against, alone = _opposed(left, right)
    asides = read(query.name.text).asides | read(candidate.text).asides
    return OrganisationFindings(
        information=tuple(information),
        common=tuple(common),
        parts=len(agreeing),
        whole=_whole(agreeing) if agreeing and asides.issuperset(alone) and not against else None,
        against=against,
        alone=Counter(kind_of_word(part) for part in alone if part not in asides),
        asides=sum(part in asides for part in alone),
        other_form=_differ(read(query.name.text).forms, read(candidate.text).forms),
        is_weak=candidate.quality is Quality.WEAK,
        initials=initials,
    )


def _initials(query: Name, candidate: Name) -> int | None:
    """Return how many letters of one name are the other's initials; None where both are words.

    The initials of two names say nothing of each other.
    """
    of_initials = [name.quality is Quality.INITIALS for name in (query, candidate)]
    if not any(of_initials):
        return None
    return 0 if all(of_initials) or query.parts != candidate.parts else len(query.parts[0])


def _agreeing(query: Name, candidate: Name, pairs: bytes) -> dict[int, tuple[int, int]]:
    """Return the words that agree: position -> position on the other side, band of similarity.

    Numbers and single letters agree when they are equal; two words that were joined for once, when
    they are the other word; the whole of two names, when only the spaces differ.
    """
    ours, theirs = query.parts, candidate.parts
    if "".join(ours) == "".join(theirs):
        return {i: (min(i, len(theirs) - 1), 0) for i in range(len(ours))}
    written = {*read(query.text).parts, *read(candidate.text).parts}
    found = {}
    for i, part in enumerate(ours):
        position, similar = pairs[2 * i], pairs[2 * i + 1]
        if position == k.NONE:
            continue
        other = theirs[position]
        near = _nearness(part, other, similar)
        is_joined = part not in written or other not in written
        if near is not None and (not is_joined or _is_one_word(part, other, near)):
            found[i] = position, near
    return found


def _is_one_word(part: str, other: str, near: int) -> bool:
    """Return whether a word joined of two is the other: the same letters, or sounds elsewhere."""
    return part == other or (near <= _SAME_SOUND and script_of(part) is not script_of(other))


def _nearness(part: str, other: str, similar: int) -> int | None:
    """Return the band of similarity of two words, None where they are two.

    Where one alphabet has both, letters tell beside sounds, and an abbreviation is no other one.
    """
    if part == other:
        return 0
    shorter = min(len(part), len(other))
    is_short = shorter == 1 or (shorter <= _ABBREVIATION and script_of(part) is script_of(other))
    if is_short or part.isdecimal() or other.isdecimal():
        return None
    nearness = likeness(part, other, similar)
    return band(nearness) if nearness >= CUTOFF else None


def _whole(agreeing: dict[int, tuple[int, int]]) -> int:
    return max(near for _, near in agreeing.values())


def _information(query: QueryName, at: int, near: int) -> float:
    """Return -ln(share of names that have a word so similar to this one of the query)."""
    return -math.log(max(query.shares[at][near], p.RAREST))


def _left_over(
    ours: Sequence[str], theirs: Sequence[str], agreeing: dict[int, tuple[int, int]]
) -> tuple[list[str], list[str]]:
    """Return the words of each side that have no counterpart on the other."""
    if "".join(ours) == "".join(theirs):
        return [], []
    taken = {position for position, _ in agreeing.values()}
    left = [part for i, part in enumerate(ours) if i not in agreeing]
    return left, [other for j, other in enumerate(theirs) if j not in taken]


def _opposed(left: Sequence[str], right: Sequence[str]) -> tuple[Counter[WordKind], list[str]]:
    """Return which kinds of words stand against each other, and the words that stand alone."""
    against = Counter(map(kind_of_word, left)) & Counter(map(kind_of_word, right))
    alone = []
    for own in (left, right):
        opposed = Counter(against)
        for part in own:
            kind = kind_of_word(part)
            if opposed[kind]:
                opposed[kind] -= 1
            else:
                alone.append(part)
    return against, alone


def _differ(ours: Iterable[LegalForm], theirs: Iterable[LegalForm]) -> bool:
    """Return whether both sides state what they are in law, and no form of one kind."""
    one, other = ({f.kind for f in forms} - {_ANY_COMPANY} for forms in (ours, theirs))
    return bool(one and other) and one.isdisjoint(other)


def explain(
    query: QueryName, candidate: Name, pairs: bytes, *, weight: float | None = None
) -> Explanation:
    """Names, word by word: an agreement counts as much as the word is rare among organisations.

    `weight`: that of `find`, where it is known already.
    """
    ours, theirs = query.name.parts, candidate.parts
    agreeing = _agreeing(query.name, candidate, pairs)
    left, right = _left_over(ours, theirs, agreeing)
    if _initials(query.name, candidate) is not None:
        return _initials_explained(query, candidate, pairs)
    words = [
        alike(ours[i], theirs[position], pairs[2 * i + 1] if near else SCALE)
        for i, (position, near) in agreeing.items()
    ]
    if left:
        words.append(f"only in the query: {' '.join(left)}")
    if right:
        words.append(f"only in the list: {' '.join(right)}")
    forms = [read(name.text).forms for name in (query.name, candidate)]
    if _differ(*forms):
        one, other = (" ".join(sorted(form.name for form in own)) for own in forms)
        words.append(f"another legal form: {one}, {other}")
    if candidate.quality is Quality.WEAK:
        words.append("the list calls this a weak alias")
    return Explanation(
        query=query.name.text,
        candidate=candidate.text,
        similarity=len(agreeing) / max(len(ours), len(theirs)),
        weight=find(query, candidate, pairs).weight if weight is None else weight,
        detail="; ".join(words),
    )


def _initials_explained(query: QueryName, candidate: Name, pairs: bytes) -> Explanation:
    name = query.name if query.name.quality is Quality.INITIALS else candidate
    letters = name.parts[0]
    found = find(query, candidate, pairs)
    is_same = query.name.parts == candidate.parts
    return Explanation(
        query=query.name.text,
        candidate=candidate.text,
        similarity=float(is_same),
        weight=found.weight,
        detail=f"{letters} are initials of {name.text}" if is_same else "different",
    )
