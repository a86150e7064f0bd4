"""The output of screening a whole list: lines that are whole, in order, and can be continued.

Beside `OUT.jsonl` lies `OUT.jsonl.run` while a run is unfinished: which data and which options
made the lines, so that a run is never continued with others. It goes away when the run is finished.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        self._note = Path(f"{path}.run")
        self.written = self._continued(path, dict(conditions)) if resume else Written()
        _write_whole(self._note, json.dumps(dict(conditions)))
        self._file = path.open("r+b" if resume and path.exists() else "wb")
        self._file.truncate(self.written.size)
        self._file.seek(self.written.size)

    def write(self, lines: bytes) -> None:
        """Hand whole lines to the system: from then on a kill cannot take them."""
        self._file.write(lines)
        self._file.flush()

    def finish(self) -> None:
        """Put everything on the disk and mark the run as finished."""
        self.close()
        self._note.unlink(missing_ok=True)

    def close(self) -> None:
        """Put everything on the disk; the run stays unfinished."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def _continued(self, path: Path, conditions: dict[str, Any]) -> Written:
        """Return what is there to go on from; refuse lines that were made otherwise."""
        if self._note.exists():
            before = json.loads(self._note.read_text(encoding="utf-8") or "{}")
            changed = sorted(k for k in conditions if before.get(k) != conditions[k])
            if changed:
                raise InvalidInput(
                    f"{path} was begun with another {', '.join(changed)}; run without --resume"
                )
        return _whole_lines(path) if path.exists() else Written()


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


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is there whole or not at all."""
    draft = Path(f"{path}.tmp")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
