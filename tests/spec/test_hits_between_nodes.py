"""A hit on another node's record: asked, confirmed within the clock, and what came of it goes back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bank_help import passport
from casework_help import CLAIMED, CLEAR, CLERK, OTHER, OWNER
from didban.casework import answers, deadlines, decisions, hits, questions
from didban.errors import Conflict, InvalidInput, NotFound
from didban.intake import document_reports
from didban.model.alerts import Action
from didban.model.casework import AnswerKind, QuestionKind, QuestionState
from didban.model.exchange.kinds import Kind
from didban.model.hits import Clock, HitNote, HitState, Outcome, Urgency
from didban.model.notifications import Channel, Notification, Post
from didban.store import hits as kept_hits
from didban.store import notifications
from didban.store.tables.exchange_feeds import entry
from didban.store.tables.notify import notification
from peer_hits_help import border


@pytest.fixture(scope="module")
def nodes(postgres):
    """Return two nodes for all tests: each test has records and hits of its own."""
    with pytest.MonkeyPatch.context() as patch, border(postgres, patch) as made:
        for bank in made.network.values():
            for post in Post:
                contact = notifications.Contact(
                    authority=bank.code,
                    post=post,
                    channel=Channel.EMAIL,
                    address=f"{post}@{bank.code}.example",
                )
                bank.do(notifications.set_contact, contact, at=made.clock.now(), by="usr_head")
        yield made


@pytest.fixture
def there(nodes):
    """Return the nodes with nothing in their outboxes and on their desks."""
    for bank in nodes.network.values():
        bank.do(lambda tx: tx.execute(delete(notification)))
    for question in nodes.on_desk():
        nodes.there.do(
            answers.answer, OWNER, question.id, nodes.desks["xbo"],
            kind=AnswerKind.REFUTED, words="of another test",
        )  # fmt: skip
    nodes.carry()
    return nodes


def told(bank):
    """Return who is told of what at a node."""
    rows = bank.do(lambda tx: tx.execute(select(notification.c.post, notification.c.kind)).all())
    return sorted((row.post, row.kind) for row in rows)


def events(scene, hit_id):
    """Return what happened to a hit."""
    with scene.database.begin() as tx:
        return [line.event for line in kept_hits.history(tx, hit_id)]


def run_out(there):
    """Let Arvand's deadlines run out, and bring over what they cause."""
    deadlines.run_due(there.here.database, there.clock.now(), there.desks["xar"])
    there.carry()


def test_a_question_reaches_the_owners_desk_with_the_deed_that_asks(there):
    """Who asks, where and when; the owner's own record; and by when our desk owes its reply."""
    scene = there.scene()
    there.asked(scene)

    (seen,) = there.on_desk()
    assert (seen.node, seen.authority, seen.place) == ("xar", "xar", "gate 4")
    assert (seen.record, seen.urgency) == (scene.record.id, Urgency.URGENT)
    assert seen.reply_by == there.clock.now() + timedelta(minutes=10)
    assert seen.identity.values("name") == ("ZAHRA KARIMZADEH",)
    assert (Post.DUTY_OFFICER, Notification.QUESTION_PUT) in told(there.there)


def test_the_owner_confirms_and_the_outcome_goes_back(there):
    """From the question to the outcome, each step signed by who says it."""
    scene = there.scene()
    hit_id = there.asked(scene)
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    assert scene.state(hit_id) is HitState.CONFIRMED
    with scene.database.begin() as tx:
        proof = kept_hits.history(tx, hit_id)[-1]
    assert (proof.actor, str(proof.facts["feed"])[:4]) == ("node:xbo", "xbo.")

    scene.compared(hit_id, OTHER)
    scene.do(
        decisions.take_action, OTHER, hit_id, scene.desk,
        action=Action.ARREST, legal_basis="Extradition Act of Arvand, s. 4",
    )  # fmt: skip
    scene.do(decisions.record_outcome, CLERK, hit_id, scene.desk, outcome=Outcome.ARRESTED)
    scene.do(decisions.send_feedback, CLERK, hit_id, scene.desk)
    there.carry()
    assert there.kept(scene.question_of(hit_id)).feedback is Outcome.ARRESTED
    assert (Post.DUTY_OFFICER, Notification.FEEDBACK_GIVEN) in told(there.there)


def test_the_owner_refutes_and_the_namesake_is_not_stopped_again(there):
    """The hit closes with its token (PR-25)."""
    scene = there.scene()
    hit_id = there.asked(scene)
    with pytest.raises(InvalidInput, match="words"):
        there.answer(scene, hit_id, AnswerKind.REFUTED)
    there.answer(scene, hit_id, AnswerKind.REFUTED, words="another birth place")

    assert scene.state(hit_id) is HitState.CLOSED
    assert "issue_token" in events(scene, hit_id)


def test_the_owner_names_a_time_and_keeps_it(there):
    """The hit waits until then; past it, the question is put again."""
    scene = there.scene()
    hit_id = there.asked(scene)
    until = there.clock.now() + timedelta(hours=3)
    there.answer(scene, hit_id, AnswerKind.WILL_BE_CONFIRMED, until=until)
    assert scene.state(hit_id) is HitState.WAITING
    assert there.on_desk()[0].reply_by == until
    until = there.clock.now() + timedelta(hours=4)
    there.answer(scene, hit_id, AnswerKind.WILL_BE_CONFIRMED, until=until)
    assert scene.state(hit_id) is HitState.WAITING

    there.clock.pass_(hours=3, seconds=1)
    run_out(there)
    assert scene.state(hit_id) is HitState.WAITING
    there.clock.pass_(hours=1)
    run_out(there)
    assert scene.state(hit_id) is HitState.CONFIRMATION_REQUESTED
    assert there.kept(scene.question_of(hit_id)).round == 2
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    assert scene.state(hit_id) is HitState.CONFIRMED


def test_the_clock_runs_from_the_arrival_at_the_owners_desk(there):
    """A link that was down for seven minutes takes nothing from who answers, and is seen here."""
    scene = there.scene()
    hit_id = scene.asked(Urgency.URGENT)
    asked_at = there.clock.now()
    there.clock.pass_(minutes=7)
    there.carry()

    due = asked_at + timedelta(minutes=17)
    assert there.on_desk()[0].reply_by == due
    with scene.database.begin() as tx:
        clocks = {each.clock: each.due_at for each in kept_hits.clocks(tx, hit_id)}
    assert clocks[Clock.REPLY] == due
    assert HitNote.QUESTION_RECEIVED in events(scene, hit_id)


def test_a_silent_owner_is_asked_three_times_and_then_both_superiors_are_told(there):
    """Each round reaches the owner's desk, and its own clock tells its supervisor."""
    scene = there.scene()
    hit_id = there.asked(scene)
    for _ in range(3):
        there.clock.pass_(minutes=11)
        there.duties()
        run_out(there)

    assert scene.state(hit_id) is HitState.ESCALATED
    assert there.kept(scene.question_of(hit_id)).round == 3
    heard = told(there.there)
    assert heard.count((Post.DUTY_OFFICER, Notification.QUESTION_REPEATED)) == 2
    assert heard.count((Post.SUPERVISOR, Notification.QUESTION_OVERDUE)) == 3
    assert (Post.BUREAU_HEAD, Notification.ESCALATED) in heard
    assert (Post.SUPERVISOR, Notification.ESCALATED) in told(there.here)
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    assert scene.state(hit_id) is HitState.CONFIRMED


def test_supplementary_information_is_asked_and_supplied(there):
    """Beyond the record, in words that stay in the hit's history."""
    scene = there.scene()
    hit_id = there.asked(scene)
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    scene.do(questions.ask_more, CLERK, hit_id, scene.desk, words="a photo?", gate=CLEAR)
    there.carry()
    (more,) = there.on_desk()
    assert (more.kind, more.words, more.identity) == (QuestionKind.SUPPLEMENT, "a photo?", None)
    assert more.reply_by == there.clock.now() + timedelta(hours=12)

    there.there.do(answers.supply, OWNER, more.id, "none; a scar", there.desks["xbo"])
    there.carry()
    with scene.database.begin() as tx:
        last = kept_hits.history(tx, hit_id)[-1]
    assert (last.event, last.words) == (HitNote.SUPPLEMENT_GIVEN, "none; a scar")


def test_an_open_question_that_is_not_needed_any_more_is_taken_back(there):
    """The owner's desk is told, and can answer it no more."""
    scene = there.scene()
    hit_id = there.asked(scene)
    there.clock.pass_(hours=25)
    scene.do(kept_hits.start_clock, hit_id, Clock.HOLD_LIMIT, there.clock.now())
    scene.do(hits.release, CLERK, hit_id, "hold_limit")
    there.duties()

    assert there.kept(scene.question_of(hit_id)).state is QuestionState.WITHDRAWN
    with pytest.raises(Conflict):
        there.answer(scene, hit_id, AnswerKind.CONFIRMED)


def test_a_record_that_is_withdrawn_while_a_question_is_open_answers_itself(there):
    """Both desks learn of it, whatever arrives first, and nothing is confirmed any more."""
    scene = there.scene()
    hit_id = there.asked(scene)
    there.withdraw(scene.record)
    with pytest.raises(Conflict, match="gone"):
        there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    there.duties()

    assert there.kept(scene.question_of(hit_id)).answer is AnswerKind.NO_RECORD
    assert HitNote.OWNER_HAS_NO_RECORD in events(scene, hit_id)
    run_out(there)
    assert scene.hit(hit_id).is_record_gone
    scene.do(hits.release, CLERK, hit_id, "record_gone")
    assert scene.state(hit_id) is HitState.RELEASED_UNCONFIRMED


def test_pr_09_a_record_that_is_not_for_the_asker_is_answered_as_one_that_never_was(there):
    """Hidden, withdrawn or invented: the very same reply, and the desk hears of none."""
    hidden, gone = there.share(audience=("node:xca",)), there.share()
    there.withdraw(gone)
    there.carry()
    replies = []
    for record in (hidden.id, gone.id, "rec_never"):
        before = Counter(kind for kind, _ in there.sent("xbo"))
        there.put_by_hand("xar", "xbo", record)
        there.carry()
        replies.append(Counter(kind for kind, _ in there.sent("xbo")) - before)
    assert replies == [Counter({Kind.ANSWER: 1})] * 3
    assert there.on_desk() == []


def test_a_stolen_passport_is_confirmed_and_its_owner_learns_where_it_turned_up(there):
    """Document records are met openly: where and when is noted with the owner's own record."""
    scene = there.scene(entity=passport(issuer="xbo"), ask=None)
    hit_id = there.asked(scene)
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    scene.compared(hit_id, OTHER)
    scene.do(
        decisions.take_action, OTHER, hit_id, scene.desk,
        action=Action.SEIZE, legal_basis="Passport Act of Arvand, s. 2",
    )  # fmt: skip
    scene.do(decisions.record_outcome, CLERK, hit_id, scene.desk, outcome=Outcome.DOCUMENT_SEIZED)
    scene.do(decisions.send_feedback, CLERK, hit_id, scene.desk)
    there.carry()

    (seen,) = there.there.do(document_reports.sightings_of, OWNER, scene.record.id)
    assert (seen.authority, seen.place) == ("xar", "gate 4")


def test_pr_31_what_was_asked_goes_with_the_record_at_both_ends(there):
    """The identity of who was met is erased from the desk and from the feeds that brought it."""
    scene = there.scene()
    hit_id = there.asked(scene)
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    question = scene.question_of(hit_id)
    with there.there.database.begin() as tx:
        from didban.model.retention import ErasureReason
        from didban.store import erasure

        erasure.erase(tx, scene.record.id, ErasureReason.RETENTION_ENDED, there.clock.now())
    there.carry()

    assert there.kept(question).identity is None
    for bank in there.network.values():
        of_it = select(entry.c.body).where(entry.c.record == question)
        bodies = bank.do(lambda tx, of_it=of_it: tx.scalars(of_it).all())
        assert bodies
        assert set(bodies) == {None}


def test_pr_31_an_owner_does_not_keep_whom_others_met(there):
    """Ninety days after it is settled, nothing says who was met."""
    scene = there.scene()
    hit_id = there.asked(scene)
    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    there.clock.pass_(days=91)
    there.duties()

    assert there.kept(scene.question_of(hit_id)).identity is None


def test_questions_of_both_kinds_stand_on_one_desk_in_the_order_of_arrival(there):
    """Page by page, with none twice."""
    for _ in range(3):
        there.asked(there.scene())
        there.clock.pass_(seconds=1)
    found = there.on_desk()
    assert [one.id for one in found] == [
        one.id for one in sorted(found, key=lambda one: (one.arrived_at, one.id))
    ]
    first = found[0]
    rest = there.there.do(answers.put_to_us, OWNER, after=(first.arrived_at, first.id))
    assert [one.id for one in rest] == [one.id for one in found[1:]]


def test_a_question_is_answered_by_its_owner_alone(there):
    """Another authority of the owner's node finds nothing, and no role without the permission."""
    scene = there.scene()
    hit_id = there.asked(scene)
    stranger = replace(OWNER, authority="xar")
    with pytest.raises(NotFound):
        there.there.do(
            answers.answer, stranger, scene.question_of(hit_id), there.desks["xbo"],
            kind=AnswerKind.CONFIRMED,
        )  # fmt: skip


def test_pr_53_a_withheld_question_is_answered_without_a_clock(there):
    """The owner learns whom to confirm, and neither where, when nor before whom."""
    scene = there.scene()
    hit_id = there.withheld(scene, CLAIMED)
    there.clock.pass_(hours=25)
    there.duties()
    (seen,) = there.on_desk()
    assert (seen.authority, seen.place, seen.met_at, seen.urgency, seen.reply_by) == (None,) * 5

    there.answer(scene, hit_id, AnswerKind.CONFIRMED)
    assert scene.state(hit_id) is HitState.CONFIRMED
