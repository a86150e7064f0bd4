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

_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`)"""
_TOO_WIDE = """() => [...document.querySelectorAll('main *')]
    .filter(one => !one.closest('.wide, canvas, svg, .sr') && one.getClientRects().length &&
        (one.getBoundingClientRect().right > window.innerWidth + 1
         || one.getBoundingClientRect().left < -1))
    .slice(0, 3).map(one => one.outerHTML.slice(0, 150))"""


def screens(office, chromium, language, *, size=touring.WIDE, bypass_csp=False, watch=None):
    """Yield each kind of screen once, as somebody who can reach it."""
    seen: set[str] = set()
    for bureau in office.values():
        for person in sitting.people_of(bureau.code):
            secret = Session.kept(bureau.folder / f"{person.login}.session").secret
            context = touring.signed_in(
                chromium,
                bureau.address,
                secret,
                Look(language=language),
                size,
                bypass_csp=bypass_csp,
            )
            if watch is not None:
                watch(context, bureau.address)
            for screen in touring.tour(context, seen=seen):
                yield screen
                seen.add(screen.view)
            context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(office, chromium, root, language):
    """Who cannot see, or does not use a mouse, can work here, in each language."""
    axe = (root / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    found = {}
    for screen in screens(office, chromium, language, bypass_csp=True):
        screen.page.evaluate(axe)
        if violations := screen.page.evaluate(_AXE):
            found[screen.view] = violations

    assert found == {}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_nothing_is_cut_off_on_a_telephone(office, chromium, language):
    """At 390 pixels nothing lies beside the page, from left to right and from right to left."""
    found = {}
    for screen in screens(office, chromium, language, size=touring.NARROW):
        if wide := screen.page.evaluate(_TOO_WIDE):
            found[screen.view] = wide

    assert found == {}


def test_no_screen_breaks_its_policy_or_asks_elsewhere(office, chromium):
    """No script fails, nothing is refused by the policy, and nothing is fetched from another host."""
    faults: list[str] = []

    def watch(context, address):
        host = urlsplit(address).netloc
        context.on(
            "console",
            lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None,
        )
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on(
            "request",
            lambda asked: (
                faults.append(asked.url) if urlsplit(asked.url).netloc not in {host, ""} else None
            ),
        )

    kinds = [screen.view for screen in screens(office, chromium, "en", watch=watch)]

    assert faults == []
    assert len(kinds) == len(set(kinds))
