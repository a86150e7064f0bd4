"""Feeds: the append-only, signed, hash-linked sequence in which a node publishes to one audience."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from didban.model.exchange.envelopes import Envelope, Header
    from didban.model.exchange.kinds import Kind
    from didban.model.exchange.peers import Peer

START: Final = bytes(32)
"""What the first entry names as the one before."""


class FeedState(StrEnum):
    """Whether a feed goes on."""

    OPEN = "open"
    STOPPED = "stopped"  # a fork or a roll-back: goes on in a new epoch only
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it stands here: ours, or as far as we have taken in another node's.

    - `head_seq`, `head_hash`: of its newest entry; 0 and `START` before the first.
    - `audience`: what it is for, known to its owner alone.
    """

    id: str
    owner: str
    epoch: int
    head_seq: int
    head_hash: bytes
    state: FeedState
    audience: str | None = None


def new_feed(owner: str, feed_id: str, audience: str | None = None) -> Feed:
    """Return a feed before its first entry."""
    return Feed(
        id=feed_id,
        owner=owner,
        audience=audience,
        epoch=1,
        head_seq=0,
        head_hash=START,
        state=FeedState.OPEN,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a reader is, and proof of what it holds."""

    epoch: int
    seq: int
    head: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How a node reads a feed of ours.

    - `since`: it began behind this entry; `until`: it is no reader behind this one, None while it
      is; `cursor`: what it has taken in, as its own hash showed; `seen_at`: when it last asked.
    """

    node: str
    since: int
    until: int | None
    cursor: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to be published.

    - `content`: JSON that is sealed; None where the header says it all.
    - `to`: those readers who can open it; None for all of them.
    """

    kind: Kind
    content: Mapping[str, Any] | None = None
    record: str | None = None
    rev: int | None = None
    valid_until: datetime | None = None
    handling: str | None = None
    to: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An entry of another node that was verified and opened.

    - `content`: its JSON; None where it is not for us, was erased, or has none.
    """

    peer: Peer
    header: Header
    envelope: Envelope
    content: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a node did that it must not do.

    - `fault`: code of the error; `envelopes`: what was signed, as `Envelope.to_json` wrote it.
    - `closed_at`: when a person had dealt with it.
    """

    id: str
    node: str
    feed: str | None
    fault: str
    what: str
    envelopes: tuple[Mapping[str, str], ...]
    found_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What a reader put aside of ours, as it said itself.

    - `seq`: the entry; where it stopped the feed (`is_stop`), the last one that it took in.
    - `fault`: code of an error.
    """

    node: str
    feed: str
    epoch: int
    seq: int
    fault: str
    at: datetime
    is_stop: bool = False
