"""The present text of a list: fetched from its publisher's address, or found in a folder."""

from __future__ import annotations

import glob
import ipaddress
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from didban.errors import InvalidFile, InvalidInput, Unavailable

if TYPE_CHECKING:
    from didban.model.sources import SourceStatus

FOLDER_KINDS: Final = frozenset({"ofac-sdn"})
"""Formats of several files in one folder."""

_UNFINISHED: Final = (".part", ".tmp", ".crdownload", "~")
_MAX_REDIRECTS: Final = 5
_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a fetch may cost: seconds without a byte, seconds in all, bytes."""

    idle_seconds: float = 30.0
    seconds: float = 1_800.0
    max_bytes: int = 4_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was found. `path` is None where the publisher says that nothing changed.

    - `fresh_at`: since when this is known to be the present text: a file's own time, or now.
    """

    path: Path | None
    fresh_at: datetime
    etag: str | None = None
    last_modified: str | None = None


def require_location(location: str, kind: str) -> None:
    """Return if a location can be read: an `https` address, or an absolute path or pattern.

    Plain `http` is for this machine alone. Raises InvalidInput.
    """
    parts = urlsplit(location)
    if parts.scheme in {"https", "http"}:
        if not parts.hostname or parts.username or parts.password:
            raise InvalidInput("write https://host/path, without a user or a password in it")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise InvalidInput("lists are fetched by https, so that nobody can change them")
        if kind in FOLDER_KINDS:
            raise InvalidInput(f"'{kind}' is a folder of several files; name a folder")
    elif not Path(location).is_absolute():
        raise InvalidInput("write an https address, or an absolute path or pattern")


def find(status: SourceStatus, folder: Path, now: datetime, limits: Limits) -> Fetched:
    """Return the present text of a list; `folder` is for what is downloaded.

    Raises Unavailable where it cannot be had now, InvalidFile where it is too large or not there.
    """
    location = status.source.location
    if location.startswith(("http://", "https://")):
        return _download(status, folder, now, limits)
    path = _newest(location, status.source.kind)
    changed = max(file.stat().st_mtime for file in (path.iterdir() if path.is_dir() else [path]))
    return Fetched(path=path, fresh_at=min(now, datetime.fromtimestamp(changed, UTC)))


def _newest(location: str, kind: str) -> Path:
    """Return the newest file of a folder or pattern; a folder, where the format is one."""
    path = Path(location)
    if path.is_dir() and kind in FOLDER_KINDS:
        return path
    found = path.iterdir() if path.is_dir() else map(Path, glob.glob(location))  # noqa: PTH207
    files = [
        file
        for file in found
        if file.is_file() and not file.name.startswith(".") and not file.name.endswith(_UNFINISHED)
    ]
    if not files:
        raise InvalidFile("there is no file at the location of the list")
    return max(files, key=lambda file: (file.stat().st_mtime, file.name))


def _download(status: SourceStatus, folder: Path, now: datetime, limits: Limits) -> Fetched:
    asked = {"If-None-Match": status.etag, "If-Modified-Since": status.last_modified}
    headers = {name: value for name, value in asked.items() if value} | {"User-Agent": "didban"}
    url = httpx.URL(status.source.location)
    try:
        with httpx.Client(timeout=limits.idle_seconds, trust_env=True) as client:
            for _ in range(_MAX_REDIRECTS + 1):
                with client.stream("GET", url, headers=headers) as answer:
                    if not answer.has_redirect_location:
                        return _save(answer, folder, now, limits)
                    url = _next(url, answer, status.source.kind)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unavailable(f"the list cannot be fetched ({type(error).__name__})") from error
    raise Unavailable("the list cannot be fetched (too many redirections)")


def _next(url: httpx.URL, answer: httpx.Response, kind: str) -> httpx.URL:
    """Return where a redirection leads, if that may be read too.

    From elsewhere none leads to plain `http`: a publisher would ask this machine's own services.
    """
    target = url.join(answer.headers["location"])
    elsewhere = "the list cannot be fetched (it moved to where we do not go)"
    try:
        require_location(str(target), kind)
    except InvalidInput as error:
        raise Unavailable(elsewhere) from error
    if target.scheme != url.scheme and target.scheme == "http":
        raise Unavailable(elsewhere)
    return target


def _save(answer: httpx.Response, folder: Path, now: datetime, limits: Limits) -> Fetched:
    told = {name: answer.headers.get(name.replace("_", "-")) for name in ("etag", "last_modified")}
    if answer.status_code == httpx.codes.NOT_MODIFIED:
        return Fetched(path=None, fresh_at=now, **told)
    if answer.status_code != httpx.codes.OK:
        raise Unavailable(f"the list cannot be fetched (status {answer.status_code})")
    path = folder / (_NAME.sub("_", Path(answer.url.path).name)[-100:] or "list")
    started, size = time.monotonic(), 0
    with path.open("wb") as file:
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > limits.max_bytes:
                raise InvalidFile(f"the list is larger than {limits.max_bytes:,} bytes")
            if time.monotonic() - started > limits.seconds:
                raise Unavailable(f"the list did not arrive in {limits.seconds:g} seconds")
            file.write(chunk)
    return Fetched(path=path, fresh_at=now, **told)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
