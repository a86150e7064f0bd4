"""Certificates of endpoints, as far as anybody has to look into them: when they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509

if TYPE_CHECKING:
    from datetime import datetime


def end_of(pem: str) -> datetime | None:
    """Return when the first certificate of a text ends; None where there is none in it."""
    try:
        return x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc
    except ValueError:
        return None
