"""What desks go by, from the parts of a node: the same for the interface and for the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.casework.messages.steps import Mail
from didban.casework.notices.steps import Board
from didban.casework.peer_channel import PeerChannel
from didban.casework.ports import Desk, InBank
from didban.errors import Unavailable
from didban.exchange.peer_checks import Means
from didban.exchange.reviewing import Verdicts
from didban.guard.secrets import SecretName
from didban.screening.answering import Finding
from didban.screening.bank_check import Booth

if TYPE_CHECKING:
    from didban.serving.services import Services


def desk_of(node: Services) -> Desk:
    """Return what desks of this node go by."""
    key = node.secrets.get(SecretName.NON_MATCH)
    channel = PeerChannel(sender=node.exchange) if node.exchange else InBank()
    return Desk(key=key, terms=node.settings.casework, channel=channel)


def booth_of(node: Services) -> Booth:
    """Return what checks of this node go by. Raises Unavailable where this process has no index."""
    if node.index is None:
        raise Unavailable("the screening index is not open yet: try again")
    return Booth.of(node.index, node.secrets, node.settings)


def verdicts_of(node: Services) -> Verdicts | None:
    """Return what tells other nodes of reviews and doubts; None where this process cannot."""
    tells = node.settings.sharing.tells_reviews
    return Verdicts(sender=node.exchange, tells_owners=tells) if node.exchange else None


def means_of(node: Services) -> Means:
    """Return what questions to nodes go by. Raises Unavailable where there is no index."""
    if node.index is None:
        raise Unavailable("the screening index is not open yet: try again")
    settings = node.settings
    return Means(terms=settings.questions, access=settings.access, finder=Finding(node.index))


def mail_of(node: Services) -> Mail:
    """Return what messages of this node go by."""
    me = node.exchange.me if node.exchange else None
    return Mail(me=me, terms=node.settings.messages)


def board_of(node: Services) -> Board:
    """Return what notices of this node go by."""
    return Board(
        me=node.exchange.me if node.exchange else None,
        key=node.secrets.get(SecretName.REFUSAL),
        terms=node.settings.notices,
        highest_classification=node.settings.sharing.highest_classification,
    )
