"""Asking other nodes: what leaves, what is held back, and what no answer means."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from bank_help import actor, passport, person
from didban import clock
from didban.errors import InvalidInput, LimitReached, NotFound, NotPermitted, PeerRefused
from didban.exchange import peer_checks
from didban.exchange.asker import Asker
from didban.exchange.lines import Unanswered
from didban.guard import assessments
from didban.guard.assessments import Draft as AssessmentDraft
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.exchange.kinds import Call
from didban.model.exchange.peer_checks import AnswerState, PeerAnswer, Sought, Way
from didban.model.records import Record
from didban.store.exchange import peer_checks as store
from questions_help import Asking, Line, paper, somebody

NUMBER = "F12345678"
WAITING, NOT_ASKED = AnswerState.WAITING, AnswerState.NOT_ASKED


class Deaf:
    """A way to other nodes of which some do not answer as they should."""

    def __init__(self, inner: Line, **faults: Exception | Any) -> None:
        self.inner, self.faults = inner, faults

    def ask(self, node: str, call: Any, body: Any) -> Any:
        """Answer as it was told."""
        if node not in self.faults:
            return self.inner.ask(node, call, body)
        if isinstance(self.faults[node], Exception):
            raise self.faults[node]
        return self.faults[node]


def put(asking: Asking, draft: Any, **faults: Any) -> dict[str, PeerAnswer]:
    """Put a question of xbo over such a way, and return the answers that are there then."""
    check, _ = asking.begin("xbo", draft)
    line = Deaf(Line(asking.network, "xbo"), **faults)
    database = asking["xbo"].database
    for each, node in peer_checks.take_waiting(database, clock.now()):
        peer_checks.put(database, line.ask, each, node, clock.now())
    return {one.node: one for one in asking["xbo"].do(store.answers, check.id)}


def states(answers: list[PeerAnswer]) -> dict[str, tuple[AnswerState, str]]:
    """Return how a question begins at each node."""
    return {one.node: (one.state, one.fault) for one in answers}


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        (Unanswered("away"), AnswerState.NO_ANSWER, "unanswered"),
        (PeerRefused("no", "limit_reached"), AnswerState.REFUSED, "limit_reached"),
        (PeerRefused("no", "Zahra K. was here"), AnswerState.REFUSED, "peer_refused"),
        (NotFound("gone"), AnswerState.NOT_ASKED, "not_found"),
        ({"exists": False}, AnswerState.NO_ANSWER, "malformed"),
        ({"exists": False, "owner": "xar", "contact": "", "ref": "r", "facts": "x"},
         AnswerState.NO_ANSWER, "malformed"),
    ],
    ids=str,
)  # fmt: skip
def test_who_does_not_answer_as_it_should_has_not_said_no_hit(asking: Asking, fault, state, code):
    """The others answer all the same."""
    asking.keep("xar", passport(NUMBER))
    answers = put(asking, paper(NUMBER), xca=fault)
    assert answers["xar"].exists is True
    assert (answers["xca"].state, answers["xca"].fault, answers["xca"].exists) == (
        state,
        code,
        None,
    )


def test_an_answer_that_comes_too_late_is_not_kept(asking: Asking):
    """What was asked is erased by then, and the question stays closed."""
    check, _ = asking.begin("xbo", paper(NUMBER))
    database = asking["xbo"].database
    taken = peer_checks.take_waiting(database, clock.now())
    late = clock.now() + timedelta(seconds=asking.terms.answer_seconds)
    assert peer_checks.close_due(database, late) == 1
    for each, node in taken:
        peer_checks.put(database, Line(asking.network, "xbo").ask, each, node, clock.now())
    kept, answers = asking["xbo"].do(peer_checks.found, actor("xbo", "second_line"), check.id)
    assert kept.asked == ()
    assert {one.state for one in answers} == {AnswerState.NO_ANSWER}


def test_every_question_is_taken_by_one_sender(asking: Asking):
    """Two processes that send do not ask twice."""
    asking.begin("xbo", paper(NUMBER))
    database = asking["xbo"].database
    first = peer_checks.take_waiting(database, clock.now())
    assert {node for _, node in first} == {"xar", "xca"}
    assert peer_checks.take_waiting(database, clock.now()) == []


def test_several_nodes_are_asked_at_the_same_time(asking: Asking):
    """One that is slow holds up no other, and what is there is read before it answers."""
    asking.keep("xar", passport(NUMBER))
    slow = threading.Event()

    class Slow(Deaf):
        def ask(self, node: str, call: Any, body: Any) -> Any:
            if node == "xca":
                slow.wait(120)
            return super().ask(node, call, body)

    with Asker(asking["xbo"].database, Slow(Line(asking.network, "xbo")).ask):
        check, _ = asking.begin("xbo", paper(NUMBER))
        partial = _until(asking, check.id, lambda found: found["xar"].state is not WAITING)
        assert partial["xar"].exists is True
        assert partial["xca"].state is WAITING
        slow.set()
        whole = _until(asking, check.id, lambda found: found["xca"].state is not WAITING)
    assert whole["xca"].exists is False


def _until(asking: Asking, check: str, is_so: Any) -> dict[str, PeerAnswer]:
    until = time.monotonic() + 240
    while True:
        found = {one.node: one for one in asking["xbo"].do(store.answers, check)}
        if is_so(found) or time.monotonic() > until:
            return found
        time.sleep(0.025)


def test_pr_53_who_seeks_protection_is_not_named_to_another_state(asking: Asking):
    """By the desk's own answer to the gate, for a paper as for a name."""
    for draft in (paper(NUMBER, seeks_protection=True), somebody("Z K", seeks_protection=True)):
        with pytest.raises(NotPermitted) as refused:
            asking.begin("xbo", draft)
        assert refused.value.reasons == ("gate",)


def test_pr_16_whom_our_own_record_protects_from_a_state_is_not_named_to_it(asking: Asking):
    """Other nodes are asked; blind, that one is too."""
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02", nationality="xar")
    asking.keep("xbo", entity, protected_from=("node:xar",))
    _, clear = asking.begin("xbo", somebody("Zahra Karimzadeh"))
    assert states(clear) == {"xar": (NOT_ASKED, "protected"), "xca": (WAITING, "")}
    _, blind = asking.begin("xbo", somebody("Zahra Karimzadeh", way=Way.BLIND))
    assert {one.state for one in blind} == {WAITING}


def test_pr_55_a_partner_that_the_register_bars_is_told_of_no_person(asking: Asking):
    """Nor does it hear of one by asking us; things are no persons."""
    for code, partner in (("xbo", "xar"), ("xar", "xbo")):
        draft = AssessmentDraft(
            partner=partner, harm=Harm.TORTURE, verdict=AssessmentVerdict.BARRED, reason="reports",
            review_due=clock.today() + timedelta(days=90), offences=(), sources=(),
        )  # fmt: skip
        asking[code].do(assessments.record, actor(code, "data_protection_officer"), draft)
    _, answers = asking.begin("xbo", paper(NUMBER))
    assert states(answers) == {"xar": (NOT_ASKED, "harm"), "xca": (WAITING, "")}
    entity = person("Zahra Karimzadeh", birthDate="1971-05-02", nationality="xar")
    asking.keep("xar", entity)
    question = {
        "sought": "person", "purpose": "border_control", "reference": "pck_1",
        "asked": {"name": "Zahra Karimzadeh", "birth_date": "1971-05-02"},
    }  # fmt: skip
    hears = {
        code: asking.network.ask(code, "xar", Call.ASK, {**question, "authority": code})["exists"]
        for code in ("xbo", "xca")
    }
    assert hears == {"xbo": False, "xca": True}
    vehicle = Record(
        id="q", schema="Vehicle", properties={}, documents=paper("12B345").asked[0].documents
    )
    _, answers = asking.begin("xbo", _draft(Sought.THING, vehicle))
    assert {one.state for one in answers} == {WAITING}


def _draft(sought: Sought, asked: Record) -> peer_checks.Draft:
    return peer_checks.Draft(way=Way.CLEAR, sought=sought, asked=(asked,))


@pytest.mark.parametrize(
    "draft",
    [
        paper("F1", issuer="xar", way=Way.BLIND),
        paper(NUMBER, issuer="", way=Way.BLIND),
        somebody("Zahra Karimzadeh", "1971~", way=Way.BLIND),
        paper(NUMBER, issuer=""),
        peer_checks.Draft(way=Way.BLIND, sought=Sought.PERSON, asked=()),
        peer_checks.Draft(way=Way.CLEAR, sought=Sought.PERSON, asked=paper(NUMBER).asked),
        peer_checks.Draft(way=Way.CLEAR, sought=Sought.DOCUMENT, asked=somebody("Z K").asked),
        peer_checks.Draft(way=Way.BLIND, sought=Sought.THING, asked=paper(NUMBER).asked),
    ],
    ids=str,
)
def test_too_little_or_too_much_is_not_asked(asking: Asking, draft):
    """A question that could only be answered wrongly is refused at once."""
    with pytest.raises(InvalidInput):
        asking.begin("xbo", draft)


def test_an_officer_asks_no_more_than_their_limit(asking: Asking):
    """A blind question about many counts as many (PR-04)."""
    many = paper(NUMBER, way=Way.BLIND)
    many = peer_checks.Draft(way=Way.BLIND, sought=Sought.DOCUMENT, asked=many.asked * 51)
    with pytest.raises(LimitReached):
        asking.begin("xbo", many)


def test_too_many_hits_of_one_node_are_told_to_the_data_protection_officer(asking: Asking):
    """Somebody tries numbers out, or the owner of the list invented them."""
    numbers = [f"G{number:08}" for number in range(10)]
    for number in numbers:
        asking.keep("xar", passport(number), audience=("blind:xbo",))
    asking.offer("xar")
    asked = paper(numbers[0], way=Way.BLIND, nodes=("xar",))
    for who in ("usr_a", "usr_b", "usr_c"):
        draft = peer_checks.Draft(
            way=Way.BLIND, sought=Sought.DOCUMENT, asked=asked.asked * 40, nodes=("xar",)
        )
        asking.put("xbo", draft, user=who)
    kinds = asking["xbo"].do(lambda tx: tx.exec_driver_sql('select kind, "user" from signal').all())
    assert [tuple(row) for row in kinds] == [("blind_hits", "node:xar")]


_KILLED = """
import os, signal, sys
from didban import clock
from didban.exchange import peer_checks
from didban.store.database import Database

class Line:
    def ask(self, node, call, body):
        print("asked", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1])
for check, node in peer_checks.take_waiting(database, clock.now()):
    peer_checks.put(database, Line().ask, check, node, clock.now())
"""


def test_a_sender_that_is_killed_while_it_asks_leaves_no_question_open(asking: Asking):
    """It is not asked twice, and when its time is over it has no answer."""
    asking.limited(answer_seconds=600.0)  # a process is long in starting on a busy machine
    check, _ = asking.begin("xbo", paper(NUMBER))
    database = asking["xbo"].database
    url = database.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, url],
        check=False,
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "asked\n")
    assert peer_checks.take_waiting(database, clock.now()) == []
    late = clock.now() + timedelta(seconds=asking.terms.answer_seconds)
    assert peer_checks.close_due(database, late) == 1
    answers = asking["xbo"].do(store.answers, check.id)
    assert {(one.state, one.exists) for one in answers} == {(AnswerState.NO_ANSWER, None)}
