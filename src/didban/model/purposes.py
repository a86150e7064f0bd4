"""The coded reasons for which something may be done: a closed list (PR-56).

None serves targeting, military operations or watching opinion, and none can be added by a setting.
Each search names one; on a node it is chosen at sign-in or bound to the token, from those that the
role may use (`ROLE_PURPOSES` in `didban.model.permissions`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Purpose(StrEnum):
    """Why something is done (glossary: `purpose`)."""

    BORDER_CONTROL = "border_control"
    WANTED_OR_MISSING_PERSON = "wanted_or_missing_person"
    CRIMINAL_INVESTIGATION = "criminal_investigation"
    DOCUMENT_FRAUD = "document_fraud"
    SANCTIONS_SCREENING = "sanctions_screening"
    IDENTIFICATION_OF_REMAINS = "identification_of_remains"
    QUALITY_TEST = "quality_test"
    SUPERVISION = "supervision"  # a supervisor looks across cases (PR-04)
    DATA_PROTECTION = "data_protection"  # rights of persons, logs, signals
    ADMINISTRATION = "administration"  # users, tokens, sources; never content
    NODE_DUTY = "node_duty"  # what the node does on its own: deadlines, retention, lists


CHECK_PURPOSES: Final = tuple(
    purpose
    for purpose in Purpose
    if purpose not in {Purpose.DATA_PROTECTION, Purpose.ADMINISTRATION, Purpose.NODE_DUTY}
)
"""The purposes for which a person, a document or a thing may be looked for."""

_P = Purpose
_OF_THE_PROCESSING_ITSELF = frozenset({_P.SUPERVISION, _P.DATA_PROTECTION, _P.NODE_DUTY})

SERVED: Final[Mapping[Purpose, frozenset[Purpose]]] = {
    purpose: frozenset({purpose, *others}) | _OF_THE_PROCESSING_ITSELF
    for purpose, others in {
        _P.BORDER_CONTROL: {_P.WANTED_OR_MISSING_PERSON, _P.DOCUMENT_FRAUD},
        _P.WANTED_OR_MISSING_PERSON: {
            _P.BORDER_CONTROL,
            _P.CRIMINAL_INVESTIGATION,
            _P.DOCUMENT_FRAUD,
            _P.IDENTIFICATION_OF_REMAINS,
        },
        _P.CRIMINAL_INVESTIGATION: {
            _P.BORDER_CONTROL,
            _P.DOCUMENT_FRAUD,
            _P.WANTED_OR_MISSING_PERSON,
        },
        _P.DOCUMENT_FRAUD: {
            _P.BORDER_CONTROL,
            _P.CRIMINAL_INVESTIGATION,
            _P.WANTED_OR_MISSING_PERSON,
        },
        _P.SANCTIONS_SCREENING: {
            _P.BORDER_CONTROL,
            _P.CRIMINAL_INVESTIGATION,
            _P.DOCUMENT_FRAUD,
            _P.WANTED_OR_MISSING_PERSON,
        },
        _P.IDENTIFICATION_OF_REMAINS: {_P.WANTED_OR_MISSING_PERSON},
        _P.QUALITY_TEST: set[Purpose](),
    }.items()
}
"""For which uses a record is kept, by the purpose in its marking (PR-06). Any other use needs the
owner's consent."""


def serves(kept_for: Purpose, use: Purpose) -> bool:
    """Return whether a record kept for one purpose may be used for another without consent."""
    return use in SERVED.get(kept_for, _OF_THE_PROCESSING_ITSELF)
