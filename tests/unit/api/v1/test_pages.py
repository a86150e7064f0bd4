"""Long answers come in pages, and a cursor is worth nothing elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_help import Api
from bank_help import authority
from didban.api.sealing import Seal, cursor_to, keys_of
from didban.errors import InvalidInput

SEAL = Seal(b"s" * 32, "cursors")


@pytest.fixture
def busy(api: Api) -> Api:
    """Return a bank with more authorities than a page holds."""
    with api.database.begin() as tx:
        for number in range(7):
            authority(tx, f"xb{number}")
    return api


def test_pages_follow_each_other_without_gap_or_repetition(busy: Api):
    """Every row once, in order; the last page has no cursor."""
    administrator = busy.as_("xar", "administrator")
    codes, path = [], "/authorities?limit=3"
    while path:
        page = administrator.get(path).json()
        codes += [row["code"] for row in page["items"]]
        cursor = page["next_cursor"]
        path = f"/authorities?limit=3&cursor={cursor}" if cursor else ""

    assert codes == ["xar", *(f"xb{number}" for number in range(7))]


def test_a_cursor_of_another_actor_is_worth_nothing(busy: Api):
    """The same words as for one that was made up."""
    one = busy.as_("xar", "administrator", user="usr_one")
    other = busy.as_("xar", "administrator", user="usr_two")
    cursor = one.get("/authorities?limit=3").json()["next_cursor"]

    theirs = other.get(f"/authorities?limit=3&cursor={cursor}")
    made_up = other.get("/authorities?limit=3&cursor=made-up")

    assert theirs.status_code == made_up.status_code == 422
    assert theirs.json()["detail"] == made_up.json()["detail"]


def test_a_cursor_tells_nothing(busy: Api):
    """Sort keys may be names of people: they cannot be read in it."""
    cursor = cursor_to(SEAL, ["Zahra Karimzadeh"], "route")

    assert "Zahra" not in cursor
    assert cursor == cursor_to(SEAL, ["Zahra Karimzadeh"], "route")


@given(keys=st.lists(st.text() | st.integers() | st.none(), min_size=1), place=st.text(max_size=20))
def test_a_cursor_opens_in_its_place_alone(keys, place):
    """What is put in comes out; elsewhere it is refused."""
    keys = [k.encode(errors="replace").decode() if isinstance(k, str) else k for k in keys]
    place = place.encode(errors="replace").decode()
    cursor = cursor_to(SEAL, keys, place)

    assert keys_of(SEAL, cursor, place) == tuple(keys)
    with pytest.raises(InvalidInput):
        keys_of(SEAL, cursor, place + "x")
