"""The kernels in plain Python: the definition of what the compiled ones compute.

Obviously correct before fast; also what runs where no compiler was found.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from didban.match.kernels import constants as k
from didban.match.spelling.distances import (
    INSERTION,
    SCALE,
    SLOPE,
    SUBSTITUTION,
    TRANSPOSITION,
    weight,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from didban.match.spelling.phonemes import Form

_SYMBOLS = 32
_SHORT = 6
_MIN_FOR_TYPOS = 3


class Expansion(Protocol):
    """The parts of the index that are similar to one query part."""

    @property
    def tokens(self) -> tuple[int, ...]:
        """Their numbers, by falling similarity, then number."""

    @property
    def similarities(self) -> bytes:
        """The similarity (0..255) of each."""

    @property
    def frequencies(self) -> tuple[int, ...]:
        """`BANDS` cumulative counts of names, see `constants.BANDS`."""

    @property
    def readings(self) -> tuple[Form, ...]:
        """The readings of the part itself."""

    def nearest(self, least: int) -> tuple[int, ...]:
        """Return those of the tokens whose similarity is at least this."""


@dataclass(frozen=True, slots=True)
class _Expansion:
    tokens: tuple[int, ...]
    similarities: bytes
    frequencies: tuple[int, ...]
    readings: tuple[Form, ...]

    def nearest(self, least: int) -> tuple[int, ...]:
        return self.tokens[: sum(similarity >= least for similarity in self.similarities)]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query name: what it expands to, how rare it is, and its letter if it is one.

    `initial` is 0, or 1 + the code of the first sound when the part is a single letter.
    """

    expansion: Expansion
    rarity: int
    initial: int = 0


class Found(NamedTuple):
    """One name that retrieval found.

    `pairs[2 * i]` is the position in the name of query part i (255: none), `pairs[2 * i + 1]` their
    similarity; `rank` is the score with what the birth years say.
    """

    record: int
    name: int
    score: int
    rank: int
    pairs: bytes

    @property
    def agreeing(self) -> int:
        """Return how many parts of the query agree."""
        return len(self.pairs) // 2 - self.pairs[::2].count(k.NONE)


def distance(a: bytes, b: bytes, table: int) -> int:
    """Return the weighted edit distance of two forms, in fortieths of a substitution.

    Substitutions, insertions and transpositions of neighbours, each weighed by the sounds
    (Damerau-Levenshtein in its restricted form). `table` 1: one form is unvocalised, one not.
    """
    substitution, insertion = SUBSTITUTION[table], INSERTION[table]
    before: list[int] = []
    row = [0]
    for sound in b:
        row.append(row[-1] + insertion[sound])
    for i, x in enumerate(a):
        current = [row[0] + insertion[x]]
        for j, y in enumerate(b):
            cost = min(
                row[j] + substitution[x * _SYMBOLS + y],
                row[j + 1] + insertion[x],
                current[j] + insertion[y],
            )
            if i and j and x == b[j - 1] and a[i - 1] == y:
                cost = min(cost, before[j - 1] + TRANSPOSITION)
            current.append(cost)
        before, row = row, current
    return row[-1]


def edits(a: bytes | str, b: bytes | str) -> int:
    """Return the unweighted restricted Damerau-Levenshtein distance."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        current = [i + 1]
        for j, y in enumerate(b):
            cost = min(row[j] + (x != y), row[j + 1] + 1, current[j] + 1)
            if i and j and x == b[j - 1] and a[i - 1] == y:
                cost = min(cost, before[j - 1] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]


def letter_mask(codes: bytes) -> int:
    """Return a 32-bit set of the sounds in a form."""
    mask = 0
    for code in codes:
        mask |= 1 << code
    return mask


class Index:
    """Retrieval over the sections of one segment (see `didban.match.index.segments` for their layout)."""

    def __init__(
        self,
        sections: Mapping[str, memoryview],
        classes: int = 65_536,  # noqa: ARG002 - the compiled twin checks the numbers of classes
    ) -> None:
        """Take the sections as they are; nothing is copied."""
        self._s = sections
        self._forms: dict[int, list[int]] | None = None

    # -- parts -----------------------------------------------------------------------------------

    def expand(
        self,
        readings: Sequence[tuple[Form, Sequence[int]]],
        *,
        cutoff: int,
        limit: int,
        prefix: bool = False,
    ) -> Expansion:
        """Return the parts of the index similar to a part with these readings (form, keys).

        - by coarse keys, whatever the script; and by one edit (two beyond six sounds) among forms
          of the same kind of script.
        - a single letter of the index that a part begins with is similar to it.
        - `prefix`: the part was cut off, so that longer parts that begin with it are similar too.
        - at most `limit`, all with a similarity of at least `cutoff`.
        """
        best: dict[int, int] = {}
        token = self._s["form_token"]
        for form, keys in readings:
            own = weight(form.codes)
            for f in self._candidates(form, keys):
                similarity = self._similarity(form, own, f)
                if similarity >= cutoff and similarity > best.get(token[f], 0):
                    best[token[f]] = similarity
            if len(form.codes) > 1 and cutoff <= k.INITIAL_SIMILARITY:
                for f in self._initials(form.codes):
                    best[token[f]] = max(best.get(token[f], 0), k.INITIAL_SIMILARITY)
            if prefix:
                for f in self._beginning_with(form.codes):
                    best[token[f]] = max(best.get(token[f], 0), k.PREFIX_SIMILARITY)
        found = sorted((-similarity, t) for t, similarity in best.items())[:limit]
        return _Expansion(
            tuple(t for _, t in found),
            bytes(-s for s, _ in found),
            self._frequencies((t, -s) for s, t in found),
            tuple(form for form, _ in readings),
        )

    def knows(self, readings: Sequence[tuple[Form, Sequence[int]]]) -> bool:
        """Return whether a part of the index sounds exactly as one of these readings."""
        return any(
            self._similarity(form, weight(form.codes), f) == SCALE
            for form, keys in readings
            for f in self._with_keys(keys)
        )

    def _candidates(self, form: Form, keys: Sequence[int]) -> Iterator[int]:
        yield from self._with_keys(keys)
        if len(form.codes) >= _MIN_FOR_TYPOS:
            yield from self._typos(form)

    def _with_keys(self, keys: Sequence[int]) -> Iterator[int]:
        all_keys, key_form = self._s["key"], self._s["key_form"]
        for key in keys:
            at = bisect_left(all_keys, key)
            while at < len(all_keys) and all_keys[at] == key:
                yield key_form[at]
                at += 1

    def _typos(self, form: Form) -> Iterator[int]:
        most = 1 if len(form.codes) <= _SHORT else 2
        start = self._s["length_start"]
        low = start[max(1, len(form.codes) - most)]
        high = start[min(k.ROW, len(form.codes) + most) + 1]
        mask, unvocalised = self._s["form_mask"], self._s["form_unvocalised"]
        own = letter_mask(form.codes)
        for f in range(low, high):
            if unvocalised[f] == form.unvocalised and (mask[f] ^ own).bit_count() <= 2 * most:
                codes = self._codes(f)
                if edits(form.codes, codes) <= most:
                    yield f

    def _initials(self, codes: bytes) -> Iterator[int]:
        start = self._s["length_start"]
        return (f for f in range(start[1], start[2]) if self._codes(f) == codes[:1])

    def _beginning_with(self, codes: bytes) -> Iterator[int]:
        for f in range(self._s["length_start"][len(codes)], len(self._s["form_length"])):
            if self._codes(f).startswith(codes):
                yield f

    def _codes(self, f: int) -> bytes:
        return bytes(self._s["form_codes"][f * k.ROW : f * k.ROW + self._s["form_length"][f]])

    def _similarity(self, form: Form, own: int, f: int) -> int:
        length = max(own, self._s["form_weight"][f])
        if not length:
            return 0
        table = int(self._s["form_unvocalised"][f] != form.unvocalised)
        return SCALE - SLOPE * distance(form.codes, self._codes(f), table) // length

    def _frequencies(self, found: Iterable[tuple[int, int]]) -> tuple[int, ...]:
        counts = [0] * k.BANDS
        frequency = self._s["token_frequency"]
        for t, similarity in found:
            band = (SCALE - similarity + k.BAND_WIDTH - 1) // k.BAND_WIDTH
            if band < k.BANDS:
                counts[band] += frequency[t]
        return tuple(sum(counts[: b + 1]) for b in range(k.BANDS))

    # -- names -----------------------------------------------------------------------------------

    def search(
        self,
        parts: Sequence[Part],
        *,
        floor: int,
        depth: int,
        allowed: bytes,
        dead: bytes,
        years: tuple[int, int] | None = None,
    ) -> list[Found]:
        """Return the best name of each of the `depth` best records, best first.

        - a name counts when its score is at least `floor` (0..1020) and two parts agree, or the
          only part of the query or of the name.
        - `allowed[c]` says whether records of class c are wanted, `dead` is a bit set of withdrawn
          records, `years` the possible birth years, which only move the rank.
        """
        slots = self._slots(parts)
        best: dict[int, tuple[int, int, Found]] = {}
        for name in self._names_with(slots):
            record = self._s["name_record"][name]
            if dead[record >> 3] >> (record & 7) & 1:
                continue
            if not allowed[self._s["record_class"][record]]:
                continue
            found = self._evaluate(parts, slots, name, record, years)
            enough = min(2, len(parts), len(self._tokens(name)))
            if found.agreeing >= enough and found.score >= floor:
                key = (found.rank, -name, found)
                if record not in best or key[:2] > best[record][:2]:
                    best[record] = key
        chosen = heapq.nlargest(depth, best.values(), key=lambda entry: entry[:2])
        return [found for _, _, found in chosen]

    def pair(
        self,
        parts: Sequence[Part],
        records: Sequence[int],
        *,
        cutoff: int,
        allowed: bytes,
        dead: bytes,
        years: tuple[int, int] | None = None,
    ) -> list[Found]:
        """Return how the names of these records pair with the query: those of which a part agrees.

        In the order of the records. No score is too low here, and parts agree also where no key and
        no edit brings them together, when a direct comparison says so.
        """
        slots = self._slots(parts)
        owner = self._s["name_record"]
        found: list[Found] = []
        for record in records:
            if dead[record >> 3] >> (record & 7) & 1:
                continue
            if not allowed[self._s["record_class"][record]]:
                continue
            first = bisect_left(owner, record)
            for name in range(first, bisect_right(owner, record, first)):
                own = {
                    t: [*slots.get(t, ()), *self._directly(parts, slots, t, cutoff)]
                    for t in self._tokens(name)
                }
                one = self._evaluate(parts, own, name, record, years)
                if one.agreeing:
                    found.append(one)
        return found

    def _directly(
        self,
        parts: Sequence[Part],
        slots: Mapping[int, list[tuple[int, int]]],
        token: int,
        cutoff: int,
    ) -> list[tuple[int, int]]:
        """Return what sounds like a token and is not in its slots; single letters are initials."""
        known = {i for i, _ in slots.get(token, ())}
        found = []
        for i, part in enumerate(parts):
            if i in known or (part.initial and self._s["token_initial"][token] == part.initial):
                continue
            readings = [form for form in part.expansion.readings if len(form.codes) > 1]
            best = max(
                (
                    self._similarity(form, weight(form.codes), f)
                    for f in self._forms_of().get(token, ())
                    if self._s["form_length"][f] > 1
                    for form in readings
                ),
                default=0,
            )
            if best >= cutoff:
                found.append((i, best))
        return found

    def _forms_of(self) -> dict[int, list[int]]:
        if self._forms is None:
            self._forms = {}
            for f, token in enumerate(self._s["form_token"]):
                self._forms.setdefault(token, []).append(f)
        return self._forms

    @staticmethod
    def _slots(parts: Sequence[Part]) -> dict[int, list[tuple[int, int]]]:
        """Return token -> (query part, similarity) pairs."""
        slots: dict[int, list[tuple[int, int]]] = {}
        for i, part in enumerate(parts):
            for t, s in zip(part.expansion.tokens, part.expansion.similarities, strict=True):
                slots.setdefault(t, []).append((i, s))
        return slots

    def _names_with(self, slots: Iterable[int]) -> set[int]:
        start, posting = self._s["posting_start"], self._s["posting"]
        single_start, single = self._s["single_start"], self._s["single_name"]
        names: set[int] = set()
        width = k.POSTING_WIDTH
        for t in slots:
            names.update(posting[start[t] * width : start[t + 1] * width : width])
            names.update(single[single_start[t] : single_start[t + 1]])
        return names

    def _evaluate(
        self,
        parts: Sequence[Part],
        slots: Mapping[int, list[tuple[int, int]]],
        name: int,
        record: int,
        years: tuple[int, int] | None,
    ) -> Found:
        tokens = self._tokens(name)
        pairs = self._assign(parts, slots, tokens)
        gain = rarity = 0
        rest = sum(self._s["token_rarity"][t] for t in tokens)
        for i, part in enumerate(parts):
            if pairs[2 * i] == k.NONE:
                rarity += k.UNMATCHED_QUERY * part.rarity
            else:
                rarity += k.MATCHED * part.rarity
                gain += part.rarity * pairs[2 * i + 1]
                rest -= self._s["token_rarity"][tokens[pairs[2 * i]]]
        score = k.GAIN * gain // (rarity + k.UNMATCHED_NAME * rest)
        return Found(record, name, score, score + self._year_bonus(record, years), pairs)

    def _tokens(self, name: int) -> memoryview:
        start = self._s["name_start"]
        return self._s["name_token"][start[name] : start[name + 1]]

    def _assign(
        self,
        parts: Sequence[Part],
        slots: Mapping[int, list[tuple[int, int]]],
        tokens: Sequence[int],
    ) -> bytes:
        """Pair parts with tokens, each once, the most similar pair first; ties by position."""
        initial = self._s["token_initial"]
        options = [(-s, i, j) for j, t in enumerate(tokens) for i, s in slots.get(t, ())] + [
            (-k.INITIAL_SIMILARITY, i, j)
            for i, part in enumerate(parts)
            if part.initial
            for j, t in enumerate(tokens)
            if initial[t] == part.initial
        ]
        pairs = bytearray(b"\xff\x00" * len(parts))
        used: set[int] = set()
        for s, i, j in sorted(options):
            if pairs[2 * i] == k.NONE and j not in used:
                pairs[2 * i], pairs[2 * i + 1] = j, -s
                used.add(j)
        return bytes(pairs)

    def _year_bonus(self, record: int, years: tuple[int, int] | None) -> int:
        low, high = self._s["record_years"][2 * record : 2 * record + 2]
        if years is None or not high:
            return 0
        overlap = low <= years[1] + 1 and years[0] <= high + 1
        return k.SAME_YEARS if overlap else k.OTHER_YEARS
