"""The kinds of entries in feeds, and of calls from node to node: closed lists."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What an entry of a feed is. A kind that this code does not know is kept and not applied."""

    # The feed itself
    EPOCH = "epoch"  # a new beginning, signed by the root key; names the last common entry
    MEMBERS = "members"  # who reads this feed from here on
    REFUSAL = "refusal"  # the reader put an entry aside, or stopped the feed: a code, no words
    # Shared records
    PUT = "put"  # the full state of one record
    WITHDRAW = "withdraw"  # everything of this record below a revision is gone
    RENEW = "renew"  # leases are longer
    INVENTORY = "inventory"  # what is live: count and Merkle root
    ONWARD = "onward"  # consent to hand a record on, or its end
    RECEIPT = "receipt"  # what the reader did with what it was told to destroy
    USE = "use"  # how the reader's records were used here in a month that is long over (PR-38)
    REVIEW = "review"  # what the receiving side decided about an alert, where it may be told
    # Hits
    QUESTION = "question"
    ANSWER = "answer"
    FEEDBACK = "feedback"
    NON_MATCH = "non_match"  # by a keyed hash: who is not the person of a record (PR-25)
    # Desks
    MESSAGE = "message"
    MESSAGE_EVENT = "message_event"  # delivered, read, in work, recalled ...
    NOTICE = "notice"
    NOTICE_EVENT = "notice_event"
    NOTICE_CASE = "notice_case"  # a draft, to the secretariat that reviews it
    NOTICE_VERDICT = "notice_verdict"  # what the secretariat's reviewer decided
    CORRECTION = "correction"  # what speaks against a record, to its owner (PR-47, PR-48)
    OVERSIGHT = "oversight"  # the independent role asks the owner and the panel (PR-57)
    # Questions without a name
    BLIND_KEY = "blind_key"
    BLIND_TAGS = "blind_tags"


MESSAGES: Final = frozenset({Kind.MESSAGE, Kind.MESSAGE_EVENT})
HITS: Final = frozenset({Kind.QUESTION, Kind.ANSWER, Kind.FEEDBACK})
BLIND: Final = frozenset({Kind.BLIND_KEY, Kind.BLIND_TAGS})
"""What one room says, and erases again."""


class Call(StrEnum):
    """What one node asks of another and is answered at once."""

    PULL = "pull"
    ASK = "ask"  # hit / no hit (PR-03)
    BLIND = "blind"  # blinded elements in, evaluated elements and a proof out
    BUCKETS = "buckets"  # the inventory, when it does not agree
    FILE = "file"  # a part of a file that was too large to go along with its record
    WITNESS = "witness"  # a checkpoint to be cosigned
    DESCRIPTOR = "descriptor"  # the newest descriptors
