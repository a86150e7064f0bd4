"""From the bank to a device and back: a package, checks without a link, what is brought home."""

from __future__ import annotations

from bank_help import passport
from didban.screening.check import Verdict
from didban.store import checks, devices


def test_a_stolen_passport_is_found_without_a_link(station, handheld):
    """A whole package, and a check that asks nobody."""
    station.keep(passport("A12345678"), passport("A99999999"))

    (told,) = handheld.open(station.make(handheld, whole=True))
    answer = handheld.check_passport("A12345678")

    assert told.records == 2
    assert answer.verdict is Verdict.POSSIBLE_MATCH
    assert answer.matches[0].action == "seize"
    assert handheld.check_passport("B00000001").verdict is Verdict.NO_MATCH


def test_what_changed_since_is_small_and_enough(station, handheld):
    """An added, a changed and a withdrawn record arrive as three lines."""
    first, second = station.keep(passport("A12345678"), passport("A99999999"))
    handheld.open(station.make(handheld, whole=True))
    station.keep(passport("B55555555"))
    station.withdraw(first)

    (told,) = handheld.open(station.make(handheld))

    assert (told.records, told.put, told.deleted) == (2, 1, 1)
    assert handheld.check_passport("A12345678").verdict is Verdict.NO_MATCH
    assert handheld.check_passport("B55555555").verdict is Verdict.POSSIBLE_MATCH
    assert handheld.check_passport("A99999999").matches[0].record == second


def test_checks_come_home_once(station, handheld):
    """They are checks of the bank, with what they found; the same file again changes nothing."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    handheld.check(names=("Quirin Eggenfelder",), birth_date="1990-05-17")

    home = station.receive(handheld.bring_back())
    again = station.receive(handheld.bring_back())

    assert (home.checks, home.matches, home.receipts) == (2, 1, 1)
    assert (again.checks, again.known) == (0, 3)
    with station.database.begin() as tx:
        kept = checks.listed(tx, "xar", user=handheld.id, before=None, most=10)
        assert [one.verdict for _, one in kept] == ["no_match", "possible_match"]
        assert {one.place for _, one in kept} == {"Gate 4"}


def test_a_deletion_is_confirmed_by_the_device(station, handheld):
    """What was withdrawn is owed until the device says, signed, that it is gone."""
    (record,) = station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    station.receive(handheld.bring_back())
    station.withdraw(record)
    update = station.make(handheld)
    with station.database.begin() as tx:
        assert [one.count for one in devices.owed(tx, None)] == [1]

    handheld.open(update)
    home = station.receive(handheld.bring_back())

    assert home.deleted == 1
    with station.database.begin() as tx:
        assert devices.owed(tx, None) == []
        latest = devices.receipts(tx, handheld.id, most=1)[0]
        assert (latest.records, latest.deleted) == (0, 1)


def test_what_a_scanner_garbled_holds_up_nothing(station, handheld):
    """Bytes that are no text are written so that the node can read them."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check(names=("Quirin\0 \udcff Eggenfelder",))
    handheld.check_passport("A12345678")

    assert station.receive(handheld.bring_back()).checks == 2
