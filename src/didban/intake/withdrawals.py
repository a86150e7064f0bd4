"""Whom a new publication withdraws, and what keeps it from doing so.

What a publication no longer names is withdrawn, unless it could not be read as it was meant:

- an entry whose own row was refused stays, if the row still tells whose it is;
- nobody is withdrawn where a file breaks off;
- nobody is withdrawn where rows were refused and a large part of the list would go with them.

A wrongly delisted person is let through, and nobody notices; one who stays too long is noticed at
the first check.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from didban.intake.readers.base import Reject, RejectSink
    from didban.model.records import Record

MOST_DOUBTFUL: Final = 5
"""So many withdrawals are believed of a publication of which rows were refused."""

LARGEST_DOUBTFUL_SHARE: Final = 0.1
"""Or so large a part of the dataset, whichever is more."""

MAX_REMEMBERED_ROWS: Final = 1000
"""So many refused rows are remembered, to look for names in them."""

# Whole cells of CSV and values of JSON; identifiers such as XAi.001; numbers between other signs.
_WORDS: Final = (re.compile(r"[^\s,;|<>\"]+"), re.compile(r"[\w.]+"), re.compile(r"\w+"))


class Doubts:
    """A reject sink that watches what the refused rows of one dataset make doubtful.

    - `refused`: how many rows were refused; `is_cut`: a file breaks off.
    - `named`: the identifiers of standing records that refused rows seem to be about.
    """

    def __init__(self, known: AbstractSet[str], reject: RejectSink) -> None:
        self.refused = 0
        self.is_cut = False
        self.named: set[str] = set()
        self._rows: list[str] = []
        self._known = known
        self._reject = reject
        self._by_ending: dict[str, list[str]] | None = None

    def __call__(self, reject: Reject) -> None:
        """Pass one reject on."""
        self._reject(reject)
        self.is_cut |= reject.is_end
        if reject.is_note:
            return
        self.refused += 1
        if len(self._rows) < MAX_REMEMBERED_ROWS:
            self._rows.append(reject.row)
        if self._by_ending is None:
            self._by_ending = _by_ending(self._known)
        for words in _WORDS:
            for word in words.findall(reject.row):
                self.named.update(self._by_ending.get(word, ()))

    def are_about(self, record: Record) -> bool:
        """Whether a refused row names a record, whose identifier it need not hold."""
        names = record.values("name") or (record.caption,)
        return any(name in row for row in self._rows for name in names if name)

    def forbid(self, withdrawals: int) -> bool:
        """Whether so many withdrawals are too many to be believed."""
        most = max(MOST_DOUBTFUL, LARGEST_DOUBTFUL_SHARE * len(self._known))
        return withdrawals > 0 and (self.is_cut or (self.refused > 0 and withdrawals > most))


def _by_ending(identifiers: AbstractSet[str]) -> dict[str, list[str]]:
    """Return the identifiers under all that a row may call them by: our prefixes left out."""
    found: dict[str, list[str]] = defaultdict(list)
    for identifier in identifiers:
        for ending in _endings(identifier):
            found[ending].append(identifier)
    return dict(found)


def _endings(identifier: str) -> Iterator[str]:
    """Yield "csl-SDN-17", "SDN-17", "17" for the first of them."""
    ending, dash = identifier, "-"
    while dash and ending:
        yield ending
        _, dash, ending = ending.partition("-")
