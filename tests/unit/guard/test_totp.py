"""One-time codes are those of RFC 6238, and their secrets do not lie open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from pyotp.totp import TOTP

from didban.errors import IntegrityFailure
from didban.guard.secrets import Secrets
from didban.guard.totp import SecondFactor

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def factor(tmp_path) -> SecondFactor:
    """Return a second factor of a node."""
    Secrets(tmp_path).make()
    return SecondFactor(Secrets(tmp_path))


def _phone(factor: SecondFactor, sealed: bytes) -> TOTP:
    """Return what an authenticator makes of the address."""
    address = urlparse(factor.address(sealed, user="usr_a", login="z.karimi"))
    return TOTP(parse_qs(address.query)["secret"][0])


@pytest.mark.parametrize(("late", "is_right"), [(0, True), (30, True), (-30, True), (90, False)])
def test_a_code_is_good_a_step_before_and_after(factor, late, is_right):
    """Phones' clocks differ; an old code is none."""
    sealed = factor.new("usr_a")
    code = _phone(factor, sealed).at(NOW - timedelta(seconds=late))

    found = factor.step_of(sealed, f"{code[:3]} {code[3:]}", user="usr_a", now=NOW)

    assert (found is not None) == is_right


@pytest.mark.parametrize("code", ["", "000000 0", "abcdef", "١٢٣٤٥٦", "9" * 1000])
def test_anything_else_is_no_code(factor, code):
    """Nothing raises."""
    sealed = factor.new("usr_a")
    assert factor.step_of(sealed, code, user="usr_a", now=NOW) is None


def test_a_secret_is_sealed_for_its_user_by_this_node(factor, tmp_path):
    """In another user's row, under another key, or with a flipped bit it does not open."""
    sealed = factor.new("usr_a")
    Secrets(tmp_path / "other").make()
    other_node = SecondFactor(Secrets(tmp_path / "other"))
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])

    for box, what, user in (
        (factor, sealed, "usr_b"),
        (other_node, sealed, "usr_a"),
        (factor, flipped, "usr_a"),
    ):
        with pytest.raises(IntegrityFailure):
            box.step_of(what, "123456", user=user, now=NOW)
