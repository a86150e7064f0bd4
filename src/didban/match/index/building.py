"""Records -> one segment: vocabulary, postings, names, documents, and the records themselves."""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from didban.match.index.gathering import Gathered, gather
from didban.match.index.readings import Readings, read_parts
from didban.match.index.segments import SegmentWriter
from didban.match.index.stretches import Stretches
from didban.match.kernels import constants as k
from didban.match.kernels import postings, sort_pairs
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from didban.match.index.gathering import Keyed, Names
    from didban.match.index.segments import Segment
    from didban.match.index.stretches import Helper

ALONE: Final = 20_000
"""So many records, or parts of names, are few: no help is asked for them."""
STRETCH: Final = 1_000
"""Records, or parts of names, in one piece of work."""

_MAX_CLASS: Final = k.OVERFLOW - 1
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SegmentBuilder:
    """Collects records and writes them as a segment.

    Records go to the file at once; what stays in memory is the vocabulary and some hundred bytes a
    record, so that a list of any size can be built.
    """

    def __init__(self, file: BinaryIO, helper: Helper | None = None) -> None:
        """Take a binary file opened for writing at its start; the caller closes it.

        `helper` shares the work on a long list. The file is the same to the byte without.
        """
        self._writer = SegmentWriter(file)
        self._writer.begin("record_json")
        self._record_start = array("Q", [0])
        self._held_number = array("Q")
        self._held_version = array("I")
        self._gathered = Gathered()
        self._helper = helper
        self._stretches = Stretches(gather, helper)
        self._lines: list[bytes] = []

    @property
    def records(self) -> int:
        """Return the number of records added."""
        return len(self._record_start) - 1

    def add(self, record: Record, held: tuple[int, int] | None = None) -> None:
        """Add a record. Its identifier must be new to this segment; the caller sees to that.

        `held`: the number by which a bank keeps it, and which version this is. In such a segment
        all have one, and records are looked up by it.
        """
        line = _ENCODE(record.to_json())
        data = line.encode(errors="surrogatepass")  # what JSON may hold must not stop a build
        self._append(data)
        if held:
            self._hold(*held)
            self._gathered.add(record, data, keys=held[:1])
        elif self._helper is None or self.records <= ALONE:
            self._gathered.add(record, data)
        else:
            self._lines.append(data)
            if len(self._lines) == STRETCH:
                self._gather()

    def absorb(self, segment: Segment, withdrawn: Container[int]) -> None:
        """Add the records of a segment, but those withdrawn from it.

        The same as adding each of them, without the work of reading its names again.
        """
        self._catch_up()
        sections = segment.sections
        starts, text = sections["record_start"], sections["record_json"]
        alive = [n for n in range(len(sections["record_class"])) if n not in withdrawn]
        for number in alive:
            self._append(text[starts[number] : starts[number + 1]])
            if held := sections.get("record_number"):
                self._hold(held[number], sections["record_version"][number])
        self._gathered.absorb(segment, alive)

    def record(self, number: int) -> Record:
        """Return a record that was added, by its number; not after `finish`."""
        start, end = self._record_start[number], self._record_start[number + 1]
        return Record.from_json(json.loads(self._writer.read_back(start, end - start)))

    def finish(self, meta: dict[str, Any] | None = None) -> None:
        """Write all sections. The builder can not be used afterwards."""
        self._catch_up()
        write, gathered = self._writer.write, self._gathered
        write("record_start", self._record_start)
        write("record_class", gathered.record_class)
        write("record_years", gathered.record_years)
        self._write_keyed(gathered.ids, "id_hash", "id_record")
        if self._held_number:
            write("record_number", self._held_number)
            write("record_version", self._held_version)
        self._write_keyed(gathered.documents, "document_key", "document_record")
        self._write_keyed(gathered.births, "birth_key", "birth_record", item="I")
        self._write_ranges(gathered.ranges)
        self._write_names(gathered.names)
        counts = Counter(gathered.record_class)
        classes = [[kind, list(own), counts[n]] for (kind, own), n in gathered.scopes.items()]
        self._writer.finish({"classes": classes, **(meta or {})})

    def _append(self, data: bytes | memoryview) -> None:
        self._writer.append(data)
        self._record_start.append(self._record_start[-1] + len(data))

    def _hold(self, number: int, version: int) -> None:
        self._held_number.append(number)
        self._held_version.append(version)

    def _gather(self) -> None:
        """Have the lines gathered that wait for it."""
        lines, self._lines = self._lines, []
        for others in self._stretches.do(lines):
            self._gathered.append(others)

    def _catch_up(self) -> None:
        """Wait until everything that was added is gathered."""
        self._gather()
        for others in self._stretches.rest():
            self._gathered.append(others)

    def _write_keyed(self, rows: Keyed, key: str, record: str, *, item: str = "Q") -> None:
        sort_pairs(rows.key, rows.record)
        self._writer.write(key, rows.key if item == "Q" else array(item, rows.key))
        self._writer.write(record, rows.record)

    def _write_ranges(self, ranges: list[tuple[int, int, int, int]]) -> None:
        ranges.sort()
        reach: list[int] = []
        for at, (key, _, high, _) in enumerate(ranges):
            same = at > 0 and ranges[at - 1][0] == key
            reach.append(max(high, reach[-1]) if same else high)
        self._writer.write("range_reach", array("Q", reach))
        for column, (name, item) in enumerate(
            [("key", "Q"), ("low", "Q"), ("high", "Q"), ("record", "I")]
        ):
            self._writer.write(f"range_{name}", array(item, (r[column] for r in ranges)))

    def _write_names(self, names: Names) -> None:
        write, parts = self._writer.write, list(names.vocabulary)
        readings = self._read(parts)
        order, classes = _by_class(readings.primary)
        texts = [parts[old].encode(errors="surrogatepass") for old in order]
        write("token_text", b"".join(texts))
        write("token_text_start", array("I", accumulate(map(len, texts), initial=0)))
        names.renumber(order)
        names.write(self._writer)
        self._write_postings(names, classes)
        readings.write(self._writer, order)

    def _read(self, parts: Sequence[str]) -> Readings:
        """Return how these parts are read."""
        readings = Readings()
        stretches = Stretches(read_parts, self._helper if len(parts) > ALONE else None)
        for at in range(0, len(parts), STRETCH):
            for others in stretches.do(parts[at : at + STRETCH]):
                readings.append(others)
        for others in stretches.rest():
            readings.append(others)
        return readings

    def _write_postings(self, names: Names, classes: array[int]) -> None:
        rows = postings(names.start, names.token, classes)
        frequency = array("I", _frequencies(rows.posting_start, rows.single_start))
        total = len(names.record)
        self._writer.write("token_class", classes)
        self._writer.write("token_frequency", frequency)
        self._writer.write("token_rarity", bytes(rarity(f, total) for f in frequency))
        for name, section in rows._asdict().items():
            self._writer.write(name, section)


def _by_class(primary: array[int]) -> tuple[list[int], array[int]]:
    """Return the vocabulary by phonetic class, so that similar parts lie side by side.

    These are the old numbers in new order, and the class of each new number: 1..65534, classes
    beyond that share numbers, which costs a little time and loses nothing.
    """
    order = sorted(range(len(primary)), key=primary.__getitem__)
    seen: dict[int, int] = {}
    classes = (seen.setdefault(primary[t], len(seen)) % _MAX_CLASS + 1 for t in order)
    return order, array("H", classes)


def _frequencies(*starts: array[int]) -> Iterator[int]:
    """Yield how many rows there are for each part in tables that begin here for each."""
    return (sum(b - a for a, b in ends) for ends in zip(*map(pairwise, starts), strict=True))


def rarity(frequency: int, names: int) -> int:
    """Return how rare a part is: 16 ln(names / names with it), within the bounds of `constants`."""
    value = round(k.MIN_RARITY * math.log((names + 1) / (frequency + 1)))
    return max(k.MIN_RARITY, min(k.MAX_RARITY, value))
