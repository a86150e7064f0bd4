"""New identifiers: random, so that nobody can guess one or count how many there are."""

from __future__ import annotations

import base64
import secrets
from typing import Final

_BYTES: Final = 15  # 120 bits: 24 characters of base 32, no padding


def new_id(kind: str) -> str:
    """Return a fresh identifier such as `hit_4kq2...`; `kind` is what it names, in short."""
    return f"{kind}_{base64.b32encode(secrets.token_bytes(_BYTES)).decode('ascii').lower()}"
