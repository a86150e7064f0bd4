"""Records of one node are found at the others, as their owner says, and gone when it says so."""

from __future__ import annotations

import pytest

from bank_help import actor, alert, draft_of, marking, passport, person
from didban.intake import bank as intake
from didban.match.query import query_from_record
from didban.model.bank import RecordState
from didban.screening.live import LiveIndex
from didban.store import records
from didban.store.exchange import copies
from didban.store.visibility import every_number, open_to
from sharing_help import correct, held, report, withdraw


def test_a_stolen_passport_reported_at_one_node_is_found_at_another(sharing, tmp_path):
    """It is carried, taken in and found by the search of the other bank's officers."""
    entity = passport("A12345678")
    report(sharing["xar"], entity)
    sharing.carry()

    with LiveIndex.open(sharing["xbo"].database, tmp_path / "index", follow=False) as index:
        seen = sharing["xbo"].do(lambda tx: open_to(tx, actor("xbo")))
        [match] = index.match(query_from_record(entity), open_to=seen)
    assert match.id == entity.id
    kept = held(sharing["xbo"], entity.id)
    assert (kept.owner, kept.state, kept.recorded_by) == ("xar", RecordState.ACTIVE, "node:xar")


def test_a_withdrawn_record_is_gone_from_every_node(sharing, tmp_path):
    """Record, index and the bodies of its entries; what is left is a header."""
    kept = report(sharing["xar"], passport())
    sharing.carry()
    withdraw(sharing["xar"], kept)
    sharing.carry()

    for code in ("xbo", "xca"):
        assert held(sharing[code], kept.id) is None
        with LiveIndex.open(sharing[code].database, tmp_path / code, follow=False) as index:
            seen = sharing[code].do(every_number)
            assert index.match(query_from_record(kept.entity), open_to=seen) == []
    bodies = "select count(body) from entry where kind = 'put'"
    assert [b.do(lambda tx: tx.exec_driver_sql(bodies).scalar()) for b in sharing.values()] == [
        0,
        0,
        0,
    ]


def test_a_correction_replaces_the_copy_and_keeps_its_history(sharing):
    """The other bank can say what it held before (PR-39), and which revision that was."""
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, person(birthDate="1980-01-02"))
    sharing.carry()
    correct(xar, kept, draft_of(kept, alert=alert()))
    sharing.carry()

    copy = held(xbo, kept.id)
    assert copy.alert == alert()
    assert copy.version == 2
    assert len(xbo.do(lambda tx: records.versions(tx, kept.id, every_number(tx)))) == 2
    [first, second] = [xbo.do(copies.rev_of, kept.id, version) for version in (1, 2)]
    assert (first[1], second[1]) == (1, 2)
    assert first[0] < second[0]


def test_nothing_leaves_of_a_deed_that_was_undone(sharing):
    """An error after the report undoes the entry in the feed with it."""
    xar = sharing["xar"]

    def report_and_fail(tx):
        intake.report(tx, actor("xar"), passport(), marking("xar"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        xar.do(report_and_fail)
    assert sharing.carry() == 0
