# ruff: noqa: RUF009 - `_option` is `dataclasses.field` with our metadata
"""Every setting: type, default, unit, bounds, and the reason to change it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - `get_type_hints` reads it
from typing import Any

_MAX_HOURS = 24 * 366 * 100.0


def _option(
    default: Any, why: str, *, unit: str = "", between: tuple[float, float] | None = None
) -> Any:
    """Declare one setting; `why` and `unit` are what its documentation says.

    `between`: the least and the highest number that it may be.
    """
    return field(default=default, metadata={"why": why, "unit": unit, "between": between})


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """How old a snapshot may be, counted from the moment it was built."""

    warn_after_hours: float = _option(
        168.0,
        "Answers from older data say so. Lower it where lists change daily.",
        unit="hours",
        between=(0, _MAX_HOURS),
    )
    unknown_after_hours: float = _option(
        720.0,
        "Older data may no longer say that nothing was found: the answer is UNKNOWN (PR-43).",
        unit="hours",
        between=(0, _MAX_HOURS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """How checks and whole lists are screened unless an option says otherwise."""

    mode: str = _option("balanced", "Operating mode: `border`, `balanced` or `thorough`.")
    limit: int = _option(
        5, "The most results that one query may have.", unit="results", between=(1, 500)
    )
    workers: int = _option(
        0,
        "Processes of `didban screen`; 0 means one for each core.",
        unit="processes",
        between=(0, 256),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The HTTP interface of `didban serve`."""

    port: int = _option(
        8000, "Where to listen on the loopback address.", unit="port", between=(0, 65_535)
    )
    hosts: tuple[str, ...] = _option(
        (), "Further names in the `Host` header that are answered, for a proxy in front."
    )
    origins: tuple[str, ...] = _option(
        (), "Web origins whose pages may query this machine (CORS); none unless named."
    )
    max_queries: int = _option(
        100, "The most queries in one request.", unit="queries", between=(1, 100_000)
    )
    max_limit: int = _option(
        500, "The highest `limit` that a request may ask.", unit="results", between=(1, 10_000)
    )
    max_body_bytes: int = _option(
        8_000_000, "The largest request body.", unit="bytes", between=(1, 1_000_000_000)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """The deadlines in the life of a hit, and what a decision needs (state-machines 4.2)."""

    urgent_reply_minutes: float = _option(
        10.0, "An urgent question gets a reply, or a time.", unit="minutes", between=(0.01, 1440)
    )
    routine_reply_minutes: float = _option(
        60.0, "A routine question gets a reply, or a time.", unit="minutes", between=(0.01, 10_080)
    )
    rounds: int = _option(
        3, "How often an owner is asked before its superiors are.", unit="times", between=(1, 9)
    )
    longest_wait_hours: float = _option(
        12.0, "How far ahead the time may lie that an owner names.", unit="hours", between=(0, 720)
    )
    supplementary_hours: float = _option(
        12.0, "Supplementary information is supplied.", unit="hours", between=(0.01, 720)
    )
    hold_warning_hours: float = _option(
        2.0, "A warning that a person is still held unconfirmed.", unit="hours", between=(0.01, 720)
    )
    hold_limit_hours: float = _option(
        24.0,
        "The longest that national law lets a person be held unconfirmed; then the hit is let go.",
        unit="hours",
        between=(0.01, 720),
    )
    feedback_hours: float = _option(
        72.0, "The owner is told what was done.", unit="hours", between=(0.01, 8_784)
    )
    final_outcome_days: float = _option(
        30.0, "The final outcome is recorded.", unit="days", between=(0.01, 366)
    )
    reminder_days: float = _option(
        30.0, "A reminder while the final outcome is missing.", unit="days", between=(0.01, 366)
    )
    dismissed_days: float = _option(
        90.0, "How long a dismissed match keeps its content.", unit="days", between=(0.01, 1_827)
    )
    closed_days: float = _option(
        1_826.0, "How long a closed hit keeps its content.", unit="days", between=(0.01, 1_827)
    )
    withheld_delay_hours: float = _option(
        48.0,
        "A question that must not tell when the person was met leaves at a moment drawn from so"
        " long a time (PR-53).",
        unit="hours",
        between=(0, 720),
    )
    dwell_seconds: float = _option(
        20.0,
        "How long whoever decides has had the hit open (PR-26).",
        unit="seconds",
        between=(0, 3_600),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Messages between authorities: by when they are answered, counted from acceptance (4.4)."""

    flash_minutes: float = _option(
        10.0, "A flash message is answered.", unit="minutes", between=(0.01, 1_440)
    )
    urgent_hours: float = _option(
        8.0, "An urgent message is answered.", unit="hours", between=(0.01, 720)
    )
    priority_days: float = _option(
        3.0, "A message of priority is answered.", unit="days", between=(0.01, 366)
    )
    normal_days: float = _option(
        7.0, "A normal message is answered.", unit="days", between=(0.01, 366)
    )
    historical_days: float = _option(
        30.0, "A message about an old matter is answered.", unit="days", between=(0.01, 366)
    )
    undeliverable_hours: float = _option(
        24.0,
        "A message that the other node has not taken in is told to be undeliverable.",
        unit="hours",
        between=(0.01, 8_784),
    )
    kept_days: float = _option(
        1_826.0,
        "How long after its last change a message keeps its content.",
        unit="days",
        between=(0.01, 1_827),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Notices and diffusions: their compliance review and their end (4.3)."""

    review_hours: float = _option(48.0, "A notice is reviewed.", unit="hours", between=(0.01, 720))
    urgent_review_hours: float = _option(
        2.0, "An urgent notice is reviewed.", unit="hours", between=(0.01, 720)
    )
    cancel_hours: float = _option(
        24.0,
        "A notice whose purpose is achieved is cancelled by then.",
        unit="hours",
        between=(0, 720),
    )
    receipt_hours: float = _option(
        72.0,
        "Whoever was told of a notice confirms its end; later, the operator is told.",
        unit="hours",
        between=(0.01, 8_784),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """How duty officers are told of deadlines: by e-mail or webhook, without personal content."""

    link_base: str = _option("", "Address of this node's pages, which a notification links to.")
    sender: str = _option("didban@localhost", "From whom the e-mails are.")
    smtp_host: str = _option("", "The mail server; without one no e-mail is sent.")
    smtp_port: int = _option(587, "Its port.", unit="port", between=(1, 65_535))
    smtp_security: str = _option("starttls", "`starttls`, `tls` from the start, or `none`.")
    smtp_user: str = _option("", "Whom to sign in as at the mail server, if it asks.")
    smtp_password_file: Path | None = _option(None, "The file with the password, for us alone.")
    timeout_seconds: float = _option(
        10.0, "How long each step of a delivery may take.", unit="seconds", between=(0.1, 60)
    )
    attempts: int = _option(
        12, "How often a delivery is tried, ever more slowly.", unit="times", between=(1, 100)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What the charter of the network says about who and what belongs in it."""

    is_training: bool = _option(
        default=False,
        why="A training node accepts specimen codes (`xaa` to `xzz`, `uto`) and nothing else; "
        "any other node refuses them (PR-51).",
    )
    admits_military: bool = _option(
        default=False, why="Whether the charter says that military authorities may join (PR-56)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How people and devices sign in, and how much they may ask."""

    password_length: int = _option(
        12, "The least length of a password.", unit="characters", between=(12, 128)
    )
    hash_memory_mib: int = _option(
        64, "Memory of one argon2id hash; raise it with the machine.", unit="MiB", between=(1, 4096)
    )
    hash_rounds: int = _option(
        3, "Passes of one argon2id hash over its memory.", unit="passes", between=(1, 100)
    )
    failures_allowed: int = _option(
        5,
        "Failed sign-ins of one account before it must wait; from one source ten times as many.",
        unit="failures",
        between=(1, 1000),
    )
    longest_wait_minutes: float = _option(
        15.0,
        "The longest wait after failed sign-ins; it begins at one second and doubles.",
        unit="minutes",
        between=(0, 24 * 60),
    )
    idle_minutes: int = _option(
        30, "A session without a request ends.", unit="minutes", between=(1, 24 * 60)
    )
    session_hours: int = _option(
        12, "A session ends, whatever happens: a shift.", unit="hours", between=(1, 72)
    )
    enrolment_hours: int = _option(
        72, "How long a new user may take to enrol.", unit="hours", between=(1, 24 * 30)
    )
    token_days: int = _option(
        365, "The longest life of a device token.", unit="days", between=(1, 3650)
    )
    searches_per_minute: int = _option(
        50,
        "Person searches of one user in a minute; one more is refused, and the data-protection "
        "officer is told (PR-04).",
        unit="searches",
        between=(1, 100_000),
    )
    device_searches_per_minute: int = _option(
        1000,
        "The same for one device: a gate, or a program that asks for many at once.",
        unit="searches",
        between=(1, 1_000_000),
    )
    results_per_day: int = _option(
        2000,
        "Records that one user may be shown in 24 hours (PR-04).",
        unit="records",
        between=(1, 10_000_000),
    )
    lookups_of_one_person: int = _option(
        5,
        "Searches of one user for the same person in 30 days without a hit before the "
        "data-protection officer is told (PR-05).",
        unit="searches",
        between=(1, 1000),
    )
    secret_command: tuple[str, ...] = _option(
        (), "A command that prints the secret whose name it is given, for a secret store."
    )
    oidc_issuer: str | None = _option(
        None, "The OpenID provider whose identity tokens are accepted at sign-in, if any."
    )
    oidc_audience: str | None = _option(None, "The client identifier of this node there.")
    oidc_keys: str | None = _option(
        None, "Where its public keys are: a file, or an `https` address (JWKS)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The audit log, the rights of persons, and what owners learn of the use of their records."""

    checkpoint_minutes: float = _option(
        10.0,
        "How often the audit log is signed, if anything was added. More often shows others when"
        " little is done.",
        unit="minutes",
        between=(0.1, 1_440),
    )
    source_days: int = _option(
        30, "How long an owner has to say what it holds on a person.", unit="days", between=(1, 120)
    )
    neutral_days: int = _option(
        60,
        "When an answer that neither confirms nor denies leaves, counted from the request; the same"
        " for all, so that its moment tells nothing (PR-46). More than `source_days`.",
        unit="days",
        between=(1, 120),
    )
    kept_days: int = _option(
        365,
        "How long it is kept who asked, after a request was closed.",
        unit="days",
        between=(30, 1_830),
    )
    use_delay_days: int = _option(
        30,
        "How old the youngest use of person records is that an owner is told of (PR-53).",
        unit="days",
        between=(7, 366),
    )
    use_least: int = _option(
        10,
        "The least number of person records used that is told; fewer are told as none (PR-53).",
        unit="records",
        between=(2, 1_000),
    )
    divergence: float = _option(
        2.0,
        "By which factor the rates of one owner, nationality or script may differ from all others"
        " before it is a signal (PR-49).",
        unit="times",
        between=(1.1, 100),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What other nodes may ask of this one, and what is offered to be asked blind."""

    answer_seconds: float = _option(
        5.0,
        "How long the answers of other nodes are waited for; who has not answered then has not.",
        unit="seconds",
        between=(1, 60),
    )
    asked_per_day: int = _option(
        5_000,
        "How many questions one node may put in clear in a day.",
        unit="questions",
        between=(0, 10_000_000),
    )
    blind_per_day: int = _option(
        50_000,
        "How many blinded elements of one node are evaluated in a day: who may ask without end can"
        " try out every number there is.",
        unit="elements",
        between=(0, 10_000_000),
    )
    blind_least: int = _option(
        50,
        "A list of fewer records is not offered to be asked blind (PR-44).",
        unit="records",
        between=(10, 1_000_000),
    )
    blind_step: int = _option(
        1_024,
        "Tag lists are filled up with tags of nobody to a multiple of so many, so that their length"
        " tells little.",
        unit="tags",
        between=(16, 1_000_000),
    )
    blind_days: int = _option(
        7, "A blind list is made anew under another key after so long.", unit="days", between=(1, 7)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a record may hold."""

    max_attachment_bytes: int = _option(
        2_000_000,
        "The largest photo or file of a record; over HTTP, `serving.max_body_bytes` holds too.",
        unit="bytes",
        between=(1_000, 100_000_000),
    )
    max_attachments: int = _option(
        50, "How many photos and files one record may have.", unit="files", between=(1, 1_000)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """How this node runs: where its data are, and how much of the machine it takes."""

    data_folder: Path | None = _option(
        None,
        "Where everything is kept that the node holds [`/var/lib/didban` for root, else "
        "`~/.local/share/didban`]. On an encrypted disk.",
    )
    system_user: str = _option(
        "didban", "As whom the database runs when the node is started by root."
    )
    postgres_options: tuple[str, ...] = _option(
        (), "Settings of the node's own PostgreSQL, as `name=value`; a larger machine wants more."
    )
    host: str = _option(
        "127.0.0.1", "The address to listen on; a proxy with TLS stands before any other."
    )
    port: int = _option(8800, "Where to listen.", unit="port", between=(0, 65_535))
    workers: int = _option(
        1,
        "Processes that answer; with one, it also does the duties. One for each core at most.",
        unit="processes",
        between=(1, 256),
    )
    connections: int = _option(
        8, "Connections to the database of each process.", unit="connections", between=(2, 200)
    )
    statement_seconds: float = _option(
        60.0,
        "A statement of the database that takes longer is given up; 0 waits for ever.",
        unit="seconds",
        between=(0, 86_400),
    )
    tls_certificate: Path | None = _option(
        None,
        "The certificate of this node's own listener, PEM, with those between; without it a proxy "
        "with TLS stands before any address but the loopback.",
    )
    tls_key: Path | None = _option(None, "The private key of that certificate, for us alone.")
    stop_seconds: int = _option(
        10,
        "How long answers under way may take when the node stops.",
        unit="seconds",
        between=(0, 600),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The longest that each kind of data is kept (PR-30). A charter may shorten it."""

    person_years: int = _option(
        5, "What is said of persons and organisations.", unit="years", between=(1, 5)
    )
    discreet_check_years: int = _option(
        1, "Alerts that ask for a discreet check.", unit="years", between=(1, 1)
    )
    object_years: int = _option(
        10, "What is said of documents, vehicles and other objects.", unit="years", between=(1, 10)
    )
    search_days: int = _option(
        365, "The content of searches and checks.", unit="days", between=(1, 365)
    )
    passenger_mask_hours: int = _option(
        24,
        "Passengers without a hit are masked after so long (PR-35).",
        unit="hours",
        between=(1, 24),
    )
    passenger_list_days: int = _option(
        180, "A passenger list is erased after so long.", unit="days", between=(1, 183)
    )
    signal_days: int = _option(
        180, "Signals to the data-protection officer.", unit="days", between=(1, 183)
    )
    withdrawn_days: int = _option(
        365, "What is not listed any more is erased after so long.", unit="days", between=(0, 3650)
    )
    warning_days: int = _option(
        120, "How long before the end its owner is warned (PR-32).", unit="days", between=(120, 366)
    )
    justify_days: int = _option(
        15,
        "How long it may take to delete or justify a record whose purpose is achieved (PR-33).",
        unit="days",
        between=(1, 15),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Devices that check without a link. The limits are signed into every package."""

    soft_limit_hours: float = _option(
        24.0,
        "From this age on a device says so before every answer, and asks no more than to contact "
        "the owner.",
        unit="hours",
        between=(0.001, 24 * 90),
    )
    hard_limit_hours: float = _option(
        168.0,
        "From this age on a device answers UNKNOWN, whatever is asked (PR-43).",
        unit="hours",
        between=(0.001, 24 * 90),
    )
    receipt_hours: int = _option(
        72,
        "A deletion that a device has not confirmed is overdue after so long (PR-34).",
        unit="hours",
        between=(1, 24 * 90),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The wire between nodes."""

    poll_seconds: int = _option(
        25,
        "How long another node's question for something new waits here; less where a proxy in "
        "between gives up sooner.",
        unit="seconds",
        between=(0, 300),
    )
    batch_entries: int = _option(
        500, "The most entries in one answer.", unit="entries", between=(1, 5_000)
    )
    batch_bytes: int = _option(
        4_000_000,
        "The most bytes of entries in one answer; one entry always fits.",
        unit="bytes",
        between=(1_000, 64_000_000),
    )
    longest_wait_seconds: float = _option(
        60.0,
        "The longest wait before a node that does not answer is tried again; it begins at 0.2 s, "
        "doubles, and ends when that node calls.",
        unit="seconds",
        between=(0.2, 3_600),
    )
    connect_seconds: float = _option(
        5.0, "How long a connection may take.", unit="seconds", between=(0.1, 60)
    )
    answer_seconds: float = _option(
        15.0, "How long an answer may take.", unit="seconds", between=(0.1, 300)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How records are shared with other nodes, and how long copies may be kept unrenewed."""

    urgent_lease_days: int = _option(
        30,
        "Lease of documents, other objects and alerts: what nobody renews is gone by then.",
        unit="days",
        between=(1, 400),
    )
    profile_lease_days: int = _option(
        365, "Lease of what is said of persons without an alert.", unit="days", between=(1, 400)
    )
    receipt_hours: int = _option(
        72,
        "After so long without a receipt for a withdrawal the operator is told (4.1).",
        unit="hours",
        between=(1, 720),
    )
    inventory_hours: int = _option(
        24,
        "How often readers are told what is live, so that drift is found.",
        unit="hours",
        between=(1, 168),
    )
    highest_classification: int = _option(
        1,
        "The highest classification that leaves: 0 official use, 1 restricted, 2 confidential.",
        between=(0, 2),
    )
    tells_reviews: bool = _option(
        default=False,
        why="Whether owners learn that their alerts were accepted or refused here (PR-52); by "
        "default they learn nothing.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole tree. `load` builds it; tests may build it by hand."""

    purpose: str | None = _option(
        None, "The purpose code of checks that name none, where a post has only one."
    )
    reference: str | None = _option(None, "The case or post that checks belong to.")
    require_reference: bool = _option(
        default=False, why="Refuse checks without a reference too, as most charters do (PR-01)."
    )
    snapshot: Path | None = _option(None, "The snapshot that checks use when none is named.")
    check_log: Path | None = _option(
        None, "Where the check log is kept, if not beside the snapshot (read-only media)."
    )
    database_url: str | None = _option(
        None, "An existing PostgreSQL 17 or newer to use instead of the node's own."
    )
    staleness: Staleness = Staleness()
    screening: Screening = Screening()
    serving: Serving = Serving()
    charter: Charter = Charter()
    access: Access = Access()
    casework: Casework = Casework()
    devices: Devices = Devices()
    exchange: Exchange = Exchange()
    messages: Messages = Messages()
    notices: Notices = Notices()
    notify: Notify = Notify()
    records: Records = Records()
    rights: Rights = Rights()
    node: Node = Node()
    questions: Questions = Questions()
    retention: Retention = Retention()
    sharing: Sharing = Sharing()
