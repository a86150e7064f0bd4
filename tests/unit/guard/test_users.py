"""Users come and go by an administrator's hand, and no administrator reads what users read."""

from __future__ import annotations

from itertools import combinations

import pytest

from access_help import CHEAP, PASSWORD, WITHOUT_CONTENT, Door
from bank_help import actor, authority
from didban.errors import Conflict, InvalidInput, NotAuthenticated, NotFound, NotPermitted
from didban.guard import credentials, enrolment, users
from didban.guard.secrets import Secrets
from didban.model.marking import Confidentiality
from didban.model.permissions import (
    NO_USERS,
    STAND_ALONE,
    Role,
    may_stand_together,
    permissions_of,
)
from didban.model.users import User

ADMIN = actor("xar", "administrator", user="usr_first")


@pytest.fixture
def door(database, tmp_path, monkeypatch) -> Door:
    """Return the door of a node."""
    Secrets(tmp_path).make()
    return Door(database, Secrets(tmp_path), monkeypatch)


def _draft(login: str = "z.karimi", *roles: str, code: str = "xar", **more) -> User:
    return User(
        id="",
        login=login,
        authority=code,
        roles=frozenset(map(Role, roles or ("analyst",))),
        **more,
    )


def test_a_new_user_enrols_once_and_then_signs_in(door):
    """The secret is spent by the enrolment."""
    with door.database.begin() as tx:
        invited = users.add(tx, ADMIN, _draft(" Z.Karimi "), CHEAP)
    user = door.enrol(invited)

    admitted = door.sign_in(user)

    assert (admitted.user, invited.user.login) == (invited.user.id, "z.karimi")
    with door.database.begin() as tx, pytest.raises(NotAuthenticated):
        enrolment.begin(tx, door.keeper.factor, invited.secret)


def test_an_enrolment_that_was_not_used_in_time_is_worth_nothing(door):
    """After 72 hours the administrator makes another."""
    with door.database.begin() as tx:
        invited = users.add(tx, ADMIN, _draft(), CHEAP)
    door.wait(hours=CHEAP.enrolment_hours)

    with pytest.raises(NotAuthenticated):
        door.enrol(invited)


def test_an_enrolment_is_begun_before_it_is_finished_and_needs_the_right_code(door):
    """A wrong code changes nothing; the secret is still good."""
    with door.database.begin() as tx:
        invited = users.add(tx, ADMIN, _draft(), CHEAP)
    keeper = door.keeper

    def finish(code: str) -> None:
        with door.database.begin() as tx:
            enrolment.finish(
                tx, keeper.passwords, keeper.factor, invited.secret, password=PASSWORD, code=code
            )

    with pytest.raises(InvalidInput, match="begin"):
        finish("123456")
    with door.database.begin() as tx:
        enrolment.begin(tx, keeper.factor, invited.secret)
    with pytest.raises(InvalidInput, match="code"):
        finish("not a code")
    assert door.enrol(invited).id == invited.user.id


def test_a_publisher_of_lists_has_no_users_and_one_subject_is_one_user(door):
    """Nor can two users be the same person to the provider."""
    one, two = (door.enrolled(f"{name}.one", "analyst").id for name in "ab")
    with door.database.begin() as tx:
        authority(tx, "un-list", kind="publisher")
        with pytest.raises(InvalidInput):
            users.add(tx, ADMIN, _draft(code="un-list"), CHEAP)
        users.bind_subject(tx, ADMIN, one, "person-7")
        with pytest.raises(Conflict):
            users.bind_subject(tx, ADMIN, two, "person-7")
        users.bind_subject(tx, ADMIN, one, "")
        users.bind_subject(tx, ADMIN, two, "person-7")


def test_what_is_no_sound_user_is_refused(door):
    """Names, languages, and roles that do not stand together."""
    unsound = (
        _draft("z k"),
        _draft("zk"),
        _draft("z" * 65),
        _draft("z.karimi", "administrator", "analyst"),
        _draft("z.karimi", "system"),
        _draft(language="xx"),
        User(id="", login="z.karimi", authority="xar", roles=frozenset()),
    )
    with door.database.begin() as tx:
        for draft in unsound:
            with pytest.raises(InvalidInput):
                users.add(tx, ADMIN, draft, CHEAP)


def test_a_login_name_is_given_once(door):
    """Whatever its capital letters."""
    with door.database.begin() as tx:
        users.add(tx, ADMIN, _draft(), CHEAP)
        with pytest.raises(Conflict):
            users.add(tx, ADMIN, _draft("Z.KARIMI"), CHEAP)


def test_an_administrator_manages_their_own_authority_and_the_hosts_every_one(door):
    """Another authority's users are simply not there."""
    other = actor("xbo", "administrator", user="usr_bo")
    with door.database.begin() as tx:
        theirs = users.add(tx, ADMIN, _draft("b.one", code="xbo"), CHEAP).user
        ours = users.add(tx, ADMIN, _draft("a.one"), CHEAP).user
        users.add(tx, other, _draft("b.two", code="xbo"), CHEAP)

        assert [user.login for user in users.listed(tx, other, limit=9)] == ["b.one", "b.two"]
        assert len(users.listed(tx, ADMIN, limit=9)) == 3
        users.deactivate(tx, other, theirs.id)
        unknown = _error(lambda: users.deactivate(tx, other, "usr_unknown"))
        assert _error(lambda: users.deactivate(tx, other, ours.id)) == unknown
        with pytest.raises(NotFound):
            users.add(tx, other, _draft("a.two"), CHEAP)


def _error(doing) -> str:
    with pytest.raises(NotFound) as caught:
        doing()
    return str(caught.value)


def test_other_roles_end_the_sessions_and_another_language_does_not(door):
    """What was signed in for is no longer what may be done."""
    user = door.enrolled("z.karimi", "first_line")
    secret = door.sign_in(user).secret
    with door.database.begin() as tx:
        users.change(tx, ADMIN, user.id, language="fa")
        credentials.actor_of(tx, secret, "")
        users.change(tx, ADMIN, user.id, roles=frozenset({Role.FIRST_LINE, Role.SECOND_LINE}))

        with pytest.raises(NotAuthenticated):
            credentials.actor_of(tx, secret, "")


def test_another_clearance_ends_the_sessions(door):
    """Up or down."""
    user = door.enrolled("z.karimi", "first_line")
    secret = door.sign_in(user).secret
    with door.database.begin() as tx:
        users.change(tx, ADMIN, user.id, clearance=Confidentiality.CONFIDENTIAL)

        with pytest.raises(NotAuthenticated):
            credentials.actor_of(tx, secret, "")


def test_a_deactivated_user_is_out_at_once_and_may_come_back(door):
    """With the password and second factor they had."""
    user = door.enrolled("z.karimi", "first_line")
    secret = door.sign_in(user).secret
    door.wait(seconds=60)
    with door.database.begin() as tx:
        users.deactivate(tx, ADMIN, user.id)
        with pytest.raises(NotAuthenticated):
            credentials.actor_of(tx, secret, "")
    with pytest.raises(NotAuthenticated):
        door.sign_in(user)
    door.wait(seconds=60)
    with door.database.begin() as tx:
        users.activate(tx, ADMIN, user.id)

    assert door.sign_in(user).user == user.id


def test_the_last_administrator_of_an_authority_stays(door):
    """Else nobody could let anybody in."""
    one = door.enrolled("a.one", "administrator")
    two = door.enrolled("a.two", "administrator")
    with door.database.begin() as tx:
        users.deactivate(tx, ADMIN, one.id)
        with pytest.raises(Conflict, match="last administrator"):
            users.deactivate(tx, ADMIN, two.id)


def test_pr_28_nobody_changes_their_own_access(door):
    """Not even an administrator."""
    user = door.enrolled("a.one", "administrator")
    self = actor("xar", "administrator", user=user.id)
    with door.database.begin() as tx:
        for deed in (users.change, users.activate):
            with pytest.raises(NotPermitted):
                deed(tx, self, user.id)


def test_pr_28_nobody_changes_sides(door):
    """An administrator does not become an analyst under the same identifier, nor the reverse."""
    administrator = door.enrolled("a.one", "administrator")
    analyst = door.enrolled("z.karimi", "analyst")
    with door.database.begin() as tx:
        for user, role in ((administrator, Role.ANALYST), (analyst, Role.INSPECTOR)):
            with pytest.raises(Conflict):
                users.change(tx, ADMIN, user.id, roles=frozenset({role}))


def test_the_first_administrator_is_made_once(door):
    """Afterwards only an administrator adds users."""
    operator = users.operator("root@node", "xar")
    with door.database.begin() as tx:
        invited = users.add_first_administrator(tx, operator, "a.first", CHEAP)
        with pytest.raises(Conflict):
            users.add_first_administrator(tx, operator, "a.second", CHEAP)

    assert door.enrol(invited).roles == {Role.ADMINISTRATOR}


def test_pr_28_who_gives_access_reads_and_writes_no_content():
    """What an administrator may do is about access, or is named here."""
    held = permissions_of({Role.ADMINISTRATOR})

    assert {p for p in held if not p.startswith("access:")} <= WITHOUT_CONTENT


def test_pr_28_who_gives_access_or_watches_over_it_has_no_other_role():
    """Walked over every set of roles."""
    for size in range(len(Role) + 1):
        for chosen in map(frozenset, combinations(Role, size)):
            mixed = len(chosen) > 1 and not chosen.isdisjoint(STAND_ALONE)
            expected = bool(chosen) and not mixed and chosen.isdisjoint(NO_USERS)
            assert may_stand_together(chosen) == expected
