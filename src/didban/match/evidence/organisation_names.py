"""What two names of organisations, ships or aircraft say.

A rare word that agrees says much, a generic one (trade, bank, group) little. A place or a number
that differs tells branches, funds and units apart; a generic word more or less is often habit. A
legal form that is left out says nothing, another one a little.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from didban.match.evidence import parameters as p
from didban.match.evidence.likeness import CUTOFF, likeness, similarity
from didban.match.evidence.names import alike
from didban.match.evidence.particulars import Explanation
from didban.match.evidence.world import band
from didban.match.features import Quality
from didban.match.kernels import constants as k
from didban.match.organisations.tables import WordKind
from didban.match.organisations.words import is_mark, kind_of_word, read, share_of_word
from didban.match.spelling.distances import SCALE
from didban.match.spelling.scripts import script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from didban.match.evidence.names import QueryName
    from didban.match.features import Name
    from didban.match.organisations.tables import LegalForm

_ANY_COMPANY: Final = "company"
_COMPANIES: Final = frozenset({"limited", "stock", "partnership"})
_SEVERAL: Final = 2
_MANY: Final = 3
_ABBREVIATION: Final = 3
_SAME_SOUND: Final = 1
"""Up to this band words sound the same."""

_ASIDE: Final = re.compile(r"[(\[/]")
"""What a remark in a name begins with."""

_COMBINING: Final = re.compile(
    r"(?:agro|auto|ele[ck]tro|energo|euro|inter|metal|micro|multi|petro|te[ck]h?no|tekhno|tele|trans)"
    r"(?=...)"
)
"""What names of one word are put together with: Petropars and Petroplus share what many have."""

_Agreeing = dict[int, tuple[int, int]]
"""Words that agree: position -> position on the other side, band of similarity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFindings:
    """What two names of organisations have in common, before it is weighed.

    - `agreed`: the sum of -ln(share of names) of the words that agree, each by its similarity (see
      `parameters.NAME_SHARE`), generic words, places and numbers by `parameters.COMMON_WORD` too.
    - `agreeing`: how many words agree; `words`: how many of them are words of its own; `nearest`: the
      band of that which agrees least.
    - `against`: the kinds of the words that contradict each other; `alone`: the words that are on one
      side only, without those in brackets (`has_asides`); `is_mixed`: both sides have generic ones.
    - `other_form`: whether both state legal forms, and of different kinds; `other_law`: and but one of
      them is a company.
    - `initials`: how many letters of one name are the initials of the other, where that is compared.
    """

    agreed: float = 0.0
    agreeing: int = 0
    words: int = 0
    nearest: int = 0
    against: tuple[WordKind, ...] = ()
    alone: tuple[str, ...] = ()
    is_mixed: bool = False
    has_asides: bool = False
    other_form: bool = False
    other_law: bool = False
    is_weak: bool = False
    initials: int | None = None

    @property
    def weight(self) -> float:
        """The evidence in log-odds."""
        if self.initials is not None:
            return p.INITIALS.get(self.initials, p.LEAST_NAME)
        agreed = self._agreed()
        if self._are_sisters:
            agreed = min(agreed, p.SISTERS)
        total = (
            agreed
            + sum(p.WORDS_AGAINST[kind] for kind in self.against)
            + sum(map(_of_word_alone, self.alone))
            + self.has_asides * p.ASIDE
            + self.other_form * p.OTHER_FORM
        )
        if self.is_weak and total > 0:
            return total * p.WEAK_NAME
        return max(total, p.LEAST_NAME)

    @property
    def _are_sisters(self) -> bool:
        """Whether what differs makes two of one house: another word, another law, a number."""
        if self.other_law or self.is_mixed or WordKind.WORD in self.against:
            return True
        return any(kind_of_word(word) is WordKind.NUMBER for word in self.alone)

    def _agreed(self) -> float:
        """Return what the words that agree say, and that nothing, or little, is left over."""
        if not self.agreeing or self.against:
            return self.agreed
        is_same = self.nearest <= _SAME_SOUND
        share = 1.0 if is_same else p.NAME_SHARE[self.nearest]
        if not self.alone:
            least = p.SEVERAL_WORDS if is_same and self.agreeing >= _SEVERAL else 0.0
            return max(self.agreed, least) + p.WHOLE["NAME"] * share
        is_known = self.words or self.agreeing >= _MANY
        if is_known and len(self.alone) == 1 and kind_of_word(*self.alone) in _OFTEN_LEFT_OUT:
            return self.agreed + p.WHOLE["CORE"] * share
        return self.agreed


_OFTEN_LEFT_OUT: Final = frozenset({WordKind.GENERIC, WordKind.REGION})


@lru_cache(maxsize=16_384)
def _of_word_alone(word: str) -> float:
    """Return what it says that one side has a word and the other has not.

    A generic one says the less, the more names have it.
    """
    kind = kind_of_word(word)
    if kind is not WordKind.GENERIC:
        return p.WORD_ALONE[kind]
    return p.WORD_ALONE[kind] * max(-math.log(share_of_word(word)) - p.LEFT_OUT_BY_HABIT, 0.0)


def _is_generic(word: str) -> bool:
    return kind_of_word(word) is WordKind.GENERIC


def find(query: QueryName, candidate: Name, pairs: bytes) -> OrganisationFindings:
    """Return what a query's name and a listed name have in common, word by word."""
    name = query.name
    initials = _initials(name, candidate)
    is_weak = candidate.quality is Quality.WEAK
    if initials is not None:
        return OrganisationFindings(initials=initials, is_weak=is_weak)
    agreeing = _agreeing(name, candidate, pairs)
    if not agreeing or (is_mark(name.text) and is_mark(candidate.text) and agreeing[0][1]):
        return OrganisationFindings(against=(WordKind.WORD,), is_weak=is_weak)
    against, alone = _opposed(*_left_over(name.parts, candidate.parts, agreeing))
    asides = _asides(name) | _asides(candidate) if any(alone) else frozenset()
    left, right = ([part for part in own if part not in asides] for own in alone)
    forms = _forms(name, candidate)
    return OrganisationFindings(
        agreed=sum(_information(query, i, near) for i, (_, near) in agreeing.items()),
        agreeing=len(agreeing),
        words=sum(kind_of_word(name.parts[i]) is WordKind.WORD for i in agreeing),
        nearest=max(near for _, near in agreeing.values()),
        against=against,
        alone=(*left, *right),
        is_mixed=any(map(_is_generic, left)) and any(map(_is_generic, right)),
        has_asides=(left, right) != alone,
        other_form=_differ(*forms),
        other_law=_differ(*forms) and _are_of_other_law(*forms),
        is_weak=is_weak,
    )


def _initials(query: Name, candidate: Name) -> int | None:
    """Return how many letters of one name are the other's initials; None where both are words.

    The initials of two names say nothing of each other. A place beside them tells whose they are.
    """
    of_initials = [name.quality is Quality.INITIALS for name in (query, candidate)]
    if not any(of_initials):
        return None
    if all(of_initials):
        return 0
    letters, words = (query, candidate) if of_initials[0] else (candidate, query)
    own = [part for part in words.parts if kind_of_word(part) is not WordKind.PLACE]
    is_same = own == [*letters.parts] and kind_of_word(own[0]) is WordKind.WORD
    return len(own[0]) if is_same else 0


def _agreeing(query: Name, candidate: Name, pairs: bytes) -> _Agreeing:
    """Return the words that agree.

    Two words that were joined for once agree when they are the other word; the whole of two names,
    when only the spaces differ.
    """
    ours, theirs = query.parts, candidate.parts
    if "".join(ours) == "".join(theirs):
        return {i: (min(i, len(theirs) - 1), 0) for i in range(len(ours))}
    found = {}
    for i, part in enumerate(ours):
        position = pairs[2 * i]
        if position == k.NONE:
            continue
        other = theirs[position]
        near = _nearness(part, other, pairs[2 * i + 1])
        is_made = part in query.made or other in candidate.made
        if near is not None and (not is_made or _is_one_word(part, other, near)):
            found[i] = position, near
    return found


def _is_one_word(part: str, other: str, near: int) -> bool:
    """Return whether a word joined of two is the other: the same letters, or sounds elsewhere."""
    return part == other or (near <= _SAME_SOUND and script_of(part) is not script_of(other))


@lru_cache(maxsize=65_536)
def _nearness(part: str, other: str, similar: int) -> int | None:
    """Return the band of similarity of two words, None where they are two.

    - Numbers, marks with a number in them, single letters and generic words are equal or differ.
    - Where one alphabet has both, letters tell beside sounds, and an abbreviation is no other one.
    - What many names are put together with says nothing about which of them it is.
    """
    if part == other:
        return 0
    shorter = min(len(part), len(other))
    is_short = shorter == 1 or (shorter <= _ABBREVIATION and script_of(part) is script_of(other))
    if is_short or any(map(str.isdecimal, part + other)):
        return None
    if WordKind.WORD not in (kind_of_word(part), kind_of_word(other)):
        return None
    nearness = likeness(part, other, similar)
    if common := _COMBINING.match(part):
        one, another = (word.removeprefix(common.group()) for word in (part, other))
        if another != other:
            nearness = min(nearness, likeness(one, another, similarity(one, another)))
    return band(nearness) if nearness >= CUTOFF else None


def _information(query: QueryName, at: int, near: int) -> float:
    """Return what it says that a word agrees so well: -ln(share of names with one so similar)."""
    said = -math.log(max(query.shares[at][near], p.RAREST)) * p.NAME_SHARE[near]
    is_own = kind_of_word(query.name.parts[at]) is WordKind.WORD
    return said if is_own else said * p.COMMON_WORD


def _left_over(
    ours: Sequence[str], theirs: Sequence[str], agreeing: _Agreeing
) -> tuple[list[str], list[str]]:
    """Return the words of each side that have no counterpart on the other."""
    if "".join(ours) == "".join(theirs):
        return [], []
    taken = {position for position, _ in agreeing.values()}
    left = [part for i, part in enumerate(ours) if i not in agreeing]
    return left, [other for j, other in enumerate(theirs) if j not in taken]


def _opposed(
    left: Sequence[str], right: Sequence[str]
) -> tuple[tuple[WordKind, ...], tuple[list[str], list[str]]]:
    """Return which kinds of words contradict each other, and the words of each side that stand alone.

    Generic words do not contradict: each is left out by habit, or is not.
    """
    against, own, other = [], [], [*right]
    for part in left:
        kind = kind_of_word(part)
        counterpart = next((word for word in other if kind_of_word(word) is kind), None)
        if counterpart is None or kind is WordKind.GENERIC:
            own.append(part)
        else:
            other.remove(counterpart)
            against.append(kind)
    return tuple(against), (own, other)


def _asides(name: Name) -> frozenset[str]:
    """Return the words of a name that stand in brackets."""
    return read(name.text).asides if _ASIDE.search(name.text) else frozenset()


def _forms(name: Name, candidate: Name) -> tuple[frozenset[LegalForm], frozenset[LegalForm]]:
    """Return the legal forms of both where both state one, else none."""
    ours = read(name.text).forms
    theirs = read(candidate.text).forms if ours else ours
    return ours, theirs


def _are_of_other_law(ours: Iterable[LegalForm], theirs: Iterable[LegalForm]) -> bool:
    """Return whether one is a company and the other is not: an association, a state's own."""
    one, other = ({form.kind for form in forms} for forms in (ours, theirs))
    return one.isdisjoint(_COMPANIES) is not other.isdisjoint(_COMPANIES)


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
    if _initials(query.name, candidate) is not None:
        return _initials_explained(query, candidate, pairs)
    ours, theirs = query.name.parts, candidate.parts
    agreeing = _agreeing(query.name, candidate, pairs)
    left, right = _left_over(ours, theirs, agreeing)
    words = _words(ours, theirs, agreeing, pairs)
    if left:
        words.append(f"only in the query: {' '.join(left)}")
    if right:
        words.append(f"only in the list: {' '.join(right)}")
    forms = _forms(query.name, candidate)
    if _differ(*forms):
        one, other = (" ".join(sorted(form.name for form in own)) for own in forms)
        words.append(f"another legal form: {one}, {other}")
    if candidate.quality is Quality.WEAK:
        words.append("the list calls this a weak alias")
    return Explanation(
        query=query.name.text,
        candidate=candidate.text,
        similarity=len(agreeing) / (len(agreeing) + max(len(left), len(right))),
        weight=find(query, candidate, pairs).weight if weight is None else weight,
        detail="; ".join(words),
    )


def _words(
    ours: Sequence[str], theirs: Sequence[str], agreeing: _Agreeing, pairs: bytes
) -> list[str]:
    """Return what agrees, in words; of names in which only the spaces differ, the whole."""
    if ours != theirs and "".join(ours) == "".join(theirs):
        return [alike(" ".join(ours), " ".join(theirs), SCALE)]
    return [
        alike(ours[i], theirs[position], pairs[2 * i + 1] if near else SCALE)
        for i, (position, near) in agreeing.items()
    ]


def _initials_explained(query: QueryName, candidate: Name, pairs: bytes) -> Explanation:
    name = query.name if query.name.quality is Quality.INITIALS else candidate
    letters = name.parts[0]
    found = find(query, candidate, pairs)
    is_same = bool(found.initials)
    return Explanation(
        query=query.name.text,
        candidate=candidate.text,
        similarity=float(is_same),
        weight=found.weight,
        detail=f"{letters} are initials of {name.text}" if is_same else "different",
    )
