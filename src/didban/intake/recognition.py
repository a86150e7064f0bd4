"""A person is recognised again without being remembered: keyed hashes of an identity (PR-57)."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from didban.match.documents import normal, number_key
from didban.match.spelling.tokens import name_parts
from didban.model.identifiers import identifiers_of
from didban.model.retention import RetentionPolicy, years_after
from didban.model.schemata import is_a
from didban.store import refusals

if TYPE_CHECKING:
    from didban.model.bank import BankRecord
    from didban.model.disputes import EarlierRefusal, Ground
    from didban.model.records import Record
    from didban.store.database import Transaction

_NAMES = ("name", "alias", "previousName")


def remember(tx: Transaction, ended: BankRecord, key: bytes, *, ground: Ground) -> None:
    """Remember that a person's record was refused or withdrawn, as long as it might have stood."""
    refusals.remember(
        tx,
        digests_of(key, ended.entity),
        record_id=ended.id,
        ground=ground,
        at=ended.recorded_at,
        until=years_after(ended.recorded_at.date(), RetentionPolicy().person_years),
    )


def earlier(
    tx: Transaction, entity: Record, key: bytes, *, beside: str = ""
) -> tuple[EarlierRefusal, ...]:
    """Return when and why records of the same person were refused or withdrawn before.

    - `beside`: a record that is left out: its own history says more.
    """
    digests = digests_of(key, entity)
    return refusals.earlier(tx, digests, beside=beside) if digests else ()


def digests_of(key: bytes, entity: Record) -> frozenset[bytes]:
    """Return the hashes of a person: one for each name with each birth date, one for each paper.

    - A name is the same in any order of its parts and in any case.
    - A name alone recognises nobody, and what is not about a person has no hash.
    """
    if not is_a(entity.schema, "LegalEntity"):
        return frozenset()
    births = entity.values("birthDate")
    texts = {
        f"name/{' '.join(sorted(parts))}/{birth}"
        for name in entity.values(*_NAMES)
        if (parts := name_parts(name))
        for birth in births
    }
    texts |= {
        f"paper/{paper.issuer or ''}/{normal(paper.number)}"
        for paper in identifiers_of(entity)
        if number_key(paper.number) is not None
    }
    return frozenset(hmac.digest(key, text.encode(), hashlib.sha256) for text in texts)
