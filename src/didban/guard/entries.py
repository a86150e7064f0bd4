"""One line of the check log: what it says, and the seal that ties it to the line before.

    {"entry":7,"at":"2031-05-04T10:00:00.000000Z","who":"post4@kiosk","purpose":"border_control",
     "reference":"Gate 4","command":"check","snapshot":"2031-05-01T00:00:00Z","asked":1,"matched":0,
     "outcome":"done","seal":"<64 hex digits>"}

- The seal is SHA-256 over the seal of the line before, a line feed, and this line without its seal.
  A changed, removed, inserted or reordered line breaks every chain that runs through it.
- There is no key in it: who may rewrite the whole file may also reseal it. What shows that is a
  seal kept elsewhere (`didban log verify --seal`).
- Never in a line: names, dates, numbers, identifiers of records or queries (PR-37).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

FIRST_SEAL = "0" * 64  # what the first line is tied to

_SEALED = re.compile(rb'(\{.*),"seal":"([0-9a-f]{64})"\}', re.DOTALL)


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    UNKNOWN = "unknown"  # the snapshot was too old to say that nothing was found
    REFUSED = "refused"  # asked without a purpose
    INTERRUPTED = "interrupted"  # stopped or killed on its way; the counts are of what was written
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One run that used a snapshot: who, when, why, how many; never the content.

    - `at` is when the entry was written, or when its run began if the run was cut off (UTC).
    - `snapshot` is the build time of the data that answered.
    - `run` names a long run, so that it is entered once even if it is killed while it ends.
    - `torn` counts the bytes of an unfinished line that were set aside just before this entry.
    """

    entry: int
    at: str
    who: str
    purpose: str | None
    reference: str
    command: str
    snapshot: str
    asked: int
    matched: int
    outcome: Outcome
    run: str | None = None
    torn: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as plain data, without the fields that only some entries have."""
        values = asdict(self)
        return {k: v for k, v in values.items() if v is not None or k not in {"run", "torn"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file as read: the entry, its seal, and the bytes that the seal covers."""

    entry: Entry
    seal: str
    body: bytes


def seal_of(previous: str, body: bytes) -> str:
    """Return the seal of a line whose unsealed bytes are `body`, after the line `previous`."""
    return hashlib.sha256(previous.encode("ascii") + b"\n" + body).hexdigest()


def write(entry: Entry, previous: str) -> tuple[bytes, str]:
    """Return the whole line with its line feed, and its seal. Inverse of `read`."""
    body = json.dumps(entry.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
    seal = seal_of(previous, body)
    return body[:-1] + b',"seal":"' + seal.encode("ascii") + b'"}\n', seal


def read(line: bytes) -> Line | None:
    """Return the parts of one line (without its line feed), or None if it is not one of ours.

    Does not check the seal: that needs the line before.
    """
    found = _SEALED.fullmatch(line)
    if found is None:
        return None
    body = found[1] + b"}"
    try:
        values = json.loads(body)
        entry = Entry(**{**values, "outcome": Outcome(values["outcome"])})
    except (ValueError, TypeError, KeyError):
        return None
    return Line(entry=entry, seal=found[2].decode("ascii"), body=body)
