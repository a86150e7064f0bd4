"""Notices at the desk: from a draft to its publication by two people, and to its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import alert, marking, person
from didban import clock
from didban.intake import bank
from didban.model.alerts import NoticeType
from didban.model.exchange.notice_reviews import Case, reduced
from didban.model.marking import Confidentiality
from didban.model.notices import Dossier, NoticeForm, NoticeState
from didban.store import node as node_row
from didban.store import notice_cases
from didban.store.node import NodeRow
from didban.store.notice_cases import KeptCase

PURPOSE = "wanted_or_missing_person"


@pytest.fixture
def drafter(pages):
    """Return who drafts notices of Arvand."""
    return pages.as_("xar", "recorder", purpose=PURPOSE)


@pytest.fixture
def reviewer(pages):
    """Return who reviews what others drafted, and reads Persian."""
    return pages.as_("xar", "reviewer", purpose=PURPOSE, language="fa")


@pytest.fixture
def kept(api, drafter):
    """Return a record that nobody else sees yet."""
    with api.database.begin() as tx:
        entity = person("Zahra Karimzadeh", birthDate="1971-05-02")
        return bank.report(tx, drafter.who, entity, marking("xar", audience=()))


def _asked(**more):
    until = clock.today() + timedelta(days=90)
    asked = {
        "colour": "red", "form": "notice", "action": "arrest", "person_status": "charged",
        "facts": "robbed a bank", "valid_until": until, "offence": "robbery",
        "document_id": "12/2026", "document_on": clock.today(), "document_authority": "Court",
        "refugee_check": "clear", "basis": "prosecution", "max_penalty_months": "60",
        "extradition_assured": "yes",
    }  # fmt: skip
    return {**asked, **more}


def test_a_notice_is_drafted_reviewed_by_another_and_published(drafter, reviewer, kept):
    """What is missing is said in words; who drafted it is offered no review and does none."""
    assert "Red notice" in drafter.get("/notices/new", record=kept.id).text
    form = drafter.get("/notices/new", record=kept.id, colour="red")
    assert form.all(".//input[@name='record']")[0].get("value") == kept.id
    assert drafter.send("/notices", colour="red").status == 422
    made = drafter.send("/notices", **_asked(record=kept.id, facts="", max_penalty_months="12"))
    path = made.location.removeprefix("/desk")
    page = drafter.follow(made)
    assert "Facts are missing" in page.text
    assert "penalty" in page.text
    assert drafter.send(f"{path}/submit").status == 403

    assert drafter.get(f"{path}/change").status == 200
    drafter.send(f"{path}/change", **_asked(record=kept.id))
    page = drafter.follow(drafter.send(f"{path}/submit"))
    assert not any("approve" in link for link in page.links())
    assert reviewer.get(path).heading == "اعلان قرمز"
    assert reviewer.send(f"{path}/refuse", words="-").status == 422
    reviewer.send(f"{path}/approve")
    assert "Publish it" in drafter.get(f"{path}/publish").text
    out = drafter.follow(drafter.send(f"{path}/publish"))
    assert "The notice is out." in out.text

    added = drafter.send(f"{path}/add", warnings="armed", words="The court told us.")
    assert "armed" in drafter.follow(added).text
    reviewer.send(f"{path}/suspend", words="A complaint.")
    reviewer.send(f"{path}/lift", words="Not well founded.")
    until = clock.today() + timedelta(days=100)
    assert reviewer.send(f"{path}/extend", until=until, words="Still sought.").status == 303
    ended = drafter.follow(drafter.send(f"{path}/cancel", words="Arrested."))
    assert "Cancelled" in ended.text
    assert "Red notice" in drafter.get("/notices", state="cancelled").text


def test_the_other_lists_say_that_nothing_is_there(drafter, reviewer):
    """Received notices, receipts that are late, and what the secretariat reviews."""
    assert "No other authority" in drafter.get("/notices/received").text
    assert "Every node has confirmed" in drafter.get("/notices/late-receipts").text
    assert drafter.get("/notice-cases").status == 403
    assert reviewer.get("/notice-cases").status in {200, 403}


def test_a_secretariat_reads_a_notice_of_another_before_it_decides(pages, reviewer):
    """What it says and what to do with it; where its node is not spoken with, nothing is decided."""
    at = clock.now()
    case = Case(
        notice="ntc_1", rev=1, owner="xbo", form=NoticeForm.NOTICE, colour=NoticeType.RED,
        entity=reduced(person("Zahra Karimzadeh", birthDate="1971-05-02")),
        legal_basis="s. 1", purpose=PURPOSE, alert=alert(), dossier=Dossier(),
        audience=("*",), flags=frozenset(), is_urgent=True, is_appeal=False,
        confidentiality=Confidentiality.FOR_OFFICIAL_USE,
    )  # fmt: skip
    kept = KeptCase(
        notice="ntc_1", node="xbo", owner="xbo", rev=1, state=NoticeState.COMPLIANCE_REVIEW,
        case=case, confidentiality=0, is_urgent=True, flags=frozenset(), received_at=at,
        due_at=at, changed_at=at,
    )  # fmt: skip
    with pages.api.database.begin() as tx:
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=at))
        notice_cases.save(tx, kept)

    assert "/desk/notice-cases/ntc_1" in reviewer.get("/notice-cases").links()
    page = reviewer.get("/notice-cases/ntc_1")
    assert page.heading == "اعلان قرمز"
    assert "1971-05-02" in page.text
    for step, said in (("return", {}), ("refuse", {"ground": "art3"}), ("approve", {})):
        path = f"/notice-cases/ntc_1/{step}"
        assert f"/desk{path}" in page.links()
        assert "words" in reviewer.get(path).fields()
        assert reviewer.send(path, **said).status == (409 if step == "approve" else 422)
        assert reviewer.send(path, **said, words="Which court?").status == 409
    other = pages.as_("xbo", "reviewer", purpose=PURPOSE)
    assert other.get("/notice-cases").status == 403
    assert reviewer.get("/notice-cases/ntc_2").status == 404
