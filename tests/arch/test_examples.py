"""What the README, the tutorial and the guides show is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from console_examples import examples, run, run_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs" / "tutorial").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_are_true(page: Path, place: Path):
    """Each command runs in order, ends as the page says and prints what the page shows."""
    run_page(page, place)


def test_an_untrue_example_is_noticed(tmp_path: Path):
    """The runner itself: shown output that is not printed fails, numbers may differ."""
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ echo took 12 s\ntook 99.5   s\n$ echo a\nb\n```\n", encoding="utf-8"
    )
    honest, untrue = examples(page)

    run(honest, tmp_path)
    with pytest.raises(AssertionError, match="not printed: 'b'"):
        run(untrue, tmp_path)


def test_a_wrong_exit_code_is_noticed(tmp_path: Path):
    """A command that ends otherwise than the page says fails the page."""
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- exits 3: on purpose -->\n```console\n$ exit 3\n```\n\n```console\n$ exit 3\n```\n",
        encoding="utf-8",
    )
    announced, unannounced = examples(page)

    run(announced, tmp_path)
    with pytest.raises(AssertionError, match="exit code 3"):
        run(unannounced, tmp_path)
