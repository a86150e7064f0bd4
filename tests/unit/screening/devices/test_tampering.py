"""What a thief, a forger or a careless hand does to packages and devices changes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from bank_help import actor, passport
from devices_help import PASSPHRASE, new_device
from didban.errors import (
    BadSignature,
    Conflict,
    DidbanError,
    Forked,
    IntegrityFailure,
    InvalidInput,
    Malformed,
    NotPermitted,
    PeerFault,
    UnknownPeer,
)
from didban.guard.crypto import dsse
from didban.guard.signals import listed as signals_of
from didban.model.exchange.signed import Signed
from didban.screening.check import Verdict
from didban.screening.devices import installing, memory
from didban.screening.devices.packages import Package
from exchange_help import descriptor_of, new_identity


def test_any_flipped_byte_of_a_package_is_found(station, handheld):
    """Wherever it is: in the descriptor, a header, a signature, a body, a length."""
    station.keep(passport("A12345678"))
    whole = station.make(handheld, whole=True)

    for at in range(0, len(whole), 331):
        broken = bytearray(whole)
        broken[at] ^= 0x40
        with suppress(PeerFault, NotPermitted):
            handheld.open(bytes(broken))
            pytest.fail(f"byte {at} was not missed")

    assert handheld.state().edition is None


def test_nobody_is_trusted_at_first_sight(station, handheld):
    """Without the words of the root key compared, the first package is not taken."""
    with pytest.raises(NotPermitted):
        handheld.open(station.make(handheld, whole=True), trusts=False)


def test_a_package_of_another_node_is_refused(station, handheld):
    """Even in the name of ours: the root key is another one."""
    handheld.open(station.make(handheld, whole=True))
    identity, root = new_identity("xar"), dsse.SigningKey.generate("false-root")
    payload = descriptor_of("xar", root, identity, version=2).to_bytes()
    forged = Signed(payload=payload, signatures={root.id: root.sign(dsse.DESCRIPTOR, payload)})
    station.dock = replace(station.dock, me=identity, descriptor=forged)

    with pytest.raises(BadSignature):
        handheld.open(station.make(handheld))


def test_a_new_root_key_is_followed_if_the_old_one_signed_it_too(station, handheld):
    """As between nodes: whoever trusts the old root is led to the new one."""
    handheld.open(station.make(handheld, whole=True))
    root = dsse.SigningKey.generate("xar-root-2")
    payload = descriptor_of("xar", root, station.identity, version=2).to_bytes()
    signatures = {key.id: key.sign(dsse.DESCRIPTOR, payload) for key in (root, station.root)}
    station.dock = replace(station.dock, descriptor=Signed(payload=payload, signatures=signatures))

    handheld.open(station.make(handheld))

    assert handheld.state().trust.root == root.public


def test_a_package_of_another_device_is_refused(station, handheld, tmp_path):
    """It is sealed to another key, and says so."""
    other = new_device(tmp_path / "other", "Gate 5")
    station.enrol(other)

    with pytest.raises(UnknownPeer):
        handheld.open(station.make(other, whole=True))


def test_an_older_package_is_not_taken_again(station, handheld):
    """Neither the whole one from before the withdrawal, nor an update: nothing goes back."""
    first, second = station.keep(passport("A12345678"), passport("A99999999"))
    whole = station.make(handheld, whole=True)
    handheld.open(whole)
    station.withdraw(first)
    update = station.make(handheld)
    handheld.open(update)
    station.withdraw(second)
    handheld.open(station.make(handheld))

    for old in (whole, update):
        with pytest.raises(Conflict):
            handheld.open(old)
    handheld.open()
    assert handheld.check_passport("A12345678").verdict is Verdict.NO_MATCH


def test_a_package_twice_is_a_package_once(station, handheld):
    """Who was interrupted takes it in again."""
    station.keep(passport("A12345678"))
    whole = station.make(handheld, whole=True)
    handheld.open(whole)

    (again,) = handheld.open(whole)

    assert again.is_known


def test_a_missing_package_is_named_and_a_whole_one_heals(station, handheld):
    """Updates are taken in their order; a whole package needs none before it."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    station.keep(passport("B11111111"))
    station.make(handheld)  # never carried
    station.keep(passport("C22222222"))

    with pytest.raises(Conflict, match="missing"):
        handheld.open(station.make(handheld))
    (told,) = handheld.open(station.make(handheld, whole=True))

    assert told.records == 3


def test_parts_of_two_packages_are_not_one(station, handheld):
    """The chain binds them."""
    station.keep(passport("A12345678"))
    one = Package.from_bytes(station.make(handheld, whole=True))
    two = Package.from_bytes(station.make(handheld, whole=True))
    mixed = replace(one, envelopes=(*one.envelopes, *two.envelopes))

    with pytest.raises((Malformed, Conflict, Forked)):
        handheld.open(mixed.to_bytes())


def test_a_changed_file_of_the_device_stops_it(station, handheld):
    """Nothing is answered from what somebody touched, whichever file it is."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    memory.close(handheld.memory, handheld.id)

    for name in ("state.sealed", "index-*", "journal", "device.json"):
        (path,) = handheld.folder.glob(name)
        whole = path.read_bytes()
        raw = bytearray(whole)
        raw[len(raw) // 2] ^= 0x01
        path.write_bytes(raw)
        with pytest.raises((IntegrityFailure, InvalidInput)):
            handheld.open()
        path.write_bytes(whole)
    handheld.open()


def test_a_shortened_journal_is_noticed(station, handheld):
    """Checks cannot be made undone."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    handheld.open()
    (handheld.folder / "journal").write_bytes(b"")

    with pytest.raises(IntegrityFailure):
        handheld.open()


def test_nothing_of_a_traveller_or_a_record_lies_readable_on_the_device(station, handheld):
    """What is at rest is ciphertext: records, questions, keys."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check(names=("Quirin Eggenfelder",), birth_date="1990-05-17")
    handheld.check_passport("A12345678")
    memory.close(handheld.memory, handheld.id)

    at_rest = b"".join(p.read_bytes() for p in handheld.folder.rglob("*") if p.is_file())

    for secret in (b"Eggenfelder", b"A12345678", b"1990-05-17", b"seize"):
        assert secret not in at_rest
    assert list(handheld.memory.iterdir()) == []


def test_without_the_passphrase_nothing_opens(station, handheld):
    """And a wrong one says no more than that."""
    with pytest.raises(InvalidInput):
        installing.open_device(
            handheld.folder,
            PASSPHRASE + "!",
            [],
            lambda _n, _r: True,
            now=station.now(),
            in_memory=handheld.memory,
        )


# ----------------------------------------------------------------- what a device brings back


def test_any_flipped_byte_of_what_comes_back_changes_nothing(station, handheld):
    """The node takes it whole or not at all."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    back = handheld.bring_back()

    for at in range(0, len(back), 211):
        broken = bytearray(back)
        broken[at] ^= 0x40
        with suppress(DidbanError):
            station.receive(bytes(broken))
            pytest.fail(f"byte {at} was not missed")

    assert station.receive(back).checks == 1


@pytest.mark.parametrize("checks", [1, 3])
def test_a_copied_device_is_found_out(station, handheld, tmp_path, checks):
    """Two devices with the same keys bring two different entries for one place."""
    import shutil

    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    shutil.copytree(handheld.folder, tmp_path / "copy")
    for _ in range(checks):
        handheld.check_passport("A12345678")
    station.receive(handheld.bring_back())
    twin = replace(handheld, folder=tmp_path / "copy")
    twin.open()
    twin.check_passport("B00000001")

    with pytest.raises(Conflict):
        station.receive(twin.bring_back())

    assert station.found(handheld).suspect_since is not None
    officer = actor("xar", "data_protection_officer")
    told = station.do(signals_of, officer, limit=5)
    assert [(one.kind, one.user) for one in told] == [("device_suspect", handheld.id)]


def test_a_device_that_was_set_back_whole_is_found_out(station, handheld, tmp_path):
    """Its node sees that it brings less than before, and the next package tells it to the device."""
    import shutil

    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    shutil.copytree(handheld.folder, tmp_path / "earlier")
    handheld.check_passport("B00000001")
    newest = handheld.bring_back()
    station.receive(newest)
    assert not station.receive(newest).is_behind
    set_back = replace(handheld, folder=tmp_path / "earlier")

    home = station.receive(set_back.bring_back())

    assert home.is_behind
    assert station.found(handheld).suspect_since is not None
    with pytest.raises(Forked):
        set_back.open(station.make(handheld, whole=True))


def test_what_another_device_wrote_is_not_taken_in_its_name(station, handheld, tmp_path):
    """The name in the header is not the key that signed."""
    other = new_device(tmp_path / "other", "Gate 5")
    with pytest.raises(DidbanError):
        station.receive(other.bring_back())


def test_a_revoked_device_is_not_served_any_more(station, handheld):
    """Nothing goes to it, nothing is taken from it."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    back = handheld.bring_back()

    station.revoke(handheld)

    with pytest.raises(Conflict):
        station.make(handheld)
    with pytest.raises(Conflict):
        station.receive(back)
