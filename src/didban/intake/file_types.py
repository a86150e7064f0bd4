"""Which kinds of files are taken, told by their first bytes and never by their name."""

from __future__ import annotations

from typing import Final

_SIGNATURES: Final = (
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jp2", b"\x00\x00\x00\x0cjP  \r\n\x87\n"),  # portraits of chips (Doc 9303-10)
    ("image/jp2", b"\xff\x4f\xff\x51"),  # the same without its box
    ("image/x-wsq", b"\xff\xa0\xff"),  # fingerprints
    ("application/pdf", b"%PDF-"),
)

MEDIA_TYPES: Final = tuple(dict.fromkeys(media_type for media_type, _ in _SIGNATURES))
"""The media types that are taken: pictures, fingerprints and paper. Nothing that a browser runs."""


def media_type_of(content: bytes) -> str | None:
    """Return the media type of a file that is taken, or None for any other."""
    return next((kind for kind, start in _SIGNATURES if content.startswith(start)), None)
