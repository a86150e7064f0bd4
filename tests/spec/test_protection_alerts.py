"""The protection rules about what an alert may say, and of whom, by their numbers."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import didban.match
from bank_help import actor, alert, marking, person
from didban import clock
from didban.errors import InvalidFields, NotPermitted
from didban.intake import bank, status
from didban.intake.status import StatusEvent
from didban.model.alerts import Action, NoticeType
from didban.model.bank import Note, RecordState, SuspensionCause, standing
from didban.model.sensitive import SENSITIVE_PROPERTIES, SensitiveFact, SensitiveKind

BORN = {"birthDate": "1971-05-02"}


def wanted(tx, code="xar", entity=None, **more):
    """Return a person whom an authority wants to be located, as the bank keeps it."""
    marked = more.pop("marking", None) or marking(code, **more)
    return bank.report(tx, actor(code), entity or person(**BORN), marked, alert())


def faults(error) -> set[str]:
    """Return the places that an error names."""
    return {place for place, _ in error.value.faults}


# ---------------------------------------------------------------------------- sensitive facts


@pytest.mark.parametrize("name", sorted(SENSITIVE_PROPERTIES))
def test_pr_12_sensitive_facts_stand_in_their_own_place_alone(tx, name):
    """Not among the properties, where a search would read them."""
    with pytest.raises(InvalidFields) as refused:
        wanted(tx, entity=person(**BORN, **{name: "something"}))

    assert faults(refused) == {f"/entity/properties/{name}"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Converted to Christianity in 2009.", SensitiveKind.RELIGION),
        ("او مسیحی است", SensitiveKind.RELIGION),
        ("HIV positive", SensitiveKind.HEALTH),
        ("гомосексуалист", SensitiveKind.SEX_LIFE),
        ("member of a trade union", SensitiveKind.UNION),
    ],
)
def test_pr_12_free_text_that_speaks_of_them_is_noticed(tx, words, kind):
    """Four languages; it is kept once the reason for its need is stated."""
    asked = (tx, actor("xar"), person(**BORN), marking("xar"), alert(facts=words))
    with pytest.raises(InvalidFields) as refused:
        bank.report(*asked)
    assert faults(refused) == {"/alert/facts"}

    needed = SensitiveFact(kind=kind, value="as told", necessity="He must be protected for it.")
    assert bank.report(*asked, sensitive=(needed,)).sensitive == (needed,)


def test_pr_12_a_sensitive_fact_needs_its_necessity(tx):
    """An empty reason is none."""
    fact = SensitiveFact(kind=SensitiveKind.HEALTH, value="x", necessity=" ")
    with pytest.raises(InvalidFields) as refused:
        bank.report(tx, actor("xar"), person(), marking("xar"), sensitive=(fact,))

    assert faults(refused) == {"/sensitive/0/necessity"}


def test_pr_12_no_feature_of_matching_uses_them():
    """Static check: no code of the matcher names such a property or the place where they stand."""
    forbidden = SENSITIVE_PROPERTIES | {"sensitive"}
    found: set[str] = set()
    for path in Path(didban.match.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= forbidden & {node.value}
            elif isinstance(node, ast.Attribute):
                found |= forbidden & {node.attr}

    assert found == set()


# ---------------------------------------------------------------------------- content of alerts


def test_pr_15_a_person_alert_says_what_the_person_is_to_the_case(tx):
    """Without a status there is no alert."""
    with pytest.raises(InvalidFields) as refused:
        bank.report(tx, actor("xar"), person(**BORN), marking("xar"), alert(status=None))

    assert faults(refused) == {"/alert/person_status"}


@pytest.mark.parametrize("event", StatusEvent)
def test_pr_15_a_changed_status_suspends_until_a_review_within_a_day(tx, event):
    """The record is found, asks nothing, and only another person ends the suspension."""
    kept = wanted(tx)
    made = status.change(tx, actor("xar"), kept.id, event, expected=1, reason="court order")
    seen = bank.read(tx, actor("xbo", "second_line"), kept.id)

    assert standing(seen, clock.today()).action is None
    assert seen.suspensions == {SuspensionCause.STATUS_CHANGED}
    review: dict[str, Any] = {
        "cause": SuspensionCause.STATUS_CHANGED,
        "expected": made.version,
        "reason": "seen",
    }
    with pytest.raises(NotPermitted):
        status.lift(tx, actor("xar"), kept.id, **review)
    lifted = status.lift(tx, actor("xar", "reviewer", user="usr_other"), kept.id, **review)
    assert (lifted.state, lifted.suspensions) == (RecordState.ACTIVE, frozenset())


@pytest.mark.parametrize(
    ("born", "asked", "place"),
    [
        (17, {"notice_type": NoticeType.RED}, "/alert"),
        (17, {"notice_type": NoticeType.GREEN}, "/alert"),
        (17, {"action": "arrest"}, "/alert"),
        (17, {"notice_type": NoticeType.YELLOW, "status": "missing"}, "/alert/guardian_consent"),
        (19, {"action": "arrest"}, None),
        (17, {"status": "missing", "guardian_consent": "her mother"}, None),
    ],
)  # fmt: skip
def test_pr_17_minors_are_not_wanted_and_their_guardians_are_asked(tx, born, asked, place):
    """Of a birth year alone the youngest day counts."""
    child = person(birthDate=str(clock.today().year - born))

    def report():
        return bank.report(tx, actor("xar"), child, marking("xar"), alert(**asked))

    if place is None:
        assert report().state is RecordState.ACTIVE
        return
    with pytest.raises(InvalidFields) as refused:
        report()
    assert faults(refused) == {place}


@pytest.mark.parametrize(
    "action", sorted(set(Action) - {"locate", "protect", "identify", "inform"})
)
def test_pr_18_who_is_only_near_a_suspect_is_not_treated_as_one(tx, action):
    """Associates and family, witnesses and victims: no arrest, no refusal, no watching."""
    for near in ("associate_of", "witness", "victim", "missing"):
        with pytest.raises(InvalidFields) as refused:
            bank.report(
                tx, actor("xar"), person(**BORN), marking("xar"), alert(action, status=near)
            )
        assert faults(refused) == {"/alert/action_requested"}


def test_pr_18_a_family_link_gives_nothing_to_the_relative(tx):
    """The link is a record of its own; the relative's record stays what it was."""
    suspect = bank.report(
        tx, actor("xar"), person(**BORN), marking("xar"), alert("arrest", "charged")
    )
    relative = bank.report(tx, actor("xar"), person("Reza Karimzadeh", **BORN), marking("xar"))
    link = replace(
        person(),
        schema="Family",
        caption="brother",
        properties={"person": (suspect.id,), "relative": (relative.id,), "relationship": ("x",)},
    )
    bank.report(tx, actor("xar"), link, marking("xar"))

    assert bank.found(tx, actor("xar"), relative.id) == relative
    assert standing(relative, clock.today()).action is None


def test_pr_19_a_name_alone_asks_nothing(tx):
    """It is kept as information."""
    kept = bank.report(tx, actor("xar"), person(), marking("xar"), alert("arrest", "convicted"))
    found = standing(kept, clock.today())

    assert (found.action, found.asks_first_line) == (None, False)
    assert Note.NAME_ONLY in found.notes


def test_pr_20_a_transliteration_does_not_stand_alone(tx):
    """The name in its own script stands beside it."""
    latin = {"name": ("Zahra Karimzadeh",), "transliteration": ("KARIMZADE ZAHRA",)}
    both = {**latin, "name": ("زهرا کریم‌زاده",)}
    with pytest.raises(InvalidFields) as refused:
        wanted(tx, entity=replace(person(), properties=latin))
    kept = wanted(tx, entity=replace(person(), properties=both))

    assert faults(refused) == {"/entity/properties/transliteration/0"}
    assert kept.entity.properties == both
