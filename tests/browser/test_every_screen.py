"""Every screen that somebody can reach: nothing serious for axe, nothing cut off, nothing refused."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from didban.cli.demo import sitting
from didban.cli.desk.client import Session
from didban.model.users import LANGUAGES
from didban.web.look import Look
from tools import touring

pytestmark = pytest.mark.slow

_SIZE = ("width", "height")
_LOUD = {"error", "warning"}
_WRONG = 400  # the status from which on an answer is none
_FEWEST = 60  # kinds of screen that the story reaches
_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`)"""
_TOO_WIDE = """() => [...document.querySelectorAll('main *')]
    .filter(one => !one.closest('.wide, canvas, svg, .sr, table.rows thead') && one.getClientRects().length &&
        (one.getBoundingClientRect().right > window.innerWidth + 1
         || one.getBoundingClientRect().left < -1))
    .slice(0, 3).map(one => one.outerHTML.slice(0, 150))"""


def screens(office, chromium, language, watch):
    """Yield each kind of screen once, as somebody who can reach it."""
    seen: set[str] = set()
    for bureau in office.values():
        for person in sitting.people_of(bureau.code):
            secret = Session.kept(bureau.folder / f"{person.login}.session").secret
            look = Look(language=language)
            context = touring.signed_in(chromium, bureau.address, secret, look)
            watch(context, bureau.address)
            for screen in touring.tour(context, seen=seen):
                yield screen
                seen.add(screen.view)
            context.close()


def watching(faults):
    """Return what notes whatever a browser complains of, is refused, or asks of others than us."""

    def watch(context, address):
        host = urlsplit(address).netloc
        context.on("console", lambda said: _note_loud(faults, said))
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("request", lambda asked: _note_foreign(faults, host, asked.url))
        context.on("response", lambda answer: _note_missing(faults, answer))

    return watch


def _note_loud(faults, said):
    if said.type in _LOUD:
        faults.append(said.text)


def _note_missing(faults, answer):
    if answer.status >= _WRONG:
        faults.append(f"{answer.status}: {answer.url}")


def _note_foreign(faults, host, address):
    if urlsplit(address).netloc not in {host, ""}:
        faults.append(address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_for_everybody(office, chromium, root, language):
    """Each screen that can be reached, in each language.

    - axe finds nothing serious: who cannot see, or uses no mouse, can work here.
    - At 390 pixels nothing lies beside the page, from left to right and from right to left.
    - No script fails, the policy refuses nothing, and nothing is fetched from another host.
    """
    axe = (root / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    faults: list[str] = []
    found: dict[str, list[str]] = {}
    for screen in screens(office, chromium, language, watching(faults)):
        screen.page.evaluate(axe)
        found[screen.view] = screen.page.evaluate(_AXE)
        screen.page.set_viewport_size(dict(zip(_SIZE, touring.NARROW, strict=True)))
        found[screen.view] += screen.page.evaluate(_TOO_WIDE)
        screen.page.set_viewport_size(dict(zip(_SIZE, touring.WIDE, strict=True)))

    assert {view: wrong for view, wrong in found.items() if wrong} == {}
    assert faults == []
    assert len(found) > _FEWEST, sorted(found)
