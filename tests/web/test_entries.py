"""Entering records: a stolen document in one form, a person with a look before it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from didban import clock

_MARKING = {
    "purpose": "wanted_or_missing_person",
    "legal_basis": "Penal Code of Arvand, s. 12",
    "audience": "*",
    "confidentiality": "0",
    "handling": "H0",
    "source_evaluation": "B",
    "information_evaluation": "2",
}


@pytest.fixture
def recorder(pages):
    """Return somebody who enters records of Arvand."""
    return pages.as_("xar", "recorder", purpose="wanted_or_missing_person")


def _marked(**more):
    return _MARKING | {"retention_until": str(clock.today() + timedelta(days=365)), **more}


def test_a_stolen_document_is_reported_with_five_answers(recorder):
    """Number, state, type, what became of it, when: and it is found."""
    form = recorder.get("/entries/document")
    sent = recorder.send(
        "/entries/document",
        **_prefilled(form),
        **{
            "doc0-number": "A7654321",
            "doc0-issuer": "XAR",
            "doc0-type": "P",
            "doc0-status": "stolen",
            "reported_on": str(clock.today()),
        },
    )

    there = recorder.follow(sent)
    assert "A7654321" in there.text
    assert "Stolen" in there.text


def test_a_machine_readable_zone_fills_the_form(recorder):
    """Nothing that a document says has to be typed."""
    lines = ("P<XARKARIMZADEH<<ZAHRA", "A12345678", "XAR7105021F3001017")
    zone = f"{lines[0]:<<44}\n{lines[1]}4{lines[2]:<<34}"
    filled = recorder.send("/entries/person/zone", mrz=zone)
    values = {one.get("name"): one.get("value") for one in filled.all(".//main//input")}

    assert values["p-lastName"] == "KARIMZADEH"
    assert values["p-birthDate"] == "1971-05-02"
    assert values["doc0-number"] == "A12345678"
    wrong = recorder.send("/entries/document/zone", mrz="no zone at all")
    assert wrong.status == 422
    assert "This is no machine readable zone: paste all of its lines." in wrong.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(recorder):
    """Every fault at once; what was typed stands where it was typed."""
    again = recorder.send(
        "/entries/person/check",
        **_marked(retention_until="2020-01-01"),
        **{"p-name": "Zahra Karimzadeh", "p-birthDate": "in spring", "action": "arrest"},
        person_status="victim",
    )

    assert again.status == 422
    faulty = {one.get("id") for one in again.all(".//*[@class='wrong']")}
    assert {"w-action"} <= faulty
    assert "Zahra Karimzadeh" in [one.get("value") for one in again.all(".//main//input")] + [
        "".join(one.itertext()) for one in again.all(".//main//textarea")
    ]
    second = recorder.send(
        "/entries/person/check",
        **_marked(retention_until="2020-01-01"),
        **{"p-name": "Zahra Karimzadeh", "p-birthDate": "in spring"},
    )
    assert {"w-p-birthDate", "w-retention_until"} <= {
        one.get("id") for one in second.all(".//*[@class='wrong']")
    }


@pytest.mark.parametrize("language", ["en", "fa", "ar", "ru"])
def test_a_person_is_looked_at_before_being_entered(pages, language):
    """The page of the answers shows the record as the bank reads it; changing it loses nothing."""
    recorder = pages.as_("xar", "recorder", purpose="wanted_or_missing_person", language=language)
    answers = _marked(
        **{
            "p-lastName": "کریم‌زاده",
            "p-firstName": "زهرا",
            "p-birthDate": "1350/02/12",
            "p-nationality": "XAR",
            "doc0-number": "A12345678",
            "doc0-issuer": "XAR",
            "action": "locate",
            "person_status": "missing",
            "warnings": "armed\nfrightened",
            "sensitive0-kind": "health",
            "sensitive0-value": "diabetic",
            "sensitive0-necessity": "needs insulin within a day",
        }
    )

    checked = recorder.send("/entries/person/check", **answers)
    assert checked.status == 200
    assert "1971-05-02" in checked.text
    assert "کریم‌زاده" in checked.text
    changed = recorder.send("/entries/person/change", **answers)
    assert "needs insulin within a day" in [one.get("value") for one in changed.all(".//input")]
    entered = recorder.follow(recorder.send("/entries/person", **answers))
    assert entered.status == 200
    assert "1971-05-02" in entered.text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("vessel", {"p-name": "Dara Star", "p-imoNumber": "9074729", "p-flag": "XAR"}),
        ("aircraft", {"p-registrationNumber": "XA-7741", "p-manufacturer": "Arvand Aero"}),
        ("firearm", {"p-serialNumber": "K 40118", "p-make": "Dara", "p-calibre": "9 mm"}),
    ],
)
def test_things_are_entered_as_persons_are(pages, kind, said):
    """A look first; a date that is none is named at its field."""
    recorder = pages.as_("xar", "recorder", purpose="criminal_investigation")
    answers = _marked(purpose="criminal_investigation") | said | {"action": "seize"}
    dated = {"p-manufacturedAt" if kind == "firearm" else "p-buildDate": "in spring"}

    faulty = recorder.send(f"/entries/{kind}/check", **answers, **dated)
    entered = recorder.follow(recorder.send(f"/entries/{kind}", **answers))

    assert {f"w-{name}" for name in dated} <= {
        one.get("id") for one in faulty.all(".//*[@class='wrong']")
    }
    assert all(value in entered.text for name, value in said.items() if name != "p-flag")


def _prefilled(form):
    """Return what stands in the fields of a form that somebody sends as it is."""
    found = {}
    for one in form.all(".//main//input"):
        if one.get("type") in {"checkbox", "radio"} and "checked" not in one.attrib:
            continue
        if one.get("name") not in {None, "token"} and one.get("value"):
            found[one.get("name")] = one.get("value")
    for one in form.all(".//main//select"):
        for option in one:
            if "selected" in option.attrib:
                found[one.get("name")] = option.get("value")
    return found
