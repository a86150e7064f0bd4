"""A message between the desks of two real nodes, one of which dies on the way."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from functools import partial

import pytest

from bank_help import actor
from didban import clock
from didban.casework.messages import desk, writing
from didban.casework.messages.clearing import DraftPart
from didban.casework.messages.steps import Mail
from didban.errors import DidbanError
from didban.exchange import identity
from didban.guard.secrets import Secrets
from didban.model.exchange.messages import MessageKind, MessageState, MessageUrgency, Side, Topic
from didban.store import messages
from tools.chaos.nodes import wait_until

pytestmark = pytest.mark.slow

REQUEST = writing.Draft(
    kind=MessageKind.REQUEST,
    recipient="xbo",
    topic=Topic.COOPERATION,
    urgency=MessageUrgency.FLASH,
    parts=(DraftPart(text="who is on duty?"),),
)


def officer(code):
    """Return an officer of a desk."""
    return actor(code, "liaison_officer", purpose="criminal_investigation")


def test_a_request_and_its_answer_survive_the_death_of_the_other_node(two_nodes):
    """Both ends stand where the other says, and the clock ran from the acceptance there."""
    nodes, _ = two_nodes
    with ExitStack() as stack:
        banks = {code: stack.enter_context(node.database()) for code, node in nodes.items()}
        stack.callback(lambda: [node.down() for node in nodes.values()])
        for node in nodes.values():
            node.up()
        mails = {code: Mail(me=partial(_identity, node)) for code, node in nodes.items()}

        def do(code, verb, *arguments, **more):
            with banks[code].begin() as tx:
                return verb(tx, officer(code), mails[code], *arguments, **more)

        def stands(code, message, side):
            with suppress(DidbanError), banks[code].begin() as tx:
                found = messages.get(tx, message.id, side)
                return found.state if found else None

        def wait_for(code, message, side, state):
            wait_until(lambda: stands(code, message, side) is state)

        nodes["xbo"].kill()
        asked = do("xar", writing.send, REQUEST)
        sent_at = clock.now()
        nodes["xbo"].up()
        wait_for("xbo", asked, Side.RECEIVED, MessageState.ACCEPTED)
        wait_for("xar", asked, Side.SENT, MessageState.ACCEPTED)
        with banks["xar"].begin() as tx:
            kept = messages.get(tx, asked.id, Side.SENT)
        assert kept is not None
        assert kept.accepted_at is not None
        assert kept.accepted_at > sent_at

        do("xbo", desk.read, asked.id)
        do("xbo", desk.take, asked.id)
        parts = (DraftPart(text="Omid Danesh"),)
        answer = do("xbo", writing.reply, asked.id, kind=MessageKind.ANSWER, parts=parts)
        wait_for("xar", asked, Side.SENT, MessageState.ANSWERED)
        do("xar", desk.read, answer.id)
        wait_for("xbo", answer, Side.SENT, MessageState.READ)


def _identity(node, tx):
    found = identity.load(tx, Secrets(node.data / "secrets"))
    assert found is not None
    return found
