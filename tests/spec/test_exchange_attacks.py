"""A node that is pinned, and whose signatures hold, says what it must not: what it gains by it.

Every test is an attack. What another node says of itself and of what is its own is believed; of
anything else, nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, authority, marking, passport, person
from didban import clock
from didban.casework import found_apart, peer_channel
from didban.casework.notices import arriving as notices_arriving
from didban.errors import Conflict, PeerRefused
from didban.exchange import descriptors, peers, quotas
from didban.exchange import feeds as publishing
from didban.exchange.blind import holding
from didban.exchange.reviewing import Verdicts
from didban.guard.crypto import root_keys
from didban.ids import new_record_id
from didban.intake import bank as intake
from didban.model.actors import Authority, AuthorityKind
from didban.model.exchange import records as wire
from didban.model.exchange.envelopes import time_text
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.messages import MessageState, Side
from didban.model.exchange.sharing import next_rev
from didban.settings import Charter, Questions
from didban.store import messages, signals
from didban.store.exchange import evidence, feeds
from didban.store.exchange import peers as store_peers
from exchange_help import descriptor_of, item, new_identity
from messages_help import Desks
from notices_help import DRAFTER, Boards
from peer_hits_help import desk_of, exchange_of
from sharing_help import copy_of, held, holders, report, settle

REV = next_rev(0, clock.now())
HUGE = 2**52


def letter(**changed):
    """Return a message of Boreland to Arvand as plain data."""
    said = {
        "id": "msg_1",
        "thread": "thr_1",
        "kind": "request",
        "topic": "cooperation",
        "urgency": "normal",
        "sender": "xbo",
        "recipient": "xar",
        "purpose": "criminal_investigation",
        "sent_at": time_text(clock.now()),
        "confidentiality": 0,
        "parts": [
            {
                "kind": "text",
                "owner": "xbo",
                "handling": "H0",
                "source": "X",
                "information": "4",
                "text": "hello",
            }
        ],
    }
    return {**said, **changed}


def write(bank, **changed):
    """Let a node publish a message to Arvand."""
    said = letter(**changed)
    bank.publish("talk:xar", item(Kind.MESSAGE, said, record=said["id"], handling="H0"))


def tell(bank, message, event, **more):
    """Let a node tell Arvand of an event of a message."""
    said = {"message": message, "event": event, **more}
    bank.publish("talk:xar", item(Kind.MESSAGE_EVENT, said, record=f"{message}.events"))


def notice(bank, record, **changed):
    """Let a node tell Arvand of a notice."""
    said = {
        "id": "not_1",
        "owner": bank.code,
        "form": "notice",
        "colour": "red",
        "record": record,
        "state": "published",
        "version": 1,
        "rev": REV,
        **changed,
    }
    bank.publish("talk:xar", item(Kind.NOTICE, said, record=said["id"], rev=said["rev"]))


def said(kept, rev):
    """Return an entry that says a record, whoever says it."""
    more = {"rev": rev, "valid_until": clock.now() + timedelta(days=9)}
    handling = kept.marking.handling
    return item(Kind.PUT, wire.to_json(kept), record=kept.id, handling=handling, **more)


def said_by(bank, record):
    """Return how many entries of a bank's own feeds still say something of a record."""
    with bank.database.begin() as tx:
        return sum(
            entry.body is not None and f'"{record}"' in entry.header.decode()
            for feed in feeds.owned(tx, bank.code)
            for entry in feeds.entries(tx, feed.id, 0, 1_000)
        )


def faults_of(bank, node):
    """Return the codes of what a bank holds against a node."""
    return [one.fault for one in bank.do(evidence.of_node, node)]


# ------------------------------------------------------------------------- what is not its own


def test_pr_07_recalling_a_message_erases_nothing_that_others_said(sharing):
    """A message that bears the name of a record takes with it, when recalled, no word of the record."""
    Desks(sharing)
    xar, xbo = sharing["xar"], sharing["xbo"]
    kept = report(xar, passport())
    settle(sharing)
    before = said_by(xar, kept.id)
    write(xbo, id=kept.id)
    tell(xbo, kept.id, "recall", words="mistaken")
    sharing.carry()
    assert said_by(xar, kept.id) == before > 0


def test_pr_07_a_withdrawal_of_what_is_anothers_does_not_keep_its_owner_from_saying_it(sharing):
    """Who hears of a record first cannot bar it from a node that has not heard of it yet."""
    xar, xbo, xca = (sharing[code] for code in ("xar", "xbo", "xca"))
    kept = report(xca, person(birthDate="1971-05-02"))
    xbo.publish("talk:xar", item(Kind.WITHDRAW, {"reason": "withdrawn"}, record=kept.id, rev=2**52))
    sharing.pull("xar", "xbo")
    settle(sharing)
    assert holders(sharing, kept.id) == ["xar", "xbo", "xca"]
    assert copy_of(xar, kept.id).node == "xca"


def test_pr_07_a_strangers_withdrawal_does_not_stand_before_the_owners_own(sharing):
    """What its owner withdrew stays away, though it comes late and another withdrew it before."""
    xar, xbo, xca = (sharing[code] for code in ("xar", "xbo", "xca"))
    kept = report(xca, person(birthDate="1971-05-02"), audience=())
    gone = {"reason": "withdrawn"}
    xbo.publish("talk:xar", item(Kind.WITHDRAW, gone, record=kept.id, rev=1))
    sharing.pull("xar", "xbo")
    xca.publish("talk:xar", item(Kind.WITHDRAW, gone, record=kept.id, rev=REV + 9), said(kept, REV))
    settle(sharing)
    assert held(xar, kept.id) is None
    assert faults_of(xar, "xca") == []
    xca.publish("talk:xar", said(kept, REV + 9))
    settle(sharing)
    assert copy_of(xar, kept.id).node == "xca"


def test_pr_07_nobody_claims_an_identifier_of_another_owner(sharing):
    """Who heard of a record says its identifier at a third node first: it is refused, its owner heard."""
    xar, xbo, xca = (sharing[code] for code in ("xar", "xbo", "xca"))
    entity = replace(person(birthDate="1971-05-02"), id=new_record_id("xca"))
    kept = report(xca, entity, audience=("node:xbo",))
    claimed = replace(report(xbo, person(), audience=()), entity=entity)
    gone = {"reason": "withdrawn"}
    xbo.publish("talk:xar", said(claimed, REV))
    xbo.publish("talk:xar", item(Kind.WITHDRAW, gone, record=kept.id, rev=HUGE))
    sharing.pull("xar", "xbo")
    assert faults_of(xar, "xbo") == ["handling_refused", "handling_refused"]
    xca.publish("talk:xar", said(kept, REV))
    settle(sharing)
    assert held(xar, kept.id).owner == "xca"


def test_pr_07_a_notice_is_about_its_owners_own_record(sharing):
    """A red notice of one state does not stand at the record of another."""
    boards = Boards(sharing)
    xar, xbo, xca = (sharing[code] for code in ("xar", "xbo", "xca"))
    kept = report(xca, person(birthDate="1971-05-02"))
    settle(sharing)
    notice(xbo, kept.id)
    settle(sharing)
    assert xar.do(notices_arriving.received, DRAFTER, limit=10) == []
    assert boards.run() == 0


def test_pr_09_the_end_of_a_notice_tells_nothing_of_other_owners_records(sharing):
    """A node that names a foreign record in a notice that it ends is answered as if it were not there."""
    boards = Boards(sharing)
    xar, xbo = sharing["xar"], sharing["xbo"]
    hidden = report(xar, person(birthDate="1971-05-02"), audience=())
    notice(xbo, hidden.id, id="not_there", state="cancelled")
    notice(xbo, "rec_nowhere", id="not_nowhere", state="cancelled")
    sharing.carry()
    boards.run("xar")
    sharing.carry()
    told = {one.header.record for one in xbo.arrived if one.header.kind == Kind.NOTICE_EVENT}
    kinds = said_by(xar, "not_there"), said_by(xar, "not_nowhere")
    assert kinds == (1, 1), (told, kinds)


# ------------------------------------------------------------------------- clocks


def test_a_sender_does_not_make_our_desk_late(sharing, monkeypatch):
    """When a request is reopened its clock starts on this side, whatever its sender says of times."""
    desks = Desks(sharing)
    xar, xbo = sharing["xar"], sharing["xbo"]
    request = desks["xbo"].send("xar")
    desks.carry()
    desks["xar"].taken(request)
    desks["xar"].reply(request)
    desks.carry()
    long_ago = clock.now() - timedelta(days=100)
    real = publishing.publish
    monkeypatch.setattr(
        publishing, "publish", lambda tx, me, feed, items, _now: real(tx, me, feed, items, long_ago)
    )
    tell(xbo, request.id, "reopen", words="more", due_at=time_text(long_ago))
    monkeypatch.undo()
    desks.carry()
    kept = xar.do(messages.get, request.id, Side.RECEIVED)
    assert kept.state is MessageState.REOPENED, kept.state
    assert kept.due_at > clock.now() + timedelta(days=6)
    assert kept.changed_at > clock.now() - timedelta(hours=1)


def test_what_is_told_late_does_not_age_what_we_wrote(sharing, monkeypatch):
    """An event that bears an old time does not bring forward when a message is erased here."""
    desks = Desks(sharing)
    xar, xbo = sharing["xar"], sharing["xbo"]
    request = desks["xar"].send("xbo")
    desks.network.pull("xbo", "xar")
    long_ago = clock.now() - timedelta(days=300)
    real = publishing.publish
    monkeypatch.setattr(
        publishing, "publish", lambda tx, me, feed, items, _now: real(tx, me, feed, items, long_ago)
    )
    tell(xbo, request.id, "open")
    monkeypatch.undo()
    desks.carry()
    assert xar.do(messages.get, request.id, Side.SENT).changed_at >= request.sent_at


def test_a_recipient_does_not_escape_the_overdue_list(sharing):
    """Who says that it owes its answer in a thousand years owes it by our own term."""
    desks = Desks(sharing)
    xar, xbo = sharing["xar"], sharing["xbo"]
    xbo.handlers[Kind.MESSAGE] = xbo.keep
    request = desks["xar"].send("xbo")
    desks.carry()
    tell(xbo, request.id, "accept", due_at="3026-01-01T00:00:00Z")
    desks.carry()
    kept = xar.do(messages.get, request.id, Side.SENT)
    assert kept.state is MessageState.ACCEPTED
    assert kept.due_at < clock.now() + timedelta(days=8)


# ------------------------------------------------------------------------- what cannot be kept


@pytest.fixture
def everything(sharing):
    """Return the network with what every room does with what arrives."""
    Boards(sharing)
    Desks(sharing)
    for bank in sharing.values():
        bank.handlers |= peer_channel.handlers(desk_of(bank))
        bank.handlers |= Verdicts(sender=exchange_of(bank)).handlers
        bank.handlers[Kind.BLIND_KEY] = holding.take_key
        bank.handlers[Kind.BLIND_TAGS] = holding.take_tags
        bank.handlers[Kind.NON_MATCH] = found_apart.take
    return sharing


def key_of(**changed):
    """Return the beginning of a blind list."""
    now = clock.now()
    said = {
        "list": "documents",
        "epoch": 1,
        "keys": 1,
        "public": "A" * 43 + "=",
        "valid_from": time_text(now),
        "valid_until": time_text(now + timedelta(days=7)),
        "parts": 1,
    }
    return item(Kind.BLIND_KEY, {**said, **changed}, record="blind.xbo.1")


UNKEEPABLE = {
    "a message whose name is a sentence": item(
        Kind.MESSAGE,
        letter(id="Zahra Karimzadeh is here"),
        record="Zahra Karimzadeh is here",
        handling="H0",
    ),
    "a message whose thread is a sentence": item(
        Kind.MESSAGE, letter(thread="Zahra Karimzadeh"), record="msg_1", handling="H0"
    ),
    "a message of a sender that is a sentence": item(
        Kind.MESSAGE, letter(sender="Zahra Karimzadeh"), record="msg_1", handling="H0"
    ),
    "a notice of too high a version": item(
        Kind.NOTICE,
        {
            "id": "not_9",
            "owner": "xbo",
            "form": "notice",
            "colour": "red",
            "record": "rec_9",
            "state": "published",
            "version": HUGE,
            "rev": 1,
        },
        record="not_9",
        rev=1,
    ),
    "a notice whose name is a sentence": item(
        Kind.NOTICE,
        {
            "id": "Zahra is here",
            "owner": "xbo",
            "form": "notice",
            "colour": "red",
            "record": "rec_9",
            "state": "published",
            "version": 1,
            "rev": 1,
        },
        record="Zahra is here",
        rev=1,
    ),
    "a blind list of too high an epoch": key_of(epoch=HUGE),
    "a blind list of too high a version": key_of(keys=HUGE),
    "a blind list of the far future": key_of(
        valid_from="3026-01-01T00:00:00Z", valid_until="3026-01-08T00:00:00Z"
    ),
    "a doubt whose name is a sentence": item(
        Kind.OVERSIGHT,
        {"step": "ask", "id": "a b", "record": "rec_9", "words": "why"},
        record="a b",
    ),
    "a withdrawal of a sentence": item(
        Kind.WITHDRAW, {"reason": "withdrawn"}, record="Zahra Karimzadeh", rev=1
    ),
    "a consent whose name is a sentence": item(
        Kind.ONWARD,
        {
            "consent": "a b",
            "owner": "xbo",
            "authority": "xar",
            "use": "court",
            "recipient": "a b",
            "until": "9999-12-31",
        },
        record="Zahra Karimzadeh",
    ),
    "an event of a sentence": item(
        Kind.MESSAGE_EVENT,
        {"message": "msg_1", "event": "recall", "code": "a b", "words": "x"},
        record="msg_1.events",
    ),
    "a refusal of too high an epoch": item(
        Kind.REFUSAL,
        {"feed": "xar.none", "epoch": HUGE, "seq": HUGE, "fault": "a b", "is_stop": True},
    ),
}


@pytest.mark.parametrize("what", UNKEEPABLE)
def test_what_cannot_be_kept_holds_nothing_up(everything, what):
    """An entry that no bank could keep is put aside, and what follows it is taken in."""
    xar, xbo = everything["xar"], everything["xbo"]
    xbo.publish("talk:xar", UNKEEPABLE[what])
    write(xbo, id="msg_after")
    everything.carry()
    assert xar.do(messages.get, "msg_after", Side.RECEIVED) is not None


def test_a_copy_of_too_high_a_version_holds_nothing_up(everything):
    """A record whose version no bank could keep is put aside."""
    xar, xbo = everything["xar"], everything["xbo"]
    kept = report(xbo, passport(issuer="xbo"), audience=())
    xbo.publish("talk:xar", said(replace(kept, version=HUGE), REV))
    write(xbo, id="msg_after")
    everything.carry()
    assert xar.do(messages.get, "msg_after", Side.RECEIVED) is not None
    assert held(xar, kept.id) is None


# ------------------------------------------------------------------------- too much of it


def escalation(number):
    """Return an escalated question of Boreland about a record that is not there."""
    met = {"authority": "xbo", "place": "Boreport", "met_at": time_text(clock.now())}
    about = {"record": "rec_9", "version": 1, "round": 3, "encounter": {**met, "urgency": "R"}}
    said = {"step": "escalated", "kind": "supplement", "words": "answer!", **about}
    return item(Kind.QUESTION, {"id": f"qst_{number}", **said}, record=f"qst_{number}")


def doubt(record):
    """Return counter-evidence of Boreland about a record."""
    said = {"about": "evidence", "authority": "xbo", "text": "it is not so"}
    return item(Kind.CORRECTION, said, record=record)


@pytest.mark.parametrize("what", ["escalated", "corrections", "blind_epochs"])
def test_pr_04_what_is_more_than_a_node_may_say_in_a_day_is_put_aside(everything, what):
    """The first is taken, the second is refused and its sender told; the officer gets a signal."""
    xar, xbo = everything["xar"], everything["xbo"]
    kept = report(xar, person(birthDate="1971-05-02"))
    settle(everything)
    flood = {
        "escalated": escalation,
        "corrections": lambda _n: doubt(kept.id),
        "blind_epochs": lambda n: key_of(epoch=n),
    }[what]
    terms = Questions(**{f"{what}_per_day": 1})
    xar.handlers = quotas.bounded(xar.handlers, terms)
    xbo.publish("talk:xar", flood(1), flood(2))
    settle(everything)
    assert faults_of(xar, "xbo") == ["limit_reached"]
    assert [one.fault for one in xbo.do(evidence.refused, "xar")] == ["limit_reached"]
    assert [(one.kind, one.user) for one in raised(xar)] == [("peer_limit", "node:xbo")]


@pytest.mark.parametrize(
    ("terms", "calls"),
    [
        pytest.param({"buckets_per_day": 2}, [[], [], []], id="calls"),
        pytest.param({"said_again_per_day": 2}, [["a", "b"], [], ["c"]], id="records"),
    ],
)
def test_pr_04_a_reader_has_not_all_said_again_without_end(sharing, terms, calls):
    """The third call of a day is one too many, and tells when to ask again."""
    xar = sharing["xar"]
    kept = report(xar, passport())
    settle(sharing)
    feed = copy_of(sharing["xbo"], kept.id).feed
    xar.calls = quotas.bounded_calls(xar.calls, xar.database, Questions(**terms))
    *first, last = ({"feed": feed, "missing": missing} for missing in calls)
    for body in first:
        assert sharing.ask("xbo", "xar", Call.BUCKETS, body) == {"said": 0}
    with pytest.raises(PeerRefused) as refused:
        sharing.ask("xbo", "xar", Call.BUCKETS, last)
    assert refused.value.reason == "limit_reached"
    assert refused.value.retry_after
    assert [(one.kind, one.user) for one in raised(xar)] == [("peer_limit", "node:xbo")]


def raised(bank):
    """Return the signals of a bank."""
    return bank.do(signals.listed, None, state=None, after=None, limit=10)


# ------------------------------------------------------------------------- who it says that it is


def test_pr_07_no_node_speaks_for_a_publisher_of_our_bank(network):
    """Who names in its descriptor an authority whose records were entered here is not believed."""
    xar = network["xar"]
    xar.do(authority, "xun", country="XAR")
    kept = xar.do(
        intake.report, actor("xun"), person(birthDate="1971-05-02"), marking("xun", audience=("*",))
    )
    taken = Authority(code="xun", name="Union of states", kind=AuthorityKind.POLICE)
    root, identity = root_keys.new(), new_identity("xyz")
    base = descriptor_of("xyz", root, identity)
    said = descriptors.sign(replace(base, authorities=(*base.authorities, taken)), root)
    with pytest.raises(Conflict, match="xun"):
        xar.do(
            peers.propose,
            actor("xar", "administrator"),
            [said],
            Charter(is_training=True),
            clock.now(),
        )
    assert xar.do(store_peers.speaker_of, kept.owner) is None
