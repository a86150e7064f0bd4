"""The reference says what the code says."""

from __future__ import annotations

import pytest

from tools import reference


@pytest.mark.parametrize("page", sorted(reference.PAGES))
def test_the_generated_part_of_a_page_is_up_to_date(page: str):
    """`make reference` was run after settings or commands changed."""
    written = (reference.FOLDER / page).read_text(encoding="utf-8")

    assert written == reference.rewritten(page)


def test_every_command_and_every_option_says_what_it_does():
    """Help is never empty: an officer has no other manual at hand."""
    silent = [
        f"{name} {parameter.name}"
        for name, command in reference.each_command()
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    silent += [name for name, command in reference.each_command() if not command.help]

    assert silent == []
