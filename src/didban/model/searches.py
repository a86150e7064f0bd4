"""A search over the bank: what is asked, and how much of an answer it may have."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Final

from didban.model.actors import AuthorityKind

if TYPE_CHECKING:
    from didban.model.actors import Actor
    from didban.model.alerts import Action
    from didban.model.bank import RecordState
    from didban.model.marking import Visibility

WILDCARD: Final = "*"
LEAST_OF_TEXT: Final = 3  # characters that a word needs to narrow a search

_PART: Final = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Criteria, all of which a record must meet; what is empty asks nothing.

    - `text`: words and "phrases" in names, identifiers, facts and notes; `word*` for beginnings.
    - `name`: a name in any script, found by the screening index.
    - `document_number`: of a travel or identity document, as written or without its signs.
    - `country`: a code among nationality, country, citizenship or jurisdiction.
    - `born_from`, `born_to`: a birth date, as exact as it is known, must lie partly between them.
    - `action`: what the owner asked for; `standing` may ask less by now.
    """

    text: str = ""
    name: str = ""
    document_number: str = ""
    schema: str = ""
    owner: str = ""
    country: str = ""
    born_from: date | None = None
    born_to: date | None = None
    state: RecordState | None = None
    action: Action | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None

    @property
    def criteria(self) -> tuple[str, ...]:
        """The names of what is asked, for the log: never the content."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name))

    @property
    def sayings(self) -> tuple[str, ...]:
        """The words and phrases of the text, all of which a record must hold."""
        return tuple(phrase or word for phrase, word in _PART.findall(self.text))

    @property
    def is_browsing(self) -> bool:
        """Whether it looks around rather than for somebody: a supervisor's right (PR-04)."""
        if any(said.endswith(WILDCARD) for said in self.sayings):
            return True
        words = (word for said in self.sayings for word in said.split())
        is_narrow = any(len(word.strip('"')) >= LEAST_OF_TEXT for word in words)
        return not (is_narrow or self.name or self.document_number)

    @property
    def is_by_identity(self) -> bool:
        """Whether nothing but an identity is asked for: what a hit-no-hit answer is given to.

        A birth date is an identity's when it is one day or one year. Spans that the asker draws at will
        would find out the birth date of a record that is told of as existing only (PR-03).
        """
        is_named = bool(self.name or self.document_number)
        return is_named and set(self.criteria) <= _IDENTITY and self._is_one_birth

    @property
    def _is_one_birth(self) -> bool:
        first, last = self.born_from, self.born_to
        if first is None or last is None:
            return first is last
        is_year = first == date(first.year, 1, 1) and last == date(first.year, 12, 31)
        return first == last or is_year


_IDENTITY: Final = frozenset({"name", "document_number", "schema", "born_from", "born_to"})


def tells_details(seen_by: Visibility, owner_kind: AuthorityKind, actor: Actor) -> bool:
    """Return whether a search may tell this actor more of such records than that they exist.

    Hit-no-hit is the rule between authorities (PR-03). An owner tells more to whom it names in the
    audience, itself or by a group; the publisher of an official list tells everyone.

    Does not decide whether the records may be known of at all: `Visibility.is_open_to`.
    """
    if actor.authority == seen_by.owner or owner_kind is AuthorityKind.PUBLISHER:
        return True
    own = {f"node:{actor.authority}", *(f"group:{group}" for group in actor.groups)}
    return not own.isdisjoint(seen_by.audience)
