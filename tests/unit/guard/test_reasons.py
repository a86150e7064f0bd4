from __future__ import annotations

import pytest

from didban.errors import PurposeMissing
from didban.guard.reasons import MAX_REFERENCE_LENGTH, current_user, reason_for
from didban.model.purposes import CHECK_PURPOSES


@pytest.mark.parametrize("code", [None, "", "curiosity", "BORDER_CONTROL"])
def test_what_is_no_purpose_is_refused_with_the_list_of_codes(code: str | None):
    """The message tells how to ask."""
    with pytest.raises(PurposeMissing) as caught:
        reason_for(code, None)

    assert all(purpose in str(caught.value) for purpose in CHECK_PURPOSES)


def test_a_reference_is_one_line_of_text():
    """Line breaks of a pasted reference do not break the log's lines."""
    assert reason_for("quality_test", " Gate\n 4 ").reference == "Gate 4"


def test_a_reference_with_broken_characters_can_be_written():
    """Bytes that are no text arrive from a terminal as lone surrogates."""
    assert reason_for("quality_test", "caf\udce9").reference == "caf?"


def test_a_reference_may_be_required():
    """A charter that asks for case or post on every check is obeyed."""
    with pytest.raises(PurposeMissing, match="reference"):
        reason_for("quality_test", " ", require_reference=True)


def test_a_reference_is_not_the_place_for_a_story():
    """Its length is bounded."""
    with pytest.raises(PurposeMissing, match="at most"):
        reason_for("quality_test", "x" * (MAX_REFERENCE_LENGTH + 1))


def test_the_user_is_not_taken_from_the_environment(monkeypatch):
    """Variables that anyone can set do not change who is entered in the log."""
    before = current_user()
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")

    assert current_user() == before
