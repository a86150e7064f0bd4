"""Calls: what one node asks of another and is answered at once.

    asker                                                 asked
    ask ── envelope ──── POST /x/v1/{call} ────────────> receive ── handler of the room
    read <──────────────────────────── envelope ──────── reply, or refuse

A call is an envelope without a place: signed, sealed for the one node that is asked, with a nonce
and the time. The answer is one too, and names the hash of the question. So neither TLS nor who
passes them on has to be trusted. What does not verify is answered with nothing at all: whether a
node is known here is told to nobody.

A room plugs in a `CallHandler` for its `Call` in `node.exchange`:

    def evaluate(tx: Transaction, caller: Peer, body: Any, now: datetime) -> Any:
        fields = Fields(body)          # whatever the caller sent: read it strictly, it raises
        ...
        return {"answer": "in JSON"}

- It runs in a transaction that is committed before the answer leaves, and undone by any error.
- What it raises reaches the caller as the error's code and no more; so what must outlive a refusal
  (a quota that was used up) is entered in a transaction of its own.
- A call is answered once: a handler never sees it twice.

To ask: `exchange.ports.Exchange.ask(node, call, body)`; between the banks of a test,
`network.ask(asker, asked, call, body)` with the handler in `bank.calls`.
"""

from __future__ import annotations

import json
import math
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from didban.errors import (
    Conflict,
    Expired,
    InvalidInput,
    LimitReached,
    Malformed,
    NotFound,
    NotPermitted,
    PeerFault,
    PeerRefused,
    Replayed,
    Unavailable,
    UnknownPeer,
)
from didban.exchange import descriptors, leaving
from didban.guard.crypto import envelopes as sealed
from didban.guard.crypto.hpke import PublicKey, Suite
from didban.model.encoding import b64
from didban.model.exchange.descriptors import Descriptor
from didban.model.exchange.envelopes import MAX_BODY_BYTES, Envelope, Fields, Header
from didban.model.exchange.kinds import Call
from didban.model.exchange.peers import PeerState
from didban.store.exchange import links, peers

if TYPE_CHECKING:
    from datetime import datetime

    from didban.exchange.identity import Identity
    from didban.model.exchange.peers import Peer
    from didban.store.database import Database, Transaction

SKEW_SECONDS: Final = 300.0
"""How far two clocks may differ. What is older, or still to come, is not answered."""

MAX_BYTES: Final = 12_000_000
"""Of a call, and of an answer without what comes with it: a body of the largest size, as base64."""

_TOLD: Final = (
    Conflict, InvalidInput, LimitReached, NotFound, NotPermitted, PeerFault, Unavailable,
)  # fmt: skip
_NONCE_BYTES: Final = 16
_HASH_BYTES: Final = 32
_ANSWER: Final = ".answer"
_MAX_WORD: Final = 60


class CallHandler(Protocol):
    """What a room answers to calls of one kind. Raises what refuses: the caller gets its code."""

    def __call__(self, tx: Transaction, caller: Peer, body: Any, now: datetime) -> Any:
        """Return the answer, as JSON has it."""


class Ask(Protocol):
    """The way to another node: `exchange.ports.Exchange.ask`, or `network.ask` between test banks."""

    def __call__(self, node: str, call: Call, body: Any) -> Any:
        """Return its answer. Raises NotFound, Unavailable, PeerFault."""


CallHandlers = dict[str, CallHandler]
"""By call. One that nobody handles is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A call that was verified, opened and not seen before."""

    caller: Peer
    call: str
    question: bytes
    body: Any
    skew_seconds: float


def ask(me: Identity, peer: Peer, call: Call, body: Any, now: datetime) -> Envelope:
    """Return a question for a node, sealed. Raises Malformed where it has no key for that."""
    return _sealed(me, peer, call, body, now)


def receive(tx: Transaction, me: Identity, call: str, raw: bytes, now: datetime) -> Received:
    """Return what another node asks, once.

    - `call`: as the path names it; `raw`: the body of the request.

    Raises PeerFault; whoever asked is then told nothing.
    """
    envelope = Envelope.from_json(Fields.parsed(raw, MAX_BYTES))
    # Read before it is verified for one thing only: whose key to verify it by.
    caller = peers.get(tx, Header.from_bytes(envelope.header).sender)
    if caller is None or not _may_call(tx, caller, call, now):
        raise UnknownPeer("who calls is not pinned")
    if not caller.is_fresh(now):
        raise Expired("the descriptor of who calls has run out")
    header, body = _opened(me, caller, envelope, call, now)
    if not links.burn(tx, caller.node, header.nonce, now):
        raise Replayed("this call was answered before")
    skew = (header.time - now).total_seconds()
    links.called(tx, caller.node, skew, now)
    return Received(caller=caller, call=call, question=envelope.hash, body=body, skew_seconds=skew)


def _may_call(tx: Transaction, caller: Peer, call: str, now: datetime) -> bool:
    """Return whether a node is answered: it is pinned, or was removed and fetches its last entries."""
    if call == Call.PULL:
        return leaving.is_heard(tx, caller, now)
    return caller.state is PeerState.PINNED


def answer(
    database: Database, me: Identity, to: Received, handlers: CallHandlers, now: datetime
) -> Envelope:
    """Let the room of a call answer it, in a transaction of its own; return the answer, sealed.

    What the room raises undoes what it did and becomes a refusal. Raises what is our own fault.
    """
    try:
        handler = handlers.get(to.call)
        if handler is None:
            raise NotFound("this node does not answer such calls")
        with database.begin() as tx:
            found = handler(tx, to.caller, to.body, now)
    except _TOLD as error:
        wait = error.retry_after if isinstance(error, LimitReached) else None
        return refuse(me, to, error.code, now, wait)
    return reply(me, to, found, now)


def reply(me: Identity, to: Received, answer: Any, now: datetime) -> Envelope:
    """Return the answer to a call, sealed."""
    content = {"question": b64(to.question), "answer": answer}
    return _sealed(me, to.caller, to.call + _ANSWER, content, now)


def refuse(
    me: Identity, to: Received, code: str, now: datetime, retry_after: float | None = None
) -> Envelope:
    """Return a refusal, sealed: the code of what refused, and when to ask again (seconds)."""
    content: dict[str, Any] = {"question": b64(to.question), "refused": code}
    if retry_after is not None:
        content["retry_after"] = math.ceil(retry_after)
    return _sealed(me, to.caller, to.call + _ANSWER, content, now)


def read(me: Identity, peer: Peer, question: Envelope, answer: Envelope, now: datetime) -> Any:
    """Return what a node answered to a question.

    Raises PeerRefused with its code where it refused, another PeerFault where this is no answer of
    that node to that question.
    """
    call = Header.from_bytes(question.header).kind
    if call == Call.DESCRIPTOR:
        peer = _introduced(me, peer, answer)
    _, body = _opened(me, peer, answer, call + _ANSWER, now)
    fields = Fields(body)
    if fields.bytes("question", _HASH_BYTES) != question.hash:
        raise Malformed("the answer is to another question")
    if fields.has("refused"):
        wait = fields.number("retry_after") if fields.has("retry_after") else None
        raise PeerRefused("the other node refused", fields.text("refused", _MAX_WORD), wait)
    found = fields.raw("answer")
    fields.require_all_read()
    return found


def _introduced(me: Identity, peer: Peer, answer: Envelope) -> Peer:
    """Return a node with the keys that its answer brings.

    The one answer that may bear a key which is not known here yet: what it says of itself is signed
    by the root key, version after version, and is read first.
    """
    content = sealed.open_body(answer, Header.from_bytes(answer.header), me.node, me.sealing)
    fields = Fields(Fields.parsed(content or b"", MAX_BODY_BYTES))
    if not fields.has("answer"):
        return peer
    newest, keys = peer.descriptor, dict(peer.online_keys)
    for signed in descriptors.from_json(fields.raw("answer")):
        if Descriptor.from_bytes(signed.payload).version > newest.version:
            newest = descriptors.require_next(newest, signed)
            keys |= {key.id: key for key in newest.online_keys}
    return replace(peer, descriptor=newest, online_keys=keys)


def _sealed(me: Identity, peer: Peer, kind: str, body: Any, now: datetime) -> Envelope:
    header = Header(sender=me.node, kind=kind, time=now, nonce=secrets.token_bytes(_NONCE_BYTES))
    key = peer.sealing_key(now)
    to = [(peer.node, PublicKey(key.id, Suite(key.suite), key.public))]
    return sealed.seal(header, json.dumps(body).encode(), me.signing, to)


def _opened(
    me: Identity, peer: Peer, envelope: Envelope, kind: str, now: datetime
) -> tuple[Header, Any]:
    """Return header and body of an envelope of this kind, from that node, for us alone, of now."""
    header = sealed.verify(envelope, peer.public_of(envelope.key))
    is_call = header.place is None and len(header.nonce) == _NONCE_BYTES
    if header.sender != peer.node or header.kind != kind or not is_call:
        raise Malformed("the envelope is not what is expected here")
    if [one.node for one in header.recipients] != [me.node]:
        raise Malformed("the envelope is not for this node alone")
    if abs((header.time - now).total_seconds()) > SKEW_SECONDS:
        raise Replayed("the envelope is not of this time")
    peer.require_window(envelope.key, header.time)
    content = sealed.open_body(envelope, header, me.node, me.sealing)
    if content is None:
        raise Malformed("the envelope has no body")
    return header, Fields.parsed(content, MAX_BODY_BYTES)


def run_due(database: Database, now: datetime) -> int:
    """Forget the calls whose time would not be accepted any more; return how many."""
    # Twice: a call may be from as far ahead as another may be late.
    with database.begin() as tx:
        return links.forget_nonces(tx, now - timedelta(seconds=2 * SKEW_SECONDS))


def lines(*envelopes: Envelope) -> bytes:
    """Return envelopes as they go over the wire and into a courier's file: one on a line."""
    return b"".join(json.dumps(each.to_json()).encode() + b"\n" for each in envelopes)
