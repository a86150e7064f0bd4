"""Lines of JSON from outside: each an object, with values brought to clean text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from didban.intake.readers.base import Reject
from didban.intake.readers.streams import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from didban.intake.readers.base import RejectSink

MAX_VALUE: Final = 65_536
"""Longest value, in characters; a longer one is cut."""

# Half characters (JSON can name them) cannot be written anywhere; controls mean nothing.
_UNWANTED: Final = dict.fromkeys((*range(32), 0x7F, 0xFEFF), " ") | dict.fromkeys(
    range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"
)


def read_objects(
    path: Path, name: str, reject: RejectSink
) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Yield (line number, object, the line) for each line that holds a JSON object.

    Empty lines are skipped; any other line is rejected.
    """
    for number, line in read_lines(path, name, reject):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            reject(Reject(source=name, line=number, reason=not_json(error), row=line))
            continue
        if isinstance(value, dict):
            yield number, value, line
        else:
            reject(Reject(source=name, line=number, reason="not a JSON object", row=line))


def not_json(error: ValueError | RecursionError) -> str:
    """Return in words why a text is no JSON, and from which character on."""
    if isinstance(error, RecursionError):
        return "JSON nested too deep"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    return "not JSON"


def clean_text(value: object) -> str:
    """Return a scalar of JSON as trimmed text without controls; "" for null and for containers.

    Also for NaN and the infinities, as tables write what they do not have: they are not names.
    """
    if isinstance(value, str):
        if value.isprintable() and len(value) <= MAX_VALUE:
            return value.strip()
        text = value
    elif isinstance(value, float):
        text = str(value) if math.isfinite(value) else ""
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    else:
        return ""
    if not text.isprintable():
        text = text.translate(_UNWANTED)
    return text[:MAX_VALUE].strip()


def clean_values(values: object) -> tuple[str, ...]:
    """Return a list of JSON, or one scalar, as distinct texts in order; empty ones are left out."""
    items = values if isinstance(values, list) else [values]
    if len(items) == 1:
        return (text,) if (text := clean_text(items[0])) else ()
    return tuple(dict.fromkeys(text for item in items if (text := clean_text(item))))
