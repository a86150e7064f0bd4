"""Records -> one segment: vocabulary, postings, names, documents, and the records themselves."""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from didban.match.distances import weight
from didban.match.documents import hash64, number_key, range_position
from didban.match.features import Features, Name, features_of
from didban.match.kernels import constants as k
from didban.match.kernels.reference import letter_mask
from didban.match.keys import coarse_keys, primary_key
from didban.match.phonemes import Form, forms
from didban.match.segments import SegmentWriter
from didban.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from didban.match.segments import Segment

_MAX_CLASS: Final = k.OVERFLOW - 1
_MAX_YEAR: Final = 65535
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SegmentBuilder:
    """Collects records and writes them as a segment.

    Records go to the file at once; what stays in memory is the vocabulary and some fifty bytes a
    name, so that a list of any size can be built.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Take a binary file opened for writing at its start; the caller closes it."""
        self._writer = SegmentWriter(file)
        self._writer.begin("record_json")
        self._record_start = array("Q", [0])
        self._record_class = array("H")
        self._record_years = array("H")
        self._classes: dict[tuple[int, tuple[str, ...]], int] = {}
        self._ids: list[tuple[int, int]] = []
        self._held_number = array("Q")
        self._held_version = array("I")
        self._names = _NameTable()
        self._documents: list[tuple[int, int]] = []
        self._ranges: list[tuple[int, int, int, int]] = []

    @property
    def records(self) -> int:
        """Return the number of records added."""
        return len(self._record_class)

    def add(self, record: Record, held: tuple[int, int] | None = None) -> None:
        """Add a record. Its identifier must be new to this segment; the caller sees to that.

        `held`: the number by which a bank keeps it, and which version this is. In such a segment
        all have one, and records are looked up by it.
        """
        number = self.records
        features = features_of(record)
        line = _ENCODE(record.to_json())
        data = line.encode(errors="surrogatepass")  # what JSON may hold must not stop a build
        self._writer.append(data)
        self._record_start.append(self._record_start[-1] + len(data))
        scope = (int(features.kind), tuple(sorted(record.datasets)))
        self._record_class.append(self._classes.setdefault(scope, len(self._classes)))
        low, high = features.years or (0, 0)
        self._record_years.extend((max(0, min(low, _MAX_YEAR)), max(0, min(high, _MAX_YEAR))))
        if held:
            self._held_number.append(held[0])
            self._held_version.append(held[1])
            self._ids.append((held[0], number))
        else:
            keys = dict.fromkeys((record.id, *record.referents))
            self._ids.extend((hash64(key), number) for key in keys)
        for name in features.names:
            self._names.add(name, number)
        self._add_documents(features, number)

    def absorb(self, segment: Segment, withdrawn: Container[int]) -> None:
        """Add the records of a segment of what a bank keeps, but those withdrawn from it.

        The same as adding each of them, without the work of reading its names again.
        """
        sections, first = segment.sections, self.records
        size = len(sections["record_class"])
        alive = [number for number in range(size) if number not in withdrawn]
        place = dict(zip(alive, range(first, first + len(alive)), strict=True))
        self._absorb_records(segment, alive)
        self._ids.extend((sections["record_number"][n], at) for n, at in place.items())
        self._documents.extend(
            (key, place[n])
            for key, n in zip(sections["document_key"], sections["document_record"], strict=True)
            if n in place
        )
        ranges = (sections[f"range_{name}"] for name in ("key", "low", "high", "record"))
        self._ranges.extend(
            (key, low, high, place[n])
            for key, low, high, n in zip(*ranges, strict=True)
            if n in place
        )
        self._names.absorb(segment, place)

    def _absorb_records(self, segment: Segment, alive: list[int]) -> None:
        sections = segment.sections
        starts, text = sections["record_start"], sections["record_json"]
        classes = [(kind, tuple(own)) for kind, own, _ in segment.meta["classes"]]
        for number in alive:
            data = text[starts[number] : starts[number + 1]]
            self._writer.append(data)
            self._record_start.append(self._record_start[-1] + len(data))
            scope = classes[sections["record_class"][number]]
            self._record_class.append(self._classes.setdefault(scope, len(self._classes)))
            self._record_years.extend(sections["record_years"][2 * number : 2 * number + 2])
            self._held_number.append(sections["record_number"][number])
            self._held_version.append(sections["record_version"][number])

    def record(self, number: int) -> Record:
        """Return a record that was added, by its number; not after `finish`."""
        start, end = self._record_start[number], self._record_start[number + 1]
        return Record.from_json(json.loads(self._writer.read_back(start, end - start)))

    def _add_documents(self, features: Features, number: int) -> None:
        for document in features.documents:
            if document.number_to is not None:
                low, high = range_position(document.number), range_position(document.number_to)
                if low and high and low[0] == high[0]:
                    self._ranges.append((low[0], low[1], high[1], number))
            elif (key := number_key(document.number)) is not None:
                self._documents.append((key, number))

    def finish(self, meta: dict[str, Any] | None = None) -> None:
        """Write all sections. The builder can not be used afterwards."""
        write = self._writer.write
        write("record_start", self._record_start)
        write("record_class", self._record_class)
        write("record_years", self._record_years)
        self._ids.sort()
        write("id_hash", array("Q", (key for key, _ in self._ids)))
        write("id_record", array("I", (number for _, number in self._ids)))
        if self._held_number:
            write("record_number", self._held_number)
            write("record_version", self._held_version)
        self._write_documents()
        self._names.write(self._writer)
        counts = Counter(self._record_class)
        classes = [[kind, list(own), counts[n]] for (kind, own), n in self._classes.items()]
        self._writer.finish({"classes": classes, **(meta or {})})

    def _write_documents(self) -> None:
        write = self._writer.write
        self._documents.sort()
        write("document_key", array("Q", (d[0] for d in self._documents)))
        write("document_record", array("I", (d[1] for d in self._documents)))
        self._ranges.sort()
        reach: list[int] = []
        for at, (key, _, high, _) in enumerate(self._ranges):
            same = at > 0 and self._ranges[at - 1][0] == key
            reach.append(max(high, reach[-1]) if same else high)
        write("range_reach", array("Q", reach))
        for column, (name, item) in enumerate(
            [("key", "Q"), ("low", "Q"), ("high", "Q"), ("record", "I")]
        ):
            write(f"range_{name}", array(item, (r[column] for r in self._ranges)))


class _NameTable:
    """The names of a segment while it is built, and the vocabulary that they are made of."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._start = array("I", [0])
        self._token = array("I")
        self._record = array("I")
        self._quality = array("B")
        self._text = bytearray()
        self._text_start = array("Q", [0])

    def add(self, name: Name, record: int) -> None:
        number = self._vocabulary
        self._token.extend(number.setdefault(part, len(number)) for part in name.parts)
        self._start.append(len(self._token))
        self._record.append(record)
        self._quality.append(name.quality)
        self._text += name.text.encode(errors="surrogatepass")
        self._text_start.append(len(self._text))

    def absorb(self, segment: Segment, place: dict[int, int]) -> None:
        """Add the names of the records that have a place here, in the order in which they lie."""
        texts, starts = segment["token_text"], segment["token_text_start"]
        name_text, text_start = segment["name_text"], segment["name_text_start"]
        token, start = segment["name_token"], segment["name_start"]
        number, own = self._vocabulary, {}
        for name, record in enumerate(segment["name_record"]):
            if record not in place:
                continue
            for t in token[start[name] : start[name + 1]]:
                if t not in own:
                    part = str(texts[starts[t] : starts[t + 1]], "utf-8", "surrogatepass")
                    own[t] = number.setdefault(part, len(number))
                self._token.append(own[t])
            self._start.append(len(self._token))
            self._record.append(place[record])
            self._quality.append(segment["name_quality"][name])
            self._text += name_text[text_start[name] : text_start[name + 1]]
            self._text_start.append(len(self._text))

    def write(self, writer: SegmentWriter) -> None:
        readings = [forms(part) for part in self._vocabulary]
        order, classes = self._by_class(readings)
        parts = list(self._vocabulary)
        texts = [parts[old].encode(errors="surrogatepass") for old in order]
        writer.write("token_text", b"".join(texts))
        writer.write("token_text_start", array("I", accumulate(map(len, texts), initial=0)))
        rank = array("I", bytes(4 * len(order)))
        for new, old in enumerate(order):
            rank[old] = new
        readings = [readings[old] for old in order]
        self._token = array("I", (rank[t] for t in self._token))
        writer.write("name_start", self._start)
        writer.write("name_token", self._token)
        writer.write("name_record", self._record)
        writer.write("name_quality", self._quality)
        writer.write("name_text", self._text)
        writer.write("name_text_start", self._text_start)
        self._write_postings(writer, classes)
        _write_forms(writer, readings)

    @staticmethod
    def _by_class(readings: list[tuple[Form, ...]]) -> tuple[list[int], array[int]]:
        """Return the vocabulary by phonetic class, so that similar parts lie side by side.

        These are the old numbers in new order, and the class of each new number: 1..65534, classes
        beyond that share numbers, which costs a little time and loses nothing.
        """
        primary = [primary_key(own[0]) if own else 0 for own in readings]
        order = sorted(range(len(readings)), key=lambda t: (primary[t], t))
        seen: dict[int, int] = {}
        classes = array(
            "H", (seen.setdefault(primary[t], len(seen)) % _MAX_CLASS + 1 for t in order)
        )
        return order, classes

    def _write_postings(self, writer: SegmentWriter, classes: array[int]) -> None:
        size = len(classes)
        postings: list[list[int]] = [[] for _ in range(size)]
        singles: list[list[int]] = [[] for _ in range(size)]
        for name in range(len(self._record)):
            tokens = self._token[self._start[name] : self._start[name + 1]]
            if len(tokens) == 1:
                singles[tokens[0]].append(name)
                continue
            for token in dict.fromkeys(tokens):
                postings[token].append(name)
        frequency = array("I", (len(p) + len(s) for p, s in zip(postings, singles, strict=True)))
        total = len(self._record)
        writer.write("token_class", classes)
        writer.write("token_frequency", frequency)
        writer.write("token_rarity", bytes(rarity(f, total) for f in frequency))
        writer.write("posting_start", _starts(postings))
        writer.write("single_start", _starts(singles))
        writer.write("single_name", array("I", (name for own in singles for name in own)))
        writer.write("posting", self._posting_rows(postings, classes))

    def _posting_rows(self, postings: list[list[int]], classes: array[int]) -> array[int]:
        rows = array("I")
        for token, names in enumerate(postings):
            for name in names:
                others = list(self._token[self._start[name] : self._start[name + 1]])
                others.remove(token)
                own = [classes[t] for t in others[: k.POSTING_CLASSES]]
                if len(others) > k.POSTING_CLASSES:
                    own[-1] = k.OVERFLOW
                a, b, c, d = (*own, 0, 0, 0, 0)[: k.POSTING_CLASSES]
                rows.extend((name, a | b << 16, c | d << 16))
        return rows


def rarity(frequency: int, names: int) -> int:
    """Return how rare a part is: 16 ln(names / names with it), within the bounds of `constants`."""
    value = round(k.MIN_RARITY * math.log((names + 1) / (frequency + 1)))
    return max(k.MIN_RARITY, min(k.MAX_RARITY, value))


def _starts(rows: Iterable[list[int]]) -> array[int]:
    starts = array("I", [0])
    for row in rows:
        starts.append(starts[-1] + len(row))
    return starts


def _write_forms(writer: SegmentWriter, readings: list[tuple[Form, ...]]) -> None:
    table = [(form, token) for token, own in enumerate(readings) for form in own]
    table.sort(key=lambda row: _form_order(*row))
    lengths = [len(form.codes) for form, _ in table]
    starts = array("I", (0 for _ in range(k.ROW + 2)))
    for length in lengths:
        for longer in range(length + 1, k.ROW + 2):
            starts[longer] += 1
    keys = sorted((key, f) for f, (form, _) in enumerate(table) for key in coarse_keys(form))
    writer.write("form_codes", b"".join(form.codes.ljust(k.ROW, b"\0") for form, _ in table))
    writer.write("form_length", bytes(lengths))
    writer.write("form_weight", array("H", (weight(form.codes) for form, _ in table)))
    writer.write("form_unvocalised", bytes(form.unvocalised for form, _ in table))
    writer.write("form_mask", array("I", (letter_mask(form.codes) for form, _ in table)))
    writer.write("form_token", array("I", (token for _, token in table)))
    writer.write("length_start", starts)
    writer.write("key", array("Q", (key for key, _ in keys)))
    writer.write("key_form", array("I", (f for _, f in keys)))
    initials = (own[0].codes[0] + 1 if own else 0 for own in readings)
    writer.write("token_initial", bytes(initials))


def _form_order(form: Form, token: int) -> tuple[int, bool, int, int]:
    """Return where a form stands: forms of like sounds lie together, and most are passed by at once."""
    return len(form.codes), form.unvocalised, letter_mask(form.codes), token
