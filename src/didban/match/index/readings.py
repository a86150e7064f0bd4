"""How the parts of names are read, as columns: the forms of each part, and the keys of each form.

Each distinct part of a list is read once, and several processes can read stretches of a vocabulary.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from didban.match.kernels import coarse_keys, forms, primary_key, sort_pairs
from didban.match.kernels import constants as k
from didban.match.kernels.reference import letter_mask
from didban.match.spelling.distances import weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from didban.match.index.segments import SegmentWriter


@dataclass(slots=True)
class Readings:
    """The readings of some parts, in their order.

    - of each part: `primary`, its phonetic class, `initial`, and how many `forms` it has.
    - of each form: `codes` (16 bytes), `length`, `weight`, `unvocalised`, `mask`, how many `keys`.
    - `key`: the coarse keys of all forms.
    """

    primary: array[int] = field(default_factory=partial(array, "Q"))
    initial: bytearray = field(default_factory=bytearray)
    forms: bytearray = field(default_factory=bytearray)
    codes: bytearray = field(default_factory=bytearray)
    length: bytearray = field(default_factory=bytearray)
    weight: array[int] = field(default_factory=partial(array, "H"))
    unvocalised: bytearray = field(default_factory=bytearray)
    mask: array[int] = field(default_factory=partial(array, "I"))
    keys: bytearray = field(default_factory=bytearray)
    key: array[int] = field(default_factory=partial(array, "Q"))

    def append(self, others: Readings) -> None:
        """Add the readings of the parts that come next."""
        for column in Readings.__slots__:
            getattr(self, column).extend(getattr(others, column))

    def write(self, writer: SegmentWriter, order: Sequence[int]) -> None:
        """Write the sections of the forms, with the parts renumbered: `order[new]` is the old one.

        Forms lie by rising length, and those of like sounds together: most are passed by at once.
        """
        rank = array("I", order)
        for new, old in enumerate(order):
            rank[old] = new
        part = [rank[n] for n, count in enumerate(self.forms) for _ in range(count)]
        place = list(zip(self.length, self.unvocalised, self.mask, part, strict=True))
        rows = sorted(range(len(part)), key=place.__getitem__)
        lengths = bytes(_in_order(self.length, rows))
        writer.write("form_codes", b"".join(_in_order(_pieces(self.codes), rows)))
        writer.write("form_length", lengths)
        writer.write("form_weight", array("H", _in_order(self.weight, rows)))
        writer.write("form_unvocalised", bytes(_in_order(self.unvocalised, rows)))
        writer.write("form_mask", array("I", _in_order(self.mask, rows)))
        writer.write("form_token", array("I", _in_order(part, rows)))
        starts = (bisect_left(lengths, length) for length in range(k.ROW + 2))
        writer.write("length_start", array("I", starts))
        self._write_keys(writer, rows)
        writer.write("token_initial", bytes(_in_order(self.initial, order)))

    def _write_keys(self, writer: SegmentWriter, rows: Sequence[int]) -> None:
        start = list(accumulate(self.keys, initial=0))
        keys, forms = array("Q"), array("I")
        for form, row in enumerate(rows):
            keys.extend(self.key[start[row] : start[row + 1]])
            forms.extend([form] * self.keys[row])
        sort_pairs(keys, forms)
        writer.write("key", keys)
        writer.write("key_form", forms)


def read_parts(parts: Iterable[str]) -> Readings:
    """Return the readings of parts of names."""
    read = Readings()
    for part in parts:
        own = forms(part)
        read.primary.append(primary_key(own[0]) if own else 0)
        read.initial.append(own[0].codes[0] + 1 if own else 0)
        read.forms.append(len(own))
        for form in own:
            keys = coarse_keys(form)
            read.codes += form.codes.ljust(k.ROW, b"\0")
            read.length.append(len(form.codes))
            read.weight.append(weight(form.codes))
            read.unvocalised.append(form.unvocalised)
            read.mask.append(letter_mask(form.codes))
            read.keys.append(len(keys))
            read.key.extend(keys)
    return read


def _in_order(column: Sequence[Any], rows: Sequence[int]) -> Iterator[Any]:
    return map(column.__getitem__, rows)


def _pieces(codes: bytearray) -> list[bytes]:
    return [bytes(codes[at : at + k.ROW]) for at in range(0, len(codes), k.ROW)]
