"""Bytes as text: base64 (RFC 4648, section 4), as everything that leaves a node writes them."""

from __future__ import annotations

import base64


def b64(raw: bytes) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(raw).decode("ascii")


def from_b64(text: str) -> bytes:
    """Return the bytes that base64 text stands for. Raises ValueError for any other text."""
    return base64.b64decode(text, validate=True)
