"""What a node acknowledged is there, once, whatever was killed while it was written."""

from __future__ import annotations

import http.client
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api_help import Api
from didban import clock
from didban.guard.secrets import Secrets
from didban.store.database import Database
from didban.store.tables.audit import audit_entry, audit_leaf
from didban.store.tables.records import record
from node_help import wait_until

pytestmark = pytest.mark.slow

_WRITERS = 3


def a_report(number):
    """Return a report about an invented person with a number in the name."""
    return {
        "entity": {"schema": "Person", "properties": {"name": [f"Zahra Karimzadeh {number}"]}},
        "marking": {
            "purpose": "wanted_or_missing_person",
            "legal_basis": "Penal Code of Arvand, s. 12",
            "retention_until": (clock.today() + timedelta(days=365)).isoformat(),
        },
    }


class Writers:
    """Report records one after the other, each again under its key until it is acknowledged."""

    def __init__(self, node, secret):
        self.node = node
        self.headers = {"authorization": f"Bearer {secret}"}
        self.acknowledged: dict[int, str] = {}
        self.stopping = threading.Event()
        self.refused: list[object] = []
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(_WRITERS)]

    def write(self, first):
        """Write every third number."""
        number = first
        while not self.stopping.is_set():
            try:
                status, answer = self.node.ask(
                    "POST", "/api/v1/records", a_report(number),
                    **self.headers, **{"idempotency-key": f"report-number-{number}"},
                )  # fmt: skip
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            if status == 201:
                self.acknowledged[number] = answer["record"]["id"]
                number += _WRITERS
            elif status not in {409, 503}:  # being done by the request before; database away
                self.refused.append(answer)
                return

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def running(node):
    """Return a running node, its database, and the secret of a recorder's session."""
    node.up()
    database = Database(node.url)
    api = Api(database, Secrets(node.data / "secrets"))
    yield node, database, api.as_("xar", "recorder").secret
    database.close()


def more_than(writers, count):
    """Wait until so many more were acknowledged."""
    goal = len(writers.acknowledged) + count
    wait_until(lambda: len(writers.acknowledged) >= goal or writers.refused)
    assert not writers.refused


def require_each_once(database, acknowledged):
    """Fail unless each acknowledged record is there once, with one entry in the audit."""
    with database.begin() as tx:
        ids = tx.scalars(select(record.c.id)).all()
        captions = tx.scalars(select(record.c.caption)).all()
        entered = dict(
            tx.execute(
                select(audit_entry.c.subject, func.count())
                .where(audit_entry.c.deed == "record.reported")
                .group_by(audit_entry.c.subject)
            ).all()
        )
    assert set(acknowledged.values()) <= set(ids)
    assert len(captions) == len(set(captions)), "a record was written twice"
    assert entered == dict.fromkeys(ids, 1)


def is_sealed_once(database):
    """Return whether each entry of the audit has its one place in the tree."""
    with database.begin() as tx:
        entries = tx.scalars(select(audit_entry.c.number)).all()
        leaves = tx.scalars(select(audit_leaf.c.entry)).all()
    return sorted(leaves) == sorted(entries)


def test_a_killed_node_loses_nothing_and_repeats_nothing(running):
    """Killed twice under load, and started again by the same command."""
    node, database, secret = running
    with Writers(node, secret) as writers:
        for _ in range(2):
            more_than(writers, 15)
            node.kill()
            node.up()
        more_than(writers, 15)

    require_each_once(database, writers.acknowledged)
    wait_until(lambda: is_sealed_once(database))


def test_a_killed_database_is_started_again_and_lost_nothing(running):
    """The node notices, tells clients to wait, and goes on."""
    node, database, secret = running
    with Writers(node, secret) as writers:
        for _ in range(2):
            more_than(writers, 15)
            node.kill_database()
        more_than(writers, 15)

    require_each_once(database, writers.acknowledged)
