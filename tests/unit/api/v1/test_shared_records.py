"""Shared records over HTTP: owners see where theirs are, officers hand on with consent."""

from __future__ import annotations

import pytest

from bank_help import actor, authority, marking, person
from didban.intake import bank


@pytest.fixture
def kept(api):
    """Return a record of Arvand, in a bank that speaks with nobody yet."""
    with api.database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
        return bank.report(tx, actor("xar"), person(), marking("xar"))


def test_an_owner_sees_that_a_record_is_nowhere_else(api, kept):
    """Others learn nothing of where it is, not even that it is shared."""
    shown = api.as_("xar", "recorder").get(f"/shared-records/{kept.id}")
    assert shown.status_code == 200
    assert (shown.json()["revision"], shown.json()["holders"]) == (None, [])
    assert api.as_("xbo", "recorder").get(f"/shared-records/{kept.id}").status_code == 404
    assert api.as_("xar", "first_line").get(f"/shared-records/{kept.id}").status_code == 403


def test_nothing_waits_and_nothing_is_withheld_where_there_is_nobody(api, kept):
    """Lists for those who watch, too."""
    watching = api.as_("xar", "data_protection_officer")
    assert watching.get("/shared-records/withdrawals").json() == {"items": [], "next_cursor": None}
    assert watching.get("/shared-records/withheld").json() == []


def test_pr_08_handing_on_needs_the_owners_consent(api, kept):
    """A consent that is not there is refused, whoever asks."""
    officer = api.as_("xbo", "liaison_officer")
    refused = officer.post(f"/records/{kept.id}/handing-on", {"consent": "otc_none"})
    assert refused.status_code == 403
