"""The rejects file: what was refused or found odd while a list or its queries were read."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from didban.intake.readers.base import Reject


class Rejects:
    """Counts rejects by source and, where a path is given, writes each as one line of JSON.

    A line holds `source`, `line`, `reason`, `row`; a note, about a row that was kept, also holds
    `"kept": true`. Call it with each reject; use it as a context manager.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.refused: Counter[str] = Counter()
        self.noted: Counter[str] = Counter()
        self.cut: set[str] = set()  # sources of which a file breaks off
        self.first: Reject | None = None  # of those that were refused
        self._file: TextIO | None = (
            None if path is None else path.open("w", encoding="utf-8", errors="backslashreplace")
        )

    def __call__(self, reject: Reject) -> None:
        """Take one reject or note."""
        counter = self.noted if reject.is_note else self.refused
        counter[reject.source] += 1
        if not (self.first or reject.is_note):
            self.first = reject
        if reject.is_end:
            self.cut.add(reject.source)
        if self._file is not None:
            self._file.write(json.dumps(_as_json(reject), ensure_ascii=False) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()


def _as_json(reject: Reject) -> dict[str, object]:
    data: dict[str, object] = {
        "source": reject.source,
        "line": reject.line,
        "reason": reject.reason,
        "row": reject.row,
    }
    return data | {"kept": True} if reject.is_note else data
