"""Who publishes the official formats, and on what their lists rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The owner of an official list: its code in the bank, its name, the ground of its list."""

    code: str
    name: str
    legal_basis: str


PUBLISHERS: Final[Mapping[str, Publisher]] = {
    "un-sc": Publisher(
        code="un",
        name="United Nations Security Council",
        legal_basis="Resolutions of the Security Council, Consolidated List",
    ),
    "ofac-sdn": Publisher(
        code="us-ofac",
        name="Office of Foreign Assets Control, United States",
        legal_basis="Specially Designated Nationals and Blocked Persons List",
    ),
    "us-csl": Publisher(
        code="us-ita",
        name="International Trade Administration, United States",
        legal_basis="Consolidated Screening List",
    ),
    "uk-ofsi": Publisher(
        code="uk-ofsi",
        name="Office of Financial Sanctions Implementation, United Kingdom",
        legal_basis="Consolidated List of Financial Sanctions Targets",
    ),
    "eu-fsf": Publisher(
        code="eu",
        name="European Union",
        legal_basis="Consolidated List of Financial Sanctions",
    ),
}
"""Formats that have one publisher. What anybody may publish (`ftm`, `csv` ...) names its owner."""
