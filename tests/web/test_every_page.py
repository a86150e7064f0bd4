"""What holds for every page and deed: its permission, its place in the margin, its words."""

from __future__ import annotations

import re

import pytest

from didban.model.permissions import NO_USERS, Role, permissions_of, purposes_of
from didban.web.app import views
from didban.web.desk import PREFIX
from didban.web.navigation import OUTSIDE, TASKS
from didban.web.presenters.help import TOPICS
from didban.web.views import ROOMS

VIEWS = sorted(views(), key=lambda view: (view.path, view.method))
USERS = sorted(set(Role) - NO_USERS)
_GAP = re.compile(r"\{[^}]+\}")


def _address(view) -> str:
    numbered = re.sub(r"\{\w+:int\}", "0", view.path)
    return _GAP.sub("nothing", numbered).removeprefix(PREFIX)


@pytest.mark.parametrize("role", USERS)
def test_a_role_is_shown_what_its_permissions_open_and_nothing_else(pages, role):
    """Every address is tried as every role; the matrix of permissions alone says what is open."""
    purpose = min(purposes_of({role}))
    desk, wrong = pages.as_("xar", role, purpose=purpose), []
    for view in VIEWS:
        if view.name in {"session.sign_out", "session.change_purpose"}:
            continue  # these end the session with which the others are tried
        address = _address(view)
        seen = desk.get(address) if view.method == "GET" else desk.send(address)
        may = view.permission is None or view.permission in permissions_of({role})
        if may is (seen.status == 403 and f"lacks:{view.permission}" in seen.text):
            wrong.append(f"{view.method} {address}: {seen.status}")

    assert wrong == []


def test_nobody_is_shown_nothing(pages):
    """Whoever is not signed in is sent to sign in, whatever they asked for."""
    nobody = pages.as_nobody()
    open_ones = []
    for view in VIEWS:
        if view.permission is None:
            continue
        address = _address(view)
        seen = nobody.get(address) if view.method == "GET" else nobody.send(address)
        if seen.status != 303 or not seen.location.startswith("/desk/session"):
            open_ones.append(view.name)

    assert open_ones == []


def test_every_room_belongs_to_one_task_or_to_none_on_purpose():
    """Nobody wonders where they are."""
    placed = [room for task in TASKS for room in task.rooms] + list(OUTSIDE)

    assert sorted(placed) == sorted(ROOMS)


def test_every_task_has_its_heading_in_the_help(pages):
    """Whoever asks for help on a page is led to what that page is for."""
    assert set(TOPICS) == {task.page.partition(".")[0] for task in TASKS}
    desk = pages.as_("xar", "second_line", language="ar")
    [asked] = [one for one in desk.get("/hits").all(".//a") if "data-help" in one.attrib]
    address, _, heading = asked.get("href").partition("#")
    shown = desk.get(address.removeprefix(PREFIX))
    assert heading in {one.get("id") for one in shown.all(".//main//div")}


def test_no_two_tasks_have_one_key():
    """G and a letter lead to one place."""
    keys = [task.key for task in TASKS if task.key]

    assert len(set(keys)) == len(keys)


def test_every_view_says_what_it_does():
    """The first line of its docstring is the documentation of a page."""
    assert [view.name for view in VIEWS if not (view.function.__doc__ or "").strip()] == []
