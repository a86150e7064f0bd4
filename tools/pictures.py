"""The pictures of the documentation: `python -m tools.pictures [--keep FOLDER]`.

One passport goes from the gate to an outcome, in the story of three nodes, with invented people; each
page is pictured before the hand of whoever sits there moves on. See `docs/tutorial/at-the-desk.md`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.cli.demo.waiting import PASSPORT
from didban.cli.desk.client import Session
from didban.web.look import Look
from tools import touring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from didban.cli.demo.bureau import Bureau

OUT: Final = Path(__file__).parents[1] / "docs" / "pictures"
_SIZE: Final = (1100, 760)
_TRIES: Final = 60
_PAUSE: Final = 1_000  # milliseconds
_PATIENCE: Final = 120_000  # milliseconds: the machine may be busy with three nodes


@dataclass(frozen=True, slots=True)
class Studio:
    """The desks of the story, a browser, and the folder that the pictures go to."""

    office: dict[str, Bureau]
    chromium: Browser
    out: Path

    @contextmanager
    def at(self, code: str, login: str, language: str) -> Iterator[Page]:
        """Sit somebody down at the desk of a state."""
        bureau = self.office[code]
        secret = Session.kept(bureau.folder / f"{login}.session").secret
        look = Look(language=language)
        with touring.signed_in(self.chromium, bureau.address, secret, look, _SIZE) as context:
            context.set_default_timeout(_PATIENCE)
            yield context.new_page()

    def picture(self, page: Page, name: str, *, around: str = "") -> None:
        """Take a picture of what stands on the screen. `around`: scrolled to this first."""
        page.evaluate("document.fonts.ready")
        if around:
            page.locator(around).first.evaluate("one => one.scrollIntoView({block: 'start'})")
        page.screenshot(path=self.out / f"{name}.png")


def main() -> int:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="the folder of the story, told there if empty")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    given.out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="didban-pictures-") as empty:
        Path(empty).chmod(0o755)  # PostgreSQL may run as an account of its own
        folder = given.keep or Path(empty) / "office"
        with touring.office(folder) as office, touring.browser() as chromium:
            tell(Studio(office, chromium, given.out))
    print(f"the pictures lie in {given.out}")
    return 0


def tell(studio: Studio) -> None:
    """Carry the passport from the gate of Arvand to an outcome that Boreland hears of."""
    _scan(studio)
    hit = _ask(studio)
    _answer(studio)
    _decide(studio, hit)


def _scan(studio: Studio) -> None:
    with studio.at("xar", "farid", "en") as page:
        for _ in range(_TRIES):  # the report comes from another node
            page.goto("/desk/checks")
            for line in PASSPORT:
                page.keyboard.type(line)
                page.keyboard.press("Enter")
            page.wait_for_selector("#answer-heading")
            if page.locator(".answer-stop").count():
                break
        studio.picture(page, "check")
        _sent(page, "button[name='held'][value='yes']")


def _ask(studio: Studio) -> str:
    """Compare and ask the owner; return the address of the hit."""
    with studio.at("xar", "golnar", "fa") as page:
        page.goto("/desk/hits")
        studio.picture(page, "queue-fa")
        page.locator("tr[data-row] th a").last.click()
        page.wait_for_selector("form[action$='/compare']")
        studio.picture(page, "hit-fa")
        address = page.url.partition("#")[0]
        for box in page.locator("input[name='seen']").all():
            box.check()
        _sent(page, "form[action$='/compare'] button")
        for answer in page.locator("#ask input[value='no']").all():
            answer.check()
        page.check("#ask input[name='disclosure'][value='full']")
        page.check("#ask input[name='urgency'][value='U']")
        studio.picture(page, "ask-fa", around="#ask")
        _sent(page, "#ask button")
        return address


def _answer(studio: Studio) -> None:
    with studio.at("xbo", "banu", "ru") as page:
        _until(page, "/desk/questions", "tr[data-row] th a")
        page.locator("tr[data-row] th a").last.click()
        page.wait_for_selector("form[action$='/confirm']")
        studio.picture(page, "question-ru")
        page.check("input[name='compared']")
        _sent(page, "form[action$='/confirm'] button")


def _decide(studio: Studio, hit: str) -> None:
    with studio.at("xar", "hamid", "en") as page:
        _until(page, f"{hit}/second", "#decide a[href='#compare']")
        for box in page.locator("input[name='seen']").all():
            box.check()
        _sent(page, "form[action$='/compare'] button")
        studio.picture(page, "second")
        page.check("form[action$='/decision'] input[value='seize']")
        page.fill("form[action$='/decision'] [name='basis']", "Police Act of Arvand, s. 12")
        _sent(page, "form[action$='/decision'] button")
    with studio.at("xar", "golnar", "ar") as page:
        page.goto(f"{hit}/outcome")
        page.check("input[value='document_seized']")
        studio.picture(page, "outcome-ar")
        _sent(page, "form[action$='/outcome'] button")
        _sent(page, "form[action$='/feedback'] button")


def _sent(page: Page, button: str) -> None:
    """Press a button, and stand on the page that follows."""
    with page.expect_navigation():
        page.locator(button).first.click()


def _until(page: Page, address: str, selector: str) -> None:
    """Open a page again and again until something stands on it: it comes from another node."""
    for _ in range(_TRIES):
        page.goto(address)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(_PAUSE)
    raise RuntimeError(f"nothing like {selector} came to {address}")


if __name__ == "__main__":
    sys.exit(main())
