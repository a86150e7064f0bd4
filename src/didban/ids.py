"""New identifiers: random, so that nobody can guess one or count how many there are."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Final

_BYTES: Final = 15  # 120 bits: 24 characters of base 32, no padding
_OF_RECORD: Final = re.compile(r"rec_([a-z][a-z0-9-]*)_[a-z2-7]{24}")


def new_id(kind: str) -> str:
    """Return a fresh identifier such as `hit_4kq2...`; `kind` is what it names, in short."""
    return f"{kind}_{base64.b32encode(secrets.token_bytes(_BYTES)).decode('ascii').lower()}"


def new_record_id(owner: str) -> str:
    """Return a fresh identifier of a record, which its owner alone may bear (PR-07).

    - `owner`: code of the authority.
    """
    return new_id(f"rec_{owner}")


def owner_of(record_id: str) -> str | None:
    """Return the only authority that may own a record of this identifier.

    None where it is bound to nobody: numbers of lists, and what was entered by earlier versions.
    """
    found = _OF_RECORD.fullmatch(record_id)
    return found[1] if found else None
