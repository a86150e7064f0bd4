"""One layer of an index: a segment with what has been withdrawn from it since it was written."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from copy import copy
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from didban.errors import IntegrityFailure
from didban.match.documents import hash64, number_key, range_position
from didban.match.evidence.compiled import listed_names
from didban.match.evidence.likeness import CUTOFF
from didban.match.evidence.readings import readings
from didban.match.features import Name, Quality
from didban.match.index.building import SegmentBuilder
from didban.match.index.segments import Segment
from didban.match.kernels import Index
from didban.match.kernels.constants import POSTING_WIDTH
from didban.match.kinds import Kind, compared_with
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from didban.match.kernels import Expansion
    from didban.model.documents import Document

EXPANSION_LIMIT: Final = 2_048
"""So many similar parts of the index are looked at for one part of a query, the nearest ones."""

_DECODE: Final = json.JSONDecoder().raw_decode  # what is stored has no spaces around it
_SHOWN_RECORDS = 256  # read for their facts, and at once again for the answer
_CACHED_PARTS = 4_096
_CACHED_HALVES = 16_384  # of words that may be two: a yes or a no for each


class Layer:
    """Reads one segment: records by number or identifier, names, documents, retrieval."""

    def __init__(self, segment: Segment, withdrawn: Iterable[int] = ()) -> None:
        """Take a segment and the numbers of the records withdrawn from it."""
        self.segment = segment
        try:
            self.index = Index(segment.sections, len(segment.meta["classes"]))
            self.listed = listed_names(segment.sections)
            self._organised = segment["name_organised"]
        except (KeyError, ValueError) as error:
            message = "the sections of a segment do not fit together: build the snapshot again"
            raise IntegrityFailure(message) from error
        self.size = len(segment["record_class"])
        self.names = len(segment["name_record"])
        self._class = segment["record_class"]
        self._name_start, self._name_token = segment["name_start"], segment["name_token"]
        self.dead = bytes((self.size + 7) // 8)
        ids = segment["id_hash"]
        self._span = (ids[0], ids[-1]) if ids else (1, 0)
        self._kinds = [Kind(kind) for kind, _, _ in segment.meta["classes"]]
        self.counts: Counter[Kind] = Counter()
        for kind, _, count in segment.meta["classes"]:
            self.counts[Kind(kind)] += count
        self.withdrawn: set[int] = set()
        self.withdraw(withdrawn)
        self.expand = lru_cache(maxsize=_CACHED_PARTS)(self._expand)
        self.record = lru_cache(maxsize=_SHOWN_RECORDS)(self._record)
        self.part = lru_cache(maxsize=_CACHED_PARTS)(self._part)
        self.name = lru_cache(maxsize=_CACHED_PARTS)(self._name)
        self.knows = lru_cache(maxsize=_CACHED_HALVES)(self._knows)
        self.allowed = lru_cache(maxsize=64)(self._allowed)

    @classmethod
    def of_records(cls, records: Iterable[Record]) -> Layer:
        """Return a layer in memory."""
        return cls.of_layers((), ((record, None) for record in records))

    @classmethod
    def of_held(cls, held: Iterable[tuple[Record, tuple[int, int]]]) -> Layer:
        """Return a layer in memory of records as a bank keeps them, with number and version."""
        return cls.of_layers((), held)

    @classmethod
    def of_layers(
        cls,
        layers: Iterable[Layer],
        more: Iterable[tuple[Record, tuple[int, int] | None]] = (),
    ) -> Layer:
        """Return a layer in memory of what is live in others, and of more records."""
        file = BytesIO()
        builder = SegmentBuilder(file)
        for layer in layers:
            builder.absorb(layer.segment, layer.withdrawn)
        for record, number_and_version in more:
            builder.add(record, number_and_version)
        builder.finish()
        return cls(Segment(file.getvalue(), "a layer in memory"))

    def withdraw(self, numbers: Iterable[int]) -> None:
        """Take records out; they are not found from now on."""
        dead = bytearray(self.dead)
        for number in numbers:
            dead[number >> 3] |= 1 << (number & 7)
            if number not in self.withdrawn:
                self.withdrawn.add(number)
                self.counts[self.kind(number)] -= 1
        self.dead = bytes(dead)

    def without(self, *numbers: int) -> Layer:
        """Return the layer with more records taken out; who reads this one is not disturbed."""
        other = copy(self)
        other.withdrawn = set(self.withdrawn)
        other.counts = self.counts.copy()
        other.withdraw(numbers)
        return other

    @property
    def live(self) -> int:
        """Return how many records can be found."""
        return self.size - len(self.withdrawn)

    def kind(self, number: int) -> Kind:
        """Return what kind of thing a record is about."""
        return self._kinds[self._class[number]]

    def records(self) -> Iterator[Record]:
        """Yield the live records in the order in which they were added."""
        for number in range(self.size):
            if number not in self.withdrawn:
                yield self._record(number)

    def _record(self, number: int) -> Record:
        """Return a record by its number in this layer."""
        start = self.segment["record_start"]
        data = self.segment["record_json"][start[number] : start[number + 1]]
        return Record.from_json(_DECODE(str(data, "utf-8", "surrogatepass"))[0])

    def find(self, record_id: str, *, by_referent: bool = False) -> int | None:
        """Return the number of the live record with this identifier (or this referent), or None."""
        hashes, wanted = self.segment["id_hash"], hash64(record_id)
        at = bisect_left(hashes, wanted)
        while at < len(hashes) and hashes[at] == wanted:
            number: int = self.segment["id_record"][at]
            if number not in self.withdrawn:
                record = self.record(number)
                if record_id in (record.referents if by_referent else (record.id,)):
                    return number
            at += 1
        return None

    def place(self, bank_number: int) -> int | None:
        """Return the number here of the live record that a bank knows by its own, or None."""
        numbers = self.segment["id_hash"]
        first, last = self._span
        if not first <= bank_number <= last:
            return None
        at = bisect_left(numbers, bank_number)
        if numbers[at] != bank_number:
            return None
        number: int = self.segment["id_record"][at]
        return None if number in self.withdrawn else number

    def version(self, number: int) -> int:
        """Return which version of a bank's record this is; 0 for a record of a list."""
        versions = self.segment.sections.get("record_version")
        return versions[number] if versions else 0

    def _name(self, number: int) -> Name:
        """Return a name by its number in this layer, with the parts that were indexed."""
        return Name(
            text=self._text(number).decode(errors="surrogatepass"),
            parts=self.parts(number),
            quality=Quality(self.segment["name_quality"][number]),
            of_organisation=bool(self._organised[number]),
        )

    def parts(self, number: int) -> tuple[str, ...]:
        """Return the parts of a name by its number in this layer."""
        start, end = self._name_start[number], self._name_start[number + 1]
        return tuple(map(self.part, self._name_token[start:end]))

    def _text(self, number: int) -> bytes:
        """Return a name as its list writes it: from the record, where it stands there."""
        if at := self.segment["name_at"][number]:
            record, start = self.segment["name_record"][number], self.segment["record_start"]
            rest = self.segment["record_json"][start[record] + at : start[record + 1]]
            return bytes(rest).partition(b'"')[0]
        n = bisect_left(self.segment["apart_name"], number)
        starts = self.segment["apart_text_start"]
        return bytes(self.segment["apart_text"][starts[n] : starts[n + 1]])

    def names_of(self, number: int) -> range:
        """Return the numbers of a record's names, which lie side by side."""
        owner = self.segment["name_record"]
        first = bisect_left(owner, number)
        return range(first, bisect_right(owner, number, first))

    def bearers(self, token: int) -> list[int]:
        """Return the numbers of the names that have this part."""
        start, posting = self.segment["posting_start"], self.segment["posting"]
        single_start, single = self.segment["single_start"], self.segment["single_name"]
        rows = posting[start[token] * POSTING_WIDTH : start[token + 1] * POSTING_WIDTH]
        return [*rows[::POSTING_WIDTH], *single[single_start[token] : single_start[token + 1]]]

    def born_on(self, day: int) -> Iterator[int]:
        """Yield the live records with this whole date of birth (see `Features.birth_days`)."""
        days = self.segment["birth_key"]
        first = bisect_left(days, day)
        for number in self.segment["birth_record"][first : bisect_right(days, day, first)]:
            if number not in self.withdrawn:
                yield number

    def _part(self, token: int) -> str:
        """Return a part of names by its number in this layer."""
        start = self.segment["token_text_start"]
        data = bytes(self.segment["token_text"][start[token] : start[token + 1]])
        return data.decode(errors="surrogatepass")

    def with_document(self, document: Document) -> set[int]:
        """Return the live records that may hold this document, by number or by range.

        Candidates only: letters that readers confuse are folded and issuers not compared.
        """
        found: set[int] = set()
        key = number_key(document.number)
        if key is not None:
            keys, owner = self.segment["document_key"], self.segment["document_record"]
            at = bisect_left(keys, key)
            while at < len(keys) and keys[at] == key:
                found.add(owner[at])
                at += 1
        if len(self.segment["range_key"]) and (position := range_position(document.number)):
            found.update(self._ranges_over(*position))
        return found - self.withdrawn

    def _ranges_over(self, key: int, value: int) -> Iterator[int]:
        """Yield the records of ranges of this key that hold the value.

        Ranges lie by rising start; `range_reach` is the highest end so far, so that the walk back
        from the last one that starts in time can stop.
        """
        keys, low = self.segment["range_key"], self.segment["range_low"]
        high, reach = self.segment["range_high"], self.segment["range_reach"]
        first, last = bisect_left(keys, key), bisect_right(keys, key)
        at = bisect_right(low, value, first, last) - 1
        while at >= first and reach[at] >= value:
            if high[at] >= value:
                yield self.segment["range_record"][at]
            at -= 1

    def _knows(self, part: str) -> bool:
        """Return whether some name here has a part that sounds exactly so."""
        return self.index.knows(readings(part))

    def _expand(self, part: str, *, prefix: bool) -> Expansion:
        """Return the parts of names here that are like this one; none are for an initial."""
        own = () if len(part) == 1 else readings(part)
        return self.index.expand(own, cutoff=CUTOFF, limit=EXPANSION_LIMIT, prefix=prefix)

    def _allowed(self, schema: str, datasets: frozenset[str] | None) -> bytes:
        """Return for each record class whether it is compared with this schema in this scope."""
        kinds = compared_with(schema)
        return bytes(
            Kind(kind) in kinds and (datasets is None or not datasets.isdisjoint(own))
            for kind, own, _ in self.segment.meta["classes"]
        )
