"""Lists: registered and watched by administrators, taken in from a file, judged by their quality."""

from __future__ import annotations

import json

import pytest

from bank_help import alert, marking, person
from didban import clock
from didban.intake import bank, quality_report

PURPOSE = "wanted_or_missing_person"
TERMS = {
    "purpose": PURPOSE,
    "legal_basis": "Penal Code of Arvand, s. 12",
    "audience": "*",
    "handling": "H0",
    "confidentiality": "0",
}


@pytest.mark.parametrize("language", ["en", "fa", "ar", "ru"])
def test_a_list_is_registered_left_alone_and_forgotten(pages, language):
    """What is wrong is said at its field; a list that is forgotten leaves its records."""
    admin = pages.as_("xar", "administrator", language=language)
    sent = {"dataset": "arvand-wanted", "kind": "ftm", "owner": "xar", **TERMS}
    hours = {"every_hours": "24", "stale_hours": "72"}
    wrong = admin.send("/sources", **sent, **hours, location="http://lists.example/x.json")
    assert wrong.status == 422
    made = admin.send("/sources", **sent, **hours, location="https://lists.example/x.json")
    [link] = [one for one in admin.follow(made).links() if "/sources/src_" in one]
    where = link.removeprefix("/desk")

    rested = admin.follow(admin.send(f"{where}/activity", active="no"))
    assert "https://lists.example/x.json" in rested.text
    forgotten = admin.follow(admin.send(f"{where}/removal"))
    assert [one for one in forgotten.links() if "/sources/src_" in one] == []


def test_a_list_is_taken_in_from_a_file_and_tells_what_was_refused(pages):
    """The page counts what changed, and shows each refused row with its reason."""
    recorder = pages.as_("xar", "recorder", purpose=PURPOSE)
    listed = {
        "id": "xar-1",
        "schema": "Person",
        "caption": "Zahra Karimzadeh",
        "properties": {"name": ["Zahra Karimzadeh"]},
        "datasets": ["arvand-wanted"],
    }
    content = json.dumps(listed).encode() + b"\nno json at all\n"
    sent = {"dataset": "arvand-wanted", "kind": "ftm", **TERMS}
    assert recorder.send("/lists", **sent).status == 422
    taken = recorder.upload("/lists", {"file": ("list.json", content)}, **sent)

    assert taken.status == 200
    assert "no json at all" in taken.text


def test_the_quality_of_records_is_read_by_who_enters_them(pages, api):
    """Faults by month, and what each owner contributed."""
    recorder = pages.as_("xar", "recorder", purpose=PURPOSE)
    with api.database.begin() as tx:
        bank.report(tx, recorder.who, person(), marking(), alert("locate", "missing"))
    quality_report.make(api.database, clock.now())

    assert "No birth date: 1" in recorder.get("/quality").text
    assert "Person" in recorder.get("/quality/contributions").text


def test_an_export_is_refused_without_a_recipient_and_sent_with_one(pages, api):
    """What a search finds leaves as a file under its handling code."""
    recorder = pages.as_("xar", "recorder", purpose=PURPOSE)
    with api.database.begin() as tx:
        bank.report(tx, recorder.who, person(), marking(), alert("locate", "missing"))
    analyst = pages.as_("xar", "analyst", purpose=PURPOSE)
    assert analyst.send("/exports", use="court", name="Zahra").status == 422
    made = analyst.send("/exports", use="own_use", text="Karimzadeh")

    assert made.status == 200
    head = json.loads(made.response.body.decode().splitlines()[0])
    assert head["handling"] == "H0"
