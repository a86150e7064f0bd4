# ruff: noqa: RUF009 - `option` is `dataclasses.field` with our metadata
"""Every setting: type, default, unit, bounds, and the reason to change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - `get_type_hints` reads it

from didban.settings.between_nodes import (
    Devices,
    Exchange,
    Messages,
    Notices,
    Questions,
    Sharing,
)
from didban.settings.options import MAX_HOURS, option


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """How old a snapshot may be, counted from the moment it was built."""

    warn_after_hours: float = option(
        168.0,
        "Answers from older data say so. Lower it where lists change daily.",
        unit="hours",
        between=(0, MAX_HOURS),
    )
    unknown_after_hours: float = option(
        720.0,
        "Older data may no longer say that nothing was found: the answer is UNKNOWN (PR-43).",
        unit="hours",
        between=(0, MAX_HOURS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """How checks and whole lists are screened unless an option says otherwise."""

    mode: str = option("balanced", "Operating mode: `border`, `balanced` or `thorough`.")
    limit: int = option(
        5, "The most results that one query may have.", unit="results", between=(1, 500)
    )
    workers: int = option(
        0,
        "Processes of `didban screen`; 0 means one for each core.",
        unit="processes",
        between=(0, 256),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The HTTP interface of `didban serve`."""

    port: int = option(
        8000, "Where to listen on the loopback address.", unit="port", between=(0, 65_535)
    )
    hosts: tuple[str, ...] = option(
        (), "Further names in the `Host` header that are answered, for a proxy in front."
    )
    origins: tuple[str, ...] = option(
        (), "Web origins whose pages may query this machine (CORS), `*` for all; none unless named."
    )
    max_queries: int = option(
        100, "The most queries in one request.", unit="queries", between=(1, 100_000)
    )
    max_limit: int = option(
        500, "The highest `limit` that a request may ask.", unit="results", between=(1, 10_000)
    )
    max_body_bytes: int = option(
        8_000_000, "The largest request body.", unit="bytes", between=(1, 1_000_000_000)
    )
    workers: int = option(
        1,
        "Processes of `didban serve` that answer on one port and share one snapshot; 0 means one for "
        "each core.",
        unit="processes",
        between=(0, 256),
    )
    update_token_file: Path | None = option(
        None, "A file with the token for `POST /updatez`; without one, nobody may."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The pages on which officers work."""

    time_zone: str = option(
        "UTC", "The time zone in which pages show times, by its IANA name; the zone stands beside."
    )
    contact: str = option(
        "", "Whom the first line calls about a match, as the answer to a check says it."
    )
    map_file: Path | None = option(
        None,
        "The land on which places are marked: TopoJSON, or GeoJSON in longitude and latitude. "
        "Without one, the world of Natural Earth at 1:110 million.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Casework:
    """The deadlines in the life of a hit, and what a decision needs (state-machines 4.2)."""

    urgent_reply_minutes: float = option(
        10.0, "An urgent question gets a reply, or a time.", unit="minutes", between=(0.01, 1440)
    )
    routine_reply_minutes: float = option(
        60.0, "A routine question gets a reply, or a time.", unit="minutes", between=(0.01, 10_080)
    )
    rounds: int = option(
        3, "How often an owner is asked before its superiors are.", unit="times", between=(1, 9)
    )
    longest_wait_hours: float = option(
        12.0, "How far ahead the time may lie that an owner names.", unit="hours", between=(0, 720)
    )
    supplementary_hours: float = option(
        12.0, "Supplementary information is supplied.", unit="hours", between=(0.01, 720)
    )
    hold_warning_hours: float = option(
        2.0, "A warning that a person is still held unconfirmed.", unit="hours", between=(0.01, 720)
    )
    hold_limit_hours: float = option(
        24.0,
        "The longest that national law lets a person be held unconfirmed; then the hit is let go.",
        unit="hours",
        between=(0.01, 720),
    )
    feedback_hours: float = option(
        72.0, "The owner is told what was done.", unit="hours", between=(0.01, 8_784)
    )
    final_outcome_days: float = option(
        30.0, "The final outcome is recorded.", unit="days", between=(0.01, 366)
    )
    reminder_days: float = option(
        30.0, "A reminder while the final outcome is missing.", unit="days", between=(0.01, 366)
    )
    dismissed_days: float = option(
        90.0, "How long a dismissed match keeps its content.", unit="days", between=(0.01, 1_827)
    )
    closed_days: float = option(
        1_826.0, "How long a closed hit keeps its content.", unit="days", between=(0.01, 1_827)
    )
    withheld_delay_hours: float = option(
        48.0,
        "A question that must not tell when the person was met leaves at a moment drawn from so"
        " long a time (PR-53).",
        unit="hours",
        between=(0, 720),
    )
    dwell_seconds: float = option(
        20.0,
        "How long whoever decides has had the hit open (PR-26).",
        unit="seconds",
        between=(0, 3_600),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """How duty officers are told of deadlines: by e-mail or webhook, without personal content."""

    link_base: str = option("", "Address of this node's pages, which a notification links to.")
    sender: str = option("didban@localhost", "From whom the e-mails are.")
    smtp_host: str = option("", "The mail server; without one no e-mail is sent.")
    smtp_port: int = option(587, "Its port.", unit="port", between=(1, 65_535))
    smtp_security: str = option("starttls", "`starttls`, `tls` from the start, or `none`.")
    smtp_user: str = option("", "Whom to sign in as at the mail server, if it asks.")
    smtp_password_file: Path | None = option(None, "The file with the password, for us alone.")
    timeout_seconds: float = option(
        10.0, "How long each step of a delivery may take.", unit="seconds", between=(0.1, 60)
    )
    attempts: int = option(
        12, "How often a delivery is tried, ever more slowly.", unit="times", between=(1, 100)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What the charter of the network says about who and what belongs in it."""

    is_training: bool = option(
        default=False,
        why="A training node accepts specimen codes (`xaa` to `xzz`, `uto`) and nothing else; "
        "any other node refuses them (PR-51).",
    )
    admits_military: bool = option(
        default=False, why="Whether the charter says that military authorities may join (PR-56)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How people and devices sign in, and how much they may ask."""

    password_length: int = option(
        12, "The least length of a password.", unit="characters", between=(12, 128)
    )
    hash_memory_mib: int = option(
        64, "Memory of one argon2id hash; raise it with the machine.", unit="MiB", between=(1, 4096)
    )
    hash_rounds: int = option(
        3, "Passes of one argon2id hash over its memory.", unit="passes", between=(1, 100)
    )
    failures_allowed: int = option(
        5,
        "Failed sign-ins of one account before it must wait; from one source ten times as many.",
        unit="failures",
        between=(1, 1000),
    )
    longest_wait_minutes: float = option(
        15.0,
        "The longest wait after failed sign-ins; it begins at one second and doubles.",
        unit="minutes",
        between=(0, 24 * 60),
    )
    idle_minutes: int = option(
        30, "A session without a request ends.", unit="minutes", between=(1, 24 * 60)
    )
    session_hours: int = option(
        12, "A session ends, whatever happens: a shift.", unit="hours", between=(1, 72)
    )
    enrolment_hours: int = option(
        72, "How long a new user may take to enrol.", unit="hours", between=(1, 24 * 30)
    )
    token_days: int = option(
        365, "The longest life of a device token.", unit="days", between=(1, 3650)
    )
    searches_per_minute: int = option(
        50,
        "Person searches of one user in a minute; one more is refused, and the data-protection "
        "officer is told (PR-04).",
        unit="searches",
        between=(1, 100_000),
    )
    device_searches_per_minute: int = option(
        1000,
        "The same for one device: a gate, or a program that asks for many at once.",
        unit="searches",
        between=(1, 1_000_000),
    )
    results_per_day: int = option(
        2000,
        "Records that one user may be shown in 24 hours (PR-04).",
        unit="records",
        between=(1, 10_000_000),
    )
    lookups_of_one_person: int = option(
        5,
        "Searches of one user for the same person in 30 days without a hit before the "
        "data-protection officer is told (PR-05).",
        unit="searches",
        between=(1, 1000),
    )
    secret_command: tuple[str, ...] = option(
        (), "A command that prints the secret whose name it is given, for a secret store."
    )
    oidc_issuer: str | None = option(
        None, "The OpenID provider whose identity tokens are accepted at sign-in, if any."
    )
    oidc_audience: str | None = option(None, "The client identifier of this node there.")
    oidc_keys: str | None = option(
        None, "Where its public keys are: a file, or an `https` address (JWKS)."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The audit log, the rights of persons, and what owners learn of the use of their records."""

    checkpoint_minutes: float = option(
        10.0,
        "How often the audit log is signed, if anything was added. More often shows others when"
        " little is done.",
        unit="minutes",
        between=(0.1, 1_440),
    )
    source_days: int = option(
        30, "How long an owner has to say what it holds on a person.", unit="days", between=(1, 120)
    )
    neutral_days: int = option(
        60,
        "When an answer that neither confirms nor denies leaves, counted from the request; the same"
        " for all, so that its moment tells nothing (PR-46). More than `source_days`.",
        unit="days",
        between=(1, 120),
    )
    kept_days: int = option(
        365,
        "How long it is kept who asked, after a request was closed.",
        unit="days",
        between=(30, 1_830),
    )
    use_delay_days: int = option(
        30,
        "How old the youngest use of person records is that an owner is told of (PR-53).",
        unit="days",
        between=(7, 366),
    )
    use_least: int = option(
        10,
        "The least number of person records used that is told; fewer are told as none (PR-53).",
        unit="records",
        between=(2, 1_000),
    )
    divergence: float = option(
        2.0,
        "By which factor the rates of one owner, nationality or script may differ from all others"
        " before it is a signal (PR-49).",
        unit="times",
        between=(1.1, 100),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a record may hold."""

    max_attachment_bytes: int = option(
        2_000_000,
        "The largest photo or file of a record; over HTTP, `serving.max_body_bytes` holds too.",
        unit="bytes",
        between=(1_000, 100_000_000),
    )
    max_attachments: int = option(
        50, "How many photos and files one record may have.", unit="files", between=(1, 1_000)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """How this node runs: where its data are, and how much of the machine it takes."""

    data_folder: Path | None = option(
        None,
        "Where everything is kept that the node holds [`/var/lib/didban` for root, else "
        "`~/.local/share/didban`]. On an encrypted disk.",
    )
    system_user: str = option(
        "didban", "As whom the database runs when the node is started by root."
    )
    postgres_options: tuple[str, ...] = option(
        (), "Settings of the node's own PostgreSQL, as `name=value`; a larger machine wants more."
    )
    host: str = option(
        "127.0.0.1", "The address to listen on; a proxy with TLS stands before any other."
    )
    port: int = option(8800, "Where to listen.", unit="port", between=(0, 65_535))
    workers: int = option(
        1,
        "Processes that answer; with one, it also does the duties. One for each core at most.",
        unit="processes",
        between=(1, 256),
    )
    connections: int = option(
        8, "Connections to the database of each process.", unit="connections", between=(2, 200)
    )
    statement_seconds: float = option(
        60.0,
        "A statement of the database that takes longer is given up; 0 waits for ever.",
        unit="seconds",
        between=(0, 86_400),
    )
    tls_certificate_file: Path | None = option(
        None,
        "The certificate of this node's own listener, PEM, with those between; without it a proxy "
        "with TLS stands before any address but the loopback.",
    )
    tls_key_file: Path | None = option(None, "The private key of that certificate, for us alone.")
    stop_seconds: int = option(
        10,
        "How long answers under way may take when the node stops.",
        unit="seconds",
        between=(0, 600),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The longest that each kind of data is kept (PR-30). A charter may shorten it."""

    person_years: int = option(
        5, "What is said of persons and organisations.", unit="years", between=(1, 5)
    )
    discreet_check_years: int = option(
        1, "Alerts that ask for a discreet check.", unit="years", between=(1, 1)
    )
    object_years: int = option(
        10, "What is said of documents, vehicles and other objects.", unit="years", between=(1, 10)
    )
    search_days: int = option(
        365, "The content of searches and checks.", unit="days", between=(1, 365)
    )
    passenger_mask_hours: int = option(
        24,
        "Passengers without a hit are masked after so long (PR-35).",
        unit="hours",
        between=(1, 24),
    )
    passenger_list_days: int = option(
        180, "A passenger list is erased after so long.", unit="days", between=(1, 183)
    )
    signal_days: int = option(
        180, "Signals to the data-protection officer.", unit="days", between=(1, 183)
    )
    withdrawn_days: int = option(
        365, "What is not listed any more is erased after so long.", unit="days", between=(0, 3650)
    )
    warning_days: int = option(
        120, "How long before the end its owner is warned (PR-32).", unit="days", between=(120, 366)
    )
    justify_days: int = option(
        15,
        "How long it may take to delete or justify a record whose purpose is achieved (PR-33).",
        unit="days",
        between=(1, 15),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole tree. `load` builds it; tests may build it by hand."""

    purpose: str | None = option(
        None, "The purpose code of checks that name none, where a post has only one."
    )
    reference: str | None = option(None, "The case or post that checks belong to.")
    require_reference: bool = option(
        default=False, why="Refuse checks without a reference too, as most charters do (PR-01)."
    )
    snapshot: Path | None = option(None, "The snapshot that checks use when none is named.")
    check_log: Path | None = option(
        None, "Where the check log is kept, if not beside the snapshot (read-only media)."
    )
    database_url: str | None = option(
        None, "An existing PostgreSQL 17 or newer to use instead of the node's own."
    )
    staleness: Staleness = Staleness()
    screening: Screening = Screening()
    serving: Serving = Serving()
    charter: Charter = Charter()
    access: Access = Access()
    casework: Casework = Casework()
    desk: Desk = Desk()
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
