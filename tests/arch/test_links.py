"""A reader who follows a link arrives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def _pages(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def _text(page: Path) -> str:
    """Return a page without its fenced blocks: what looks like a link there is none."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """Return the anchors that the usual renderers give to a page's headings."""
    titles = (re.sub(r"[`*_]", "", t).lower() for t in _HEADING.findall(_text(page)))
    return {re.sub(r"[^\w\- ]", "", t).replace(" ", "-") for t in titles}


def _broken(page: Path) -> list[str]:
    broken = []
    for link in _LINK.findall(_text(page)):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    return broken


def test_every_link_resolves(root: Path):
    """Links between pages, to files and to headings lead somewhere."""
    broken = {str(p.relative_to(root)): b for p in _pages(root) if (b := _broken(p))}

    assert broken == {}


def test_every_page_of_the_docs_is_in_their_index(root: Path):
    """A page that nothing leads to is not read."""
    index = root / "docs" / "README.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(_text(index))
    }

    missing = [
        str(page.relative_to(root))
        for page in (root / "docs").rglob("*.md")
        if page != index and page.resolve() not in linked
    ]

    assert missing == []


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_two_commands_stand_in_the_readme(root: Path, command: str):
    """A newcomer needs two commands and finds them on the first page."""
    assert command in (root / "README.md").read_text(encoding="utf-8")
