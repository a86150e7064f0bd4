"""What owners learn, what oversight may do, what is barred: PR-38, 39, 49, 53, 55, 57."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bank_help import actor, authority, marking, person
from casework_help import scene
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import assessments, conditions, equality, oversight, reconstruct, use_reports
from didban.guard.assessments import Draft
from didban.guard.oversight import Outcome
from didban.intake import bank
from didban.model.assessments import AssessmentVerdict, Assurance, Harm
from didban.model.bank import standing
from didban.model.documents import Document
from didban.model.equality import Dimension, Measure, Tally, divergences
from didban.model.marking import Handling
from didban.model.records import Record
from didban.store import records
from didban.store.visibility import every_number
from rights_help import INSPECTOR, OFFICER, TERMS, corrected, reported

CHIEF = actor("xbo", "supervisor", purpose="supervision")
SECOND_LINE = actor("xar", "second_line", user="usr_officer")


# --------------------------------------------------------------------------- PR-38 and PR-53


def passport(status: str) -> Record:
    """Return a passport that somebody lost, invented."""
    paper = Document(number="P1234567", type="P", issuer="XBO", status=status)
    return Record(
        id=f"rec_{random.getrandbits(60):x}",
        schema="Passport",
        caption="P1234567",
        properties={"number": ("P1234567",), "country": ("XBO",)},
        documents=(paper,),
    )


def looked_at(tx, *record_ids: str, by=SECOND_LINE) -> None:
    """Let an officer look at records."""
    for record_id in record_ids:
        bank.read(tx, by, record_id)


def month_later(hand_clock):
    """Move on until this month can be reported, and return a day of it."""
    then = hand_clock.now
    hand_clock.now = then + timedelta(days=31 + TERMS.use_delay_days + 1)
    return then


def test_pr_38_each_use_of_a_stolen_document_is_told_with_day_authority_and_purpose(tx, hand_clock):
    """Never the user, the place or the hour."""
    held = reported(tx, "xbo", passport("stolen"), handling=Handling.H2)
    looked_at(tx, held.id, held.id)
    then = month_later(hand_clock)
    found = use_reports.report(tx, CHIEF, then.date(), TERMS)
    told = [use for use in found.documents if use.record == held.id]
    assert [(use.authority, use.purpose, use.on) for use in told] == [
        ("xar", SECOND_LINE.purpose, then.date())
    ] * 2


def test_pr_38_a_check_that_found_it_is_a_use_too(database, monkeypatch):
    """The first line was told of it, whether or not anybody opened it."""
    made = scene(database, monkeypatch)
    with database.begin() as tx:
        made.record = reported(tx, "xbo", passport("lost"), handling=Handling.H2).entity
    made.match()
    then = made.clock.now().date()
    made.clock.pass_(days=31 + TERMS.use_delay_days + 1)
    with database.begin() as tx:
        found = use_reports.report(tx, CHIEF, then, TERMS)
    assert [(use.record, use.authority, use.on) for use in found.documents] == [
        (made.record.id, "xar", then)
    ]


def test_pr_38_a_month_that_is_not_long_over_is_not_told(tx, hand_clock):
    """Neither the present one nor the one before it."""
    with pytest.raises(Conflict, match="can be had from"):
        use_reports.report(tx, CHIEF, hand_clock.now.date(), TERMS)


@pytest.mark.parametrize("status", ["revoked", "invalid"])
def test_pr_53_a_revoked_passport_counts_as_its_holder(tx, hand_clock, status):
    """A state that revokes a passport does not learn where it turned up."""
    held = reported(tx, "xbo", passport(status), handling=Handling.H2)
    looked_at(tx, held.id)
    then = month_later(hand_clock)
    assert use_reports.report(tx, CHIEF, then.date(), TERMS).documents == ()


@pytest.mark.parametrize("others", [0, TERMS.use_least - 2, TERMS.use_least + 2])
def test_pr_53_one_encounter_with_a_person_changes_nothing_that_the_owner_reads(
    tx, hand_clock, others
):
    """The report with it and without it is the same, whether few or many other persons were met."""
    held = [reported(tx, "xbo") for _ in range(others + 1)]
    looked_at(tx, *[one.id for one in held[1:]])
    then, later = hand_clock.now, month_later(hand_clock)
    without = use_reports.report(tx, CHIEF, later.date(), TERMS)
    after, hand_clock.now = hand_clock.now, then
    looked_at(tx, held[0].id)
    hand_clock.now = after
    assert use_reports.report(tx, CHIEF, later.date(), TERMS) == without
    assert bool(without.counts) == (others >= TERMS.use_least)


def test_pr_38_only_ones_own_records_are_reported(tx, hand_clock):
    """And one's own use of them is none."""
    held = [reported(tx, "xca").id for _ in range(TERMS.use_least)]
    looked_at(tx, *held)
    looked_at(tx, *held, by=actor("xca", "second_line"))
    then = month_later(hand_clock)
    assert use_reports.report(tx, CHIEF, then.date(), TERMS).counts == ()
    own = use_reports.report(
        tx, actor("xca", "supervisor", purpose="supervision"), then.date(), TERMS
    )
    assert [(count.authority, count.records) for count in own.counts] == [("xar", TERMS.use_least)]


# ------------------------------------------------------------------------------------- PR-39


def test_pr_39_what_an_officer_saw_is_played_again_as_it_was(tx, hand_clock):
    """Later corrections, suspensions and corrections of corrections do not change the past."""
    from didban.guard.disclosure import shown_to

    held = reported(tx, "xbo", person(birthDate="1971-05-02"))
    seen = []
    for _ in range(3):
        hand_clock.now += timedelta(minutes=10)
        kept = bank.read(tx, SECOND_LINE, held.id)
        seen.append((hand_clock.now, dict(shown_to(tx, SECOND_LINE, kept))))
        hand_clock.now += timedelta(minutes=10)
        held = corrected(tx, held, birthDate=f"1971-05-0{held.version + 2}")
    hand_clock.now += timedelta(days=400)

    played = reconstruct.seen_by(
        tx, OFFICER, SECOND_LINE.user, since=seen[0][0], until=hand_clock.now
    )
    assert [(sight.entry.at, dict(sight.shown or {})) for sight in reversed(played)] == seen
    assert [sight.version for sight in reversed(played)] == [1, 2, 3]


def test_pr_39_the_field_matrix_of_that_moment_is_played_again(tx, hand_clock):
    """The first line saw less, and is shown to have seen less; conditions came first."""
    from didban.guard.disclosure import shown_to

    first = actor("xar", "first_line", user="usr_post4")
    held = reported(
        tx, "xbo", handling=Handling.H3, handling_conditions="Ask before you tell the press."
    )
    seen = []
    for who in (first, SECOND_LINE):
        kept = bank.read(tx, who, held.id)
        seen.append(dict(shown_to(tx, who, kept)))
        conditions.acknowledge(tx, who, kept, version=kept.version)
        hand_clock.now += timedelta(minutes=1)
        seen.append(dict(shown_to(tx, who, bank.read(tx, who, held.id))))
        hand_clock.now += timedelta(minutes=1)
    start = hand_clock.now - timedelta(hours=1)
    played = [
        dict(sight.shown or {})
        for who in (first, SECOND_LINE)
        for sight in reversed(
            reconstruct.seen_by(tx, OFFICER, who.user, since=start, until=hand_clock.now)
        )
        if sight.record == held.id
    ]
    assert played == seen
    assert len({str(one) for one in seen}) > 2


def test_pr_39_an_officer_of_another_authority_is_not_there(tx, hand_clock):
    """Who watches over one authority plays its users' sight alone; the host's officer all."""
    held = reported(tx, "xbo")
    looked_at(tx, held.id)
    foreign = actor("xbo", "data_protection_officer")
    span = {
        "since": hand_clock.now - timedelta(hours=1),
        "until": hand_clock.now + timedelta(hours=1),
    }
    assert reconstruct.seen_by(tx, foreign, SECOND_LINE.user, **span) == []
    assert reconstruct.seen_by(tx, OFFICER, SECOND_LINE.user, **span)


# ------------------------------------------------------------------------------------- PR-49


def fair(total: int, rate: float, group: str) -> Tally:
    """Return a group in which so many are cases."""
    return Tally(
        dimension=Dimension.NATIONALITY,
        measure=Measure.REFUSAL,
        group=group,
        cases=round(total * rate),
        total=total,
    )


def test_pr_49_synthetic_bias_is_found_and_names_the_group():
    """One nationality is refused three times as often as all others."""
    tallies = [fair(400, 0.3, "xca"), fair(400, 0.1, "xbo"), fair(400, 0.1, "xar")]
    assert [one.tally.group for one in divergences(tallies, 2.0)] == ["xca"]


def test_pr_49_equal_rates_and_chance_are_no_bias():
    """Whatever the sizes: a thousand fair worlds raise hardly a finding."""
    chance = random.Random(7)
    found = 0
    for _ in range(1_000):
        tallies = [
            Tally(
                dimension=Dimension.ISSUER,
                measure=Measure.REFUTATION,
                group=group,
                cases=sum(chance.random() < 0.2 for _ in range(size)),
                total=size,
            )
            for group, size in (("xar", 40), ("xbo", 90), ("xca", 200))
        ]
        found += len(divergences(tallies, 2.0))
    assert found <= 15


def test_pr_49_too_few_cases_say_nothing():
    """Nine of nine refused is a story, not a rate."""
    assert divergences([fair(9, 1.0, "xca"), fair(400, 0.1, "xbo")], 2.0) == []


def test_pr_49_bias_in_the_bank_raises_a_signal_and_stands_in_the_report(database, hand_clock):
    """Oversight suspends what comes from one owner again and again: all members read it."""
    from didban.guard import signals
    from didban.store import node
    from didban.store.node import NodeRow

    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=hand_clock.now))
        for code, doubted in (("xar", 2), ("xbo", 2), ("xca", 30)):
            for number in range(60):
                held = reported(tx, code, person(nationality=code.upper()))
                if number < doubted:
                    oversight.suspend(tx, INSPECTOR, held.id, "Art. 3?")
    assert equality.run_due(database, hand_clock.now, TERMS) > 0
    with database.begin() as tx:
        found = equality.report(tx, CHIEF, TERMS)
        raised = signals.listed(tx, OFFICER, limit=50)
    groups = {(one.tally.dimension, one.tally.group) for one in found.divergences}
    assert groups == {(Dimension.ISSUER, "xca"), (Dimension.NATIONALITY, "xca")}
    assert {one.kind for one in raised} == {"divergence"}
    assert all(one.cases % TERMS.use_least == 0 for one in found.tallies)


# ------------------------------------------------------------------------------------- PR-55


def assessed(tx, verdict: AssessmentVerdict, hand_clock, **more):
    """Enter what is held of a partner."""
    draft = Draft(
        partner="xbo",
        harm=Harm.DEATH_PENALTY,
        verdict=verdict,
        reason="Three reports of the last year.",
        review_due=hand_clock.now.date() + timedelta(days=365),
    )
    return assessments.record(tx, OFFICER, replace(draft, **more))


def promise(hand_clock, record_id: str) -> Assurance:
    """Return what a partner promised."""
    return Assurance(
        id="",
        partner="xbo",
        harm=Harm.DEATH_PENALTY,
        record=record_id,
        words="The penalty will not be sought; note 17 of the ministry.",
        valid_until=hand_clock.now.date() + timedelta(days=90),
        recorded_at=hand_clock.now,
        recorded_by="",
    )


def test_pr_55_what_the_register_bars_goes_only_with_assurances_and_a_second_person(tx, hand_clock):
    """Recorded by one, accepted by another; before that nothing leaves."""
    held = reported(tx, "xar")
    liaison = actor("xar", "liaison_officer", user="usr_liaison")
    chief = actor("xar", "supervisor", user="usr_chief")
    assessments.require_passage(tx, liaison, held, recipient="xbo")
    assessed(tx, AssessmentVerdict.ASSURANCES, hand_clock)

    def passes() -> bool:
        try:
            assessments.require_passage(tx, liaison, held, recipient="xbo", offence="murder")
        except NotPermitted as refused:
            return refused.reasons != ("assurances",)
        return True

    assert not passes()
    made = assessments.record_assurance(tx, liaison, promise(hand_clock, held.id))
    assert not passes()
    with pytest.raises(NotPermitted):
        assessments.accept_assurance(tx, replace(chief, user=liaison.user), made.id)
    assessments.accept_assurance(tx, chief, made.id)
    assert passes()
    with pytest.raises(Conflict):
        assessments.accept_assurance(tx, chief, made.id)
    hand_clock.now += timedelta(days=91)
    assert not passes()


def test_pr_55_what_is_barred_for_good_no_assurance_opens(tx, hand_clock):
    """Some partners are not believed."""
    held = reported(tx, "xar")
    assessed(tx, AssessmentVerdict.BARRED, hand_clock, harm=Harm.TORTURE)
    liaison = actor("xar", "liaison_officer", user="usr_liaison")
    made = assessments.record_assurance(
        tx, liaison, replace(promise(hand_clock, held.id), harm=Harm.TORTURE)
    )
    assessments.accept_assurance(tx, actor("xar", "supervisor", user="usr_chief"), made.id)
    with pytest.raises(NotPermitted) as refused:
        assessments.require_passage(tx, liaison, held, recipient="xbo")
    assert refused.value.reasons == ("barred",)


def test_pr_55_an_assessment_may_be_about_some_offences_and_a_country(tx, hand_clock):
    """An offence that is not known counts as each of them; a country's word holds for all in it."""
    from sqlalchemy import text

    tx.execute(text("update authority set country = 'XBO' where code = 'xbo'"))
    assessed(tx, AssessmentVerdict.ASSURANCES, hand_clock, partner="XBO", offences=("drugs",))
    assert assessments.bars(tx, "xbo", offence="drugs") is not None
    assert assessments.bars(tx, "xbo") is not None
    assert assessments.bars(tx, "xbo", offence="theft") is None
    assert assessments.bars(tx, "xca") is None


def test_pr_55_the_newest_version_counts_and_the_older_ones_stay(tx, hand_clock):
    """What was held when something was shared can be shown later."""
    assessed(tx, AssessmentVerdict.BARRED, hand_clock)
    assessed(tx, AssessmentVerdict.CLEAR, hand_clock)
    assert assessments.bars(tx, "xbo") is None
    assert [one.version for one in assessments.listed(tx, OFFICER, "xbo")] == [1, 2]
    assert [one.version for one in assessments.listed(tx, OFFICER)] == [2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"reason": "a" * 4001},
        {"review_due": datetime(2020, 1, 1, tzinfo=UTC).date()},
    ],
)
def test_pr_55_an_assessment_says_on_what_it_rests_and_when_it_is_looked_at_again(
    tx, hand_clock, wrong
):
    """Nothing is held of a partner for ever and for no reason."""
    with pytest.raises(InvalidInput):
        assessed(tx, AssessmentVerdict.BARRED, hand_clock, **wrong)


def test_pr_55_what_was_obtained_by_ill_treatment_is_not_shared_matched_or_used(tx):
    """It is its owner's alone, asks for nothing, is not indexed, and goes to nobody."""
    from sqlalchemy import select

    from didban.store.tables.records import record

    held = reported(tx, "xar", is_tainted=True)
    assert standing(held, held.recorded_at.date()).action is None
    assert not tx.scalar(select(record.c.is_searchable).where(record.c.id == held.id))
    with pytest.raises(NotFound):
        bank.read(tx, actor("xbo", "second_line"), held.id)
    with pytest.raises(NotPermitted) as refused:
        assessments.require_passage(tx, actor("xar", "liaison_officer"), held, recipient="xbo")
    assert refused.value.reasons == ("tainted",)


# ------------------------------------------------------------------------------------- PR-57


def test_pr_57_an_independent_role_suspends_a_record_and_only_it_lifts_that(tx, hand_clock):
    """The record stays its owner's, is shown as suspended, and asks for nothing."""
    from didban.intake import status
    from didban.model.bank import Note, SuspensionCause

    held = reported(tx, "xbo")
    asked = oversight.suspend(tx, INSPECTOR, held.id, "The warrant seems to punish an opinion.")
    kept = bank.read(tx, SECOND_LINE, held.id)
    stands = standing(kept, hand_clock.now.date())
    assert stands.action is None
    assert Note.SUSPENDED in stands.notes
    with pytest.raises(NotPermitted):
        status.lift(
            tx,
            actor("xbo", "reviewer"),
            held.id,
            SuspensionCause.OVERSIGHT,
            expected=kept.version,
            reason="we are sure",
        )
    with pytest.raises(Conflict):
        oversight.suspend(tx, INSPECTOR, held.id, "Again.")

    reviewer = actor("xbo", "reviewer")
    assert [one.id for one in oversight.listed(tx, reviewer)] == [asked.id]
    oversight.answer(tx, reviewer, asked.id, "It is a robbery; see the enclosed judgment.")
    with pytest.raises(Conflict):
        oversight.answer(tx, reviewer, asked.id, "And more.")
    with pytest.raises(NotFound):
        oversight.answer(tx, actor("xca", "reviewer"), asked.id, "Us too.")
    closed = oversight.close(tx, INSPECTOR, asked.id, Outcome.LIFTED)
    assert closed.answer is not None
    now = records.get(tx, held.id, every_number(tx))
    assert now is not None
    assert now.suspensions == frozenset()


def test_pr_57_an_upheld_suspension_stays_and_can_be_lifted_later(tx, hand_clock):
    """The oversight role may learn more."""
    held = reported(tx, "xbo")
    asked = oversight.suspend(tx, INSPECTOR, held.id, "Art. 2?")
    oversight.close(tx, INSPECTOR, asked.id, Outcome.UPHELD)
    kept = records.get(tx, held.id, every_number(tx))
    assert kept is not None
    assert kept.suspensions
    oversight.close(tx, INSPECTOR, asked.id, Outcome.LIFTED)
    with pytest.raises(Conflict):
        oversight.close(tx, INSPECTOR, asked.id, Outcome.LIFTED)


def test_pr_57_nobody_else_suspends_for_oversight(tx):
    """Not the desk, not the data-protection officer, not the administrator."""
    held = reported(tx, "xbo")
    for role in ("supervisor", "reviewer", "data_protection_officer", "administrator"):
        with pytest.raises(NotPermitted):
            oversight.suspend(tx, actor("xar", role), held.id, "Why not?")
    with pytest.raises(NotFound):
        oversight.suspend(tx, INSPECTOR, "rec_none", "Is it there?")
    with pytest.raises(InvalidInput):
        oversight.suspend(tx, INSPECTOR, held.id, " ")


def test_pr_57_a_foreign_inspector_reaches_what_is_open_to_it(tx):
    """The host's inspector and an independent authority reach every record."""
    held = reported(tx, "xbo", excluded=("node:xca",))
    foreign = actor("xca", "inspector", user="usr_foreign")
    with pytest.raises(NotFound):
        oversight.suspend(tx, foreign, held.id, "Why?")
    independent = actor("xca", "inspector", kind="oversight", user="usr_independent")
    assert oversight.suspend(tx, independent, held.id, "Why?").owner == "xbo"
    assert marking("xbo").owner == "xbo"
