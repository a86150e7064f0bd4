"""Relations that American lists state by name only: "(Linked To: EXAMPLE TRADING CO.)"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.intake.readers.draft import link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from didban.model.records import Record


class NamedLinks:
    """Remembers names and what is linked to them; says at the end which entries are meant.

    It holds the names of the whole list, about a hundred bytes each, because the entry that is named
    may come later. A name that several entries bear, or none, gives no relation: the remarks keep it.
    """

    def __init__(self, *, prefix: str, dataset: str) -> None:
        self._prefix = prefix
        self._dataset = dataset
        self._bearers: dict[str, str | None] = {}
        self._linked: dict[tuple[str, str], None] = {}

    def learn(self, record: Record) -> None:
        """Remember the names of an entry."""
        for name in record.values("name"):
            known = self._bearers.setdefault(name, record.id)
            if known != record.id:
                self._bearers[name] = None  # ambiguous

    def expect(self, record_id: str, names: Iterable[str]) -> None:
        """Remember that an entry is linked to the bearers of these names."""
        self._linked.update(((record_id, name), None) for name in names)

    def records(self) -> Iterator[Record]:
        """Yield the relations whose other end is known, in the order of the list."""
        given: set[str] = set()
        for record_id, name in self._linked:
            other = self._bearers.get(name) or self._bearers.get(name.removesuffix("."))
            if other is None or other == record_id:
                continue
            own = record_id.removeprefix(f"{self._prefix}-")
            link_id = f"{self._prefix}-rel-{own}-{other.removeprefix(f'{self._prefix}-')}"
            if link_id not in given:
                given.add(link_id)
                ends = (record_id, other)
                yield link(
                    "UnknownLink", link_id, ends=ends, role="Linked To", dataset=self._dataset
                )
