"""What nodes tell each other of notices: where one stands, and that its copy was let go.

The record itself travels with the records; a notice names it, and holds nothing personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.alerts import NoticeType
from didban.model.exchange.envelopes import Fields
from didban.model.notices import NoticeForm, NoticeState

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLD_STATES: Final = frozenset(
    {NoticeState.PUBLISHED, NoticeState.SUSPENDED, NoticeState.CANCELLED, NoticeState.EXPIRED}
)
"""Where others see a notice stand. `CANCELLED` and `EXPIRED` are its tombstone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSaid:
    """Where a notice of ours stands (`Kind.NOTICE`). The highest `rev` counts.

    - `version`: of what was published, with its addenda; `ends_on`: the last day.
    """

    id: str
    owner: str
    form: NoticeForm
    colour: NoticeType
    record: str
    state: NoticeState
    version: int
    rev: int
    ends_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data. Inverse of `from_json`."""
        said: dict[str, Any] = {
            "id": self.id,
            "owner": self.owner,
            "form": self.form.value,
            "colour": self.colour.value,
            "record": self.record,
            "state": self.state.value,
            "version": self.version,
            "rev": self.rev,
        }
        return said | ({"ends_on": self.ends_on.isoformat()} if self.ends_on else {})

    @classmethod
    def from_json(cls, data: object) -> NoticeSaid:
        """Read what `to_json` wrote, at another node. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            id=fields.identifier("id"),
            owner=fields.identifier("owner", 40),
            form=fields.member("form", NoticeForm),
            colour=fields.member("colour", NoticeType),
            record=fields.text("record"),
            state=fields.member("state", NoticeState),
            version=fields.number("version"),
            rev=fields.number("rev"),
            ends_on=_day(fields, "ends_on"),
        )
        fields.require_all_read()
        if found.state not in TOLD_STATES:
            raise Malformed("a notice in this state is told to nobody")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLetGo:
    """That the record of an ended notice is gone here (`Kind.NOTICE_EVENT`)."""

    notice: str
    rev: int

    def to_json(self) -> Mapping[str, Any]:
        """Return it as plain data. Inverse of `from_json`."""
        return {"notice": self.notice, "rev": self.rev}

    @classmethod
    def from_json(cls, data: object) -> NoticeLetGo:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(notice=fields.identifier("notice"), rev=fields.number("rev"))
        fields.require_all_read()
        return found


def _day(fields: Fields, name: str) -> date | None:
    if not fields.has(name):
        return None
    try:
        return date.fromisoformat(fields.text(name, 10))
    except ValueError as wrong:
        raise Malformed(f"'{name}' is no day") from wrong
