"""A non-match token: that two descriptions were found not to be of one person or thing (PR-25).

The token is a keyed hash over the identifying data of both sides, so that it says nothing to who
lacks the key, and dies by itself when either side's identifying data change.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from didban.model.identity import identity_of

if TYPE_CHECKING:
    from didban.model.records import Record


def digest(key: bytes, asked: Record, listed: Record) -> bytes:
    """Return the token of a pair: HMAC-SHA-256 over what identifies each of its sides.

    - `asked`: who or what was checked; `listed`: what a record describes. Their identifiers, and
      what a record says beyond identity, make no difference.
    """
    both = [_canonical(identity_of(asked)), _canonical(identity_of(listed))]
    content = json.dumps(both, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, content.encode(), hashlib.sha256)


def _canonical(record: Record) -> dict[str, Any]:
    """Return a record as plain data, the same whatever order and case it is written in."""
    papers = {(d.issuer, d.type, d.number, d.number_to) for d in record.documents}
    return {
        "schema": record.schema,
        "properties": {
            name: sorted({_plain(value) for value in values})
            for name, values in record.properties.items()
            if values
        },
        "documents": sorted([_plain(part or "") for part in paper] for paper in papers),
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
