"""The audit trail: every search, view, change and export leaves one entry.

It is written in the deed's own transaction, and says who, when, why and of what kind, never what
(PR-37). `guard.sealing` gives it its place in a Merkle tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban import clock
from didban.errors import InvalidInput
from didban.store import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from didban.model.actors import Actor
    from didban.model.deeds import Deed
    from didban.store.database import Transaction

    Facts: TypeAlias = Mapping[str, str | int | bool]

# Identifiers, codes, states, moments and digests fit these; sentences and names in full do not.
# Identifiers of records are as their publishers write them.
_SUBJECT: Final = re.compile(r"[^\s\x00-\x1f]{0,200}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXT: Final = re.compile(r"[A-Za-z0-9_.,:;+/=@#*-]{0,200}")


def enter(
    tx: Transaction,
    actor: Actor,
    deed: Deed,
    *,
    subject: str = "",
    facts: Facts | None = None,
) -> None:
    """Enter a deed. It stands or falls with the transaction.

    - `subject`: identifier of what it was done to (a record, hit, user ...); never a name.
    - `facts`: counts, states, versions, digests: what kind of thing happened, without content.

    Raises RuntimeError, our own fault, when a subject or fact is not a code but prose: that is how
    content would get into a log that is never erased (PR-37).
    """
    told = dict(facts or {})
    if not is_code(subject, told):
        raise RuntimeError(f"{deed}: an entry has identifiers, words of ours, codes and numbers")
    audit.append(tx, actor, deed, at=clock.now(), subject=subject, facts=told)


def is_code(subject: str, facts: Facts) -> bool:
    """Return whether an entry with these has no prose in it."""
    known = (_SUBJECT, subject), (_SUBJECT, facts.get("record", ""))
    texts = [
        (_TEXT, value)
        for name, value in facts.items()
        if isinstance(value, str) and name != "record"
    ]
    return all(_NAME.fullmatch(name) for name in facts) and all(
        form.fullmatch(str(value)) for form, value in (*known, *texts)
    )


def require_identifiers(*given: str | None) -> None:
    """Return if what somebody asks for can be an identifier, so that the asking can be entered.

    Raises InvalidInput.
    """
    if not all(is_code(text or "", {"asked": text or ""}) for text in given):
        raise InvalidInput("an identifier has no spaces, and at most 200 letters, digits and signs")
