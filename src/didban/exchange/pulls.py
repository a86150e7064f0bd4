"""What is said when one node asks another for the entries behind those it holds.

    question   {"feeds": [{"feed", "epoch", "seq", "head", "paused"} ...], "wait": seconds}
    answer     {"feeds": [{"feed", "epoch", "seq", "head", "count"} ...]}, and the entries themselves,
               one on a line behind it, in the order of the feeds

The cursor says how far the asker is, and its hash that this is what was published: it acknowledges
everything up to there. The answer names the head of every feed that is for the asker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Envelope, Fields

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_FEEDS: Final = 5_000
MAX_ENTRIES: Final = 5_000
MAX_LINE: Final = 12_000_000
_HASH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far somebody is in a feed. `head`: hash of that entry.

    - `is_paused`: of a reader: it wants nothing of it now. `count`: entries that come along.
    """

    feed: str
    epoch: int
    seq: int
    head: bytes
    is_paused: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a reader holds, and how long it waits for something new (seconds)."""

    positions: tuple[Position, ...]
    wait: int

    def to_json(self) -> dict[str, Any]:
        """Return it as the body of a call."""
        feeds = [{**_json(each), "paused": each.is_paused} for each in self.positions]
        return {"feeds": feeds, "wait": self.wait}

    @classmethod
    def of(cls, body: Any) -> Question:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(body)
        found = cls(
            positions=tuple(fields.each("feeds", MAX_FEEDS, _asked)), wait=fields.number("wait")
        )
        fields.require_all_read()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The heads of all feeds that are for the reader, and new entries of some."""

    positions: tuple[Position, ...]
    entries: tuple[Envelope, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as the answer of a call, without the entries."""
        return {"feeds": [{**_json(each), "count": each.count} for each in self.positions]}

    @classmethod
    def of(cls, body: Any, lines: Sequence[bytes]) -> Answer:
        """Read what `to_json` wrote, and the lines behind it. Raises Malformed."""
        fields = Fields(body)
        positions = tuple(fields.each("feeds", MAX_FEEDS, _told))
        fields.require_all_read()
        if sum(each.count for each in positions) != len(lines) or len(lines) > MAX_ENTRIES:
            raise Malformed("other entries came than were announced")
        return cls(
            positions=positions,
            entries=tuple(Envelope.from_json(Fields.parsed(line, MAX_LINE)) for line in lines),
        )


def _json(position: Position) -> dict[str, Any]:
    names = {"feed": position.feed, "epoch": position.epoch, "seq": position.seq}
    return {**names, "head": b64(position.head)}


def _asked(fields: Fields) -> Position:
    found = Position(**_where(fields), is_paused=fields.truth("paused"))
    fields.require_all_read()
    return found


def _told(fields: Fields) -> Position:
    found = Position(**_where(fields), count=fields.number("count"))
    fields.require_all_read()
    return found


def _where(fields: Fields) -> dict[str, Any]:
    return {
        "feed": fields.text("feed"),
        "epoch": fields.number("epoch"),
        "seq": fields.number("seq"),
        "head": fields.bytes("head", _HASH),
    }
