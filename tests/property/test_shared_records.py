"""Whatever happens to records and to the way, every node ends with what their owners say, and no more.

Records are reported, corrected, marked anew, disputed, withdrawn and erased; readers come and go; feeds
are taken in in any order and in pieces, or not at all; transactions are undone; copies are lost.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bank_help import actor, alert, draft_of, passport, person
from didban import clock
from didban.exchange import offering
from didban.intake import disputes
from didban.model.bank import FOUND
from didban.model.disputes import DisputedBy
from didban.model.retention import ErasureReason
from didban.store import authorities, erasure
from sharing_help import correct, held, open_receipts, report, settle, withdraw

_AUDIENCES = (("*",), ("node:xbo",), ("node:xca",), ("group:sea",), ("node:xbo", "node:xca"), ())
_READERS = ("xbo", "xca")
_codes = st.sampled_from(_READERS)
_audiences = st.sampled_from(_AUDIENCES)


class Undone(Exception):
    """Ends a transaction as a crash would."""


class Sharing(RuleBasedStateMachine):
    """Records of one owner, and two readers who hear of them late, twice, in pieces or never."""

    network: Any = None

    def __init__(self):
        super().__init__()
        self.owner = self.network["xar"]
        self.ids = []
        self.numbers = iter(range(10_000))

    def present(self, pick):
        """Return one of the records that are still found at their owner, or None."""
        found = [kept for one in self.ids if (kept := held(self.owner, one)) is not None]
        found = [kept for kept in found if kept.state in FOUND]
        return found[pick % len(found)] if found else None

    @rule(audience=_audiences, is_person=st.booleans())
    def report(self, audience, is_person):
        """Enter a record."""
        entity = person() if is_person else passport(f"A{next(self.numbers):08d}")
        about = alert() if is_person else None
        self.ids.append(report(self.owner, entity, audience=audience, alert=about).id)

    @rule(pick=st.integers(0, 99), audience=_audiences)
    def mark_anew(self, pick, audience):
        """Let others see it from now on."""
        if (kept := self.present(pick)) is not None:
            seen_by = replace(kept.marking.visibility, audience=tuple(sorted(audience)))
            marking = replace(kept.marking, visibility=seen_by)
            correct(self.owner, kept, draft_of(kept, marking=marking))

    @rule(pick=st.integers(0, 99))
    def correct_and_crash(self, pick):
        """Say something, and never have said it."""
        if (kept := self.present(pick)) is not None:

            def deed(tx):
                withdraw(_Within(self.owner, tx), kept)  # type: ignore[arg-type]
                raise Undone

            with contextlib.suppress(Undone):
                self.owner.do(deed)

    @rule(pick=st.integers(0, 99))
    def withdraw(self, pick):
        """Take it back."""
        if (kept := self.present(pick)) is not None:
            withdraw(self.owner, kept)

    @rule(pick=st.integers(0, 99))
    def erase(self, pick):
        """Let its retention end."""
        if (kept := self.present(pick)) is not None:
            self.owner.do(erasure.erase, kept.id, ErasureReason.RETENTION_ENDED, clock.now())

    @rule(pick=st.integers(0, 99))
    def dispute(self, pick):
        """Doubt it."""
        if (kept := self.present(pick)) is not None:
            doubt = {"by": DisputedBy.HOLDER, "ground": "it is another one"}
            self.owner.do(disputes.dispute, actor("xar"), kept.id, **doubt)

    @rule(code=_codes, is_in=st.booleans())
    def join_or_leave(self, code, is_in):
        """Let a node into the group, or out of it."""
        self.owner.do(authorities.change_groups, code, ("sea",) if is_in else ())

    @rule(code=_codes, pick=st.integers(0, 99), limit=st.integers(1, 4))
    def pull_a_piece(self, code, pick, limit):
        """Take in a little of one feed, and of no other."""
        if offered := self.owner.do(offering.offered, code):
            feed = offered[pick % len(offered)]
            self.network.pull_feed(code, "xar", feed, limit)

    @rule(code=_codes)
    def keep_up(self, code):
        """Let a node do its frequent duty."""
        self.network[code].keep_up()
        self.owner.keep_up()

    @rule(code=_codes, pick=st.integers(0, 99))
    def lose_a_copy(self, code, pick):
        """Lose what a reader had, as a broken disk would."""
        bank = self.network[code]
        rows = "select record from copy where state = 'live' order by record"
        if found := bank.do(lambda tx: list(tx.exec_driver_sql(rows).scalars())):
            lost = found[pick % len(found)]

            def forget(tx):
                for table, column in (("copy", "record"), ("copy_version", "record")):
                    tx.exec_driver_sql(f"delete from {table} where {column} = '{lost}'")
                tx.exec_driver_sql(f"delete from record_version where record = '{lost}'")
                tx.exec_driver_sql(f"delete from record where id = '{lost}'")

            bank.do(forget)

    def teardown(self):
        """Heal the way, let a day pass, and compare."""
        settle(self.network)
        self.owner.sharing.state(self.owner.database, clock.now())
        settle(self.network)
        for code in _READERS:
            bank = self.network[code]
            bank.sharing.mend(bank.database, clock.now(), ask=partial(self.network.ask, code))
        settle(self.network)
        groups = {code: self.owner.do(authorities.get, code).groups for code in _READERS}
        for record_id in self.ids:
            said = held(self.owner, record_id)
            for code in _READERS:
                tokens = {"*", f"node:{code}", *(f"group:{g}" for g in groups[code])}
                copy = held(self.network[code], record_id)
                is_due = (
                    said is not None
                    and said.state in FOUND
                    and not tokens.isdisjoint(said.marking.visibility.audience)
                )
                assert (copy is not None) == is_due, (record_id, code)
                if copy is not None and said is not None:
                    assert (copy.entity, copy.marking) == (said.entity, said.marking)
                    assert (copy.state, copy.is_disputed) == (said.state, said.is_disputed)
        assert open_receipts(self.owner) == []


class _Within:
    """A bank whose deeds are done within a transaction that is open."""

    def __init__(self, bank, tx):
        self.code, self._tx = bank.code, tx

    def do(self, verb, *arguments, **more):
        """Do something in that transaction."""
        return verb(self._tx, *arguments, **more)


@pytest.mark.slow
def test_every_node_ends_with_what_owners_say(sharing):
    """Nothing lost, nothing twice, nothing left over, and every reader has confirmed."""
    machine = type("Sharing", (Sharing,), {"network": sharing})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
