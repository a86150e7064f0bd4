"""A non-match token: that two descriptions were found not to be of one person or thing (PR-25).

The token is a keyed hash over the identifying data of both sides, so that it says nothing to who
lacks the key, and dies by itself when either side's identifying data change.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Final

from didban.model.schemata import Kind, property_kind

if TYPE_CHECKING:
    from didban.model.records import Record

_KINDS: Final = frozenset(
    {Kind.NAME, Kind.WEAK_NAME, Kind.NAME_PART, Kind.COUNTRY, Kind.GENDER, Kind.IDENTIFIER}
)
_DATES: Final = frozenset({"birthDate", "deathDate", "incorporationDate", "buildDate"})


def digest(key: bytes, asked: Record, listed: Record) -> bytes:
    """Return the token of a pair: HMAC-SHA-256 over what identifies each of its sides.

    - `asked`: who or what was checked; `listed`: what a record describes. Their identifiers, and
      what a record says beyond identity, make no difference.
    """
    both = [_identity(asked), _identity(listed)]
    content = json.dumps(both, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, content.encode(), hashlib.sha256)


def _identity(record: Record) -> dict[str, Any]:
    """Return what identifies a person or thing, whatever the order and case it is written in."""
    found: dict[str, Any] = {"schema": record.schema}
    for name, values in record.properties.items():
        if name in _DATES or property_kind(record.schema, name) in _KINDS:
            found[name] = sorted({_plain(value) for value in values})
    papers = {(d.issuer, d.type, d.number, d.number_to) for d in record.documents}
    found["documents"] = sorted([_plain(part or "") for part in paper] for paper in papers)
    return {name: value for name, value in found.items() if value}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
