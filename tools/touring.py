"""A walk through every screen that somebody can reach, in a real browser.

It starts at the desk and follows links; of each kind of page it sees a few, not all.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright
from starlette.routing import compile_path

from didban.cli.demo import sitting
from didban.web.app import views
from didban.web.desk import PREFIX, SESSION
from didban.web.look import COOKIE, Look

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from didban.cli.demo.bureau import Bureau

WIDE: Final = (1280, 900)
NARROW: Final = (390, 844)
_PATIENCE: Final = 120_000  # milliseconds: on a busy machine a page takes its time
_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A page that was reached: `room.function`, and the page in the browser."""

    view: str
    page: Page


@contextmanager
def office(folder: Path) -> Iterator[dict[str, Bureau]]:
    """Tell the story of three nodes in a folder, unless it was, and run its desks meanwhile."""
    didban = [sys.executable, "-m", "didban", "demo"]
    if not (folder / "arvand").exists():
        told = [*didban, "--story", "network", "--keep", str(folder)]
        done = subprocess.run(told, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(done.stdout[-3000:] + done.stderr)
    sitting_down = subprocess.Popen(  # noqa: S603 - our own command
        [*didban, "--sit", str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with sitting_down:
        assert sitting_down.stdin and sitting_down.stdout  # noqa: S101, PT018 - as was asked for
        if not any("The desks are open" in line for line in sitting_down.stdout):
            raise RuntimeError("the desks did not open")
        try:
            yield sitting.kept(folder)
        finally:
            sitting_down.stdin.close()
            sitting_down.stdout.read()


@contextmanager
def browser() -> Iterator[Browser]:
    """Run the Chromium of this machine, without its sandbox where root has none."""
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=flags
        )
        try:
            yield chromium
        finally:
            chromium.close()


def signed_in(
    chromium: Browser,
    address: str,
    secret: str,
    look: Look,
    size: tuple[int, int] = WIDE,
) -> BrowserContext:
    """Return a window of somebody with a session."""
    context = chromium.new_context(
        base_url=address,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE)
    values = {COOKIE: look.to_cookie(), **({SESSION: secret} if secret else {})}
    context.add_cookies(
        [
            {"name": name, "value": value, "url": f"{address}{PREFIX}", "httpOnly": True}
            for name, value in values.items()
        ]
    )
    return context


def tour(
    context: BrowserContext, *, of_each: int = 1, seen: set[str] | None = None
) -> Iterator[Screen]:
    """Yield the screens that can be reached, each kind of page `of_each` times.

    - `seen`: kinds that were seen before, which are passed through but not told again.
    """
    before = frozenset(seen or ())
    counts: dict[str, int] = {}
    page = context.new_page()
    waiting, known = [f"{PREFIX}/mine"], {f"{PREFIX}/mine"}
    while waiting:
        address = waiting.pop(0)
        view = view_of(address)
        if view is None or counts.get(view, 0) >= of_each:
            continue
        counts[view] = counts.get(view, 0) + 1
        if not _is_opened(page, address):
            continue
        page.evaluate("document.fonts.ready")
        if view not in before:
            yield Screen(view=view, page=page)
        for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
            target = urlsplit(link)
            path = target.path + (f"?{target.query}" if target.query else "")
            if path.startswith(f"{PREFIX}/") and path not in known:
                known.add(path)
                waiting.append(path)


def _is_opened(page: Page, address: str) -> bool:
    """Return whether a page stands at an address: some are files to be kept."""
    try:
        answer = page.goto(address)
    except PlaywrightError as error:
        if "Download is starting" in str(error):
            return False
        raise
    return answer is not None and answer.headers.get("content-type", "").startswith("text/html")


def view_of(address: str) -> str | None:
    """Return which page answers at an address; None where none of ours does."""
    path = urlsplit(address).path
    return next((name for pattern, name in _patterns() if pattern.match(path)), None)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the pattern of each page's path, in the order in which they are routed."""
    pages = [view for view in views() if view.method == "GET"]
    return tuple((compile_path(view.path)[0], view.name) for view in pages)
