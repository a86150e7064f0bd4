"""Every fault is named at once, by its place, and without what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_help import alert, marking, passport, person
from didban.errors import InvalidFields
from didban.intake.document_numbers import range_size
from didban.intake.drafts import Draft, in_our_form
from didban.intake.validation import MAX_VALUES, faults_of, require_valid
from didban.match.documents import in_range
from didban.model.alerts import ACTIONS_FOR, Action, DocumentStatus, PersonStatus
from didban.model.documents import Document
from didban.model.marking import Handling
from didban.model.retention import RetentionPolicy
from didban.model.schemata import schemata
from didban.model.sensitive import SensitiveKind, mentioned

TODAY = date(2026, 6, 1)
UNTIL = TODAY + timedelta(days=300)


def draft(**changed) -> Draft:
    """Return a draft without a fault, but for what is changed."""
    values = {
        "entity": person(birthDate="1971-05-02"),
        "marking": marking("xar", retention_until=UNTIL),
        "alert": alert(),
    }
    return Draft(**{**values, **changed})


def places(**changed) -> set[str]:
    """Return the places of what is wrong with a draft."""
    return {place for place, _ in faults_of(draft(**changed), TODAY, RetentionPolicy())}


def paper(**changed) -> Document:
    """Return a stolen passport without a fault, but for what is changed."""
    values = {"number": "A1234567", "issuer": "xar", "type": "P", "status": "stolen"}
    return Document(**{**values, **changed})


def about(*documents: Document, schema: str = "Passport"):
    """Return an entity about documents."""
    return replace(passport(), schema=schema, documents=documents)


def test_a_good_draft_has_no_fault():
    """A person, a passport, a range of blanks."""
    blanks = paper(number="B0001", number_to="B0999", status="stolen_blank")

    assert places() == set()
    assert places(entity=about(paper()), alert=None) == set()
    assert places(entity=about(blanks), alert=None) == set()


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (replace(person(), id="a b"), {"/entity/id"}),
        (replace(person(), schema="Dragon"), {"/entity/schema"}),
        (person(wingspan="3"), {"/entity/properties/wingspan"}),
        (person(birthDate="soon"), {"/entity/properties/birthDate/0"}),
        (person(nationality="Narnia"), {"/entity/properties/nationality/0"}),
        (person(gender="?!"), {"/entity/properties/gender/0"}),
        (person(notes="x" * 10_001), {"/entity/properties/notes/0"}),
        (
            replace(person(), properties={"notes": ("n",) * (MAX_VALUES + 1)}),
            {"/entity/properties"},
        ),
        (replace(person(), properties={"notes": ("n",)}), {"/entity/properties/name"}),
        (about(paper(number="A1")), {"/entity/documents/0/number"}),
        (about(paper(number_to="B9")), {"/entity/documents/0/number"}),
        (about(paper(issuer=None)), {"/entity/documents/0/issuer"}),
        (about(paper(issuer="bbb")), {"/entity/documents/0/issuer"}),
        (about(paper(status=None)), {"/entity/documents/0/status"}),
        (about(paper(status="recovered")), {"/entity/documents/0/status"}),
        (about(paper(expires_on="x")), {"/entity/documents/0/expires_on"}),
        (about(), {"/entity/documents"}),
        (about(paper(), paper()), {"/entity/documents"}),
        (replace(person(), documents=(paper(),)), {"/entity/documents/0/status"}),
    ],
)
def test_what_is_wrong_with_the_content_is_named(entity, expected):
    """By a JSON pointer."""
    assert places(entity=entity, alert=None) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"legal_basis": " "}, {"/marking/legal_basis"}),
        ({"handling": Handling.H3}, {"/marking/handling_conditions"}),
        ({"retention_until": TODAY}, {"/marking/retention_until"}),
        ({"retention_until": date(2031, 6, 2)}, {"/marking/retention_until"}),
        ({"retention_until": date(2031, 6, 1)}, set()),
        ({"verified_on": TODAY + timedelta(days=1)}, {"/marking/verified_on"}),
        ({"origin": ("xbo", "xar")}, {"/marking/origin"}),
        (
            {"audience": ("all",), "excluded": ("node:",)},
            {"/marking/audience/0", "/marking/excluded/0"},
        ),
    ],
)
def test_what_is_wrong_with_the_marking_is_named(changed, expected):
    """Nothing without basis, end and a known audience."""
    assert places(marking=marking("xar", **{"retention_until": UNTIL, **changed})) == expected


@pytest.mark.parametrize(
    ("entity", "asked", "expected"),
    [
        (person(), alert(valid_until=date(2026, 5, 31)), {"/alert/valid_until"}),
        (person(), alert(document_status=DocumentStatus.STOLEN), {"/alert/document_status"}),
        (passport(), alert("seize", None), set()),
        (passport(), alert("seize"), {"/alert/person_status"}),
        (passport(), alert("arrest", None), {"/alert/action_requested"}),
    ],
)
def test_what_is_wrong_with_the_alert_is_named(entity, asked, expected):
    """Persons are arrested, things seized."""
    assert places(entity=entity, alert=asked) == expected


@pytest.mark.parametrize("status", PersonStatus)
@pytest.mark.parametrize("action", Action)
def test_what_may_be_asked_depends_on_what_the_person_is(status, action):
    """All pairs (PR-18)."""
    wrong = places(alert=alert(action, status))

    assert wrong == (set() if action in ACTIONS_FOR[status] else {"/alert/action_requested"})


def test_a_discreet_check_is_kept_for_a_year_only():
    """PR-30."""
    watched = alert("discreet_check", "possible_threat")
    longer = marking("xar", retention_until=date(2027, 6, 2))

    assert places(alert=watched) == set()
    assert places(alert=watched, marking=longer) == {"/marking/retention_until"}


def test_all_faults_come_in_one_error_that_repeats_nothing():
    """Nothing personal reaches a log."""
    wrong = draft(
        entity=person("Zahra Karimzadeh", birthDate="Karimzadeh", wingspan="Zahra"),
        alert=alert(status=None, facts="Zahra is a Muslim."),
    )
    with pytest.raises(InvalidFields) as refused:
        require_valid(wrong, TODAY)
    told = str(refused.value) + str(refused.value.faults)

    assert len(refused.value.faults) == 4
    assert "Zahra" not in told
    assert "Karimzadeh" not in told


def test_free_texts_are_looked_at_wherever_they_stand():
    """Notes, documents, warnings, facts and conditions (PR-12)."""
    word = "HIV positive"
    noted = about(replace(paper(), note=word))
    said = replace(alert(facts=word), warnings=("armed", word))
    marked = marking("xar", retention_until=UNTIL, handling_conditions=word)

    assert places(entity=person(notes=word)) == {"/entity/properties/notes/0"}
    assert places(entity=noted, alert=None) == {"/entity/documents/0/note"}
    assert places(alert=said, marking=marked) == {
        "/alert/facts",
        "/alert/warnings/1",
        "/marking/handling_conditions",
    }


@pytest.mark.parametrize(
    "innocent",
    [
        "Stole a bicycle in front of the station.",
        "Works for the European Union; hid money in a jewel box.",
        "پلیس او را در ایستگاه دید",
        "Задержан на вокзале",
        "شوهد في المحطة",
    ],
)
def test_what_speaks_of_none_of_it_is_not_noticed(innocent):
    """A hint that comes too often is not read."""
    assert mentioned(innocent) == frozenset()


@pytest.mark.parametrize("kind", SensitiveKind)
def test_each_kind_is_noticed_in_each_language(kind):
    """Whatever the case, the accents and the joiners."""
    words = {
        SensitiveKind.RELIGION: ("a SUNNI cleric", "او بهایی است", "مسيحي", "Мусульманин"),
        SensitiveKind.ORIGIN: ("ethnic group", "قومیت او", "غجري", "цыганка"),
        SensitiveKind.OPINION: ("known dissident", "کمونیست", "شيوعي", "Коммунист"),
        SensitiveKind.HEALTH: ("is pregnant", "مبتلا به ایدز", "معاق", "инвалид"),
        SensitiveKind.SEX_LIFE: ("is gay", "همجنس‌گرا", "مثلي الجنس", "лесбиянка"),
        SensitiveKind.UNION: ("a trade union", "سندیکا", "نقابي", "профсоюз"),
    }[kind]

    for text in words:
        assert kind in mentioned(text), text


@given(st.sampled_from(sorted(schemata())), st.text(max_size=30), st.text(max_size=30))
def test_no_value_makes_the_validation_fail_by_itself(schema, name, value):
    """Whatever comes, the answer is a list of faults."""
    entity = replace(person(), schema=schema, properties={name: (value,), "birthDate": (value,)})
    read = in_our_form(draft(entity=entity, alert=alert()))

    assert isinstance(list(faults_of(read, TODAY, RetentionPolicy())), list)


@given(st.integers(0, 9_000), st.integers(0, 900), st.integers(0, 10_000))
def test_a_range_counts_what_it_holds(first, more, asked):
    """As many documents as there are numbers that are found in it."""
    low, high = f"B{first:05}", f"B{first + more:05}"
    document = Document(number=low, number_to=high)

    assert range_size(low, high) == more + 1
    assert in_range(f"B{asked:05}", document) is (first <= asked <= first + more)
