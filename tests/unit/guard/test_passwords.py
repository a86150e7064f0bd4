"""A password is long, not among the first that are guessed, and kept by argon2id alone."""

from __future__ import annotations

import pytest

from didban.errors import InvalidInput
from didban.guard.passwords import MAX_LENGTH, Passwords
from didban.settings import Access

CHEAP = Access(hash_memory_mib=1, hash_rounds=1)


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    """Return passwords at a cost that tests can pay."""
    return Passwords(CHEAP)


GOOD = (
    "otter beneath nine clocks",
    "رودخانه‌ای پشت کوه بلند",
    "корабль у синего моста",
    "Zt7#kQ9!mW2x",
)


@pytest.mark.parametrize("password", GOOD)
def test_a_password_verifies_by_its_hash_and_no_other_does(passwords, password):
    """The hash is argon2id and holds nothing of it."""
    kept = passwords.new_hash(password, login="z.karimi")

    assert kept.startswith("$argon2id$")
    assert passwords.verify(kept, password)
    assert not passwords.verify(kept, password + " ")
    assert not passwords.verify(None, password)
    assert not passwords.verify("$argon2id$broken", password)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "Password1234",
        "P@ssw0rd2026!",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "karimi.z.karimi1",
        "Interpol2026",
        "x" * (MAX_LENGTH + 1),
    ],
)
def test_what_is_guessed_first_is_refused_and_not_repeated(passwords, password):
    """Length, words, runs, one's own name."""
    with pytest.raises(InvalidInput) as caught:
        passwords.new_hash(password, login="z.karimi")

    assert password not in str(caught.value)


def test_one_password_in_two_unicode_forms_is_the_same(passwords):
    """Keyboards differ in how they write an accent."""
    kept = passwords.new_hash("caf\u00e9 under the bridge", login="a")

    assert passwords.verify(kept, "cafe\u0301 under the bridge")


def test_a_hash_of_another_cost_is_known_as_outdated(passwords):
    """So that a sign-in can renew it."""
    kept = passwords.new_hash(GOOD[0], login="a")

    assert not passwords.is_outdated(kept)
    assert Passwords(Access(hash_memory_mib=1, hash_rounds=2)).is_outdated(kept)
