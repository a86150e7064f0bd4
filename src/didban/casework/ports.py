"""What casework needs from elsewhere: a way to owners, and what a desk goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from didban.casework import notifications
from didban.errors import Conflict
from didban.model.casework import as_owner_sees
from didban.model.notifications import Notification, Post
from didban.settings import Casework

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from didban.model.casework import Question
    from didban.model.exchange.questions import Reply, ToldNonMatch
    from didban.store.database import Transaction


class OwnerChannel(Protocol):
    """The way that a question takes to the owner's desk, and what is told there afterwards."""

    def carry(self, tx: Transaction, question: Question, what: Notification, at: datetime) -> None:
        """Bring a question, its repetition, or the feedback, before the owner's desk.

        What leaves is `model.casework.as_owner_sees(question)` and never before `visible_from`. It
        leaves with the transaction or not at all.
        """

    def reply(self, tx: Transaction, node: str, reply: Reply, at: datetime) -> None:
        """Send what our desk replies to another node that asked."""

    def tell(self, tx: Transaction, nodes: Iterable[str], told: ToldNonMatch, at: datetime) -> None:
        """Let others know who is not the person of a record, when it is due."""


class InBank:
    """Owners that have their desk in this bank: they read the question here, and are told of it."""

    def carry(self, tx: Transaction, question: Question, what: Notification, at: datetime) -> None:
        """Tell the owner's duty officer, once the question may be seen; of an escalation its head."""
        if what is Notification.ESCALATED:
            notifications.tell(tx, question.owner, Post.BUREAU_HEAD, what, question.id, at=at)
            return
        leaves = question.visible_from or at
        notifications.tell(
            tx, question.owner, Post.DUTY_OFFICER, what, question.id, at=at,
            not_before=max(at, leaves), due_at=as_owner_sees(question).reply_by,
        )  # fmt: skip

    def reply(self, tx: Transaction, node: str, reply: Reply, at: datetime) -> None:  # noqa: ARG002 - of the port
        """Raise Conflict: this bank speaks with no other node."""
        raise Conflict(f"this process does not speak with other nodes, so not with {node}")

    def tell(self, tx: Transaction, nodes: Iterable[str], told: ToldNonMatch, at: datetime) -> None:
        """Tell nobody: there is no other node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a desk goes by: the settings' deadlines, the key of non-match tokens, a way to owners.

    - `key`: the secret `non_match`.
    """

    key: bytes = field(repr=False)
    terms: Casework = field(default_factory=Casework)
    channel: OwnerChannel = field(default_factory=InBank)
