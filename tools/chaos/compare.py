"""Whether every copy is equal to its owner's record, and nothing is there that should not be."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.store.database import Database
    from tools.chaos.load import Load

_LIVE: Final = text("""
    select id, entity from record where owner = :owner and is_searchable
""")
# What stands where in a feed: numbers without a gap, and each hash once.
_GAPS: Final = text("""
    select count(*) from (
        select feed, count(*) as n, max(seq) - min(seq) + 1 as span, count(distinct hash) as hashes
        from entry where not is_void group by feed
    ) as counted where n <> span or n <> hashes
""")
_EVIDENCE: Final = text("select count(*) from evidence")


def differences(databases: Mapping[str, Database], loads: Mapping[str, Load]) -> list[str]:
    """Return what is not as it must be; empty where all copies are equal to the owners'."""
    found = []
    for owner, database in databases.items():
        own = live(database, owner)
        found += _against_what_was_acknowledged(owner, set(own), loads[owner])
        for other, elsewhere in databases.items():
            if other != owner:
                found += _against_the_owner(owner, other, own, live(elsewhere, owner))
        with database.begin() as tx:
            if broken := tx.scalar(_GAPS):
                found.append(f"{owner}: {broken} feeds have a gap or an entry twice")
            if evidence := tx.scalar(_EVIDENCE):
                found.append(f"{owner}: {evidence} pieces of evidence against honest nodes")
    return found


def live(database: Database, owner: str) -> dict[str, str]:
    """Return what a bank finds of an owner: a digest of each record, by identifier."""
    with database.begin() as tx:
        rows = tx.execute(_LIVE, {"owner": owner}).all()
    return {row.id: _digest(row.entity) for row in rows}


def _digest(entity: object) -> str:
    return hashlib.sha256(json.dumps(entity, sort_keys=True).encode()).hexdigest()


def _against_what_was_acknowledged(owner: str, own: set[str], load: Load) -> list[str]:
    """Return what a node acknowledged and does not have, or took back and still has."""
    lost, kept = load.live - own, load.withdrawn & own
    return [
        *([f"{owner}: {len(lost)} acknowledged reports are lost"] if lost else []),
        *([f"{owner}: {len(kept)} reports that were taken back are still found"] if kept else []),
    ]


def _against_the_owner(
    owner: str, other: str, own: Mapping[str, str], copies: Mapping[str, str]
) -> list[str]:
    missing, left = own.keys() - copies.keys(), copies.keys() - own.keys()
    changed = [each for each in own.keys() & copies.keys() if own[each] != copies[each]]
    told = {"are missing": missing, "should be gone": left, "differ": changed}
    return [
        f"{other}: {len(which)} copies of {owner}'s {words}"
        for words, which in told.items()
        if which
    ]
