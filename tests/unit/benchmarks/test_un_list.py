"""A list that keeps a trace of the hidden names would flatter every system."""

from __future__ import annotations

import pytest

from benchmarks.un_list import Question, hide_original_scripts
from didban.model.records import Record


def _record(schema: str = "Person", **names: tuple[str, ...]) -> Record:
    return Record(id="un-XXi.001", schema=schema, properties=names)


def _hide(record: Record) -> tuple[Record, list[Question]]:
    kept, questions = hide_original_scripts([record])
    return kept[0], questions


@pytest.mark.parametrize(("text", "script"), [("نادر شمال", "Arabic"), ("Надир Север", "Cyrillic")])
def test_a_name_in_another_script_is_taken_out_and_asked_for(text: str, script: str):
    """The removed name is the question, its owner the answer."""
    kept, questions = _hide(_record(name=("NADIR SHIMAL", text)))

    assert kept.values("name") == ("NADIR SHIMAL",)
    assert questions == [Question(text=text, target="un-XXi.001", script=script, kind="name")]


def test_an_alias_is_asked_for_as_an_alias():
    """The main names are the figure that counts; aliases are told apart."""
    _, questions = _hide(_record(name=("NADIR SHIMAL",), alias=("ابو نادر",)))

    assert [question.kind for question in questions] == ["alias"]


def test_from_a_mixed_name_the_other_script_is_taken_out_and_not_asked_for():
    """What is left is the Latin spelling without the empty brackets."""
    kept, questions = _hide(_record(alias=("Nadir Shimal (نادر شمال)",)))

    assert kept.values("alias") == ("Nadir Shimal",)
    assert questions == []


def test_a_script_that_is_not_asked_is_taken_out_all_the_same():
    """Its letters would help to find its other names."""
    kept, questions = _hide(_record(name=("KITA JIRO", "北 次郎")))

    assert kept.values("name") == ("KITA JIRO",)
    assert questions == []


def test_latin_names_with_any_accent_stay_as_they_are():
    """Romanisation marks belong to Latin writing."""
    names = ("ʿAlī Ḥasan", "Štěpán Žůrek", "D'Arvand")

    assert _hide(_record(name=names))[0].values("name") == names


def test_an_organisation_is_not_asked_for():
    """The question is whether persons are found."""
    kept, questions = _hide(_record("Organization", name=("NORTH STAR", "نجمة الشمال")))

    assert kept.values("name") == ("NORTH STAR",)
    assert questions == []


def test_facts_other_than_names_stay():
    """Birth dates and places are the list's, whatever their script."""
    kept, _ = _hide(_record(name=("NADIR SHIMAL",), birthPlace=("شمال",)))

    assert kept.values("birthPlace") == ("شمال",)
