"""Access decisions give their reasons."""

from __future__ import annotations

import pytest

from bank_help import actor
from didban.errors import NotPermitted, PurposeMissing
from didban.guard import access
from didban.model.permissions import GRANTS, HOLDERS, ROLE_PURPOSES, Permission, Role
from didban.model.purposes import Purpose


def test_every_permission_has_its_line_of_holders_and_every_role_its_purposes():
    """Nothing is forgotten when a permission or a role is added."""
    assert set(HOLDERS) == set(Permission)
    assert set(ROLE_PURPOSES) == set(Role) == set(GRANTS)
    assert all(HOLDERS.values())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("purpose", [*Purpose, None])
def test_a_permission_counts_only_for_a_purpose_of_a_role_that_holds_it(role, purpose):
    """Walked over every role, purpose and permission."""
    asking = actor("xar", role, purpose=purpose)

    for permission in Permission:
        expected = purpose in ROLE_PURPOSES[role] and role in HOLDERS[permission]
        assert access.decide(asking, permission).is_allowed == expected


def test_a_second_role_does_not_lend_its_purpose():
    """Who is analyst and recorder does not report records while on the wrong purpose."""
    both = actor("xar", "first_line", "recorder", purpose="quality_test")

    assert access.decide(both, Permission.BANK_RECORD_WRITE).is_allowed
    assert access.decide(both, Permission.SCREENING_CHECK_MAKE).reasons == ("purpose:quality_test",)
    with pytest.raises(NotPermitted):
        access.require(both, Permission.SCREENING_CHECK_MAKE)


def test_pr_01_without_a_case_or_a_post_nothing_is_allowed():
    """A purpose alone is not a reason."""
    with pytest.raises(PurposeMissing):
        access.require(actor("xar", reference="", place=""), Permission.BANK_RECORD_WRITE)


def test_pr_28_the_second_person_is_another_one_and_a_person():
    """Neither the same user, nor a device, nor a duty."""
    access.require_other_person(actor("xar", user="usr_b"), "usr_a", "the decision")
    for second, reason in (
        (actor("xar", user="usr_a"), "same_person"),
        (actor("xar", user="tok_b", device="tok_b"), "not_a_person"),
        (access.system_actor("xar", "deadlines"), "not_a_person"),
    ):
        with pytest.raises(NotPermitted) as caught:
            access.require_other_person(second, "usr_a", "the decision")
        assert caught.value.reasons == (reason,)
