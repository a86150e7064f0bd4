"""The header of an envelope: what is signed, and all that whoever passes it on may read.

    header bytes (JSON, sent as they are)   signed by Ed25519 over DSSE's PAE
    body                                    ChaCha20-Poly1305 under a key of its own, which the
                                            header holds once for each recipient (HPKE)

The header binds everything: the recipients, the place in the feed, the hash of the ciphertext and a
salted hash of the plaintext. A body can be erased, and the chain of headers still verifies. It
holds no personal data: record identifiers are opaque.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from didban.errors import Malformed
from didban.model.encoding import b64, from_b64

if TYPE_CHECKING:
    from collections.abc import Callable

_Word = TypeVar("_Word", bound=StrEnum)

VERSION: Final = 1
MAX_HEADER_BYTES: Final = 900_000  # with as many recipients as there may be
MAX_BODY_BYTES: Final = 8_000_000
MAX_RECIPIENTS: Final = 500
MAX_DEPTH: Final = 32  # of arrays and objects within each other
_MAX_TEXT: Final = 200
_LARGEST: Final = 2**53
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.,:;+/=@#*-]+")
MOST_EPOCHS: Final = 2**31 - 1
_MOST_DIGITS: Final = 17
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_SUSPICIOUS: Final = re.compile(r"\\u(0000|[dD][89a-fA-F])")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who can open the body.

    - `key`: identifier of the sealing key in its descriptor; `wrapped`: the content key under it.
    """

    node: str
    key: str
    wrapped: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands in a feed. `prev`: SHA-256 of the header before; 32 zeros at the start.

    `seq` counts from 1, without a gap, through all epochs.
    """

    feed: str
    epoch: int
    seq: int
    prev: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is signed.

    - `sender`: code of the node; `kind`: of `kinds.Kind` or `kinds.Call`, as text: newer nodes may
      know more.
    - `place`: in a feed; None for a call, which has a `nonce` instead (16 bytes).
    - `record`, `rev`: opaque identifier and revision, where it is about one record.
    - `valid_until`: the end of the lease.
    - `ciphertext`, `plaintext`: SHA-256 of the body as sent, and of 16 random bytes with the
      content; both empty where there is no body.
    """

    sender: str
    kind: str
    time: datetime
    place: Place | None = None
    nonce: bytes = b""
    record: str | None = None
    rev: int | None = None
    valid_until: datetime | None = None
    handling: str | None = None
    recipients: tuple[Recipient, ...] = ()
    ciphertext: bytes = b""
    plaintext: bytes = b""

    def to_bytes(self) -> bytes:
        """Return the bytes that are signed and sent."""
        data: dict[str, Any] = {"v": VERSION, "from": self.sender}
        if self.place is not None:
            at = self.place
            data |= {"feed": at.feed, "epoch": at.epoch, "seq": at.seq, "prev": b64(at.prev)}
        data |= {"kind": self.kind, "time": time_text(self.time)}
        if self.nonce:
            data["nonce"] = b64(self.nonce)
        if self.record is not None:
            data["record"] = self.record
        if self.rev is not None:
            data["rev"] = self.rev
        if self.valid_until is not None:
            data["valid_until"] = time_text(self.valid_until)
        if self.handling is not None:
            data["handling"] = self.handling
        data["to"] = [
            {"node": one.node, "key": one.key, "enc": b64(one.wrapped)} for one in self.recipients
        ]
        data |= {"c": b64(self.ciphertext), "p": b64(self.plaintext)}
        return json.dumps(data, separators=(",", ":"), ensure_ascii=True).encode("ascii")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Header:
        """Read a header. Raises Malformed, whatever the bytes are."""
        fields = Fields.of(raw, MAX_HEADER_BYTES)
        if fields.number("v") != VERSION:
            raise Malformed("the envelope is of a version that this node does not speak")
        place = None
        if fields.has("feed"):
            place = Place(
                feed=fields.text("feed"),
                epoch=fields.number("epoch", MOST_EPOCHS),
                seq=fields.number("seq"),
                prev=fields.bytes("prev", 32),
            )
        found = cls(
            sender=fields.text("from"),
            kind=fields.text("kind"),
            time=fields.time("time"),
            place=place,
            nonce=fields.bytes("nonce", 16) if fields.has("nonce") else b"",
            record=fields.text("record") if fields.has("record") else None,
            rev=fields.number("rev") if fields.has("rev") else None,
            valid_until=fields.time("valid_until") if fields.has("valid_until") else None,
            handling=fields.text("handling") if fields.has("handling") else None,
            recipients=tuple(fields.each("to", MAX_RECIPIENTS, _recipient)),
            ciphertext=fields.bytes("c"),
            plaintext=fields.bytes("p"),
        )
        fields.require_all_read()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A header as it was sent, the signature over it, and the body unless it was erased.

    - `key`: identifier of the signing key; only a hint (DSSE).
    """

    header: bytes
    key: str
    signature: bytes
    body: bytes | None = None

    @property
    def hash(self) -> bytes:
        """What the next entry names as the one before."""
        return hashlib.sha256(self.header).digest()

    def to_json(self) -> dict[str, str]:
        """Return it as plain data: one line of a pull's answer or of a courier's file."""
        data = {"header": b64(self.header), "key": self.key, "signature": b64(self.signature)}
        return data if self.body is None else {**data, "body": b64(self.body)}

    @classmethod
    def from_json(cls, data: object) -> Envelope:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        found = cls(
            header=fields.bytes("header"),
            key=fields.text("key"),
            signature=fields.bytes("signature", 64),
            body=fields.bytes("body") if fields.has("body") else None,
        )
        fields.require_all_read()
        if len(found.header) > MAX_HEADER_BYTES or len(found.body or b"") > MAX_BODY_BYTES:
            raise Malformed("the envelope is larger than the protocol allows")
        return found


class Fields:
    """The members of a JSON object that another node sent; each is read once, by its type.

    Every reading raises Malformed, naming the member and never its content.
    """

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise Malformed("expected a JSON object")
        self._left: dict[str, Any] = dict(data)

    @classmethod
    def of(cls, raw: bytes, most: int) -> Fields:
        """Return the members of a JSON object in bytes of a bounded length."""
        return cls(cls.parsed(raw, most))

    @staticmethod
    def parsed(raw: bytes, most: int) -> Any:
        """Parse bytes of a bounded length as clause 2.1 of the protocol bounds JSON.

        Refuses what parsers disagree on, what no database keeps, and what is nested to exhaust us.
        """
        if len(raw) > most:
            raise Malformed(f"more than {most} bytes")
        try:
            text = raw.decode("utf-8")
            _require_shallow(text)
            found = _PARSER.decode(text)
            if _SUSPICIOUS.search(text):
                _require_characters(found)
        except (ValueError, RecursionError) as wrong:
            raise Malformed("not the JSON that the protocol lays down") from wrong
        return found

    def has(self, name: str) -> bool:
        """Return whether a member is there and has not been read."""
        return name in self._left

    def text(self, name: str, most: int = _MAX_TEXT) -> str:
        """Return a text that is not empty."""
        found = self._left.pop(name, None)
        if not isinstance(found, str) or not 0 < len(found) <= most:
            raise Malformed(f"'{name}' is no text of 1 to {most} characters")
        return found

    def identifier(self, name: str, most: int = 64) -> str:
        """Return an identifier or a code: no spaces, so that no sentence or name stands as one."""
        found = self.text(name, most)
        if not _IDENTIFIER.fullmatch(found):
            raise Malformed(f"'{name}' is no identifier")
        return found

    def number(self, name: str, most: int = _LARGEST - 1) -> int:
        """Return a natural number."""
        found = self._left.pop(name, None)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            raise Malformed(f"'{name}' is no natural number of at most {most}")
        return found

    def truth(self, name: str) -> bool:
        """Return true or false."""
        found = self._left.pop(name, None)
        if not isinstance(found, bool):
            raise Malformed(f"'{name}' is neither true nor false")
        return found

    def bytes(self, name: str, length: int | None = None) -> bytes:
        """Return bytes that stand as base64."""
        found = self._left.pop(name, None)
        try:
            raw = from_b64(found) if isinstance(found, str) else None
        except ValueError:
            raw = None
        if raw is None or (length is not None and len(raw) != length):
            raise Malformed(f"'{name}' is not the base64 of the bytes that belong there")
        return raw

    def time(self, name: str) -> datetime:
        """Return a moment, UTC."""
        found = self._left.pop(name, None)
        if not isinstance(found, str) or not _TIME.fullmatch(found):
            raise Malformed(f"'{name}' is no time in UTC")
        try:
            return datetime.fromisoformat(found).astimezone(UTC)
        except ValueError as wrong:
            raise Malformed(f"'{name}' is no time in UTC") from wrong

    def member(self, name: str, of: type[_Word]) -> _Word:
        """Return one of a closed list of words."""
        found = self._left.pop(name, None)
        try:
            return of(found)
        except ValueError as wrong:
            raise Malformed(f"'{name}' is none of the words that belong there") from wrong

    def each(self, name: str, most: int, read: Callable[[Fields], Any]) -> list[Any]:
        """Return a list of objects, each read by a function."""
        found = self._left.pop(name, None)
        if not isinstance(found, list) or len(found) > most:
            raise Malformed(f"'{name}' is no list of at most {most}")
        return [read(Fields(each)) for each in found]

    def raw(self, name: str) -> Any:
        """Return a member as it is, for a reader of its own."""
        return self._left.pop(name, None)

    def require_all_read(self) -> None:
        """Return if nothing is left over: what is not understood is not signed for."""
        if self._left:
            raise Malformed("there are members that the protocol does not know")


def time_text(moment: datetime) -> str:
    """Return a moment as the protocol writes it: UTC, microseconds where there are any."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _recipient(fields: Fields) -> Recipient:
    found = Recipient(node=fields.text("node"), key=fields.text("key"), wrapped=fields.bytes("enc"))
    fields.require_all_read()
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _integer(digits: str) -> int:
    found = int(digits) if len(digits) <= _MOST_DIGITS else _LARGEST
    if abs(found) >= _LARGEST:
        raise ValueError("an integer that others would round")
    return found


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise ValueError("a number that is none")
    return found


_PARSER: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_refuse, parse_int=_integer, parse_float=_finite
)


def _require_shallow(text: str) -> None:
    """Return if arrays and objects are not nested too deeply. Raises ValueError."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _BRACKETS.finditer(text):
        first = token.group()[0]
        depth += (first in "[{") - (first in "]}")
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")


def _require_characters(found: Any) -> None:
    """Return if no text holds what cannot be kept as text. Raises ValueError."""
    if isinstance(found, str):
        found.encode("utf-8")  # half of a surrogate pair cannot
        if "\0" in found:
            raise ValueError("a text with a zero character")
    elif isinstance(found, dict):
        for name, value in found.items():
            _require_characters(name)
            _require_characters(value)
    elif isinstance(found, list):
        for value in found:
            _require_characters(value)
