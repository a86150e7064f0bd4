"""State machines as data: what may follow what, in a form that code obeys and tests can walk.

A machine knows states and events; it does not know who may cause an event, nor when. Guards are
named here and decided by the room that runs the machine.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from didban.errors import Conflict

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Generic[S, E]):
    """One arrow: `source --event [guards]--> target`.

    `guards` name the conditions that whoever causes the event must have shown to hold.
    """

    source: S
    event: E
    target: S
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Generic[S, E]):
    """A life cycle. At most one transition leaves a state by one event.

    - `initial`: the state in which a thing begins.
    - `final`: the states that nothing leaves.
    """

    name: str
    initial: S
    final: frozenset[S]
    transitions: tuple[Transition[S, E], ...]

    def transition(self, state: S, event: E) -> Transition[S, E]:
        """Return the arrow that leaves `state` by `event`.

        Raises Conflict, with the events that are possible, when there is none.
        """
        for arrow in self.transitions:
            if arrow.source == state and arrow.event == event:
                return arrow
        possible = ", ".join(sorted(self.events(state))) or "none: this state is final"
        raise Conflict(f"{self.name}: '{event}' cannot follow '{state}'; possible: {possible}")

    def events(self, state: S) -> frozenset[E]:
        """Return the events that can happen in a state."""
        return frozenset(arrow.event for arrow in self.transitions if arrow.source == state)

    def states(self) -> frozenset[S]:
        """Return every state that an arrow or the beginning names."""
        ends = {arrow.source for arrow in self.transitions}
        return frozenset({self.initial} | ends | {arrow.target for arrow in self.transitions})

    def reachable(self, start: S | None = None, *, without: frozenset[E] = frozenset()) -> set[S]:
        """Return the states that can be reached from `start` without these events."""
        first = self.initial if start is None else start
        seen, waiting = {first}, deque([first])
        while waiting:
            state = waiting.popleft()
            for arrow in self.transitions:
                if (
                    arrow.source == state
                    and arrow.event not in without
                    and arrow.target not in seen
                ):
                    seen.add(arrow.target)
                    waiting.append(arrow.target)
        return seen
