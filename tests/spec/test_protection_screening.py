"""Protection rules where checks on the bank are concerned, by their numbers."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from time import thread_time

import pytest
from sqlalchemy import event, func, select

from bank_help import actor, authority, marking, person
from didban import clock
from didban.casework import hits
from didban.errors import NotFound, NotPermitted, PurposeMissing
from didban.guard.secrets import SecretName
from didban.intake import bank
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.documents import Document
from didban.model.marking import Confidentiality
from didban.model.non_match import digest
from didban.model.records import Record
from didban.screening import bank_check, kept_checks, passengers, rescreen
from didban.screening.check import Verdict
from didban.screening.live import LiveIndex
from didban.screening.looking import Booth
from didban.screening.question import Question
from didban.store import checks, non_match, records
from didban.store.tables.audit import audit_entry
from didban.store.tables.checks import check_made, match_made
from didban.store.tables.hits import hit
from didban.store.tables.operation import node
from didban.store.visibility import open_to

ZAHRA = Question(names=("Zahra Karimzadeh",), birth_date="1971-05-02")
ABSENT = Question(names=("Ulrike Vandenberg",), birth_date="1990-01-01")
PASSPORT = Question(documents=("UTO:P:L898902C3",))


@pytest.fixture
def booth(database, node_secrets, tmp_path):
    """Return a booth of an empty bank with three authorities."""
    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Booth(index=index, secrets=node_secrets)


def officer(code="xar", *roles, **more):
    """Return who stands at the gate of an authority."""
    return actor(code, *(roles or ("first_line",)), place="Gate 4", **more)


def report(database, booth, entity, owner="xar", alert=None, **markings):
    """Enter a record, and let the index see it."""
    recorder = actor(owner, clearance=max(Confidentiality))
    with database.begin() as tx:
        kept = bank.report(tx, recorder, entity, marking(owner, **markings), alert)
    booth.index.catch_up()
    return kept


def check(database, booth, question=ZAHRA, who=None):
    """Make one check."""
    with database.begin() as tx:
        return bank_check.make(tx, booth, who or officer(), question)


def zahra(**properties):
    """Return the person whom the questions are about."""
    return person("Zahra Karimzadeh", **{"birthDate": "1971-05-02", **properties})


# ------------------------------------------------------------------------------- PR-01


def test_pr_01_no_check_without_purpose_and_case_or_post(database, booth):
    """And nothing is searched or kept then."""
    nameless = actor("xar", "first_line", reference="", place="")
    for who, refusal in [
        (officer(purpose=None), PurposeMissing),
        (nameless, PurposeMissing),
        (officer("xar", "administrator", purpose="administration"), NotPermitted),
        (officer("xar", "recorder"), NotPermitted),
    ]:
        with pytest.raises(refusal):
            check(database, booth, who=who)
    with database.begin() as tx:
        assert tx.scalar(select(func.count()).select_from(check_made)) == 0


def test_pr_01_every_check_carries_user_purpose_and_post(database, booth):
    """In the kept check and in the audit, which holds nothing of what was asked (PR-37)."""
    made = check(database, booth)

    with database.begin() as tx:
        kept = checks.get(tx, made.check, "xar")
        entry = tx.execute(select(audit_entry).where(audit_entry.c.subject == made.check)).one()
    assert kept is not None
    for told in (kept, entry):
        assert (told.purpose, told.reference, told.place) == ("border_control", "case-1", "Gate 4")
    assert entry.actor == kept.user
    assert "Zahra" not in str(entry)


# ------------------------------------------------------------------------------- PR-09


HIDDEN_BY = [
    {"audience": ("node:xar",)},
    {"audience": ("*",), "excluded": ("node:xbo",)},
    {"audience": ("*",), "confidentiality": 2},
]


@pytest.mark.parametrize("markings", HIDDEN_BY, ids=["audience", "exclusion", "classification"])
def test_pr_09_a_hidden_record_changes_no_bit_of_an_answer(database, booth, markings):
    """Verdict, matches, scores, priors and evidence are those of a bank without it."""
    for number in range(5):
        report(database, booth, person("Zahra Karimi", birthDate=f"197{number}-05-02"))
    stranger = officer("xbo")
    before = _everything(database, booth, stranger)
    report(database, booth, zahra(), **markings)

    assert _everything(database, booth, stranger) == before
    assert check(database, booth, who=officer("xar", clearance=max(Confidentiality))).matches


@pytest.mark.parametrize("markings", HIDDEN_BY, ids=["audience", "exclusion", "classification"])
def test_pr_09_what_is_hidden_costs_the_work_of_nothing_there(database, booth, markings):
    """The same statements in the database, and about the same time."""
    for number in range(20):
        report(database, booth, person(f"Zahra Karimi{number}"))
    report(database, booth, zahra(), **markings)
    stranger = officer("xbo")
    hidden, absent = [], []
    for _ in range(7):
        hidden.append(_cost(database, booth, ZAHRA, stranger))
        absent.append(_cost(database, booth, ABSENT, stranger))

    assert {statements for statements, _ in hidden} == {statements for statements, _ in absent}
    times = [min(seconds for _, seconds in costs) for costs in (hidden, absent)]
    assert max(times) < 3 * min(times)


def test_pr_09_a_match_whose_record_is_hidden_since_is_not_there(database, booth):
    """Neither in the list of matches nor behind its identifier."""
    kept = report(database, booth, zahra())
    (sight,) = check(database, booth, who=officer("xbo")).matches
    narrow = replace(kept, marking=marking("xar", audience=("node:xar",)))
    with database.begin() as tx:
        records.replace_record(tx, replace(narrow, recorded_at=clock.now()), expected=1)

    desk = officer("xbo", "second_line")
    words = []
    for match_id in (sight.match, "mat_none"):
        with database.begin() as tx, pytest.raises(NotFound) as refusal:
            bank_check.open_match(tx, desk, match_id, "to compare")
        words.append(str(refusal.value))
    assert len(set(words)) == 1
    assert check(database, booth, who=officer("xbo")).verdict is Verdict.NO_MATCH


def _everything(database, booth, who) -> list[object]:
    """Return all that somebody is answered, to the last bit, without the random identifiers."""
    answers: list[object] = []
    for question in (ZAHRA, ABSENT, PASSPORT, Question(names=("Karimzadeh Z",))):
        made = check(database, booth, question, who)
        with database.begin() as tx:
            kept = checks.matches_of(tx, made.check, open_to(tx, who))
        answers.append(
            (
                made.verdict,
                [(sight.notes, sight.action, sight.shown) for sight in made.matches],
                [(m.record, m.version, m.score, m.prior, m.evidence) for m in kept],
            )
        )
    return answers


def _cost(database, booth, question, who) -> tuple[tuple[str, ...], float]:
    """Return the statements that a check executes, and the processor's time that it takes."""
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(database._engine, "before_cursor_execute", count)
    try:
        begun = thread_time()
        check(database, booth, question, who)
        return tuple(statements), thread_time() - begun
    finally:
        event.remove(database._engine, "before_cursor_execute", count)


# ------------------------------------------------------------------------------- PR-25


def test_pr_25_a_refuted_pair_is_silent_at_the_next_check(database, booth):
    """For the first line; the data-protection officer sees that it was."""
    report(database, booth, zahra())
    _refute(database, booth, check(database, booth))

    again = check(database, booth)

    assert (again.verdict, again.matches) == (Verdict.NO_MATCH, ())
    overseer = actor("xar", "data_protection_officer", purpose="data_protection")
    with database.begin() as tx:
        assert checks.matches_of(tx, again.check, open_to(tx, officer())) == []
        (silent,) = kept_checks.silenced(tx, overseer, limit=10)
    assert silent.check == again.check


def test_pr_25_who_differs_in_what_identifies_is_not_silenced(database, booth):
    """Another birth date is another person."""
    report(database, booth, zahra())
    _refute(database, booth, check(database, booth))

    assert check(database, booth, Question(names=("Zahra Karimzadeh",))).matches


def test_pr_25_a_silenced_match_cannot_be_opened_or_taken_up(database, booth):
    """It is kept, and nobody at the gate or the desk gets at it."""
    report(database, booth, zahra())
    _refute(database, booth, check(database, booth))
    check(database, booth)
    with database.begin() as tx:
        silent = tx.scalar(select(match_made.c.id).where(match_made.c.is_silenced))
    desk = officer("xar", "second_line")

    with database.begin() as tx, pytest.raises(NotFound):
        bank_check.open_match(tx, desk, silent, "to compare")
    with database.begin() as tx, pytest.raises(NotFound):
        hits.take_up(tx, desk, silent)


def _refute(database, booth, made) -> None:
    """Let a hit on the only match be refuted."""
    (sight,) = made.matches
    with database.begin() as tx:
        taken_up = hits.take_up(tx, officer("xar", "second_line"), sight.match)
        taken = checks.taken(tx, sight.match, "xar", open_to(tx, officer()))
        record = bank.read(tx, officer("xar", "second_line"), taken_up.record)
        assert taken is not None
        token = digest(booth.secrets.get(SecretName.NON_MATCH), taken.asked, record.entity)
        non_match.issue(tx, token, hit_id=taken_up.id, record=record.id, at=clock.now(), by="usr_2")


# ------------------------------------------------------------------------------- PR-26


def test_pr_26_a_check_moves_nothing(database, booth):
    """However sure the match: the record stands as before, and there is no hit."""
    alert = Alert(action_requested=Action.LOCATE, person_status=PersonStatus.MISSING)
    kept = report(database, booth, zahra(), alert=alert)
    assert check(database, booth).matches

    with database.begin() as tx:
        now = bank.read(tx, officer("xar", "second_line"), kept.id)
        assert tx.scalar(select(func.count()).select_from(hit)) == 0
    assert (now.version, now.state) == (kept.version, kept.state)


# ------------------------------------------------------------------------------- PR-27


def test_pr_27_the_evidence_that_is_kept_reproduces_every_score(database, booth):
    """Prior and weights, through the logistic function."""
    report(database, booth, zahra(nationality="xar", gender="female"))
    report(database, booth, person("Zahra Karimi", birthDate="1971"), audience=("node:xar",))
    paper = Document(number="L898902C3", issuer="uto", type="P", status="stolen")
    report(
        database,
        booth,
        Record(id="rec_paper", schema="Passport", properties={}, documents=(paper,)),
    )
    scores = []
    for question in (ZAHRA, PASSPORT, Question(names=("Zahra Karimi",), birth_date="1971")):
        made = check(database, booth, question)
        with database.begin() as tx:
            for match in checks.matches_of(tx, made.check, open_to(tx, officer())):
                logit = match.prior + sum(one.weight for one in match.evidence)
                assert match.score == min(0.999999, round(1 / (1 + math.exp(-logit)), 6))
                assert all(one.asked and one.listed for one in match.evidence)
                scores.append(match.score)
    assert len(scores) >= 3


# ------------------------------------------------------------------------------- PR-35


def test_pr_35_who_was_not_found_is_masked_after_a_day_and_shown_again_by_two(
    database, booth, monkeypatch
):
    """And deleted by the term, with nothing found later once masked."""
    unit = actor("xar", "passenger_unit", user="usr_unit")
    content = b"name,birthDate\nZahra Karimzadeh,1971-05-02\n"
    with database.begin() as tx:
        held = passengers.hold(tx, booth, unit, "XB 123", content).kept
    later = held.at + timedelta(hours=24)
    rescreen.run_due(database, held.at, booth=booth)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _names(database, unit, held) == ["Zahra Karimzadeh"]

    passengers.run_due(database, later)

    assert _names(database, unit, held) == [None]
    report(database, booth, zahra())
    assert rescreen.run_due(database, later, booth=booth) == 0
    with database.begin() as tx:
        request = passengers.request_unmasking(tx, unit, held.id, "a missed connection")
    with database.begin() as tx, pytest.raises(NotPermitted):
        passengers.confirm_unmasking(tx, unit, request.id)
    with database.begin() as tx:
        passengers.confirm_unmasking(tx, replace(unit, user="usr_other"), request.id)
    assert _names(database, unit, held) == ["Zahra Karimzadeh"]
    passengers.run_due(database, later + timedelta(days=booth.policy.passenger_list_days))
    with database.begin() as tx, pytest.raises(NotFound):
        passengers.viewed(tx, unit, held.id)


def _names(database, who, held) -> list[object]:
    with database.begin() as tx:
        _, listed = passengers.viewed(tx, who, held.id)
    return [one.asked and one.asked.first("name") for one in listed]


# --------------------------------------------------------------------------- PR-51, PR-55


def test_pr_51_specimens_never_match_in_production(database, booth, tmp_path):
    """Neither a person nor a document, though they got into the bank while it was for training."""
    paper = Document(number="L898902C3", issuer="uto", type="P", status="stolen")
    passport = Record(id="rec_paper", schema="Passport", properties={}, documents=(paper,))
    report(database, booth, zahra(nationality="xar"))
    report(database, booth, passport)
    assert check(database, booth, ZAHRA).matches
    assert check(database, booth, PASSPORT).matches
    with database.begin() as tx:
        production = {"host": "xar", "is_training": False, "made_at": clock.now()}
        tx.execute(node.insert().values(production))

    with LiveIndex.open(database, tmp_path / "made anew", follow=False) as index:
        anew = replace(booth, index=index)
        assert check(database, anew, ZAHRA).verdict is Verdict.NO_MATCH
        assert check(database, anew, PASSPORT).verdict is Verdict.NO_MATCH


def test_pr_55_ill_gotten_information_is_never_matched(database, booth):
    """Nor when the marking is changed after a match: the check looks at the record as it is."""
    kept = report(database, booth, zahra())
    assert check(database, booth).matches
    with database.begin() as tx:
        tainted = replace(kept, marking=replace(kept.marking, is_tainted=True))
        records.replace_record(tx, replace(tainted, recorded_at=clock.now()), expected=1)

    assert check(database, booth).verdict is Verdict.NO_MATCH
    booth.index.catch_up()
    assert len(booth.index) == 0
