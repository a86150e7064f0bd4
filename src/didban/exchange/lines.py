"""Calls over HTTP: one connection to each node, kept open; nothing is believed because of it.

An endpoint is `https`, by the certificate that the node's descriptor pins or else by the public
authorities; plain `http` is for the loopback alone. Redirections are not followed.
"""

from __future__ import annotations

import ipaddress
import ssl
import threading
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from didban import clock
from didban.errors import InvalidInput, PeerFault, Unavailable

if TYPE_CHECKING:
    from didban.model.exchange.descriptors import Descriptor
    from didban.model.exchange.kinds import Call

PATH: Final = "/x/v1/"
MEDIA_TYPE: Final = "application/vnd.didban.envelope+jsonl"


class Unanswered(Unavailable, PeerFault):
    """A node did not answer: it is away, or does not know us, or not any more.

    - `is_reached`: there was somebody, who did not want to answer.
    - `skew_seconds`: by how much its clock seems to be ahead; nobody vouches for that.
    """

    code = "unanswered"

    def __init__(
        self, message: str, *, is_reached: bool = False, skew_seconds: float | None = None
    ) -> None:
        super().__init__(message)
        self.is_reached = is_reached
        self.skew_seconds = skew_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait: to be connected, and for the next bytes of an answer (seconds)."""

    connect: float = 5.0
    read: float = 15.0


def require_endpoint(url: str) -> None:
    """Return if a node can be called there. Raises InvalidInput."""
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
        raise InvalidInput("an endpoint is https://host[:port], without a user or a password")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise InvalidInput("plain http is for this machine alone: other nodes are called by https")


class Lines:
    """The connections of one process to other nodes. Safe for several threads."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str], httpx.Client] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    def post(
        self, to: Descriptor, call: Call, raw: bytes, *, most: int, patience: Patience
    ) -> bytes:
        """Send a call to the first endpoint that answers; return what came back, `most` bytes.

        Raises Unanswered.
        """
        problem = Unanswered("the node names no endpoint")
        for endpoint in to.endpoints:
            try:
                require_endpoint(endpoint)
                client = self._client(endpoint, to.certificate)
                url = endpoint.rstrip("/") + PATH + call
                return self._post(client, url, raw, most, patience)
            except Unanswered as unanswered:
                problem = unanswered
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ssl.SSLError) as error:
                problem = Unanswered(f"the node cannot be reached ({type(error).__name__})")
            except InvalidInput as wrong:
                problem = Unanswered(str(wrong))
        raise problem

    def close(self) -> None:
        """Close every connection for good; calls under way fail, and later ones are not made."""
        with self._lock:
            self._is_closed = True
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _client(self, endpoint: str, certificate: str) -> httpx.Client:
        with self._lock:
            if self._is_closed:
                raise Unanswered("this process is hanging up")
            key = (endpoint, certificate)
            if key not in self._clients:
                context = ssl.create_default_context(cadata=certificate or None)
                context.minimum_version = ssl.TLSVersion.TLSv1_3
                is_here = _is_loopback(urlsplit(endpoint).hostname or "")
                # What the machine says of proxies holds for the world, and not for itself.
                self._clients[key] = httpx.Client(verify=context, trust_env=not is_here)
            return self._clients[key]

    def _post(
        self, client: httpx.Client, url: str, raw: bytes, most: int, patience: Patience
    ) -> bytes:
        timeout = httpx.Timeout(patience.read, connect=patience.connect)
        headers = {"Content-Type": MEDIA_TYPE, "User-Agent": "didban"}
        with client.stream("POST", url, content=raw, headers=headers, timeout=timeout) as answer:
            try:
                return _body_of(answer, most)
            finally:
                # One that was being made while we closed is not among those that were closed.
                if self._is_closed:
                    answer.extensions["network_stream"].close()


def _body_of(answer: httpx.Response, most: int) -> bytes:
    """Return what was answered, `most` bytes. Raises Unanswered where it is none, or longer."""
    if answer.status_code != httpx.codes.OK:
        skew = _skew_of(answer.headers.get("date"))
        why = f"the node answered with status {answer.status_code}"
        raise Unanswered(why, is_reached=True, skew_seconds=skew)
    found, size = [], 0
    for chunk in answer.iter_bytes():
        size += len(chunk)
        if size > most:
            raise Unanswered("the answer is longer than the protocol allows")
        found.append(chunk)
    return b"".join(found)


def _skew_of(date: str | None) -> float | None:
    """Return by how much the clock of who answered seems to be ahead, in seconds."""
    try:
        return (parsedate_to_datetime(date or "") - clock.now()).total_seconds()
    except (TypeError, ValueError):
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
