"""Where the measured material lies, and the plain readers for its tables.

The shared data stands beside the repository and is never part of it. A measurement whose material
is absent raises `MaterialMissing`, and the runner says so instead of leaving a silent gap.
"""

from __future__ import annotations

import csv
import gzip
import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
SCRATCH = ROOT / ".benchmarks"

_SCRIPT_WORDS = {"ARABIC": "Arabic", "CYRILLIC": "Cyrillic", "HEBREW": "Hebrew", "LATIN": "Latin"}
"""First word of a letter's Unicode name -> the script as the tables call it."""

_LATIN_HELPERS = frozenset({"MODIFIER", "FEMININE", "MASCULINE"})
"""First words of letters that Latin spellings use without leaving the script."""


class MaterialMissing(Exception):
    """A file that a measurement needs is not on this machine."""


def shared(relative: str) -> Path:
    """Return the path of a file or folder of the shared data; absent ones raise."""
    path = SHARED / relative
    if not path.exists():
        raise MaterialMissing(relative)
    return path


def scratch(name: str) -> Path:
    """Return a path in the git-ignored folder for results, which hides itself from git."""
    SCRATCH.mkdir(exist_ok=True)
    ignore = SCRATCH / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    path = SCRATCH / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def table(relative: str, *, separator: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a (gzipped) table with a header row."""
    path = shared(relative)
    with _text(path) as lines:
        if separator == "\t":
            yield from csv.DictReader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        else:
            yield from csv.DictReader(lines, delimiter=separator)


def _text(path: Path) -> TextIO:
    """Open a text file that may be gzipped."""
    if path.suffix == ".gz":
        return cast("TextIO", gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def json_lines(path: Path) -> Iterator[Any]:
    """Yield the values of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def write_json_lines(path: Path, values: Iterable[object]) -> None:
    """Write values as JSON lines, replacing the file."""
    with path.open("w", encoding="utf-8") as out:
        for value in values:
            out.write(json.dumps(value, ensure_ascii=False) + "\n")


def script(text: str) -> str | None:
    """Return the script of most letters of a text ("Arabic", "Han" ...), None without letters."""
    words = Counter(unicodedata.name(c, "?").split()[0] for c in text if c.isalpha())
    if not words:
        return None
    first = words.most_common(1)[0][0]
    return _SCRIPT_WORDS.get(first, first.capitalize())


def is_latin_letter(character: str) -> bool:
    """Say whether a letter belongs to Latin writing, modifiers of romanisations included."""
    word = unicodedata.name(character, "?").split()[0]
    return word == "LATIN" or word in _LATIN_HELPERS
