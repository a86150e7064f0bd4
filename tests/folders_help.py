"""Folders for servers under test: in memory where there is room, for a server is files, and many.

Making an empty database is a thousand small files, and a node waits for the disk at each commit. In
memory both take a tenth of the time, and nothing else is different.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 3 << 30  # bytes that must be free: several workers, each with several servers


def new_folder(prefix: str = "didban-") -> Path:
    """Return an empty folder with a short path, which every account may enter."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_where()))
    folder.chmod(0o755)
    return folder


@cache
def _where() -> Path | None:
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if has_room else None
