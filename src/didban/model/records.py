"""A record: what one owner says about one thing, in the FollowTheMoney vocabulary.

The shape is FollowTheMoney's (schema name, property -> list of strings), so that its files and
clients are spoken without loading its package; `documents` is our own addition, because there a
document number loses the state that issued it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from didban.model.documents import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENT_FIELDS = tuple(Document.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing as one owner describes it.

    - `properties`: FollowTheMoney property name -> values, in the order the source gives them.
      Dates are EDTF text (see `didban.model.dates`); countries are codes of `didban.model.countries`.
    - `datasets`: names of the lists that the record came from.
    - `referents`: other identifiers under which the same record is known.
    - `parts`: what each of several datasets says of its own, one record for each; else empty.
    - times are ISO text (`YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`), or None.
    """

    id: str
    schema: str
    properties: Mapping[str, tuple[str, ...]]
    documents: tuple[Document, ...] = ()
    datasets: tuple[str, ...] = ()
    referents: tuple[str, ...] = ()
    caption: str = field(default="")
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None
    parts: tuple[Record, ...] = ()

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the values of these properties, in order, without repetition."""
        known = self.properties
        found = [value for name in names if name in known for value in known[name]]
        return tuple(dict.fromkeys(found) if len(found) > 1 else found)

    def first(self, *names: str) -> str | None:
        """Return the first value of the first of these properties that has one."""
        return next((v for name in names for v in self.properties.get(name, ())), None)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain data; empty fields are left out. Inverse of `from_json`."""
        data: dict[str, Any] = {"id": self.id, "schema": self.schema, "caption": self.caption}
        data["properties"] = {name: list(values) for name, values in self.properties.items()}
        if self.documents:
            data["documents"] = [
                {f: v for f in _DOCUMENT_FIELDS if (v := getattr(d, f)) is not None}
                for d in self.documents
            ]
        for name in ("datasets", "referents"):
            if getattr(self, name):
                data[name] = list(getattr(self, name))
        for name in ("first_seen", "last_seen", "last_change"):
            if getattr(self, name):
                data[name] = getattr(self, name)
        if self.parts:
            data["parts"] = [part.to_json() for part in self.parts]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """Build a record from what `to_json` wrote.

        Does not check the data: readers of foreign files do that in `didban.intake`.
        """
        return cls(
            id=data["id"],
            schema=data["schema"],
            caption=data.get("caption", ""),
            properties={name: tuple(values) for name, values in data["properties"].items()},
            documents=tuple(Document(**d) for d in data.get("documents", ())),
            datasets=tuple(data.get("datasets", ())),
            referents=tuple(data.get("referents", ())),
            first_seen=data.get("first_seen"),
            last_seen=data.get("last_seen"),
            last_change=data.get("last_change"),
            parts=tuple(map(cls.from_json, data.get("parts", ()))),
        )
