"""The manifest of a snapshot: which files it consists of, and which lists are in it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Self

from didban.errors import IntegrityFailure, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT: Final = 3
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """One list in a snapshot.

    - `name`: its name in results; `kind`: the reader that read it.
    - `published_at`: the date that the publication itself states, ISO text, or None.
    - `read_at`: when it was read, ISO text; `quality`: counts for people (see `didban.intake`).
    - `rejects`: rows refused since its last whole publication, that one's with them; `breaks_off`:
      a file of them broke off. Who stood there cannot be found.
    """

    name: str
    kind: str
    published_at: str | None = None
    read_at: str | None = None
    records: int = 0
    rejects: int = 0
    quality: Mapping[str, Any] = field(default_factory=dict)
    breaks_off: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether everything that its files hold was read."""
        return not (self.rejects or self.breaks_off)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """One segment file as the manifest names it, with the records withdrawn from it since."""

    file: str
    size: int
    sha256: str
    records: int
    withdrawn: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the entry that `asdict` made plain data of."""
        return cls(**{**data, "withdrawn": tuple(data["withdrawn"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot consists of. `built_at` is aware, in UTC."""

    built_at: datetime
    segments: tuple[SegmentEntry, ...]
    datasets: tuple[DatasetInfo, ...]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a folder's manifest.

        Raises NotFound when there is none, IntegrityFailure when it does not make sense.
        """
        try:
            data = read_sealed(folder / MANIFEST)
        except FileNotFoundError as error:
            message = f"{folder} holds no snapshot: make one with `didban lists build`"
            raise NotFound(message) from error
        try:
            return cls(
                built_at=datetime.fromisoformat(data["built_at"]),
                segments=tuple(map(SegmentEntry.from_json, data["segments"])),
                datasets=tuple(DatasetInfo(**d) for d in data["datasets"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"{folder / MANIFEST} is damaged: build the snapshot again"
            raise IntegrityFailure(message) from error

    def write(self, folder: Path) -> None:
        """Replace the folder's manifest in one step, durably."""
        write_sealed(folder / MANIFEST, {**asdict(self), "built_at": self.built_at.isoformat()})


def read_sealed(path: Path) -> dict[str, Any]:
    """Return what `write_sealed` wrote.

    Raises FileNotFoundError when there is no such file, IntegrityFailure when it is damaged.
    """
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read: build the snapshot again"
        raise IntegrityFailure(message) from error
    try:
        if (version := data.pop("format")) != FORMAT:
            message = f"{path.parent} has format {version}, this version reads {FORMAT}"
            raise IntegrityFailure(message)
        if data.pop("digest") != _digest_of({"format": version, **data}):
            raise ValueError  # noqa: TRY301  # one message for every kind of damage
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{path} is damaged: build the snapshot again"
        raise IntegrityFailure(message) from error
    return dict(data)


def write_sealed(path: Path, content: Mapping[str, Any], *, indent: int | None = 1) -> None:
    """Replace a file by this content with its format and digest: in one step, durably.

    Without `indent` it is written much faster, for what is large and written often.
    """
    sealed = {"format": FORMAT, **content}
    sealed["digest"] = _digest_of(json.loads(json.dumps(sealed)))
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps(sealed, ensure_ascii=False, indent=indent))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _digest_of(content: Mapping[str, Any]) -> str:
    """Return the digest of a manifest's content: one wrong digit would let a listed person go."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
