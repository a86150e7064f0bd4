"""The output of screening a whole list: lines that are whole, in order, and can be continued.

Beside `OUT.jsonl` lies `OUT.jsonl.run`: which data and which options made the lines. It stays when
the run is finished, so that its answers are never taken for those of newer data.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# As we write it; inside a text its quotation marks would be escaped, so it is never found there.
_MATCHED = b'"match": true'


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an earlier run has written: whole lines, how many of them matched, the last id."""

    lines: int = 0
    matched: int = 0
    last_id: str | None = None
    size: int = 0


class OutputFile:
    """The file being written. `conditions` say what its lines depend on."""

    def __init__(self, path: Path, conditions: Mapping[str, Any], *, resume: bool) -> None:
        note = Path(f"{path}.run")
        self.written = _continued(path, note, dict(conditions)) if resume else Written()
        self._file = path.open("r+b" if resume and path.exists() else "wb")
        self._file.truncate(self.written.size)
        self._file.seek(self.written.size)
        # First the old lines go, for good: a kill in between must not leave them with a new note.
        os.fsync(self._file.fileno())
        write_whole(note, [json.dumps(dict(conditions))])

    def write(self, lines: bytes) -> None:
        """Hand whole lines to the system: from then on a kill cannot take them."""
        self._file.write(lines)
        self._file.flush()

    def close(self) -> None:
        """Put everything on the disk."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()


def _continued(path: Path, note: Path, conditions: dict[str, Any]) -> Written:
    """Return what is there to go on from; refuse lines that were made otherwise, or nobody knows how.

    Finished lines are refused like unfinished ones: against newer lists they may be wrong.
    """
    written = _whole_lines(path) if path.exists() else Written()
    if not written.lines:
        return written
    if not note.exists():
        raise InvalidInput(
            f"{note} is missing, so that nothing says what {path} was screened against;"
            " run without --resume"
        )
    before = json.loads(note.read_text(encoding="utf-8") or "{}")
    changed = sorted(k for k in conditions if before.get(k) != conditions[k])
    if changed:
        raise InvalidInput(
            f"{path} was made with another {', '.join(changed)}; run without --resume"
        )
    return written


def _whole_lines(path: Path) -> Written:
    """Read a file of lines up to its last whole one."""
    lines = matched = size = 0
    last = b""
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            lines += 1
            matched += _MATCHED in line
            size += len(line)
            last = line
    try:
        last_id = json.loads(last)["id"] if last else None
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"line {lines} of {path} is not one that `didban screen` wrote"
        ) from error
    return Written(lines=lines, matched=matched, last_id=last_id, size=size)


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write a file of lines so that it is there whole or not at all: a kill leaves what was there."""
    draft = Path(f"{path}.tmp")
    with draft.open("w", encoding="utf-8", errors="replace") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
