"""Every duty that a room has is on the calendar, and each does its work on a real bank."""

from __future__ import annotations

import ast
from datetime import timedelta

import pytest

from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.model.retention import ErasureReason
from didban.node import exchange
from didban.node import parts as building
from didban.node.calendar import duties_of
from didban.screening.live import LiveIndex
from didban.settings import Charter, Node, Settings
from didban.store import erasure
from didban.store import node as node_row
from didban.store.node import NodeRow


@pytest.fixture
def duties(database, place):
    """Return the duties of a node on a fresh bank."""
    settings = Settings(
        node=Node(data_folder=place / "node"),
        charter=Charter(is_training=True),
        database_url=database.url.render_as_string(hide_password=False),
    )
    parts = building.build(settings)
    parts.secrets.make()
    with parts.database.begin() as tx:
        authority(tx, "xar")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    with LiveIndex.open(parts.database, parts.places.index, follow=False) as index:
        yield duties_of(exchange.join(parts, index))
    parts.close()


def test_every_duty_runs_on_an_empty_bank_twice(duties, database):
    """Nothing to do is no error, and doing it again does nothing more."""
    for duty in duties:
        assert duty.run(database, clock.now()) >= 0, duty.name
    assert [duty.name for duty in duties] == sorted(duty.name for duty in duties)
    assert len({duty.name for duty in duties}) == len(duties)


def test_no_room_s_duty_was_forgotten(root):
    """A module with `run_due` that nobody calls would let clocks stand still."""
    source = root / "src" / "didban"
    have = {
        path.stem
        for path in source.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "run_due"
    }
    calendar = ast.parse((source / "node" / "calendar.py").read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(calendar)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    called = {
        names.get(node.value.id, node.value.id)
        for node in ast.walk(calendar)
        if isinstance(node, ast.Attribute)
        and node.attr == "run_due"
        and isinstance(node.value, ast.Name)
    }
    assert have - called == set()


def test_the_index_s_files_are_written_anew_within_two_hours_of_an_erasure(duties, database):
    """Withdrawn is not erased: the content must leave the disk (PR-31)."""
    entity = person("Zahra Karimzadeh")
    with database.begin() as tx:
        bank.report(tx, actor("xar"), entity, marking("xar"))
    now = clock.now()
    with database.begin() as tx:
        erasure.erase(tx, entity.id, ErasureReason.NOT_NEEDED, now)
        erasure.erase(tx, entity.id, ErasureReason.NOT_NEEDED, now)
    (do,) = (duty for duty in duties if duty.name == "jobs.do")

    assert do.run(database, now) == 0
    assert do.run(database, now + timedelta(hours=1)) == 1
    assert do.run(database, now + timedelta(hours=2)) == 0
