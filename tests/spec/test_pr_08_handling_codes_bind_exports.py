"""PR-08: what an owner laid down about use holds for everything that leaves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from api_help import Api
from bank_help import actor, authority, marking, person
from didban import clock
from didban.intake import bank
from didban.model.marking import Handling

SEARCH = {"text": "karimzadeh"}


@pytest.fixture
def node(api: Api) -> Api:
    """Return the interface of a bank with three authorities."""
    with api.database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
    return api


def _report(api: Api, owner: str, handling: Handling, **marked):
    entity = person()
    with api.database.begin() as tx:
        audience = ("node:xar",)
        kept = marking(owner, audience=audience, handling=handling, **marked)
        bank.report(tx, actor(owner), entity, kept)
    return entity.id


def _export(api: Api, use: str, **more):
    recipient = {} if use == "own_use" else {"recipient": "court-1"}
    analyst = api.as_("xar", "analyst", purpose="criminal_investigation")
    return analyst.post("/exports", {"search": SEARCH, "use": use, **recipient, **more})


def _consent(api: Api, record: str, use: str, **more):
    until = (clock.today() + timedelta(days=30)).isoformat()
    given = {"authority": "xar", "use": use, "until": until, **more}
    supervisor = api.as_("xbo", "supervisor", purpose="criminal_investigation")
    answer = supervisor.post(f"/records/{record}/onward-consents", given)
    assert answer.status_code == 201, answer.body
    return answer.json()["id"]


@pytest.mark.parametrize(
    ("handling", "use", "reason"),
    [("H1", "court", "handling:H1"), ("H2", "third_party", "handling:H2")],
)
def test_pr_08_what_needs_consent_stays_here_without_it(node: Api, handling, use, reason):
    """H1 is no evidence in court, H2 not for third parties; the whole export is refused."""
    record = _report(node, "xbo", Handling(handling))

    answer = _export(node, use)

    assert answer.status_code == 403
    assert answer.json()["reasons"] == [reason]
    assert record in answer.json()["detail"]


@pytest.mark.parametrize(("handling", "use"), [("H1", "court"), ("H2", "third_party")])
def test_pr_08_the_owners_consent_lets_it_go_along(node: Api, handling, use):
    """Attached by its identifier, which stands in the export."""
    record = _report(node, "xbo", Handling(handling))
    recipient = {"recipient": "court-1"} if use == "third_party" else {}
    consent = _consent(node, record, use, **recipient)

    answer = _export(node, use, onward_consents=[consent])

    assert answer.status_code == 201, answer.body
    head, line = map(json.loads, answer.body.splitlines())
    assert (head["handling"], head["onward_transfer_consents"]) == (handling, [consent])
    assert line["id"] == record


@pytest.mark.parametrize(
    ("handling", "use"),
    [("H1", "third_party"), ("H2", "court"), ("H1", "own_use"), ("H2", "own_use"), ("H0", "court")],
)
def test_pr_08_other_uses_are_free(node: Api, handling, use):
    """A code bars what it bars, and no more."""
    _report(node, "xbo", Handling(handling))

    assert _export(node, use).status_code == 201


def test_pr_08_a_consent_for_another_use_or_record_is_none(node: Api):
    """It lets this record go to a court, and nothing else."""
    record = _report(node, "xbo", Handling.H1)
    other = _report(node, "xbo", Handling.H2)
    for_other = _consent(node, other, "court")
    for_third = _consent(node, record, "third_party", recipient="court-1")

    assert _export(node, "court", onward_consents=[for_other, for_third]).status_code == 403


def test_pr_08_conditions_are_acknowledged_before_anything_leaves(node: Api):
    """H3 is shown and acknowledged by whoever exports; its text goes along."""
    from didban.guard import conditions
    from didban.store import records
    from didban.store.visibility import open_to

    record = _report(node, "xbo", Handling.H3, handling_conditions="Ask before any arrest")
    refused = _export(node, "own_use")
    who = actor("xar", "analyst", user="usr_xar_analyst", purpose="criminal_investigation")
    with node.database.begin() as tx:
        kept = records.get(tx, record, open_to(tx, who))
        assert kept is not None
        conditions.acknowledge(tx, who, kept, version=kept.version)

    made = _export(node, "own_use")

    assert (refused.status_code, refused.json()["reasons"]) == (403, ["conditions"])
    head = json.loads(made.body.splitlines()[0])
    assert head["conditions"] == {record: "Ask before any arrest"}


def test_pr_08_the_strictest_code_holds_for_the_whole(node: Api):
    """A derived item inherits the strictest of what it is made of."""
    _report(node, "xar", Handling.H0)
    _report(node, "xar", Handling.H2)
    _report(node, "xar", Handling.H1)

    head, *lines = map(json.loads, _export(node, "own_use").body.splitlines())

    assert (head["handling"], head["count"], len(lines)) == ("H2", 3, 3)


def test_pr_55_what_was_obtained_by_ill_treatment_never_leaves(node: Api):
    """Not even by its owner's hand."""
    _report(node, "xar", Handling.H0, is_tainted=True)

    answer = _export(node, "court")

    assert (answer.status_code, answer.json()["reasons"]) == (403, ["tainted"])


def test_an_export_is_entered_with_its_count_and_for_each_record(node: Api):
    """So that corrections reach whoever received it (PR-47)."""
    from sqlalchemy import text

    record = _report(node, "xar", Handling.H0)
    _export(node, "court")

    with node.database.begin() as tx:
        query = "select deed, subject, facts from audit_entry where deed like '%export%'"
        [whole, one] = tx.execute(text(query)).all()
    assert (whole.deed, whole.facts["count"]) == ("export.made", 1)
    assert (one.deed, one.subject, one.facts["recipient"]) == (
        "record.exported",
        record,
        "court-1",
    )
