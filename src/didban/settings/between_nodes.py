"""Settings of what goes between nodes: the wire, records, questions, messages, notices, devices."""

from __future__ import annotations

from dataclasses import dataclass

from didban.settings.options import option


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Devices that check without a link. The limits are signed into every package."""

    soft_limit_hours: float = option(
        24.0,
        "From this age on a device says so before every answer, and asks no more than to contact "
        "the owner.",
        unit="hours",
        between=(0.001, 24 * 90),
    )
    hard_limit_hours: float = option(
        168.0,
        "From this age on a device answers UNKNOWN, whatever is asked (PR-43).",
        unit="hours",
        between=(0.001, 24 * 90),
    )
    receipt_hours: int = option(
        72,
        "A deletion that a device has not confirmed is overdue after so long (PR-34).",
        unit="hours",
        between=(1, 24 * 90),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The wire between nodes."""

    poll_seconds: int = option(
        25,
        "How long another node's question for something new waits here; less where a proxy in "
        "between gives up sooner.",
        unit="seconds",
        between=(0, 300),
    )
    batch_entries: int = option(
        500, "The most entries in one answer.", unit="entries", between=(1, 5_000)
    )
    batch_bytes: int = option(
        4_000_000,
        "The most bytes of entries in one answer; one entry always fits.",
        unit="bytes",
        between=(1_000, 64_000_000),
    )
    entries_per_day: int = option(
        2_000_000,
        "The most entries that are fetched from one node in a day (UTC); then nothing more is until "
        "the next. Raise it while a large bank is shared for the first time.",
        unit="entries",
        between=(1, 1_000_000_000),
    )
    bytes_per_day: int = option(
        10_000_000_000,
        "The most bytes that are fetched from one node in a day (UTC).",
        unit="bytes",
        between=(1_000, 10_000_000_000_000),
    )
    feeds_per_node: int = option(
        2_000,
        "The most feeds of one node; another one counts against it as evidence.",
        unit="feeds",
        between=(1, 4_000),
    )
    longest_wait_seconds: float = option(
        60.0,
        "The longest wait before a node that does not answer is tried again; it begins at 0.2 s, "
        "doubles, and ends when that node calls.",
        unit="seconds",
        between=(0.2, 3_600),
    )
    file_part_bytes: int = option(
        1_000_000,
        "The most bytes of a large file in one answer.",
        unit="bytes",
        between=(1_000, 4_000_000),
    )
    max_file_bytes: int = option(
        20_000_000,
        "Files of other nodes' records that are larger are not fetched.",
        unit="bytes",
        between=(0, 100_000_000),
    )
    connect_seconds: float = option(
        5.0, "How long a connection may take.", unit="seconds", between=(0.1, 60)
    )
    answer_seconds: float = option(
        15.0, "How long an answer may take.", unit="seconds", between=(0.1, 300)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Messages between authorities: by when they are answered, counted from acceptance (4.4)."""

    flash_minutes: float = option(
        10.0, "A flash message is answered.", unit="minutes", between=(0.01, 1_440)
    )
    urgent_hours: float = option(
        8.0, "An urgent message is answered.", unit="hours", between=(0.01, 720)
    )
    priority_days: float = option(
        3.0, "A message of priority is answered.", unit="days", between=(0.01, 366)
    )
    normal_days: float = option(
        7.0, "A normal message is answered.", unit="days", between=(0.01, 366)
    )
    historical_days: float = option(
        30.0, "A message about an old matter is answered.", unit="days", between=(0.01, 366)
    )
    undeliverable_hours: float = option(
        24.0,
        "A message that the other node has not taken in is told to be undeliverable.",
        unit="hours",
        between=(0.01, 8_784),
    )
    kept_days: float = option(
        1_826.0,
        "How long after its last change a message keeps its content.",
        unit="days",
        between=(0.01, 1_827),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Notices and diffusions: their compliance review and their end (4.3)."""

    review_hours: float = option(48.0, "A notice is reviewed.", unit="hours", between=(0.01, 720))
    urgent_review_hours: float = option(
        2.0, "An urgent notice is reviewed.", unit="hours", between=(0.01, 720)
    )
    cancel_hours: float = option(
        24.0,
        "A notice whose purpose is achieved is cancelled by then.",
        unit="hours",
        between=(0, 720),
    )
    receipt_hours: float = option(
        72.0,
        "Whoever was told of a notice confirms its end; later, the operator is told.",
        unit="hours",
        between=(0.01, 8_784),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What other nodes may ask of this one, and what is offered to be asked blind."""

    answer_seconds: float = option(
        5.0,
        "How long the answers of other nodes are waited for; who has not answered then has not.",
        unit="seconds",
        between=(1, 60),
    )
    asked_per_day: int = option(
        5_000,
        "How many questions one node may put in clear in a day.",
        unit="questions",
        between=(0, 10_000_000),
    )
    blind_per_day: int = option(
        50_000,
        "How many blinded elements of one node are evaluated in a day: who may ask without end can"
        " try out every number there is.",
        unit="elements",
        between=(0, 10_000_000),
    )
    escalated_per_day: int = option(
        200,
        "How many questions about hits one node may escalate to superiors here in a day.",
        unit="questions",
        between=(0, 1_000_000),
    )
    corrections_per_day: int = option(
        1_000,
        "How many doubts about our records one node may enter here in a day.",
        unit="corrections",
        between=(0, 1_000_000),
    )
    buckets_per_day: int = option(
        5_000,
        "How often one node may compare in a day what it holds with what is live here.",
        unit="calls",
        between=(0, 10_000_000),
    )
    said_again_per_day: int = option(
        200_000,
        "How many records one node may ask in a day to be said to it again. Raise it while a node"
        " recovers that lost its bank.",
        unit="records",
        between=(0, 1_000_000_000),
    )
    blind_epochs_per_day: int = option(
        20,
        "How many blind lists one node may begin here in a day.",
        unit="lists",
        between=(0, 10_000),
    )
    blind_least: int = option(
        50,
        "A list of fewer records is not offered to be asked blind (PR-44).",
        unit="records",
        between=(10, 1_000_000),
    )
    blind_step: int = option(
        1_024,
        "Tag lists are filled up with tags of nobody to a multiple of so many, so that their length"
        " tells little.",
        unit="tags",
        between=(16, 1_000_000),
    )
    blind_days: int = option(
        7, "A blind list is made anew under another key after so long.", unit="days", between=(1, 7)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How records are shared with other nodes, and how long copies may be kept unrenewed."""

    urgent_lease_days: int = option(
        30,
        "Lease of documents, other objects and alerts: what nobody renews is gone by then.",
        unit="days",
        between=(1, 400),
    )
    profile_lease_days: int = option(
        365, "Lease of what is said of persons without an alert.", unit="days", between=(1, 400)
    )
    receipt_hours: int = option(
        72,
        "After so long without a receipt for a withdrawal the operator is told (4.1).",
        unit="hours",
        between=(1, 720),
    )
    inventory_hours: int = option(
        24,
        "How often readers are told what is live, so that drift is found.",
        unit="hours",
        between=(1, 168),
    )
    highest_classification: int = option(
        1,
        "The highest classification that leaves: 0 official use, 1 restricted, 2 confidential.",
        between=(0, 2),
    )
    tells_reviews: bool = option(
        default=False,
        why="Whether owners learn that their alerts were accepted or refused here (PR-52); by "
        "default they learn nothing.",
    )
