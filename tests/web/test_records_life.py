"""The life of records at the desk: corrected, confirmed, disputed, suspended, validated, ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bank_help import alert, marking, passport, person
from didban.intake import bank, document_reports
from didban.intake.document_reports import Papers
from didban.model.documents import Document
from didban.model.sensitive import SensitiveFact, SensitiveKind
from pages_help import text_of

PURPOSE = "wanted_or_missing_person"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def recorder(pages):
    """Return somebody who enters records of Arvand."""
    return pages.as_("xar", "recorder", purpose=PURPOSE)


@pytest.fixture
def kept(api, recorder):
    """Return the record of a missing person of Arvand."""
    with api.database.begin() as tx:
        entity = person("Zahra Karimzadeh", birthDate="1971-05-02", notes="Seen in Oktyabrsk.")
        return bank.report(tx, recorder.who, entity, marking(), alert("locate", "missing"))


def _sent(page):
    """Return what a form of a page would send as it stands, its boxes and selects among them."""
    found: dict[str, list[str]] = {}
    for one in page.all(".//main//form//input"):
        is_off = one.get("type") in {"checkbox", "radio"} and "checked" not in one.attrib
        if not is_off and one.get("name") not in {None, "token", "mrz"} and one.get("value"):
            found.setdefault(one.get("name"), []).append(one.get("value"))
    for one in page.all(".//main//textarea"):
        found.setdefault(one.get("name"), []).append("".join(one.itertext()))
    for one in page.all(".//main//select"):
        chosen = [option.get("value") for option in one if "selected" in option.attrib]
        found.setdefault(one.get("name"), []).extend(chosen)
    return {name: values for name, values in found.items() if values}


def test_a_correction_changes_what_was_changed_and_nothing_else(recorder, kept):
    """The form holds all that the record says; the page of changes names the one value."""
    where = f"/records/{kept.id}/correct"
    form = _sent(recorder.get(where))
    assert form["p-notes"] == ["Seen in Oktyabrsk."]
    form |= {"p-birthDate": ["1971-05-20"], "reason": ["birth certificate"]}

    check = recorder.send(f"{where}/check", **form)
    assert [text_of(cell) for cell in check.all(".//main//tbody/tr/td")] == [
        "1971-05-02",
        "1971-05-20",
    ]
    assert "birth certificate" in check.text
    there = recorder.follow(recorder.send(where, **form))
    assert "1971-05-20" in there.text
    assert "The record is corrected." in there.text
    late = recorder.send(where, **form)
    assert late.status == 409


def test_no_correction_loses_what_the_form_has_no_field_for(api, recorder):
    """Every protected fact has its row, however many there are; what no form asks for stays."""
    facts = tuple(
        SensitiveFact(kind=SensitiveKind.HEALTH, value=f"fact {one}", necessity="needs insulin")
        for one in "abcd"
    )
    with api.database.begin() as tx:
        entity = replace(person("Nora Saei", birthDate="1980"), referents=("old-7",))
        made = bank.report(
            tx, recorder.who, entity, marking(), alert("locate", "missing"), sensitive=facts
        )
    where = f"/records/{made.id}/correct"
    form = _sent(recorder.get(where)) | {"p-birthDate": ["1981"], "reason": ["passport"]}

    recorder.follow(recorder.send(where, **form))

    with api.database.begin() as tx:
        now = bank.read(tx, recorder.who, made.id)
    assert now.entity.values("birthDate") == ("1981",)
    assert now.sensitive == facts
    assert now.entity.referents == ("old-7",)


def test_who_is_not_shown_all_of_a_record_does_not_correct_it(pages, api, recorder, kept):
    """What the purpose hides would be lost in the new version."""
    with api.database.begin() as tx:
        entity = person("Amir Rostami", address="3 Harbour Road")
        hidden = bank.report(tx, recorder.who, entity, marking(), alert("locate", "missing"))
    fraud = pages.as_("xar", "recorder", purpose="document_fraud")

    assert fraud.get(f"/records/{hidden.id}/correct").status == 403


def test_a_record_is_confirmed_suspended_reviewed_and_withdrawn(pages, recorder, kept):
    """Every deed says before the button what it changes; a reason is needed where one is kept."""
    where = f"/records/{kept.id}"
    confirmed = recorder.follow(recorder.send(f"{where}/confirm", version=kept.version))
    assert "The record is confirmed." in confirmed.text
    asked = recorder.get(f"{where}/status")
    assert "checked" not in {name for one in asked.all(".//main//input") for name in one.attrib}
    version = kept.version + 1
    assert recorder.send(f"{where}/status", version=version, event="acquitted").status == 422
    recorder.send(f"{where}/status", version=version, event="acquitted", reason="judgment of May")
    assert kept.id in " ".join(recorder.get("/waiting-records").links())

    same = recorder.send(f"{where}/lift/status_changed", version=version + 1, reason="mistake")
    assert same.status == 403
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    lifted = reviewer.send(f"{where}/lift/status_changed", version=version + 1, reason="other man")
    assert "The suspension is lifted." in reviewer.follow(lifted).text
    gone = recorder.send(f"{where}/withdraw", version=version + 2, ground="error", reason="twice")
    assert "it is found no more" in recorder.follow(gone).text


def test_a_dispute_is_raised_by_others_and_answered_by_the_owner(pages, recorder, kept):
    """With a change, the answer is a correction; what speaks against a record is shown with it."""
    where = f"/records/{kept.id}"
    other = pages.as_("xbo", "second_line", purpose=PURPOSE)
    raised = other.send(f"{where}/dispute", by="holder", ground="She was found in March.")
    assert "fifteen days" in other.follow(raised).text
    upload = {"file": ("letter.png", PNG)}
    other.upload(f"{where}/counter-evidence", upload, text="A letter of the family.")
    assert "A letter of the family." in recorder.get(where).text

    answering = recorder.get(f"{where}/dispute/answer")
    assert "She was found in March." in answering.text
    version = answering.all(".//input[@name='version']")[0].get("value")
    answer = {"version": version, "answer": "We looked again."}
    changed = recorder.send(f"{where}/dispute/answer", decision="uphold_with_change", **answer)
    form = _sent(recorder.follow(changed))
    form |= {"p-notes": ["Found in March."], "reason": ["We looked again."]}
    done = recorder.follow(recorder.send(f"{where}/correct", **form))
    assert "The dispute is answered, and the record is corrected." in done.text
    assert "We looked again." in done.text


def test_stolen_blanks_wait_for_a_second_person(pages, api, recorder):
    """Who entered a report does not validate it, and says so in place of the box."""
    blanks = Document(
        number="B100", number_to="B199", issuer="xar", type="P", status="stolen_blank"
    )
    with api.database.begin() as tx:
        papers = Papers(documents=(blanks,), marking=marking())
        reported = document_reports.report(tx, recorder.who, papers)[0]
    assert "somebody else validates it" in recorder.get("/waiting-records").text

    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    assert reviewer.send("/waiting-records/validate").status == 422
    validated = reviewer.send("/waiting-records/validate", record=reported.id)
    assert "No report waits." in reviewer.follow(validated).text


def test_a_document_that_is_back_is_found_no_more(api, recorder):
    """It is entered as returned, then declared invalid."""
    with api.database.begin() as tx:
        stolen = bank.report(tx, recorder.who, passport("A11111111"), marking())
    where = f"/records/{stolen.id}"

    back = recorder.send(f"{where}/recover", version=1, on="2026-01-01")
    assert "the document is back" in recorder.follow(back).text
    assert "Declare it invalid" in recorder.get(where).text
    invalid = recorder.send(f"{where}/invalidate", version=2)
    assert "declared invalid" in recorder.follow(invalid).text


def test_files_are_attached_and_removed_by_the_owner(recorder, kept):
    """What a file is, its content says; removing it is asked for once more."""
    where = f"/records/{kept.id}"
    assert recorder.send(f"{where}/attach", role="portrait").status == 422
    attached = recorder.upload(f"{where}/attach", {"file": ("a.png", PNG)}, role="portrait")
    page = recorder.follow(attached)
    [photo] = {link.split("/")[-2] for link in page.links() if link.endswith("/remove")}

    assert "for good" in recorder.get(f"{where}/attached/{photo}/remove").heading
    removed = recorder.send(f"{where}/attached/{photo}/remove")
    assert "The file is removed." in recorder.follow(removed).text


def test_owners_let_others_use_and_hand_on_their_records(pages, api, recorder, kept):
    """The consent has an identifier; who hands on names it, and a record of its own leaves."""
    supervisor = pages.as_("xar", "supervisor", purpose=PURPOSE)
    where = f"/records/{kept.id}"
    whom = {"authority": "xbo", "until": str(kept.marking.retention_until)}
    used = supervisor.send(f"{where}/let-use", purpose="document_fraud", **whom)
    assert "cns_" in used.text
    assert supervisor.send(f"{where}/let-hand-on", use="third_party", **whom).status == 422
    let = supervisor.send(f"{where}/let-hand-on", use="third_party", recipient="xca", **whom)
    consent = next(word for word in let.text.split() if word.startswith("otc_"))

    given = supervisor.get("/consents")
    assert consent in given.text
    assert "in force" in given.text

    other = pages.as_("xbo", "liaison_officer", purpose=PURPOSE)
    assert consent in other.get("/consents/received").text
    assert consent not in other.get("/consents").text
    handed = other.send(f"{where}/hand-on", consent=consent)
    assert "This is the record that leaves" in other.follow(handed).text
    copies = recorder.get(f"/shared-records/{kept.id}")
    assert "No other node has the record." in copies.text
    assert recorder.get("/shared-records").status == 200


def test_the_inspector_suspends_a_record_and_its_owner_answers(pages, kept):
    """The owner says why it should stand; the inspector alone lifts the suspension (PR-57)."""
    inspector = pages.as_("xar", "inspector")
    inspector.send("/suspensions", record=kept.id, words="One source, and anonymous.")
    reviewer = pages.as_("xar", "reviewer", purpose=PURPOSE)
    page = reviewer.get("/doubts")
    assert "One source, and anonymous." in page.text
    [action] = [
        one.get("action").removeprefix("/desk")
        for one in page.all(".//main//form")
        if "/doubts/" in one.get("action", "")
    ]
    question = action.rpartition("/")[2]
    assert reviewer.send(action).status == 422
    reviewer.send(action, **{f"words-{question}": "A second source confirms it."})
    assert "A second source confirms it." in inspector.get("/suspensions").text
    closed = inspector.send(f"/suspensions/{question}", outcome="lifted")
    assert "The question is closed." in inspector.follow(closed).text
