"""Lists that another node may ask about without saying for whom, and without getting the list."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, passport, person
from didban import clock
from didban.errors import BadSignature, Malformed, NotPermitted, PeerRefused
from didban.exchange.blind import holding, looking_up, offering, oprf
from didban.match.blind_keys import BlindList
from didban.model.encoding import b64
from didban.model.exchange.envelopes import time_text
from didban.model.exchange.feeds import Item
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.peer_checks import AnswerState, Way
from didban.model.purposes import Purpose
from didban.store.exchange import blind
from questions_help import TERMS, Asking, paper, somebody

FOR_XBO = ("blind:xbo",)
NUMBERS = [f"C{number:08}" for number in range(12)]


def offered(asking: Asking, count: int = 12, **more):
    """Return records of stolen passports of xar that are offered to xbo, and their list."""
    kept = [asking.keep("xar", passport(n), audience=FOR_XBO, **more) for n in NUMBERS[:count]]
    asking.offer("xar")
    return kept


def held(asking: Asking, code: str = "xbo", of: BlindList = BlindList.DOCUMENTS):
    """Return the list of xar that a node may ask about now, and its tags."""
    which = asking[code].do(holding.usable, "xar", of, clock.now())
    return which, asking[code].do(blind.count_held, which) if which else 0


def body(elements: bytes, **more):
    """Return a blind question as it stands on the wire."""
    return {
        "list": "documents",
        "epoch": 1,
        "elements": b64(elements),
        "purpose": "border_control",
        "authority": "xbo",
        "reference": "pck_1",
        **more,
    }


def test_a_listed_passport_is_found_without_being_named(asking: Asking):
    """And one that is not listed is not; what went over the wire holds no number."""
    offered(asking)
    found = asking.put("xbo", paper(NUMBERS[3], way=Way.BLIND, nodes=("xar",)))["xar"]
    missed = asking.put("xbo", paper("C99999999", way=Way.BLIND, nodes=("xar",)))["xar"]
    assert (found.state, found.exists, found.found) == (AnswerState.ANSWERED, True, (0,))
    assert (missed.state, missed.exists, missed.found) == (AnswerState.ANSWERED, False, ())


def test_a_person_is_found_in_another_script(asking: Asking):
    """The keys are sounds, whole birth date, or year and nationality."""
    for number in range(12):
        entity = person(f"Zahra Karimzade{'h' * number}", birthDate=f"19{number + 60}-05-02")
        entity = replace(entity, properties={**entity.properties, "nationality": ("xar",)})
        asking.keep("xar", entity, audience=FOR_XBO)
    asking.offer("xar")
    asked = somebody("زهرا کریم زاده", "1961-05-02", way=Way.BLIND, nodes=("xar",))
    assert asking.put("xbo", asked)["xar"].exists is True
    asked = somebody("زهرا کریم زاده", "1941-05-02", way=Way.BLIND, nodes=("xar",))
    assert asking.put("xbo", asked)["xar"].exists is False


def test_several_are_asked_about_at_once(asking: Asking):
    """A flight is one question; the answer says which places had a hit."""
    offered(asking)
    drafts = [paper(number) for number in ("C11111111", NUMBERS[2], "C22222222", NUMBERS[5])]
    asked = replace(
        paper("", way=Way.BLIND, nodes=("xar",)), asked=tuple(one.asked[0] for one in drafts)
    )
    assert asking.put("xbo", asked)["xar"].found == (1, 3)


def test_the_token_shows_a_record_to_nobody(asking: Asking):
    """Neither to the node that may ask blind, in clear, nor to a third one."""
    offered(asking)
    answers = asking.put("xbo", paper(NUMBERS[0]))
    assert answers["xar"].exists is False
    assert asking["xca"].do(blind.held) == []
    with pytest.raises(PeerRefused) as refused:
        asking.network.ask(
            "xca", "xar", Call.BLIND, body(oprf.Blinding.of([b"x"]).elements, authority="xca")
        )
    assert refused.value.reason == "handling_refused"


def test_pr_44_a_list_of_few_records_is_not_offered(asking: Asking):
    """Nor does one stay that became too short."""
    kept = offered(asking, count=9)
    assert held(asking) == (None, 0)
    answer = asking.put("xbo", paper(NUMBERS[0], way=Way.BLIND, nodes=("xar",)))["xar"]
    assert (answer.state, answer.fault, answer.exists) == (AnswerState.NOT_ASKED, "no_list", None)
    kept.append(asking.keep("xar", passport("C77777777"), audience=FOR_XBO))
    asking.offer("xar")
    assert held(asking)[0] is not None
    asking.withdraw("xar", kept[0])
    asking.offer("xar")
    assert held(asking) == (None, 0)


def test_a_list_is_filled_up_so_that_its_length_tells_little(asking: Asking):
    """Twelve records make sixteen tags; two more leave it at that; ten more add a step."""
    offered(asking)
    assert held(asking)[1] == TERMS.blind_step
    for number in range(2):
        asking.keep("xar", passport(f"D{number:08}"), audience=FOR_XBO)
    asking.offer("xar")
    assert held(asking)[1] == TERMS.blind_step
    for number in range(10):
        asking.keep("xar", passport(f"E{number:08}"), audience=FOR_XBO)
    asking.offer("xar")
    assert held(asking)[1] == 2 * TERMS.blind_step


def test_a_withdrawn_record_leaves_the_tags(asking: Asking):
    """With the next round, and its place is taken by a tag of nobody."""
    kept = offered(asking)
    asking.withdraw("xar", kept[4])
    asking.offer("xar")
    answer = asking.put("xbo", paper(NUMBERS[4], way=Way.BLIND, nodes=("xar",)))["xar"]
    assert answer.exists is False
    assert held(asking)[1] == TERMS.blind_step


def test_a_withdrawn_record_leaves_the_tags_with_the_deed_itself(asking: Asking):
    """Where the node has the lists finished at the end of the transaction."""
    kept = offered(asking)
    number = asking["xar"].do(
        lambda tx: tx.exec_driver_sql(
            "select number from record where id = %s", (kept[4].id,)
        ).scalar_one()
    )
    asking.withdraw("xar", kept[4])
    taken = asking["xar"].do(offering.take_back, asking.offering("xar"), [number], clock.now())
    assert taken == 1
    asking.network.carry()
    answer = asking.put("xbo", paper(NUMBERS[4], way=Way.BLIND, nodes=("xar",)))["xar"]
    assert answer.exists is False


@pytest.mark.parametrize(
    "marked",
    [{"excluded": ("node:xbo",)}, {"protected_from": ("node:xbo",)}, {"is_tainted": True}],
    ids=str,
)
def test_what_a_node_may_not_know_of_is_not_offered_to_it(asking: Asking, marked):
    """Whatever the audience says: PR-09, PR-16, PR-55."""
    offered(asking)
    asking.keep("xar", passport("C55555555"), audience=FOR_XBO, **marked)
    asking.offer("xar")
    answer = asking.put("xbo", paper("C55555555", way=Way.BLIND, nodes=("xar",)))["xar"]
    assert answer.exists is False


def test_one_blind_batch_with_an_invalid_point_is_refused_whole(asking: Asking):
    """Nothing is evaluated, and nothing counts for the quota."""
    offered(asking)
    good = oprf.Blinding.of([b"x"]).elements
    for bad in (b"\xff" * 32, bytes(32), b"\x01" + bytes(31), good[:31]):
        with pytest.raises(PeerRefused) as refused:
            asking.network.ask("xbo", "xar", Call.BLIND, body(good + bad))
        assert refused.value.reason == "malformed"
    used = asking["xar"].do(
        lambda tx: tx.exec_driver_sql("select count(*) from recent_use").scalar_one()
    )
    assert used == 0


def test_a_node_has_no_more_evaluated_than_its_quota(asking: Asking):
    """Fillers count too, and the data-protection officer of the list's owner is told."""
    offered(asking)
    asking.limited(blind_per_day=40)
    elements = oprf.Blinding.of([b"x"]).elements
    for _ in range(2):
        asking.network.ask("xbo", "xar", Call.BLIND, body(elements))
    with pytest.raises(PeerRefused) as refused:
        asking.network.ask("xbo", "xar", Call.BLIND, body(elements))
    assert refused.value.reason == "limit_reached"
    kinds = asking["xar"].do(
        lambda tx: tx.exec_driver_sql("select kind from signal").scalars().all()
    )
    assert kinds == ["peer_limit"]


def test_an_owner_that_evaluates_under_another_key_is_found_out(asking: Asking):
    """To mark one asker it would have to: the proof is of the key that it announced."""
    offered(asking)
    other = oprf.OwnerKey(b"o" * 32, b"salt", b"context")

    def lie(call, asked):
        elements = base64.b64decode(asked["elements"])
        return {"epoch": asked["epoch"], "evaluated": b64(other.evaluate(elements))}

    why = looking_up.Why(purpose=Purpose.BORDER_CONTROL, authority="xbo", reference="pck_1")
    with pytest.raises(BadSignature):
        looking_up.look_up(
            asking["xbo"].database, lie, "xar", paper(NUMBERS[0]).asked, BlindList.DOCUMENTS,
            why, clock.now(),
        )  # fmt: skip


def test_pr_44_a_dictionary_attack_without_the_key_finds_nothing(asking: Asking):
    """Every number there is, under any other key, is in the list no more than a random tag."""
    offered(asking)
    which, _ = held(asking)
    wrong = oprf.OwnerKey(b"w" * 32, b"salt", b"context")
    guesses = [
        wrong.tag(looking_up.input_of("xar", which.list, which.epoch, f"document/xar/{number}"))
        for number in NUMBERS
    ]
    assert asking["xbo"].do(blind.in_held, which, guesses) == set()


def test_pr_44_each_reader_and_epoch_has_tags_of_its_own(asking: Asking):
    """Two nodes cannot join their lists, and last week's tags say nothing about this week's."""
    for number in NUMBERS:
        asking.keep("xar", passport(number), audience=("blind:xbo", "blind:xca"))
    asking.offer("xar")
    tags = {
        code: set(
            asking[code].do(lambda tx: tx.exec_driver_sql("select tag from held_tag").scalars())
        )
        for code in ("xbo", "xca")
    }
    assert tags["xbo"].isdisjoint(tags["xca"])
    who = actor("xar", "administrator")
    asking["xar"].do(offering.renew, who, asking.offering("xar"), "xbo", clock.now())
    asking.offer("xar")
    which, count = held(asking)
    renewed = asking["xbo"].do(
        lambda tx: set(tx.exec_driver_sql("select tag from held_tag").scalars())
    )
    assert (which.epoch, count) == (2, TERMS.blind_step)
    assert renewed.isdisjoint(tags["xbo"])


def test_an_epoch_ends_and_nothing_is_left_to_make_its_tags_with(asking: Asking, monkeypatch):
    """Key, tags and bodies are gone at both ends; the next epoch is there an hour before."""
    offered(asking)
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=TERMS.blind_days, minutes=-30))
    asking.offer("xar")
    which, _ = held(asking)
    assert which.epoch == 2
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=TERMS.blind_days, minutes=1))
    asking.offer("xar")
    ended = "select count(*) from blind_list where node = 'xbo' and epoch = 1 and salt = ''"
    assert asking["xar"].do(lambda tx: tx.exec_driver_sql(ended).scalar_one()) == 2
    name = "blind.xar.xbo.documents.1"
    bodies = f"select count(*) from entry where record = '{name}' and body is not null"
    for code in ("xar", "xbo"):
        assert asking[code].do(lambda tx: tx.exec_driver_sql(bodies).scalar_one()) == 0
    answer = asking.put("xbo", paper(NUMBERS[0], way=Way.BLIND, nodes=("xar",)))["xar"]
    assert answer.exists is True


def test_a_list_whose_time_is_over_is_not_asked(asking: Asking, monkeypatch):
    """What was cut off from its owner does not say that there is no hit."""
    offered(asking)
    later = clock.now() + timedelta(days=TERMS.blind_days, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = asking.put("xbo", paper(NUMBERS[0], way=Way.BLIND, nodes=("xar",)))["xar"]
    assert (answer.state, answer.exists) == (AnswerState.NOT_ASKED, None)


def test_pr_54_who_seeks_protection_is_checked_blind_and_not_in_clear(asking: Asking):
    """The owner of the list learns that somebody was asked about, and not who."""
    offered(asking)
    with pytest.raises(NotPermitted):
        asking.begin("xbo", paper(NUMBERS[1], seeks_protection=True))
    asked = paper(NUMBERS[1], way=Way.BLIND, nodes=("xar",), seeks_protection=True)
    assert asking.put("xbo", asked)["xar"].exists is True
    said = asking["xar"].do(
        lambda tx: tx.exec_driver_sql(
            "select facts::text from audit_entry where deed = 'peer.evaluated' order by at desc"
        ).scalars().first()
    )  # fmt: skip
    assert NUMBERS[1] not in said
    assert '"elements": 16' in said


def test_a_key_of_more_than_seven_days_is_refused(asking: Asking):
    """PR-44: the reader holds the owner to it."""
    now = clock.now()
    asking["xar"].publish(
        "talk:xbo",
        Item(
            kind=Kind.BLIND_KEY,
            record="blind.xar.xbo.documents.1",
            content={
                "list": "documents", "epoch": 1, "keys": 1, "public": b64(bytes(32)), "parts": 1,
                "valid_from": time_text(now),
                "valid_until": time_text(now + timedelta(days=8)),
            },
        ),
    )  # fmt: skip
    asking.network.carry()
    assert asking["xbo"].do(blind.held) == []


def test_an_answer_of_another_length_or_without_proof_is_refused():
    """Whatever the other side sends."""
    blinding = oprf.Blinding.of([b"one", b"two"])
    key = oprf.OwnerKey(b"k" * 32, b"salt", b"context")
    whole = key.evaluate(blinding.elements)
    assert blinding.finish(whole, key.public) == [key.tag(b"one"), key.tag(b"two")]
    for wrong in (b"", whole[:-32], whole + bytes(32), b"\xff" * len(whole)):
        with pytest.raises(Malformed):
            blinding.finish(wrong, key.public)
    swapped = whole[:64] + whole[96:128] + whole[64:96] + whole[128:]
    with pytest.raises(BadSignature):
        blinding.finish(swapped, key.public)
