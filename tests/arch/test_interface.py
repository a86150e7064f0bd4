"""The interface of a node as a whole: every call says what it needs and what it does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from didban.api.openapi import operations
from didban.model.permissions import Permission
from tools import interface

# Needed by the duties of the node and the command line: a list is taken in by whoever runs it, and
# what needs the root key is done where that key is.
WITHOUT_A_CALL = frozenset(
    {
        Permission.BANK_LIST_TAKE_IN,
        Permission.EXCHANGE_IDENTITY_MANAGE,
        Permission.NODE_STATE_READ,  # programs read metrics; people read the page
    }
)


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, str, dict[str, Any]]]:
    """Return (method, path, operation) of every call."""
    return list(operations(interface.description()))


def test_every_call_says_what_it_does(calls):
    """The first line of the function's docstring is the summary."""
    assert [path for _, path, call in calls if not call["summary"].endswith(".")] == []


def test_every_call_has_a_name_of_its_own(calls):
    """Generated clients call it by that name."""
    names = [call["operationId"] for _, _, call in calls]

    assert sorted(names) == sorted(set(names))


def test_every_shape_has_a_plain_name():
    """No module paths, no brackets: clients in other languages are made of them."""
    names = interface.description()["components"]["schemas"]

    assert [name for name in names if "_" in name] == []


def test_every_call_needs_a_permission_or_says_why_not(calls):
    """Only sign-in, and what leads to it, is open."""
    open_calls = {path for _, path, call in calls if "x-permission" not in call}

    assert all(call.get("x-permission") or call.get("x-open-because") for _, _, call in calls)
    assert {path.split("/")[3] for path in open_calls} <= {"session", "sessions", "enrolment"}


def test_every_permission_is_needed_by_a_call(calls):
    """A permission that nothing asks for would be a promise without a deed."""
    used = {call.get("x-permission") for _, _, call in calls}

    assert {p for p in Permission if p not in used} - WITHOUT_A_CALL == set()


def test_every_call_tells_its_problems(calls):
    """The same form of error everywhere."""
    for _, path, call in calls:
        assert {"401", "403", "404", "409", "422", "429", "503"} <= set(call["responses"]), path


def test_every_answer_has_a_shape(calls):
    """Except those without a body, and files."""
    shapeless = [
        f"{method} {path} {status}"
        for method, path, call in calls
        for status, answer in call["responses"].items()
        if status in {"200", "201", "202"}
        and answer.get("content", {}).get("application/json", {"schema": True})["schema"] == {}
    ]

    assert shapeless == []


def test_the_description_is_up_to_date():
    """`make reference` was run after a call changed."""
    assert json.loads(interface.FILE.read_text(encoding="utf-8")) == interface.description()
