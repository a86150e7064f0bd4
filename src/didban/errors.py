"""Every error that Didban raises on purpose: one tree, one stable code each.

A message says what is wrong, where, and how to mend it. It never holds an HTTP status (that belongs
to `api`) and never the content of a check or of a record (that would put personal data in logs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_QUOTED: Final = 60  # characters of a word of ours that was mistyped, as a message repeats it


class DidbanError(Exception):
    """The root of the tree. `code` is stable and may be used by programs."""

    code: ClassVar[str] = "error"


class InvalidInput(DidbanError):
    """The caller sent something malformed; the caller must mend it."""

    code = "invalid_input"


class InvalidFile(InvalidInput):
    """A file is not what it claims to be, and is refused whole."""

    code = "invalid_file"


class InvalidFields(InvalidInput):
    """Several parts of what was sent cannot stand; all are named at once.

    - `faults`: JSON pointer of each part (RFC 6901) and what is wrong there, never what it holds.
    """

    code = "invalid_fields"

    def __init__(self, message: str, faults: tuple[tuple[str, str], ...]) -> None:
        super().__init__(message)
        self.faults = faults


class PurposeMissing(InvalidInput):
    """A check was asked for without a purpose (rule: purpose on every search)."""

    code = "purpose_missing"


class NotPermitted(DidbanError):
    """The access decision said no. `reasons` are stable words, one for each rule that refused."""

    code = "not_permitted"

    def __init__(self, message: str, *reasons: str) -> None:
        super().__init__(message)
        self.reasons = reasons


class NotAuthenticated(DidbanError):
    """Who asks is not known: no credentials, wrong ones, or ones that ended. Never says which."""

    code = "not_authenticated"


class Conflict(DidbanError):
    """What was asked for does not fit the present state; look at it again and ask anew."""

    code = "conflict"


class LimitReached(DidbanError):
    """More was asked than the limits of this user allow.

    `retry_after` is in seconds; `limit` names the limit, where somebody is to be told of it.
    """

    code = "limit_reached"

    def __init__(self, message: str, retry_after: float, limit: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.limit = limit


class NotFound(DidbanError):
    """What was asked for by its identifier is not here."""

    code = "not_found"


class IntegrityFailure(DidbanError):
    """Our own file does not verify: a snapshot or log is damaged. Stop and call the administrator."""

    code = "integrity_failure"


class Unavailable(DidbanError):
    """Something that we depend on (a disk, a port, a worker process) failed; trying again may help."""

    code = "unavailable"


class SnapshotExpired(DidbanError):
    """The snapshot is older than its hard limit, so "nothing found" may not be said."""

    code = "snapshot_expired"


class ConfigError(DidbanError):
    """A setting is wrong. `path` is its dotted name."""

    code = "config_error"

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"setting '{path}': {message}")
        self.path = path


class PeerFault(DidbanError):
    """What another node sent is wrong or hostile. It changes nothing here; the evidence is kept.

    - `signed`: the envelopes that show it, where any do.
    """

    code = "peer_fault"

    def __init__(self, message: str, *signed: object) -> None:
        super().__init__(message)
        self.signed = signed


class UnknownPeer(PeerFault):
    """Who sent it is not pinned here, or not any more. It is told nothing."""

    code = "unknown_peer"


class BadSignature(PeerFault):
    """The signature, or the key that it names, does not hold for who sent it at that time."""

    code = "bad_signature"


class UnknownKey(BadSignature):
    """No descriptor of the node that we hold has the key that signed: ask for its newest one."""

    code = "unknown_key"


class Expired(PeerFault):
    """A key or a descriptor ran out. What it signed waits until the node that signed renews it."""

    code = "expired"


class Malformed(PeerFault):
    """The bytes are not of the form that the protocol lays down."""

    code = "malformed"


class Replayed(PeerFault):
    """It was sent before, or its time is too far from ours."""

    code = "replayed"


class Forked(PeerFault):
    """Two signed entries of one place differ, or a feed went back behind what we hold of it."""

    code = "forked"


class HandlingRefused(PeerFault):
    """The owner's or our own handling rules bar what was sent, or what was asked."""

    code = "handling_refused"


class PeerRefused(PeerFault):
    """Another node did not do what we asked of it.

    `reason` is the code of its error; `retry_after` is in seconds, where it said so.
    """

    code = "peer_refused"

    def __init__(self, message: str, reason: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after


def quoted(text: str) -> str:
    """Return a mistyped word of ours in quotation marks, cut to `MAX_QUOTED` characters.

    Characters that steer a terminal or cannot be written are shown by their numbers. For the names
    of modes, purposes and schemata; what was asked about people is never repeated.
    """
    return repr(text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…")


def nearest(text: str, known: Iterable[str]) -> str:
    """Return what ends a message about a mistyped word of ours: which known one may be meant.

    Empty where none is near. Capitals do not matter.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    by_lower = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(text[:MAX_QUOTED].lower(), by_lower, n=1)
    return f"; did you mean '{by_lower[found[0]]}'?" if found else ""
