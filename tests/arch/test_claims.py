"""Every claim of protection in the threat model names a test that exists (PR-58)."""

from __future__ import annotations

import re
from pathlib import Path

_LINK = re.compile(r"\[(test_\w+)\]\((\.\./\.\./tests/[\w/]+\.py)\)")
_PAGE = "docs/explanation/threat-model.md"


def _sections(root: Path) -> dict[str, str]:
    """Return the page by its headings of the second level."""
    parts = re.split(r"^## (.+)$", (root / _PAGE).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_pr_58_the_page_says_what_is_protected_and_what_is_not(root):
    """Against each of the hostile parties by name."""
    sections = _sections(root)
    assert list(sections) == [
        "What is worth protecting",
        "Who may attack",
        "What stands against it",
        "What they can still do",
    ]
    still = sections["What they can still do"]
    for party in ("hostile state", "operator", "officer", "owner", "thief", "traveller"):
        assert party in still


def test_pr_58_every_claim_names_a_test(root):
    """Each line of what stands against an attack ends with links to tests."""
    claims = [
        line
        for line in _sections(root)["What stands against it"].splitlines()
        if line.startswith("- ")
    ]
    assert len(claims) > 25
    assert [line for line in claims if not _LINK.search(line)] == []


def test_pr_58_every_test_that_is_named_exists(root):
    """By its function, or by its file where the whole file is meant."""
    page = (root / _PAGE).read_text(encoding="utf-8")
    missing = []
    for name, path in _LINK.findall(page):
        file = (root / _PAGE).parent / path
        is_file = file.stem == name and file.exists()
        if not is_file and (not file.exists() or f"def {name}(" not in file.read_text("utf-8")):
            missing.append(name)
    assert missing == []
