"""Every page that somebody can reach by links, and what it takes to make it: no browser.

The pages are made in this process, from the bank of a node that runs: so the statements of each can
be counted.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import httpx
from sqlalchemy import Engine, event

from didban import settings
from didban.cli.demo import sitting
from didban.cli.desk.client import Session
from didban.node import exchange
from didban.node import parts as building
from didban.screening.live import LiveIndex
from didban.serving.services import Services
from didban.web import app as web
from didban.web.desk import PREFIX, SESSION
from didban.web.look import COOKIE, Look
from didban.web.rendering import STATIC
from tools.touring import view_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.types import ASGIApp

    from didban.cli.demo.bureau import Bureau

START: Final = f"{PREFIX}/mine"
_HTML: Final = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A page as somebody was answered.

    - `linked_from`: the page that led there; `login`: who looked.
    - `statements`, `seconds`: what the answer took at the node.
    - `packed`: bytes of the page, compressed; `assets`: addresses of what it loads.
    """

    view: str
    address: str
    linked_from: str
    login: str
    status: int
    statements: int
    seconds: float
    packed: int
    assets: frozenset[str]


def walk(bureau: Bureau, look: Look, *, of_each: int) -> Iterator[Visit]:
    """Yield what everybody of a bureau is answered, each kind of page at most `of_each` times."""
    with pages_of(bureau) as app:
        for person in sitting.people_of(bureau.code):
            secret = Session.kept(bureau.folder / f"{person.login}.session").secret
            cookies = {SESSION: secret, COOKIE: look.to_cookie()}
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url=bureau.address, cookies=cookies
            )
            yield from _walked(client, person.login, of_each)


@contextmanager
def pages_of(bureau: Bureau) -> Iterator[ASGIApp]:
    """Give the pages of a node that runs, made in this process."""
    given = settings.load(bureau.folder / "didban.toml")
    folder = bureau.folder / str(given.node.data_folder)
    node = replace(given.node, data_folder=folder)
    parts, _ = building.opened(building.build(replace(given, node=node)))
    try:
        with LiveIndex.open(parts.database, parts.places.index, follow=False) as index:
            services = Services(
                database=parts.database,
                settings=parts.settings,
                secrets=parts.secrets,
                index=index,
                exchange=exchange.join(parts, index).exchange,
            )
            yield web.create(services)
    finally:
        parts.close()


def _walked(client: httpx.AsyncClient, login: str, of_each: int) -> Iterator[Visit]:
    counts: dict[str, int] = {}
    waiting, known = [(START, "")], {START}
    while waiting:
        address, linked_from = waiting.pop(0)
        view = view_of(address)
        if view is None or counts.get(view, 0) >= of_each:
            continue
        counts[view] = counts.get(view, 0) + 1
        with _counted() as statements:
            begun = time.perf_counter()
            answer = asyncio.run(client.get(address))
            seconds = time.perf_counter() - begun
        is_page = answer.headers.get("content-type", "").startswith(_HTML)
        seen = _Links(address, answer.text if is_page else "")
        yield Visit(
            view=view,
            address=address,
            linked_from=linked_from,
            login=login,
            status=answer.status_code,
            statements=len(statements),
            seconds=seconds,
            packed=len(gzip.compress(answer.content)) if is_page else 0,
            assets=frozenset(seen.assets),
        )
        for target in [*seen.links, answer.headers.get("location", "")]:
            if target.startswith(f"{PREFIX}/") and target not in known:
                known.add(target)
                waiting.append((target, address))


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Note the statements that are sent to a database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class _Links(HTMLParser):
    """Where a page leads, and what it loads. A form that asks leads somewhere, too."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.assets: list[str] = []
        self._address = address
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(self._path(given["href"]))
        elif tag == "form" and given.get("method", "get").lower() == "get":
            self.links.append(self._path(given.get("action", "")))
        elif tag in {"script", "img"} and "src" in given:
            self.assets.append(given["src"])
        elif tag == "link" and given.get("rel") == "stylesheet":
            self.assets.append(given["href"])

    def _path(self, link: str) -> str:
        target = urlsplit(urljoin(self._address, link))
        return target.path + (f"?{target.query}" if target.query else "")


def shared(visited: Iterable[Visit]) -> frozenset[str]:
    """Return what every page loads: a browser has it after the first one."""
    return frozenset.intersection(*(visit.assets for visit in visited if visit.assets))


def weight(visit: Visit, kept: frozenset[str]) -> int:
    """Return the bytes of a page with what it loads, compressed; a browser has what it has `kept`."""
    return visit.packed + sum(_packed(address) for address in visit.assets - kept)


@cache
def _packed(address: str) -> int:
    path = urlsplit(address).path.removeprefix(f"{PREFIX}/static/")
    return len(gzip.compress((STATIC / path).read_bytes()))
