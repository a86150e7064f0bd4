"""The coded reasons for which a search may be made. Each search names one of them."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why a person or a document is looked for (glossary: `purpose`)."""

    BORDER_CONTROL = "border_control"
    WANTED_OR_MISSING_PERSON = "wanted_or_missing_person"
    CRIMINAL_INVESTIGATION = "criminal_investigation"
    DOCUMENT_FRAUD = "document_fraud"
    SANCTIONS_SCREENING = "sanctions_screening"
    IDENTIFICATION_OF_REMAINS = "identification_of_remains"
    QUALITY_TEST = "quality_test"
