"""Lists that other nodes offer us to ask about blind: their keys and tags, as they come in the feed.

    blind_key    {list, epoch, keys, public, valid_from, valid_until, parts}
    blind_tags   {list, epoch, part, tags}             one part of the list
                 {list, epoch, change, add, remove}    what is different since
                 {list, epoch, ended}                  the list is not offered any more

Of each list the newest epoch that is whole is used; older ones go with it. An epoch that is over is
never asked: a list from then may lack what is listed now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from didban.errors import Malformed
from didban.exchange.blind import oprf
from didban.match.blind_keys import BlindList
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.kinds import BLIND
from didban.store.exchange import blind, feeds
from didban.store.exchange.blind import Held

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.model.exchange.feeds import Arrived
    from didban.store.database import Transaction

LONGEST: Final = timedelta(days=7, hours=1)
"""How long one key may be used (PR-44), with what two clocks may differ."""

_SKEW: Final = timedelta(hours=1)  # that two clocks may differ

PART_TAGS: Final = 200_000  # in one entry
MOST_PARTS: Final = 100
_PUBLIC_BYTES: Final = 32


def take_key(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:
    """Take in what begins an epoch of a list. Raises Malformed."""
    for one in arrived:
        if one.content is None:
            continue
        fields = Fields(one.content)
        new = Held(
            node=one.peer.node,
            list=fields.member("list", BlindList),
            epoch=fields.number("epoch"),
            keys=fields.number("keys"),
            public=fields.bytes("public", _PUBLIC_BYTES),
            valid_from=fields.time("valid_from"),
            valid_until=fields.time("valid_until"),
            parts=fields.number("parts"),
            name=one.header.record or "",
        )
        fields.require_all_read()
        if new.valid_until - new.valid_from > LONGEST:
            raise Malformed("a key of blind questions is used for seven days at most")
        if new.valid_from > now + _SKEW:
            raise Malformed("a key of blind questions is told when it may be used")
        if not new.name.startswith(f"blind.{new.node}."):
            raise Malformed("the entries of a list bear its own name: they are erased by it")
        if not 1 <= new.parts <= MOST_PARTS:
            raise Malformed(f"a list has 1 to {MOST_PARTS} parts")
        before = blind.held(tx, new.node, new.list)
        if any(new.epoch <= each.epoch and new.public != each.public for each in before):
            raise Malformed("an epoch has one key, and later ones higher numbers")
        blind.hold(tx, new)


def take_tags(tx: Transaction, arrived: Sequence[Arrived], now: datetime) -> None:  # noqa: ARG001 - a handler
    """Take in the tags of lists, and what changes in them. Raises Malformed."""
    for one in arrived:
        if one.content is None:
            continue
        fields = Fields(one.content)
        of, epoch = fields.member("list", BlindList), fields.number("epoch")
        all_held = blind.held(tx, one.peer.node, of)
        which = next((each for each in all_held if each.epoch == epoch), None)
        if which is None:
            continue  # of an epoch that is over here: nothing is missed
        if fields.has("ended"):
            _end(tx, which, fields)
        elif fields.has("part"):
            _take_part(tx, which, fields)
        else:
            _take_change(tx, which, fields)


def usable(tx: Transaction, node: str, of: BlindList, now: datetime) -> Held | None:
    """Return the list of a node that may be asked about now, or None."""
    whole = [one for one in blind.held(tx, node, of) if one.is_whole]
    standing = [one for one in whole if now < one.valid_until]
    return standing[-1] if standing else None


def _take_part(tx: Transaction, which: Held, fields: Fields) -> None:
    part = fields.number("part")
    tags = _tags(fields, "tags")
    fields.require_all_read()
    if part <= which.parts_held:
        return
    if part != which.parts_held + 1 or part > which.parts:
        raise Malformed("a part of a list is missing before this one")
    blind.add_held(tx, which, tags)
    blind.keep_held(tx, which, parts_held=part)
    if part == which.parts:
        for older in blind.held(tx, which.node, which.list):
            if older.epoch < which.epoch:
                _let_go(tx, older)


def _take_change(tx: Transaction, which: Held, fields: Fields) -> None:
    change = fields.number("change")
    add, remove = _tags(fields, "add"), _tags(fields, "remove")
    fields.require_all_read()
    if change <= which.changes:
        return
    if change != which.changes + 1 or not which.is_whole:
        raise Malformed("a change of a list is missing before this one")
    blind.take_held(tx, which, remove)
    blind.add_held(tx, which, add)
    blind.keep_held(tx, which, changes=change)


def _end(tx: Transaction, which: Held, fields: Fields) -> None:
    fields.truth("ended")
    fields.require_all_read()
    _let_go(tx, which)


def _let_go(tx: Transaction, which: Held) -> None:
    """Forget a list, and what the feed said of it."""
    blind.let_go(tx, which)
    feeds.erase_bodies(tx, [which.name], BLIND)


def _tags(fields: Fields, name: str) -> list[int]:
    return oprf.unpacked(fields.bytes(name))
