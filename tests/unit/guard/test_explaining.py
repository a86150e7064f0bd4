"""Why somebody sees of a record what they see: the rules that decide it, one by one."""

from __future__ import annotations

import pytest

from access_help import CHEAP
from bank_help import actor, authority, marking, person
from didban.errors import InvalidInput, NotFound
from didban.guard import explaining, users
from didban.guard.explaining import Rule
from didban.guard.fields import Bar, Field
from didban.intake import bank
from didban.model.permissions import Permission, Role
from didban.model.purposes import Purpose
from didban.model.users import User

ADMIN = actor("xar", "administrator", user="usr_first")
WANTED = Purpose.WANTED_OR_MISSING_PERSON


@pytest.fixture
def bench(database):
    """Return a transaction on a bank of two authorities, and an analyst of one of them."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        draft = User(id="", login="a.azari", authority="xar", roles=frozenset({Role.ANALYST}))
        yield tx, users.add(tx, ADMIN, draft, CHEAP).user.id


def test_an_administrator_learns_the_rules_and_nothing_of_the_record(bench):
    """Which rule is not met; which parts the role is not shown (PR-02)."""
    tx, user = bench
    high = marking("xar", confidentiality=1, protected_from=("node:xar",))
    own = bank.report(tx, actor("xar", clearance=high.visibility.confidentiality), person(), high)

    told = explaining.of_user(tx, ADMIN, user, own.id, WANTED)

    assert not told.is_there
    assert [rule for rule, met in told.rules.items() if not met] == [Rule.ACTIVE, Rule.CLEARANCE]
    assert told.hidden == {Field.SENSITIVE: Bar.ROLE}
    assert told.deeds[Permission.BANK_SEARCH_ASK].reasons == ("role:analyst",)
    with pytest.raises(InvalidInput):
        explaining.of_user(tx, ADMIN, user, own.id, Purpose.SUPERVISION)


def test_a_record_that_may_not_be_known_of_is_explained_like_one_that_is_not_there(bench):
    """The same words for both (PR-09)."""
    tx, user = bench
    theirs = bank.report(tx, actor("xbo"), person(), marking("xbo", excluded=("node:xar",)))

    for name in (theirs.id, "rec_unknown"):
        with pytest.raises(NotFound, match="there is no such record"):
            explaining.of_user(tx, ADMIN, user, name, WANTED)
        with pytest.raises(NotFound, match="there is no such record"):
            explaining.own(tx, actor("xar", "analyst"), name)


def test_from_whom_a_person_is_protected_learns_nothing_of_it(bench):
    """The explanation is that of a record of which nobody is protected from them (PR-16)."""
    tx, _ = bench
    plain = bank.report(tx, actor("xbo"), person(), marking("xbo"))
    sought = marking("xbo", protected_from=("node:xar",))
    protected = bank.report(tx, actor("xbo"), person(), sought)
    reader = actor("xar", "analyst")

    told = [explaining.own(tx, reader, one.id) for one in (plain, protected)]

    assert told[0].hidden == told[1].hidden
    assert told[0].rules == told[1].rules
    assert not told[0].rules[Rule.TOLD]
