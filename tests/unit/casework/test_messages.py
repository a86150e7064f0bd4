"""Messages between desks of different nodes, from sealing to the end."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bank_help import wait_for_the_dead
from didban import clock
from didban.casework.messages import deadlines, desk, writing
from didban.casework.messages.clearing import DraftPart
from didban.errors import (
    BadSignature,
    Conflict,
    HandlingRefused,
    InvalidInput,
    Malformed,
    NotFound,
)
from didban.exchange import receiving
from didban.ids import new_id
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Kind
from didban.model.exchange.letters import Letter, Moved
from didban.model.exchange.messages import (
    MessageEvent,
    MessageKind,
    MessageState,
    MessageUrgency,
    Punctuality,
    RefusalGround,
    Side,
    Topic,
)
from didban.model.notifications import Notification
from didban.model.records import Record
from didban.store import erasure, messages
from didban.store.exchange import feeds, peers
from didban.store.tables.exchange_feeds import entry
from didban.store.tables.messages import message as message_table
from didban.store.tables.messages import message_event
from exchange_help import item
from messages_help import TEXT, Desks, about, officer, reported, told, with_contacts

S = MessageState


@pytest.fixture
def desks(lasting) -> Desks:
    """Return the desks of xar, xbo and xca, which nothing waits for."""
    made = Desks(lasting)
    made.carry()
    return made


@pytest.fixture
def fresh(network) -> Desks:
    """Return desks to which nothing happened yet."""
    return Desks(network)


def test_a_request_goes_there_and_its_answer_comes_back(desks):
    """Both ends hold the same states, and what the letter said."""
    asked = desks["xar"].send("xbo", topic=Topic.COOPERATION, urgency=MessageUrgency.URGENT)
    assert asked.state is S.QUEUED
    desks.carry()
    arrived = desks["xbo"].has(asked)
    assert (arrived.state, desks["xar"].has(asked).state) == (S.ACCEPTED, S.ACCEPTED)
    assert arrived.due_at - arrived.accepted_at == timedelta(hours=8)
    assert desks["xar"].has(asked).due_at == arrived.due_at
    assert desks["xbo"].read(asked).parts[0].text == TEXT.text
    desks["xbo"].do(desk.take, asked.id)
    answer = desks["xbo"].reply(asked)
    desks.carry()
    assert desks["xar"].has(asked).state is S.ANSWERED
    assert desks["xar"].read(answer).parts[0].text == TEXT.text
    desks["xar"].do(desk.close, asked.id, useful=3)
    desks.carry()
    for code in ("xar", "xbo"):
        assert desks[code].has(asked).state is S.CLOSED
        assert desks[code].has(asked).thread == desks[code].has(answer).thread
        assert desks[code].has(answer).state is S.READ
    assert desks["xca"].has(asked, Side.RECEIVED) is None


def test_that_somebody_read_it_is_told_and_nobodys_name(desks):
    """The receipt holds the message and the event."""
    asked = desks["xar"].send("xbo")
    desks.carry()
    desks["xbo"].read(asked)
    seen: list[Any] = []
    desks.network["xar"].handlers[Kind.MESSAGE_EVENT] = lambda tx, arrived, now: seen.extend(
        arrived
    )
    desks.carry()
    assert [each.content for each in seen] == [{"message": asked.id, "event": "open"}]


def test_a_request_is_answered_in_part_then_refused_for_the_rest_on_a_ground(desks):
    """A refusal without a ground is none."""
    asked = desks["xar"].send("xbo")
    desks.carry()
    with pytest.raises(Conflict):
        desks["xbo"].reply(asked)
    desks["xbo"].taken(asked)
    desks["xbo"].reply(asked, kind=MessageKind.PARTIAL_ANSWER)
    with pytest.raises(InvalidInput):
        desks["xbo"].reply(asked, kind=MessageKind.REFUSAL)
    desks["xbo"].reply(asked, kind=MessageKind.REFUSAL, ground=RefusalGround.OWN_PROCEEDINGS)
    desks.carry()
    assert desks["xar"].has(asked).state is S.REFUSED
    assert desks["xar"].history(asked)[-2:] == ["answer_partly", "refuse"]


def test_who_is_not_satisfied_reopens_and_the_clock_starts_anew(desks):
    """The request is awaited again."""
    asked = desks["xar"].send("xbo")
    desks.carry()
    desks["xbo"].taken(asked)
    desks["xbo"].reply(asked)
    desks.carry()
    assert desks["xar"].has(asked).next_at is None
    desks["xar"].do(desk.reopen, asked.id, words="the photo is missing")
    desks.carry()
    here = desks["xbo"].has(asked)
    assert (here.state, here.next_at is not None) == (S.REOPENED, True)
    desks["xbo"].do(desk.take, asked.id)
    desks["xbo"].reply(asked)
    desks.carry()
    assert desks["xar"].has(asked).state is S.ANSWERED


def test_an_unread_message_that_is_recalled_was_never_seen(desks):
    """Neither before it was pulled nor after: what it said is gone from both ends' feeds."""
    early, late = desks["xar"].send("xbo"), None
    desks["xar"].do(desk.recall, early.id, words="wrong recipient")
    desks.carry()
    assert desks["xbo"].has(early) is None
    late = desks["xar"].send("xbo")
    desks.carry()
    desks["xar"].do(desk.recall, late.id, words="wrong recipient")
    desks.carry()
    here = desks["xbo"].has(late)
    assert (here.state, here.letter) == (S.RECALLED, None)
    assert desks["xbo"].read(late).parts == ()
    for code in ("xar", "xbo"):
        bodies = select(entry.c.body).where(entry.c.record.in_([early.id, late.id]))
        assert set(desks[code].bank.do(lambda tx, q=bodies: tx.scalars(q).all())) == {None}


def test_a_message_recalled_after_it_was_read_leaves_a_tombstone_and_the_log(desks):
    """That it had been read stands in the history."""
    asked = desks["xar"].send("xbo")
    desks.carry()
    desks["xbo"].read(asked)
    desks["xar"].do(desk.recall, asked.id, words="sent in error")
    desks.carry()
    last = desks["xbo"].bank.do(messages.history, desks["xbo"].has(asked))[-1]
    assert (last.event, last.facts["was_read"]) == ("recall", True)
    assert desks["xar"].history(asked)[-1] == "open"
    assert desks["xar"].has(asked).state is S.RECALLED


def test_a_message_that_nobody_takes_in_is_undeliverable_and_arrives_all_the_same(fresh):
    """The alarm is the sender's; the feed waits."""
    with_contacts(fresh["xar"])
    asked = fresh["xar"].send("xbo")
    late = clock.now() + timedelta(hours=25)
    database = fresh["xar"].bank.database
    assert deadlines.run_due(database, late, fresh["xar"].mail) == 1
    assert deadlines.run_due(database, late, fresh["xar"].mail) == 0
    assert fresh["xar"].has(asked).state is S.UNDELIVERABLE
    assert ("duty_officer", "message_undeliverable") in told(fresh["xar"])
    fresh.carry()
    assert fresh["xar"].has(asked).state is S.ACCEPTED


def test_what_the_other_nodes_feed_puts_aside_is_told_to_its_sender(desks):
    """No desk there has seen it; here it does not stay on its way for ever."""

    def refuse(tx, arrived, now):
        raise HandlingRefused("not here")

    desks.network["xbo"].handlers[Kind.MESSAGE] = refuse
    asked = desks["xar"].send("xbo")
    desks.carry()
    database, mail = desks["xar"].bank.database, desks["xar"].mail
    while deadlines.run_due(database, clock.now(), mail):
        pass
    assert desks["xar"].has(asked).state is S.QUARANTINED
    [*_, last] = desks["xar"].bank.do(messages.history, desks["xar"].has(asked))
    assert last.facts == {"code": "handling_refused"}


def test_a_feed_that_is_stopped_keeps_nobody_from_reading(fresh):
    """The receipt stays here, and the history says so; a recall is refused, for it must arrive."""
    asked, ours = fresh["xar"].send("xbo"), fresh["xbo"].send("xar")
    fresh.carry()
    feed = fresh["xbo"].has(ours).feed
    fresh.network["xbo"].do(feeds.set_state, feed, FeedState.STOPPED)
    assert fresh["xbo"].read(asked).parts[0].text == TEXT.text
    assert fresh["xbo"].history(asked)[-2:] == ["open", "untold"]
    with pytest.raises(Conflict):
        fresh["xbo"].do(desk.recall, ours.id, words="sent in error")


def test_the_cursor_of_the_reader_says_that_it_was_delivered(fresh):
    """With the next pull, before any receipt of a desk has come."""
    asked = fresh["xar"].send("xbo")
    for _ in range(2):
        fresh.network.pull("xbo", "xar")
    database = fresh["xar"].bank.database
    assert deadlines.run_due(database, clock.now(), fresh["xar"].mail) == 1
    assert fresh["xar"].has(asked).state is S.DELIVERED


def test_the_clock_counts_from_acceptance_and_tells_the_desk_then_both_superiors(fresh):
    """Due soon after three quarters, overdue, and escalated after half as much again."""
    for one in ("xar", "xbo"):
        with_contacts(fresh[one])
    asked = fresh["xar"].send("xbo", urgency=MessageUrgency.FLASH)
    fresh.carry()
    accepted_at = fresh["xbo"].has(asked).accepted_at
    expected = {6: "in_time", 8: "due_soon", 11: "overdue", 16: "escalated"}
    for minutes, punctuality in expected.items():
        for one in ("xar", "xbo"):
            now = accepted_at + timedelta(minutes=minutes)
            deadlines.run_due(fresh[one].bank.database, now, fresh[one].mail)
            assert fresh[one].has(asked).punctuality == Punctuality(punctuality)
    for one in ("xar", "xbo"):
        assert ("bureau_head", "message_escalated") in told(fresh[one])
        assert ("supervisor", "message_overdue") in told(fresh[one])
    fresh["xbo"].taken(asked)
    assert fresh["xbo"].has(asked).state is S.IN_WORK


def test_information_is_awaited_until_it_is_read(desks):
    """It asks for nothing: nobody takes it into work, nobody replies."""
    sent = desks["xar"].send("xbo", kind=MessageKind.SPONTANEOUS)
    desks.carry()
    assert desks["xbo"].read(sent).possible == ()
    assert desks["xbo"].has(sent).next_at is None
    for verb in (lambda: desks["xbo"].do(desk.take, sent.id), lambda: desks["xbo"].reply(sent)):
        with pytest.raises(Conflict):
            verb()


def test_a_duplicate_is_acknowledged_and_dropped(fresh):
    """The same message again, in an entry of its own, is one message."""
    asked = fresh["xar"].send("xbo")
    said = fresh["xar"].has(asked).letter.to_json()
    for _ in range(2):
        again = item(Kind.MESSAGE, said, record=asked.id, handling="H0")
        fresh.network["xar"].publish("talk:xbo", again)
    fresh.carry()
    rows = fresh["xbo"].bank.do(lambda tx: tx.execute(select(message_table)).all())
    assert len(rows) == 1
    assert fresh["xbo"].history(asked) == ["accept"]
    assert fresh["xar"].has(asked).state is S.ACCEPTED


def forged(desks, **changed):
    """Let xca publish a message that says something wrong, and take it to xbo."""
    new = Letter.from_json(
        {
            **desks["xca"].has(desks["xca"].send("xbo")).letter.to_json(),
            "id": new_id("msg"),
            **changed,
        }
    )
    said = item(Kind.MESSAGE, new.to_json(), record=new.id, handling=new.handling)
    desks.network["xca"].publish("talk:xbo", said)
    desks.carry()
    return desks["xbo"].bank.do(messages.get, new.id, Side.RECEIVED)


@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        ("foreign_sender", {"sender": "xar"}),
        ("unknown_recipient", {"recipient": "xar"}),
        ("unknown_recipient", {"recipient": "xno"}),
        ("unknown_request", {"in_reply_to": "msg_other", "kind": "answer"}),
        ("unknown_request", {"kind": "answer"}),
        ("out_of_time", {"sent_at": "2020-01-01T00:00:00Z"}),
        ("no_ground", {"ground": "law"}),
    ],
)
def test_pr_07_what_a_node_may_not_say_is_quarantined_and_both_sides_are_told(
    desks, fault, changed
):
    """It speaks for its own authorities, to those that have their desk here."""
    here = forged(desks, **changed)
    assert (here.state, here.letter) == (S.QUARANTINED, None)
    [line] = desks["xbo"].bank.do(messages.history, here)
    assert line.facts == {"code": fault}


def test_pr_42_a_part_with_more_than_its_topic_allows_is_quarantined(desks):
    """A search for a document that names its holder is not accepted."""
    asked = Record(id="e1", schema="Passport", caption="", properties={"holder": ("Zahra",)})
    part = {
        "kind": "entity", "owner": "xca", "handling": "H0", "source": "X", "information": "4",
        "entity": asked.to_json(),
    }  # fmt: skip
    assert forged(desks, topic="document", parts=[part]).state is S.QUARANTINED


def test_pr_08_h2_of_a_third_authority_is_not_accepted_without_its_consent(desks):
    """What the sender overlooked or forged, the recipient's node does not."""
    part = {
        "kind": "text", "owner": "xar", "handling": "H2", "source": "B", "information": "2",
        "text": "what Arvand said in confidence",
    }  # fmt: skip
    assert forged(desks, parts=[part]).state is S.QUARANTINED


def test_pr_41_nobody_moves_a_message_that_is_not_his(desks):
    """A third node's receipts, and a sender's receipt for its own message, move nothing."""
    asked = desks["xar"].send("xbo")
    desks.carry()
    lies = [
        ("xca", "talk:xar", MessageEvent.OPEN),
        ("xca", "talk:xbo", MessageEvent.RECALL),
        ("xbo", "talk:xar", MessageEvent.RECALL),
        ("xar", "talk:xbo", MessageEvent.OPEN),
    ]
    for node, audience, event in lies:
        told_ = Moved(message=asked.id, event=event).to_json()
        desks.network[node].publish(audience, item(Kind.MESSAGE_EVENT, told_))
    desks.carry()
    assert {desks[code].has(asked).state for code in ("xar", "xbo")} == {S.ACCEPTED}


def test_pr_41_a_message_is_sealed_for_its_recipient_and_signed_by_its_sender(fresh):
    """No third node opens it; a flipped bit, or a key after its revocation, is refused."""
    asked = fresh["xar"].send("xbo")
    xar, xbo, xca = (fresh.network[code] for code in ("xar", "xbo", "xca"))
    feed = fresh["xar"].has(asked).feed
    [sent] = xar.do(feeds.entries, feed, 0, 10)
    assert b"registry" not in sent.header + sent.body
    eavesdropped: list[Any] = []
    keep = {Kind.MESSAGE: lambda tx, arrived, now: eavesdropped.extend(arrived)}
    now = clock.now()
    xca.do(receiving.take_in, xca.identity, xca.do(peers.get, "xar"), feed, [sent], keep, now)
    assert [each.content for each in eavesdropped] == [None]

    peer = xbo.do(peers.get, "xar")
    flipped = replace(sent, body=bytes([sent.body[0] ^ 1]) + sent.body[1:])
    key = peer.online_keys[sent.key]
    revoked = replace(peer, online_keys={key.id: replace(key, compromised_since=asked.sent_at)})
    for by, envelope in ((peer, flipped), (revoked, sent)):
        with pytest.raises((Malformed, BadSignature)):
            xbo.do(receiving.take_in, xbo.identity, by, feed, [envelope], xbo.handlers, now)
    assert fresh["xbo"].has(asked) is None


def test_pr_41_a_thread_keeps_its_order_and_is_nobody_elses(desks):
    """Messages of a thread stand in the order in which they were sent; a third one is not let in."""
    first = desks["xar"].send("xbo")
    rest = [desks["xar"].send("xbo", thread=first.thread) for _ in range(3)]
    desks.carry()
    found = desks["xbo"].bank.do(desk.thread, desks["xbo"].who, first.thread)
    assert [one.id for one in found] == [one.id for one in (first, *rest)]
    with pytest.raises(NotFound):
        desks["xar"].send("xca", thread=first.thread)
    assert forged(desks, thread=first.thread).state is S.QUARANTINED


# Keeping, forgetting, and what survives ---------------------------------------------------------


def test_pr_31_what_a_message_says_is_erased_when_its_time_is_over(fresh):
    """At each end and once, with the words of its history; that it was, remains."""
    asked = fresh["xar"].send("xbo")
    fresh.carry()
    old = clock.now() + timedelta(days=2_000)
    for code in ("xar", "xbo"):
        deadlines.run_due(fresh[code].bank.database, old, fresh[code].mail)
        assert fresh[code].has(asked).letter is None
        assert deadlines.run_due(fresh[code].bank.database, old, fresh[code].mail) == 0


def test_pr_31_an_erased_record_is_gone_from_the_messages_that_carried_it(desks):
    """From the sender's, and from the feed."""
    kept = reported(desks)
    sent = desks["xar"].send(
        "xbo", DraftPart(record=kept.id), TEXT, topic=Topic.IDENTITY, kind=MessageKind.SPONTANEOUS
    )
    desks.network["xar"].do(erasure.erase, kept.id, "retention", clock.now())
    assert [part.kind for part in desks["xar"].has(sent).letter.parts] == ["text"]
    desks.carry()
    assert desks["xbo"].has(sent) is None


def test_who_is_not_cleared_for_a_message_does_not_find_it(desks):
    """Nor does another authority: the same answer for both (PR-09)."""
    kept = reported(desks, owner="xar", confidentiality=0)
    sent = about(desks, kept)
    desks.carry()
    for verb in (desk.read, desk.take):
        with pytest.raises(NotFound):
            desks["xbo"].bank.do(verb, officer("xca"), desks["xbo"].mail, sent.id)


def test_desks_of_one_bank_write_to_each_other_without_a_feed(desks):
    """Both ends stand in one bank, and in the same states."""
    from bank_help import authority

    desks.network["xar"].do(authority, "xar-border", kind="border")
    border = officer("xar-border")
    asked = desks["xar"].send("xar-border")
    assert asked.state is S.ACCEPTED
    xar = desks["xar"].bank
    xar.do(desk.read, border, desks["xar"].mail, asked.id)
    xar.do(desk.take, border, desks["xar"].mail, asked.id)
    xar.do(
        writing.reply, border, desks["xar"].mail, asked.id, kind=MessageKind.ANSWER, parts=(TEXT,)
    )
    assert desks["xar"].has(asked, Side.SENT).state is S.ANSWERED
    assert desks["xar"].has(asked, Side.RECEIVED).state is S.ANSWERED


def test_what_is_no_message_is_refused_by_the_feed_which_goes_on(desks):
    """Nor is a body under the header of another message."""
    said = desks["xar"].has(desks["xar"].send("xbo")).letter.to_json() | {"id": "msg_x"}
    for record, content in (("msg_x", {"text": "hello"}), ("msg_other", said)):
        wrong = item(Kind.MESSAGE, content, record=record, handling="H0")
        desks.network["xar"].publish("talk:xbo", wrong)
    after = desks["xar"].send("xbo")
    desks.carry()
    assert desks["xbo"].bank.do(messages.get, "msg_x", Side.RECEIVED) is None
    assert desks["xbo"].has(after).state is S.ACCEPTED


_WRITES = """
import sys
from bank_help import actor
from didban.casework.messages import writing
from didban.casework.messages.clearing import DraftPart
from didban.casework.messages.steps import Mail
from didban.exchange.identity import Identity
from didban.guard.crypto import dsse
from didban.model.exchange.messages import MessageKind, Topic
from didban.store.database import Database

database = Database(sys.argv[1])
me = Identity(node="xar", signing=dsse.SigningKey.generate("xar-sign-2"), sealing={})
who = actor("xar", "liaison_officer", purpose="criminal_investigation")
draft = writing.Draft(
    kind=MessageKind.REQUEST, recipient="xbo", topic=Topic.COOPERATION, parts=(DraftPart(text="x"),)
)
while True:
    with database.begin() as tx:
        sent = writing.send(tx, who, Mail(me=lambda tx: me), draft)
    print(sent.id, flush=True)
"""


@pytest.mark.slow
def test_every_message_that_was_sent_stands_in_the_feed_once_after_a_kill(fresh, root):
    """The message, its history and its entry are one transaction."""
    url = fresh.network["xar"].database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"}
    command = [sys.executable, "-c", _WRITES, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        sent = [process.stdout.readline().strip() for _ in range(20)]
        process.kill()
        sent += process.stdout.read().split()
    xar = fresh.network["xar"]
    wait_for_the_dead(xar.database)
    kept = set(xar.do(lambda tx: tx.scalars(select(message_table.c.id)).all()))
    published = xar.do(lambda tx: tx.scalars(select(entry.c.record)).all())
    lines = xar.do(lambda tx: tx.scalars(select(message_event.c.message)).all())
    assert set(sent) <= kept == set(published) == set(lines)
    assert len(published) == len(kept) == len(lines)


def test_notifications_of_messages_are_told_to_the_desk(fresh):
    """Who waits is told that it came, and that it was answered."""
    for one in ("xar", "xbo"):
        with_contacts(fresh[one])
    asked = fresh["xar"].send("xbo")
    fresh.carry()
    fresh["xbo"].taken(asked)
    fresh["xbo"].reply(asked)
    fresh.carry()
    assert told(fresh["xbo"]) == [("duty_officer", Notification.MESSAGE_ARRIVED)]
    assert told(fresh["xar"]) == [("duty_officer", Notification.MESSAGE_REPLIED)]
