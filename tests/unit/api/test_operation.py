"""The operator's programs learn how the node is, and nothing of anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asgi_help import Client
from bank_help import actor, authority, marking, person
from didban.api import operation
from didban.api.node_app import create
from didban.intake import bank


class Health:
    """A state that tests set."""

    def __init__(self):
        self.state = {"database": True, "index": True}

    def checks(self):
        """Return it."""
        return self.state

    def readings(self):
        """Return a gauge."""
        return {"index_lag_seconds": 0.25}


@pytest.fixture
def health():
    """Return the state of the node."""
    return Health()


@pytest.fixture
def client(api, health):
    """Return a client of a node with its operator's paths."""
    operation.add_to(api.app, health, operation.Metrics())
    return Client(api.app)


def test_a_process_that_answers_is_alive_whatever_its_database_does(client, health):
    """Restarting it would mend nothing."""
    health.state["database"] = False

    assert client.send("GET", "/healthz").status_code == 200


def test_it_is_ready_when_everything_holds_and_says_what_does_not(client, health):
    """A balancer reads the status, a person the rest."""
    assert client.send("GET", "/readyz").status_code == 200
    health.state["index"] = False
    answer = client.send("GET", "/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "index": False}


def test_requests_are_counted_by_their_route_never_by_their_path(client, api):
    """A path holds identifiers; what somebody tries holds anything."""
    entity = person("Zahra Karimzadeh")
    with api.database.begin() as tx:
        authority(tx, "xar")
        bank.report(tx, actor("xar"), entity, marking("xar"))
    desk = api.as_("xar", "recorder")
    desk.get(f"/records/{entity.id}")
    client.send("GET", "/karimzadeh/A12345678")
    client.send("GET", "/healthz")
    shown = client.send("GET", "/metrics").body.decode()

    assert 'route="/api/v1/records/{record_id}",status="200"' in shown
    assert 'route="none",status="404"' in shown
    assert 'route="/healthz",status="200"' in shown
    assert "didban_index_lag_seconds 0.25" in shown
    for personal in ("arimzade", "A12345678", entity.id, "xar"):
        assert personal not in shown


def test_duties_are_counted_by_outcome():
    """An alarm can be set on the one that fails."""
    metrics = operation.Metrics()
    metrics.duty_tried("audit.seal", succeeded=True)
    metrics.duty_tried("audit.seal", succeeded=False)
    shown = metrics.shown({}).decode()

    assert 'didban_duties_total{duty="audit.seal",outcome="succeeded"} 1.0' in shown
    assert 'didban_duties_total{duty="audit.seal",outcome="failed"} 1.0' in shown
    assert 'didban_duty_succeeded_timestamp_seconds{duty="audit.seal"}' in shown


@pytest.mark.parametrize("host", ["node.police.example", "node.police.example:8800"])
def test_pr_53_numbers_that_grow_are_read_on_the_machine_itself_alone(api, health, host):
    """Through the proxy, by whatever name others know it, there is no such path."""
    app = create(replace(api.services, hosts=("node.police.example",)))
    operation.add_to(app, health, operation.Metrics())
    client = Client(app)

    assert client.send("GET", "/metrics", headers={"host": host}).status_code == 404
    assert client.send("GET", "/healthz", headers={"host": host}).status_code == 200
    assert client.send("GET", "/metrics").status_code == 200
