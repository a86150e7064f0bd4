"""Asking blind: keys are blinded, evaluated by the owner of the list, and looked up here.

The owner learns how many points it evaluated and when, not for whom; that there was a hit it never
learns from this. What it cannot be kept from is to put in tags of its own invention: the audit of
who asked, and how often there were hits, shows it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from didban.errors import Malformed
from didban.exchange.blind import holding, oprf
from didban.match.blind_keys import VERSION, BlindList, keys_of
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields
from didban.model.exchange.kinds import Call
from didban.store.exchange import blind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from didban.model.purposes import Purpose
    from didban.model.records import Record
    from didban.store.database import Database
    from didban.store.exchange.blind import Held

    Ask = Callable[[Call, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """For what, for which authority of ours, and under which reference is asked."""

    purpose: Purpose
    authority: str
    reference: str


def keys_by_list(asked: Sequence[Record]) -> dict[BlindList, dict[str, set[int]]]:
    """Return the keys of what is asked about, each with the places of whom it stands for."""
    found: dict[BlindList, dict[str, set[int]]] = {}
    for place, record in enumerate(asked):
        for of, keys in keys_of(record).items():
            for key in keys:
                found.setdefault(of, {}).setdefault(key, set()).add(place)
    return found


def look_up(  # noqa: PLR0913, PLR0917 - whose list, about whom, why, and by which way
    database: Database,
    ask: Ask,
    node: str,
    asked: Sequence[Record],
    needed: BlindList,
    why: Why,
    now: datetime,
) -> tuple[int, ...] | None:
    """Return the places of those whom a node's lists hold.

    - `needed`: the list without which nothing can be said: None where it is not here, is over, or
      is made by other rules than ours. Other lists are asked too, where they are here.

    Raises what asking raises; BadSignature where a proof does not hold for the announced key.
    """
    wanted = keys_by_list(asked)
    with database.begin() as tx:
        usable = {of: holding.usable(tx, node, of, now) for of in wanted}
    lists = {of: one for of, one in usable.items() if one is not None and one.keys == VERSION}
    if needed not in lists:
        return None
    head = {name: getattr(why, name) for name in Why.__dataclass_fields__}
    places: set[int] = set()
    for of, which in lists.items():
        tags = _tags(ask, head, which, list(wanted[of]))
        with database.begin() as tx:
            found = blind.in_held(tx, which, tags)
        for tag in found:
            places |= wanted[of][tags[tag]]
    return tuple(sorted(places))


def _tags(ask: Ask, head: Mapping[str, Any], which: Held, keys: Sequence[str]) -> dict[int, str]:
    """Return the tag of each key, as the owner's key makes it."""
    found: dict[int, str] = {}
    for start in range(0, len(keys), oprf.MOST):
        some = keys[start : start + oprf.MOST]
        blinding = oprf.Blinding.of(
            [input_of(which.node, which.list, which.epoch, k) for k in some]
        )
        body = {
            **head,
            "list": which.list,
            "epoch": which.epoch,
            "elements": b64(blinding.elements),
        }
        fields = Fields(ask(Call.BLIND, body))
        if fields.number("epoch") != which.epoch:
            raise Malformed("the answer is of another epoch")
        evaluated = fields.bytes("evaluated")
        fields.require_all_read()
        found |= dict(zip(blinding.finish(evaluated, which.public), some, strict=True))
    return found


def input_of(owner: str, of: BlindList, epoch: int, key: str) -> bytes:
    """Return what the function is evaluated of: a key, bound to rules, list and epoch."""
    return f"didban/blind/{VERSION}\n{owner}\n{of}\n{epoch}\n{key}".encode()
