"""Whatever is sent to a node in the form that its description gives, it answers as described.

`DEEP_EXAMPLES=500 make test ARGS=tests/property/test_interface.py` looks longer.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api_help import Api
from bank_help import actor, authority, fresh_bank, marking, person
from didban.api.openapi import operations
from didban.intake import bank
from didban.model.permissions import HOLDERS, NO_USERS, Permission
from didban.screening.live import LiveIndex
from tools import interface

EXAMPLES = int(os.environ.get("DEEP_EXAMPLES", "4"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CALLS = [
    (method.upper(), path, call.get("x-permission"))
    for method, path, call in operations(interface.description())
]


@pytest.fixture(scope="module")
def busy(postgres, node_secrets, tmp_path_factory):
    """Return the interface of a bank with a few records, and its description."""
    folder = tmp_path_factory.mktemp("busy")
    with fresh_bank(postgres) as database:
        known = []
        with database.begin() as tx:
            for code in ("xar", "xbo"):
                authority(tx, code)
                for _ in range(3):
                    entity = person(birthDate="1971-05-02")
                    bank.report(tx, actor(code), entity, marking(code))
                    known.append(entity.id)
        with LiveIndex.open(database, folder / "index", follow=False) as index:
            api = Api(database, node_secrets, index)
            described = schemathesis.openapi.from_dict(api.app.openapi())
            described.app = api.app
            app: Any = api.app
            with asgi.get_client(app) as client:
                yield api, described, client, [*known, "xar", "xbo"]


def _who(permission: str | None) -> tuple[str, ...]:
    """Return a role that may."""
    if permission is None:
        return ("second_line",)
    holders = HOLDERS[Permission(permission)] - NO_USERS
    return (min(holders),)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path", "permission"), CALLS, ids=str)
def test_a_call_answers_as_described(busy, method, path, permission):
    """No 500, no status, type or shape that the description does not give."""
    api, described, client, known = busy
    asker = api.as_("xar", *_who(permission))
    operation = described[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), identifier=st.none() | st.sampled_from(known))
    def hold(case, identifier):
        if identifier is not None and case.path_parameters:
            case.path_parameters = dict.fromkeys(case.path_parameters, identifier)
        answer = case.call(
            session=client,
            base_url="http://127.0.0.1",
            headers={"Authorization": f"Bearer {asker.secret}"},
        )
        case.validate_response(answer, checks=CHECKS)

    hold()
