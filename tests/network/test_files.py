"""Files too large to go along with their record reach whoever reads it, whole or not at all."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bank_help import actor, passport
from didban import clock
from didban.errors import NotFound, PeerRefused, Unavailable
from didban.exchange.ports import Exchange
from didban.exchange.records import files
from didban.intake import attachments
from didban.intake.attachments import File
from didban.model.attachments import AttachmentRole
from didban.model.encoding import b64
from didban.model.exchange.kinds import Call
from didban.settings import Exchange as Terms
from didban.store.exchange import evidence
from exchange_help import Bank
from sharing_help import report, settle, withdraw
from wire_help import Wire, connected

TERMS = Terms(file_part_bytes=500_000)
CONTENT = b"\xff\xd8\xff\xe0" + os.urandom(1_200_000)
PARTS = 3
READER = actor("xbo", "reviewer")


class Sent:
    """A record of xar with a large file, which xbo reads and xca does not."""

    def __init__(self, sharing: Any, wire: Wire) -> None:
        self.network, self.wire = sharing, wire
        self.xar, self.xbo = sharing["xar"], sharing["xbo"]
        self.xar.calls[Call.FILE] = partial(files.answer, terms=TERMS)
        self.asked: list[int] = []
        self.kept = report(self.xar, passport(), audience=("node:xbo",))
        self.file = self.attach(CONTENT)

    def attach(self, content: bytes) -> Any:
        """Attach a file at the owner, and let the record travel."""
        file = File(content=content, role=AttachmentRole.DOCUMENT_SCAN)
        made = self.xar.do(attachments.attach, actor("xar"), self.kept.id, file)
        settle(self.network)
        return made

    def fetch(self, bank: Bank | None = None, terms: Terms = TERMS, **later: float) -> int:
        """Let a node do its duty."""
        here = bank or self.xbo
        exchange = Exchange(
            database=here.database, identity_of=lambda _tx: here.identity, lines=self.wire.lines
        )

        def ask(node: str, call: Call, body: Any) -> Any:
            self.asked.append(body["from"])
            return exchange.ask(node, call, body)

        now = clock.now() + timedelta(**later)
        return files.fetch_due(here.database, now, ask=ask, terms=terms)

    def opened(self) -> bytes:
        """Open the file as somebody of xbo."""
        found: tuple[Any, bytes] = self.xbo.do(attachments.read, READER, self.kept.id, self.file.id)
        return found[1]

    def listed(self) -> list[tuple[int, bool]]:
        """Return size and presence of the files of the record at xbo."""
        there = self.xbo.do(attachments.listed, READER, self.kept.id)
        return [(one.size, one.is_here) for one in there]


@pytest.fixture
def sent(sharing):
    """Return the record, whose owner answers over HTTP."""
    with connected(sharing, "xar") as wire:
        yield Sent(sharing, wire)


def test_a_large_file_comes_in_parts_and_goes_with_its_record(sent):
    """It is in the list at once, cannot be opened before it is whole, and ends with the copy."""
    assert sent.listed() == [(len(CONTENT), False)]
    with pytest.raises(Unavailable):
        sent.opened()
    assert sent.asked == []  # that somebody opens it asks nobody anything (PR-53)
    assert (sent.fetch(), sent.fetch()) == (1, 0)
    assert sent.opened() == CONTENT
    assert sent.asked == [0, 500_000, 1_000_000]
    sent.attach(b"%PDF-1.7 small")  # what is said again is not fetched again
    assert sent.listed() == [(len(CONTENT), True), (14, True)]
    withdraw(sent.xar, sent.kept)
    settle(sent.network)
    with pytest.raises(NotFound):
        sent.opened()


def test_a_cut_in_the_middle_costs_no_part_that_came(sent):
    """What came stays, and the next attempt goes on behind it."""
    sent.wire.tamper = lambda body: body if len(sent.asked) < PARTS else body[: len(body) // 2]
    assert sent.fetch() == 0
    sent.wire.tamper = None
    sent.asked.clear()
    assert sent.fetch(seconds=10) == 0  # a while later, not at once
    assert sent.fetch(minutes=6) == 1
    assert sent.asked == [1_000_000]
    assert sent.opened() == CONTENT


def test_what_is_not_the_file_that_was_said_is_not_kept(sent):
    """It is evidence, and is fetched anew another day."""
    zeros = {"size": len(CONTENT), "content": b64(bytes(len(CONTENT)))}
    sent.xar.calls[Call.FILE] = lambda *_: zeros
    assert sent.fetch() == 0
    assert [one.fault for one in sent.xbo.do(evidence.of_node, "xar")] == ["malformed"]
    sent.xar.calls[Call.FILE] = partial(files.answer, terms=TERMS)
    assert (sent.fetch(hours=1), sent.listed()) == (0, [(len(CONTENT), False)])
    assert sent.fetch(hours=25) == 1


def test_pr_09_a_file_is_for_readers_of_its_record_alone(sent):
    """Another node is answered as if there were none."""
    body = {"record": sent.kept.id, "file": sent.file.id, "from": 0}
    with pytest.raises(PeerRefused) as refused:
        sent.network.ask("xca", "xar", Call.FILE, body)
    with pytest.raises(PeerRefused) as unknown:
        sent.network.ask("xbo", "xar", Call.FILE, {**body, "file": "att_none"})
    assert refused.value.reason == unknown.value.reason == "not_found"


def test_a_file_above_the_readers_limit_is_not_fetched(sent):
    """It stays in the list, with its size."""
    assert sent.fetch(terms=Terms(max_file_bytes=1_000_000)) == 0
    assert (sent.asked, sent.listed()) == ([], [(len(CONTENT), False)])
