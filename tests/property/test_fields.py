"""Role x purpose x field: what the matrix does not grant is nowhere in what is shown (PR-02)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_help import actor, marking, person
from didban import clock
from didban.guard import fields
from didban.guard.fields import FIRST_STEP, PURPOSE_FIELDS, ROLE_FIELDS, Field
from didban.model.alerts import Action, Alert, NoticeType, PersonStatus
from didban.model.bank import BankRecord, RecordState, standing
from didban.model.disputes import CounterEvidence
from didban.model.documents import Document
from didban.model.marking import Handling
from didban.model.permissions import ROLE_PURPOSES, Role
from didban.model.purposes import Purpose, serves
from didban.model.sensitive import SensitiveFact, SensitiveKind

# A word of its own in each part of a record: it is in what is shown, or it is not.
WORDS = {
    Field.WARNINGS: "word-warning",
    Field.HANDLING: "word-condition",
    Field.IDENTITY: "word-name",
    Field.APPEARANCE: "word-scar",
    Field.PHOTOS: "word-photo",
    Field.STATUS: "word-topic",
    Field.LOCATION: "word-street",
    Field.FACTS: "word-facts",
    Field.COUNTER_EVIDENCE: "word-alibi",
    Field.SENSITIVE: "word-health",
    Field.MARKING: "word-basis",
    Field.CONTENT: "word-biography",
}


def record(**more) -> BankRecord:
    """Return a record with a word of its own in each part."""
    properties = {
        "birthDate": "1971-05-02",
        "appearance": WORDS[Field.APPEARANCE],
        "topics": WORDS[Field.STATUS],
        "address": WORDS[Field.LOCATION],
        "phone": WORDS[Field.LOCATION],
        "country": WORDS[Field.LOCATION],
        "biography": WORDS[Field.CONTENT],
        "unheardOf": WORDS[Field.CONTENT],
    }
    entity = replace(
        person(WORDS[Field.IDENTITY], **properties),
        documents=(Document(number="X1", issuer="xar", note=WORDS[Field.CONTENT]),),
    )
    kept = {
        "legal_basis": WORDS[Field.MARKING],
        "handling_conditions": WORDS[Field.HANDLING],
        **more,
    }
    return BankRecord(
        entity=entity,
        marking=marking("xbo", **kept),
        alert=Alert(
            action_requested=Action.ARREST,
            person_status=PersonStatus.CHARGED,
            notice_type=NoticeType.RED,
            warnings=(WORDS[Field.WARNINGS],),
            facts=WORDS[Field.FACTS],
            legal_references=(WORDS[Field.FACTS],),
        ),
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=clock.now(),
        recorded_by="usr_a",
        sensitive=(
            SensitiveFact(kind=SensitiveKind.HEALTH, value=WORDS[Field.SENSITIVE], necessity="x"),
        ),
        is_disputed=True,
        counter_evidence=(
            CounterEvidence(
                id="cev_1", given_by="xca", text=WORDS[Field.COUNTER_EVIDENCE], given_at=clock.now()
            ),
        ),
    )


def shown(of: BankRecord, to, **more) -> dict[str, Any]:
    """Return what is shown, with the word of the photos."""
    asks = standing(of, clock.today())
    return fields.shown(of, asks, to, photos=(WORDS[Field.PHOTOS],), **more)


def words_in(told: dict[str, Any]) -> set[Field]:
    """Return the parts whose word is somewhere in what is shown."""
    text = json.dumps(told)
    return {field for field, word in WORDS.items() if word in text}


def test_pr_02_the_matrix_knows_every_role_and_every_purpose():
    """A new one is not shown anything by accident."""
    assert set(ROLE_FIELDS) == set(Role)
    assert set(PURPOSE_FIELDS) == set(Purpose)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("role", list(Role))
def test_pr_02_a_field_is_shown_exactly_where_role_and_purpose_both_grant_it(role, purpose):
    """Walked over every role, purpose and field."""
    of = record(purpose=Purpose.WANTED_OR_MISSING_PERSON)
    granted = ROLE_FIELDS[role] & PURPOSE_FIELDS[purpose]
    if purpose not in ROLE_PURPOSES[role]:
        granted = frozenset()
    elif not serves(of.marking.purpose, purpose) and role is not Role.SYSTEM:
        granted &= FIRST_STEP

    told = shown(of, actor("xar", role, purpose=purpose))

    assert words_in(told) == granted & set(WORDS)
    assert {name for name in told if name in set(Field)} == granted


def test_pr_02_the_first_line_sees_what_is_asked_and_who_it_is_and_no_more():
    """The file is for the second line."""
    told = shown(record(), actor("xar", "first_line"))

    assert told["action"]["requested"] == "arrest"
    assert words_in(told) == {
        Field.WARNINGS, Field.HANDLING, Field.IDENTITY, Field.APPEARANCE, Field.PHOTOS,
    }  # fmt: skip


ROLES = st.frozensets(st.sampled_from(Role), max_size=4)
PURPOSES = st.sampled_from(Purpose)
TOKENS = st.lists(st.sampled_from(["node:xar", "kind:police", "group:coast", "node:xca"]))


@given(roles=ROLES, purpose=PURPOSES, tokens=TOKENS, handling=st.sampled_from(Handling))
def test_what_is_shown_never_exceeds_the_matrix_whatever_the_marking(
    roles, purpose, tokens, handling
):
    """Conditions, protection and purposes only take away."""
    looking = actor("xar", *roles, purpose=purpose, groups=frozenset({"coast"}))
    looking = replace(looking, roles=roles)
    of = record(handling=handling, protected_from=tuple(tokens))
    granted: set[Field] = set()
    for role in roles:
        if purpose in ROLE_PURPOSES[role]:
            granted |= ROLE_FIELDS[role] & PURPOSE_FIELDS[purpose]

    for has_acknowledged in (False, True):
        told = shown(of, looking, has_acknowledged=has_acknowledged, has_consent=True)
        assert words_in(told) <= granted


@given(roles=ROLES, purpose=PURPOSES, protected=TOKENS.filter(bool))
def test_pr_16_from_whom_a_person_is_protected_it_is_hidden_where_they_are(
    roles, purpose, protected
):
    """No address, no country, no free text that could tell; whatever the role."""
    looking = replace(
        actor("xar", purpose=purpose, groups=frozenset({"coast"})), roles=roles - {Role.SYSTEM}
    )
    of = record(protected_from=tuple(protected))
    told = shown(of, looking, has_acknowledged=True, has_consent=True)

    is_protected = not looking.tokens.isdisjoint(protected)
    assert is_protected == fields.hides_location(of.marking, looking)
    if is_protected:
        assert words_in(told).isdisjoint(
            {Field.LOCATION, Field.FACTS, Field.CONTENT, Field.COUNTER_EVIDENCE}
        )


def test_pr_08_the_conditions_of_h3_are_acknowledged_before_the_rest_is_shown():
    """Warnings and what speaks against acting come even before."""
    of = record(handling=Handling.H3)
    desk = actor("xar", "second_line")
    before, after = shown(of, desk), shown(of, desk, has_acknowledged=True)

    assert before["must_acknowledge"] is True
    assert words_in(before) == {Field.WARNINGS, Field.HANDLING}
    assert "must_acknowledge" not in after
    assert Field.IDENTITY in words_in(after)
    assert "must_acknowledge" not in shown(of, actor("xbo", "second_line"))


def test_pr_29_what_speaks_against_acting_stands_before_the_action():
    """In the order of what is shown, for every role that is shown an action."""
    for role in Role:
        told = list(shown(record(), actor("xar", role)))
        if "action" in told:
            assert told.index("notes") < told.index("warnings") < told.index("action")


def test_pr_06_another_purpose_is_shown_no_more_than_the_first_step_without_consent():
    """What was kept for sanctions is not a source for anything else."""
    of = record(purpose=Purpose.BORDER_CONTROL)
    analyst = actor("xar", "analyst", purpose="criminal_investigation")

    assert words_in(shown(of, analyst)) <= FIRST_STEP
    assert Field.CONTENT in words_in(shown(of, analyst, has_consent=True))


def test_the_first_step_of_the_second_line_is_that_of_the_first_line():
    """The full record is a second, reasoned step for everybody."""
    assert words_in(shown(record(), actor("xar", "second_line"), among=FIRST_STEP)) <= FIRST_STEP
