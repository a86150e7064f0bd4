"""What an index needs of records, gathered in the order in which they were added.

Several processes can gather of one list, each of a stretch of it: stretches joined in their order
(`Gathered.append`) are what one process would have gathered, to the byte.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from didban.match.documents import hash64, number_key, range_position
from didban.match.features import features_of
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from didban.match.features import Features, Name
    from didban.match.index.segments import Segment, SegmentWriter

Scope = tuple[int, tuple[str, ...]]
"""What kind of thing a record is about, and the lists that it is on."""

_MAX_YEAR: Final = 65535


@dataclass(slots=True)
class Names:
    """Names as rows of part numbers, and the vocabulary that gives each part its number.

    `organised` tells which are read as organisations' (`Name.of_organisation`). `at` tells where a
    name stands in the JSON of its record; of those that do not stand there as one value it is 0, and
    `apart` holds number and text.
    """

    vocabulary: dict[str, int] = field(default_factory=dict)
    start: array[int] = field(default_factory=partial(array, "I", [0]))
    token: array[int] = field(default_factory=partial(array, "I"))
    record: array[int] = field(default_factory=partial(array, "I"))
    quality: array[int] = field(default_factory=partial(array, "B"))
    organised: array[int] = field(default_factory=partial(array, "B"))
    at: array[int] = field(default_factory=partial(array, "I"))
    apart: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, name: Name, record: int, line: bytes) -> None:
        """Add a name of a record, which is this line of JSON."""
        number = self.vocabulary
        self.token.extend([number.setdefault(part, len(number)) for part in name.parts])
        self.start.append(len(self.token))
        text = name.text.encode(errors="surrogatepass")
        at = 0 if b'"' in text else line.find(b'"%b"' % text) + 1
        if not at:
            self.apart.append((len(self.record), text))
        self.at.append(at)
        self.record.append(record)
        self.quality.append(name.quality)
        self.organised.append(name.of_organisation)

    def append(self, others: Names, first: int) -> None:
        """Add the names of other records, the first of which is number `first` here."""
        number = self.vocabulary
        own = [number.setdefault(part, len(number)) for part in others.vocabulary]
        names, tokens = len(self.record), len(self.token)
        self.start.extend([tokens + at for at in others.start[1:]])
        self.token.extend([own[token] for token in others.token])
        self.record.extend([first + record for record in others.record])
        self.quality.extend(others.quality)
        self.organised.extend(others.organised)
        self.at.extend(others.at)
        self.apart.extend((names + name, text) for name, text in others.apart)

    def renumber(self, order: Sequence[int]) -> None:
        """Give the parts other numbers: `order[new]` is the old one."""
        rank = array("I", order)
        for new, old in enumerate(order):
            rank[old] = new
        self.token = array("I", map(rank.__getitem__, self.token))
        self.vocabulary = {}

    def absorb(self, segment: Segment, place: dict[int, int]) -> None:
        """Add the names of the records that have a place here, in the order in which they lie."""
        texts, starts = segment["token_text"], segment["token_text_start"]
        token, start = segment["name_token"], segment["name_start"]
        number, own = self.vocabulary, {}
        apart = dict(names_apart(segment))
        for name, record in enumerate(segment["name_record"]):
            if record not in place:
                continue
            for t in token[start[name] : start[name + 1]]:
                if t not in own:
                    part = str(texts[starts[t] : starts[t + 1]], "utf-8", "surrogatepass")
                    own[t] = number.setdefault(part, len(number))
                self.token.append(own[t])
            self.start.append(len(self.token))
            if name in apart:
                self.apart.append((len(self.record), apart[name]))
            self.at.append(segment["name_at"][name])
            self.record.append(place[record])
            self.quality.append(segment["name_quality"][name])
            self.organised.append(segment["name_organised"][name])

    def write(self, writer: SegmentWriter) -> None:
        """Write the sections of the names."""
        writer.write("name_start", self.start)
        writer.write("name_token", self.token)
        writer.write("name_record", self.record)
        writer.write("name_quality", self.quality)
        writer.write("name_organised", self.organised)
        writer.write("name_at", self.at)
        writer.write("apart_name", array("I", (name for name, _ in self.apart)))
        starts = accumulate((len(text) for _, text in self.apart), initial=0)
        writer.write("apart_text_start", array("Q", starts))
        writer.write("apart_text", b"".join(text for _, text in self.apart))


def names_apart(segment: Segment) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of the names of a segment that stand in no record as one value."""
    starts, texts = segment["apart_text_start"], segment["apart_text"]
    for n, name in enumerate(segment["apart_name"]):
        yield name, bytes(texts[starts[n] : starts[n + 1]])


@dataclass(slots=True)
class Keyed:
    """Keys that lead to records: two columns of equal length."""

    key: array[int] = field(default_factory=partial(array, "Q"))
    record: array[int] = field(default_factory=partial(array, "I"))

    def add(self, key: int, record: int) -> None:
        """Add a row."""
        self.key.append(key)
        self.record.append(record)

    def append(self, others: Keyed, first: int) -> None:
        """Add the rows of other records, the first of which is number `first` here."""
        self.key.extend(others.key)
        self.record.extend([first + record for record in others.record])

    def absorb(self, keys: memoryview, records: memoryview, place: dict[int, int]) -> None:
        """Add the rows of the records that have a place here."""
        for key, record in zip(keys, records, strict=True):
            if record in place:
                self.add(key, place[record])


@dataclass(slots=True)
class Gathered:
    """What an index needs of some records, numbered from 0. Add in order; read when it is done.

    - `scopes` gives each class of records its number; `record_years` two years for each record.
    - `ids`, `documents`, `births`: a 64-bit key and the record in each row; the key of a birth is its
      day (`Features.birth_days`); `ranges`: key, low, high, record.
    """

    scopes: dict[Scope, int] = field(default_factory=dict)
    record_class: array[int] = field(default_factory=partial(array, "H"))
    record_years: array[int] = field(default_factory=partial(array, "H"))
    ids: Keyed = field(default_factory=Keyed)
    documents: Keyed = field(default_factory=Keyed)
    births: Keyed = field(default_factory=Keyed)
    ranges: list[tuple[int, int, int, int]] = field(default_factory=list)
    names: Names = field(default_factory=Names)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.record_class)

    def add(self, record: Record, line: bytes, keys: Iterable[int] | None = None) -> None:
        """Add a record, to be looked up by these keys or else by its identifier and referents.

        `line` is the record in JSON as it is stored.
        """
        number, features = len(self), features_of(record)
        scope = (int(features.kind), tuple(sorted(record.datasets)))
        self.record_class.append(self._class_of(scope))
        low, high = features.years or (0, 0)
        self.record_years.append(max(0, min(low, _MAX_YEAR)))
        self.record_years.append(max(0, min(high, _MAX_YEAR)))
        if keys is None:
            keys = map(hash64, dict.fromkeys((record.id, *record.referents)))
        for key in keys:
            self.ids.add(key, number)
        for name in features.names:
            self.names.add(name, number, line)
        for day in sorted(features.birth_days):
            self.births.add(day, number)
        self._add_documents(features, number)

    def _add_documents(self, features: Features, number: int) -> None:
        for document in features.documents:
            if document.number_to is not None:
                low, high = range_position(document.number), range_position(document.number_to)
                if low and high and low[0] == high[0]:
                    self.ranges.append((low[0], low[1], high[1], number))
            elif (key := number_key(document.number)) is not None:
                self.documents.add(key, number)

    def append(self, others: Gathered) -> None:
        """Add what was gathered of the records that come next."""
        first, own = len(self), list(map(self._class_of, others.scopes))
        self.record_class.extend([own[n] for n in others.record_class])
        self.record_years.extend(others.record_years)
        self.ids.append(others.ids, first)
        self.documents.append(others.documents, first)
        self.births.append(others.births, first)
        self.ranges.extend((key, low, high, first + n) for key, low, high, n in others.ranges)
        self.names.append(others.names, first)

    def absorb(self, segment: Segment, alive: Sequence[int]) -> None:
        """Add these records of a segment, by rising number, without reading their names."""
        first = len(self)
        place = dict(zip(alive, range(first, first + len(alive)), strict=True))
        classes, years = segment["record_class"], segment["record_years"]
        scopes = [(kind, tuple(of)) for kind, of, _ in segment.meta["classes"]]
        self.record_class.extend([self._class_of(scopes[classes[n]]) for n in alive])
        self.record_years.extend([year for n in alive for year in years[2 * n : 2 * n + 2]])
        self.ids.absorb(segment["id_hash"], segment["id_record"], place)
        self.documents.absorb(segment["document_key"], segment["document_record"], place)
        self.births.absorb(segment["birth_key"], segment["birth_record"], place)
        columns = (segment[f"range_{name}"] for name in ("key", "low", "high", "record"))
        self.ranges.extend(
            (key, low, high, place[n])
            for key, low, high, n in zip(*columns, strict=True)
            if n in place
        )
        self.names.absorb(segment, place)

    def _class_of(self, scope: Scope) -> int:
        return self.scopes.setdefault(scope, len(self.scopes))


def gather(lines: Sequence[bytes]) -> Gathered:
    """Return what an index needs of records written as JSON, as `SegmentBuilder` writes them."""
    gathered = Gathered()
    for line in lines:
        gathered.add(Record.from_json(json.loads(line)), line)
    return gathered
