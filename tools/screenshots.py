"""Pictures of every screen, in two directions: `python -m tools.screenshots [--keep FOLDER]`.

The story of three nodes is told once and left in a folder; then somebody of every role walks through
the pages of Arvand, and the desk of Boreland answers. The pictures lie in `screenshots/<language>`,
which git ignores; look at them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.cli.demo import sitting
from didban.cli.desk.client import Session
from didban.web.look import Look
from tools import touring

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from didban.cli.demo.bureau import Bureau

OUT: Final = Path(__file__).parents[1] / "screenshots"


def main() -> int:
    """Take the pictures and say how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="the folder of the story, told there if empty")
    parser.add_argument("--languages", nargs="+", default=["en", "fa"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="didban-pictures-") as empty:
        Path(empty).chmod(0o755)  # PostgreSQL may run as an account of its own
        folder = given.keep or Path(empty) / "office"
        with touring.office(folder) as bureaus, touring.browser() as chromium:
            for language in given.languages:
                seen: set[str] = set()
                for bureau in bureaus.values():
                    _picture(chromium, bureau, language, seen)
                print(f"{language}: {len(seen)} kinds of page in {OUT / language}")
    return 0


def _picture(chromium: Browser, bureau: Bureau, language: str, seen: set[str]) -> None:
    folder = OUT / language
    folder.mkdir(parents=True, exist_ok=True)
    for person in sitting.people_of(bureau.code):
        secret = Session.kept(bureau.folder / f"{person.login}.session").secret
        look = Look(language=language)
        context = touring.signed_in(chromium, bureau.address, secret, look)
        for screen in touring.tour(context, seen=seen):
            screen.page.screenshot(path=folder / f"{screen.view}.png", full_page=True)
            screen.page.set_viewport_size({"width": touring.NARROW[0], "height": touring.NARROW[1]})
            screen.page.screenshot(path=folder / f"{screen.view}-phone.png", full_page=True)
            screen.page.set_viewport_size({"width": touring.WIDE[0], "height": touring.WIDE[1]})
            seen.add(screen.view)
        context.close()


if __name__ == "__main__":
    sys.exit(main())
