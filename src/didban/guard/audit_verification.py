"""Is the audit log whole? Everything is computed again from the entries, and faults get a place.

What a fault can be told from, from the nearest to the farthest:

- an entry does not give the hash of its leaf: it was changed, and the marks tell in which field;
- a leaf is not the one that its subtree was made from: the hashes kept beside it were changed;
- the tree does not give the root of a signed checkpoint: entries were rewritten together with all
  their hashes, after the last checkpoint that still holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from didban.errors import IntegrityFailure
from didban.guard import checkpoints, merkle
from didban.guard.merkle import HASH_BYTES, Frontier
from didban.guard.sealing import hash_at
from didban.model.audit import canonical, changed_fields, field_marks
from didban.store import audit_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from didban.guard.checkpoints import Checkpoint, Verifier
    from didban.model.audit import AuditEntry
    from didban.store.audit_tree import Leaf
    from didban.store.database import Transaction

_MAX_FAULTS: Final = 200  # enough to see what happened; a log in ruins does not fill the memory
_LATE: Final = timedelta(hours=1)  # far longer than a transaction may take
_NUMBER_MARK: Final = 4  # bytes of the mark of the number, which comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not as it was sealed.

    - `entry`: its number; `leaf`: its place, from 0; None where it cannot be told.
    - `fields`: what of the entry was changed, as far as it can be told.
    """

    what: str
    entry: int | None = None
    leaf: int | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found. No faults: the log is whole as far as `size`, and unseen by nobody's doing.

    - `checked`: how many signed checkpoints hold; `signed_size`: how far the last of them reaches.
      What lies behind it is as trustworthy as whoever can write to the database.
    """

    size: int
    root: bytes
    checked: int
    signed_size: int
    faults: tuple[Fault, ...]


def verify(
    tx: Transaction, verifiers: Sequence[Verifier], *, noted: Sequence[str] = ()
) -> Verification:
    """Go through the whole log.

    - `verifiers`: the present key, and those that signed before it.
    - `noted`: checkpoints that were kept elsewhere; they must be part of this log.
    """
    walk = _Walk(faults=[])
    signed = _signed(tx, verifiers, noted, walk)
    for leaf in audit_tree.leaves(tx):
        while signed and signed[0].size <= leaf.place:
            walk.check(signed.pop(0))
        walk.take(leaf)
    for checkpoint in signed:
        walk.check(checkpoint)
    for number in audit_tree.slipped_in(tx, _MAX_FAULTS):
        walk.fault("the entry has no leaf, though those of its time were sealed", entry=number)
    walk.name_moves()
    return Verification(
        size=walk.truth.size,
        root=walk.truth.root(),
        checked=walk.checked,
        signed_size=walk.held,
        faults=tuple(walk.faults),
    )


def _signed(
    tx: Transaction, verifiers: Sequence[Verifier], noted: Sequence[str], walk: _Walk
) -> list[Checkpoint]:
    """Return the checkpoints that are signed, by size; the others are faults."""
    kept = [(entry.text, entry) for entry in audit_tree.checkpoints(tx)]
    found = []
    for text, row in [*kept, *((text, None) for text in noted)]:
        whose = f"the checkpoint of {row.size} entries" if row else "the checkpoint that you noted"
        try:
            checkpoint = checkpoints.read(text)
        except IntegrityFailure:
            walk.fault(f"{whose} cannot be read")
            continue
        if not any(verifier.is_signed(text) for verifier in verifiers):
            walk.fault(f"{whose} was changed, or is not signed by this node")
        elif row and (row.size, row.at) != (checkpoint.size, checkpoint.at):
            walk.fault(f"{whose} is kept under a wrong size or time")
        else:
            found.append(checkpoint)
    return sorted(found, key=lambda checkpoint: checkpoint.size)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The way through the leaves: the tree over the entries as they are, and the hashes as kept."""

    faults: list[Fault]
    truth: Frontier = field(default_factory=Frontier)
    checked: int = 0
    held: int = 0  # size of the last checkpoint that holds
    held_at: datetime | None = None
    _size: int = 0
    _edge: list[tuple[bytes, bool]] = field(default_factory=list)  # kept peaks; are they sound?
    _moved: dict[bytes, Leaf] = field(default_factory=dict)  # marks of what faulty leaves should be
    _strange: list[tuple[Leaf, AuditEntry]] = field(default_factory=list)

    def fault(
        self,
        what: str,
        *,
        entry: int | None = None,
        leaf: int | None = None,
        fields: tuple[str, ...] = (),
    ) -> None:
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(Fault(what=what, entry=entry, leaf=leaf, fields=fields))

    def take(self, leaf: Leaf) -> None:
        """Compare one leaf with its entry and with the subtrees that it completes."""
        while self.truth.size < leaf.place:
            self.fault("the leaf is gone, and with it what sealed its entry", leaf=self.truth.size)
            self._grow(b"", None)
            self.truth.append(bytes(HASH_BYTES))
        self.truth.append(self._compare(leaf))

    def check(self, checkpoint: Checkpoint) -> None:
        """Compare a signed checkpoint with the tree that was walked, which must have its size."""
        size = checkpoint.size
        if size > self.truth.size:
            self.fault(
                f"the log ends with {self.truth.size} entries, but a signed checkpoint holds"
                f" {size}: its end was cut off"
            )
        elif checkpoint.root not in {self.truth.root(), merkle.fold([h for h, _ in self._edge])}:
            if not any(f.leaf is not None and self.held <= f.leaf < size for f in self.faults):
                self.fault(
                    f"leaves {self.held} to {size - 1} were rewritten together with their hashes:"
                    f" the checkpoint of {self.held} entries holds, that of {size} does not",
                    leaf=self.held,
                )
        else:
            self.checked, self.held, self.held_at = self.checked + 1, size, checkpoint.at

    def name_moves(self) -> None:
        """Name the entries that stand in each other's places."""
        for leaf, found in self._strange:
            home = self._moved.get(field_marks(found)[_NUMBER_MARK:])
            if home is not None:
                self.fault(
                    f"what was entered as {home.entry} stands here",
                    entry=leaf.entry,
                    leaf=leaf.place,
                )

    def _compare(self, leaf: Leaf) -> bytes:
        """Return the hash of the entry as it is now; of a lost one, as it was sealed."""
        kept = hash_at(leaf.hashes, 0)
        fault = partial(self.fault, entry=leaf.entry, leaf=leaf.place)
        if leaf.found is None:
            fault("the entry is gone")
            self._grow(leaf.hashes, kept)
            return kept
        now = merkle.leaf_hash(canonical(leaf.found))
        if now == kept:
            if self.held_at and leaf.found.at < self.held_at - _LATE:
                fault("the entry is dated before a checkpoint that does not hold it")
            self._grow(leaf.hashes, kept)
        elif fields := changed_fields(leaf.found, leaf.marks):
            fault("the entry was changed", fields=fields)
            self._moved[leaf.marks[_NUMBER_MARK:]] = leaf
            self._strange.append((leaf, leaf.found))
            self._grow(leaf.hashes, kept)
        else:
            fault("the hash of the leaf was changed; its entry was not")
            self._grow(leaf.hashes, None)
        return now

    def _grow(self, hashes: bytes, leaf: bytes | None) -> None:
        """Check the kept hashes of the subtrees that end with a leaf; None: it is faulty itself.

        What does not follow from sound parts is a fault, once: the subtree above takes it as kept.
        """
        at, last = self._size, self._size
        top, is_sound, level = hash_at(hashes, 0), leaf is not None, 0
        while at & 1:
            left, is_left_sound = self._edge.pop()
            level, at = level + 1, at >> 1
            kept, is_told = hash_at(hashes, level), is_sound and is_left_sound
            is_sound = bool(kept) and not (is_told and kept != merkle.node_hash(left, top))
            if is_told and not is_sound:
                first = last + 1 - (1 << level)
                self.fault(
                    f"the hash kept for leaves {first} to {last} does not follow from theirs",
                    leaf=first,
                )
            top = kept
        self._edge.append((top, is_sound))
        self._size += 1
