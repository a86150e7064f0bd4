"""A device is known by its token, for one purpose at one place, for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from access_help import CHEAP
from bank_help import actor, authority
from didban import clock
from didban.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted
from didban.guard import access, credentials, tokens
from didban.model.permissions import DEVICE_ROLES, Permission, Role
from didban.model.purposes import Purpose
from didban.model.users import DeviceToken
from didban.store import node
from didban.store.node import NodeRow
from didban.store.tables.access import device_token

HOST = actor("xar", "administrator")
OTHER = actor("xbo", "administrator")


@pytest.fixture
def tx(database):
    """Return a transaction on a bank whose host is `xar`."""
    with database.begin() as tx:
        authority(tx, "xar", kind="border")
        authority(tx, "xbo")
        authority(tx, "un-list", kind="publisher")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        yield tx


def _draft(**more: Any) -> DeviceToken:
    given: dict[str, Any] = {
        "id": "",
        "label": "scanner 4",
        "authority": "xar",
        "roles": frozenset({Role.FIRST_LINE}),
        "purpose": Purpose.BORDER_CONTROL,
        "place": "Gate 4",
        "expires_at": clock.now() + timedelta(days=30),
    }
    return DeviceToken(**{**given, **more})


def test_a_token_acts_for_what_is_bound_to_it_and_for_nothing_else(tx):
    """Its use is noted; its secret is nowhere."""
    issued = tokens.issue(tx, HOST, _draft(), CHEAP)
    device = credentials.actor_of(tx, issued.secret, "")

    assert (device.device, device.authority, device.place) == (issued.token.id, "xar", "Gate 4")
    assert access.decide(device, Permission.SCREENING_CHECK_MAKE).is_allowed
    assert not access.decide(device, Permission.BANK_RECORD_READ_FULL).is_allowed
    (kept,) = tokens.listed(tx, HOST, limit=9)
    assert kept.last_used_at is not None
    row = tx.execute(device_token.select()).one()
    assert issued.secret not in str(row)


def test_a_revoked_token_is_nobody_at_once(tx):
    """And cannot be revoked twice."""
    issued = tokens.issue(tx, HOST, _draft(), CHEAP)
    tokens.revoke(tx, HOST, issued.token.id)

    with pytest.raises(NotAuthenticated):
        credentials.actor_of(tx, issued.secret, "")
    with pytest.raises(Conflict):
        tokens.revoke(tx, HOST, issued.token.id)


def test_a_device_gets_no_role_that_needs_a_person(tx):
    """Walked over every role; nor a purpose that one of its roles may not use."""
    for role in Role:
        draft = _draft(roles=frozenset({role}))
        if role in DEVICE_ROLES:
            assert tokens.issue(tx, HOST, draft, CHEAP).token.roles == {role}
        else:
            with pytest.raises(InvalidInput):
                tokens.issue(tx, HOST, draft, CHEAP)
    wrong: tuple[dict[str, Any], ...] = (
        {"purpose": Purpose.SANCTIONS_SCREENING},
        {"roles": frozenset({Role.FIRST_LINE, Role.SUPERVISOR})},
        {"roles": frozenset()},
        {"place": "  "},
        {"label": ""},
        {"expires_at": clock.now()},
        {"expires_at": clock.now() + timedelta(days=CHEAP.token_days + 1)},
        {"authority": "un-list"},
    )
    for changed in wrong:
        with pytest.raises(InvalidInput):
            tokens.issue(tx, HOST, replace(_draft(), **changed), CHEAP)


def test_an_administrator_manages_the_tokens_of_their_own_authority(tx):
    """Another authority's are not there; nobody else issues any."""
    ours = tokens.issue(tx, HOST, _draft(), CHEAP).token
    theirs = tokens.issue(tx, OTHER, _draft(authority="xbo"), CHEAP).token

    assert [token.id for token in tokens.listed(tx, OTHER, limit=9)] == [theirs.id]
    assert {token.id for token in tokens.listed(tx, HOST, limit=9)} == {ours.id, theirs.id}
    for token in (ours.id, "tok_unknown"):
        with pytest.raises(NotFound, match="no token"):
            tokens.revoke(tx, OTHER, token)
    with pytest.raises(NotFound):
        tokens.issue(tx, OTHER, _draft(), CHEAP)
    with pytest.raises(NotPermitted):
        tokens.issue(tx, actor("xar", "supervisor"), _draft(), CHEAP)
