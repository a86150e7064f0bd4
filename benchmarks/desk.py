"""What a page of the desk costs, and how long a border officer waits for the answer to a scan.

    python -m benchmarks.desk --keep FOLDER         the story's nodes in a folder, told there if empty
    python -m benchmarks desk                       the same, kept for the reference page

Statements and server time are those of pages made in this process from the bank of a running node;
first paint and scans are Chromium's, which speaks with the node.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

import structlog

from benchmarks.figures import Table, milliseconds, quantile
from didban.cli.demo import sitting
from didban.cli.desk.client import Session
from didban.web.look import Look
from tools import touring, visits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser

    from benchmarks.figures import Row
    from didban.cli.demo.bureau import Bureau
    from tools.visits import Visit

SCANS: Final = 100
OF_EACH: Final = 3
_PAUSE_MS: Final = 1_300  # nobody is answered more than 50 times a minute
_PAINTED: Final = """() => new Promise((tell) => {
    const look = (list) => {
        const first = list.getEntriesByName('first-contentful-paint')[0];
        if (first) tell(first.startTime);
    };
    new PerformanceObserver(look).observe({type: 'paint', buffered: true});
    setTimeout(() => tell(0), 2000);
})"""
_WATCH: Final = """() => {
    const answer = document.getElementById('answer');
    window.painted = new Promise((tell) => {
        let begun = 0;
        document.addEventListener('keydown', (event) => {
            if (event.key === 'Enter') begun = performance.now();
        }, true);
        const watching = new MutationObserver(() => {
            if (!begun || !answer.querySelector('#answer-heading')) return;
            watching.disconnect();
            requestAnimationFrame(() => setTimeout(() => tell(performance.now() - begun)));
        });
        watching.observe(answer, {childList: true, subtree: true});
    });
}"""


def measure(folder: Path | None = None, scans: int = SCANS) -> Iterator[Table]:
    """Measure scans, then pages, at the nodes of the story."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    os.environ["CHROMIUM"] = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory(prefix="didban-desk-") as empty:
        Path(empty).chmod(0o755)  # PostgreSQL may run as an account of its own
        with touring.office(folder or Path(empty) / "office") as bureaus:
            painted: dict[str, float] = {}
            with touring.browser() as chromium:
                yield _scans(chromium, bureaus["xar"], scans)
                for bureau in bureaus.values():
                    painted |= dict(_painted(chromium, bureau, painted))
            walks = (visits.walk(one, Look(), of_each=OF_EACH) for one in bureaus.values())
            yield _pages([visit for walk in walks for visit in walk], painted)


def _scans(chromium: Browser, arvand: Bureau, number: int) -> Table:
    """Scan at the gate, the first time right after the node started."""
    took = list(_scanned(chromium, arvand, number))
    first, rest = took[0], took[1:]
    shares = [milliseconds(quantile(rest, share)) for share in (0.5, 0.9, 0.99)]
    return Table(
        name="desk-scans",
        command="python -m benchmarks desk",
        columns=("from scan to painted answer", "the first", "p50", "p90", "p99"),
        rows=(
            (f"{number} documents, each the third a reported one", milliseconds(first), *shares),
        ),
        note="A keyboard wedge types a number into the page of the first line and ends it with Enter;"
        " counted from that key until the answer is painted, in Chromium without a graphics card."
        " The first is the first of all after the nodes were started.",
    )


def _scanned(chromium: Browser, arvand: Bureau, number: int) -> Iterator[float]:
    secret = Session.kept(arvand.folder / "farid.session").secret
    with closing(touring.signed_in(chromium, arvand.address, secret, Look())) as context:
        page = context.new_page()
        page.goto("/desk/checks")
        for scan in range(number):
            page.wait_for_timeout(_PAUSE_MS)
            page.focus("[data-scan]")
            page.evaluate(_WATCH)
            page.keyboard.type("C7714058" if scan % 3 == 0 else f"Q{scan:07d}")
            page.keyboard.press("Enter")
            yield float(page.evaluate("() => window.painted")) / 1000


def _painted(
    chromium: Browser, bureau: Bureau, known: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    """Yield each kind of page with the seconds from asking for it to its first paint."""
    seen = set(known)
    for person in sitting.people_of(bureau.code):
        secret = Session.kept(bureau.folder / f"{person.login}.session").secret
        with closing(touring.signed_in(chromium, bureau.address, secret, Look())) as context:
            for screen in touring.tour(context, seen=seen):
                yield screen.view, float(screen.page.evaluate(_PAINTED)) / 1000
                seen.add(screen.view)


def _pages(visited: list[Visit], painted: Mapping[str, float]) -> Table:
    kept = visits.shared(visited)
    kinds: dict[str, list[Visit]] = {}
    for visit in visited:
        if visit.packed:
            kinds.setdefault(visit.view, []).append(visit)
    rows: list[Row] = [
        (
            f"`{view}`",
            str(max(visit.statements for visit in some)),
            milliseconds(median(visit.seconds for visit in some)),
            milliseconds(painted[view]) if painted.get(view) else "-",
            f"{max(visits.weight(visit, kept) for visit in some) / 1000:.1f} kB",
        )
        for view, some in sorted(kinds.items())
    ]
    return Table(
        name="desk-pages",
        command="python -m benchmarks desk",
        columns=("page", "statements", "made in", "first paint", "over the line"),
        rows=tuple(rows),
        note=f"Up to {OF_EACH} pages of each kind that somebody in the story reaches, as each person"
        " sees them. *Statements*: the most that one was made of, every verb's audit entry counted."
        " *Made in*: the median at the node. *First paint*: once, in Chromium, from asking for the"
        " page. *Over the line*: the largest, compressed, with what it loads beyond what all pages"
        " share.",
    )


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--keep", type=Path, help="the folder of the story, told there if empty")
    parser.add_argument("--scans", type=int, default=SCANS, metavar="N")
    given = parser.parse_args()
    for table in measure(given.keep, given.scans):
        print(table.text())


if __name__ == "__main__":
    main()
