"""PR-26: no call takes an adverse action; what leads to one is a person's recorded decision."""

from __future__ import annotations

from didban.api.openapi import operations
from didban.model.alerts import Action
from didban.model.permissions import DEVICE_ROLES, GRANTS, NO_USERS, Permission, Role
from tools import interface

DECIDING = {Permission.CASEWORK_HIT_DECIDE, Permission.CASEWORK_QUESTION_ANSWER}


def test_pr_26_no_call_is_named_for_an_action():
    """The interface can be asked, told and decided in; it cannot be told to act."""
    acting = {str(action) for action in Action} - {"inform", "identify", "locate", "protect"}

    for _, path, call in operations(interface.description()):
        words = set(path.replace("-", "_").split("/")) | set(call["operationId"].split("_"))
        assert words.isdisjoint(acting | {"detain", "deport", "deny"}), path


def test_pr_26_no_device_and_no_duty_decides():
    """A program may check and report; decisions need a person."""
    for role in (*DEVICE_ROLES, *NO_USERS):
        assert GRANTS[role].isdisjoint(DECIDING), role


def test_pr_26_who_checks_at_the_gate_does_not_decide():
    """The first line refers; another person decides (PR-28)."""
    for role in (Role.FIRST_LINE, Role.PASSENGER_UNIT):
        assert GRANTS[role].isdisjoint(DECIDING)


def test_pr_26_a_decision_names_its_legal_basis():
    """A person states it; what they have seen before is in the hit's own history."""
    description = interface.description()
    [deciding] = [
        call
        for _, path, call in operations(description)
        if path == "/api/v1/hits/{hit_id}/decision"
    ]

    schema = deciding["requestBody"]["content"]["application/json"]["schema"]
    named = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert deciding["x-permission"] == Permission.CASEWORK_HIT_DECIDE
    assert {"action", "legal_basis"} <= set(named["required"])
