"""The node's side: two persons register a device; its post's audience, reviews and duties hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_help import actor, alert, passport, person
from devices_help import PASSPHRASE, new_device
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard.signals import listed as signals_of
from didban.model.devices import DEVICE_LIFE, DeviceEvent, DeviceState
from didban.model.purposes import Purpose
from didban.model.retention import ErasureReason
from didban.screening.check import Verdict
from didban.screening.devices import enrolment, upkeep
from didban.settings import Devices
from didban.store import devices, erasure
from screening_help import now_is

ADMINISTRATOR = actor("xar", "administrator")
BOUND = {"authority": "xar", "purpose": Purpose.BORDER_CONTROL, "place": "Gate 4"}


def test_pr_28_a_device_is_served_when_another_person_confirmed_it(station, tmp_path):
    """One registers, another compares and confirms; before that nothing is made."""
    made = new_device(tmp_path)
    station.do(enrolment.register, ADMINISTRATOR, made.vault.request(), **BOUND)

    with pytest.raises(Conflict):
        station.make(made, whole=True)
    with pytest.raises(NotPermitted):
        station.do(enrolment.confirm, ADMINISTRATOR, made.id)
    station.do(enrolment.confirm, actor("xar", "supervisor", user="usr_second"), made.id)

    assert station.found(made).state is DeviceState.ACTIVE
    with pytest.raises(Conflict):
        station.do(enrolment.register, ADMINISTRATOR, made.vault.request(), **BOUND)


def test_only_what_a_device_signed_is_registered(station, tmp_path):
    """A request with another key, another label, or none of it at all."""
    request = new_device(tmp_path).vault.request()
    for broken in (request[:-9], b"{}", b"\xff", request.replace(b'payload": "e', b'payload": "f')):
        with pytest.raises(InvalidInput):
            station.do(enrolment.register, ADMINISTRATOR, broken, **BOUND)
    for wrong in ({"purpose": Purpose.ADMINISTRATION}, {"place": " "}):
        with pytest.raises(InvalidInput):
            station.do(enrolment.register, ADMINISTRATOR, request, **BOUND | wrong)
    with pytest.raises(NotFound):
        station.do(enrolment.register, ADMINISTRATOR, request, **BOUND | {"authority": "xca"})


def test_every_state_and_event_of_a_device_is_decided():
    """What no arrow allows is a conflict."""
    arrows = {(t.source, t.event) for t in DEVICE_LIFE.transitions}
    for state in DeviceState:
        for event in DeviceEvent:
            if (state, event) not in arrows:
                with pytest.raises(Conflict):
                    DEVICE_LIFE.transition(state, event)


def test_pr_09_a_device_holds_what_its_post_may_see(station, handheld):
    """Of another owner what is open to it, and nothing else."""
    station.keep(passport("A11111111"), owner="xbo")
    station.keep(passport("B22222222"), owner="xbo", marked={"audience": ("node:xca",)})
    station.keep(passport("C33333333"), owner="xbo", marked={"excluded": ("node:xar",)})
    station.keep(passport("D44444444"), marked={"confidentiality": 2})

    (told,) = handheld.open(station.make(handheld, whole=True))

    assert told.records == 1
    assert handheld.check_passport("A11111111").verdict is Verdict.POSSIBLE_MATCH


def test_pr_52_an_alert_that_waits_for_the_review_is_not_carried(station, handheld):
    """Documents act on arrival; a person alert of another owner when it was accepted."""
    station.keep(passport("A11111111"), owner="xbo")
    (waiting,) = station.keep(
        person("Zahra Karimzadeh", birthDate="1980-02-03"),
        owner="xbo",
        alert=alert("arrest", "charged"),
    )
    station.await_review(waiting)

    handheld.open(station.make(handheld, whole=True))
    asked = {"names": ("Zahra Karimzadeh",), "birth_date": "1980-02-03"}
    before = handheld.check(**asked)
    station.accept(waiting)
    handheld.open(station.make(handheld))

    assert before.verdict is Verdict.NO_MATCH
    assert handheld.check(**asked).matches[0].action == "arrest"


def test_pr_34_a_deletion_that_is_not_confirmed_in_time_is_told(station, handheld):
    """Even if no package was made: the clock runs from the withdrawal."""
    (record,) = station.keep(passport("A11111111"))
    handheld.open(station.make(handheld, whole=True))
    station.receive(handheld.bring_back())
    station.withdraw(record)
    terms = Devices()

    early = upkeep.run_due(station.database, clock.now(), terms)
    with now_is(clock.now() + timedelta(hours=73)):
        late = upkeep.run_due(station.database, clock.now(), terms)
        again = upkeep.run_due(station.database, clock.now(), terms)
        (owing,) = station.do(upkeep.owing, ADMINISTRATOR, terms)

    assert (early, late, again) == (0, 1, 0)
    assert owing.is_overdue
    told = station.do(signals_of, actor("xar", "data_protection_officer"), limit=5)
    assert [(one.kind, one.user) for one in told] == [("deletion_overdue", handheld.id)]

    handheld.open(station.make(handheld))
    station.receive(handheld.bring_back())
    assert station.do(upkeep.owing, ADMINISTRATOR, terms) == []


def test_pr_31_an_erased_record_leaves_the_device_with_the_next_package(station, handheld):
    """Nothing of its content is kept at the node meanwhile, but that the device has it."""
    (record,) = station.keep(passport("A11111111"))
    handheld.open(station.make(handheld, whole=True))
    station.do(erasure.erase, record, ErasureReason.RETENTION_ENDED, clock.now())
    held = station.do(devices.held, handheld.id)

    (told,) = handheld.open(station.make(handheld))

    assert held[record].digest == b""
    assert told.deleted == 1
    assert handheld.check_passport("A11111111").verdict is Verdict.NO_MATCH


@pytest.mark.parametrize(("end", "kept"), [("withdraw", 1), ("erase", 0)])
def test_a_match_of_a_record_that_was_taken_back_meanwhile_is_kept_as_it_was_told(
    station, handheld, end, kept
):
    """Somebody was told of it, and it is known of whom; of what is erased nothing is kept (PR-31)."""
    (record,) = station.keep(passport("A11111111"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A11111111")
    if end == "withdraw":
        station.withdraw(record)
    else:
        station.do(erasure.erase, record, ErasureReason.RETENTION_ENDED, clock.now())

    home = station.receive(handheld.bring_back())

    assert (home.checks, home.matches) == (1, kept)


def test_what_came_home_leaves_the_device_with_the_next_package(station, handheld):
    """Not before: until the node says that it has it, it may be lost on the way."""
    station.keep(passport("A11111111"))
    handheld.open(station.make(handheld, whole=True))
    for number in range(3):
        handheld.check_passport(f"B0000000{number}")
    back = handheld.bring_back()
    station.receive(back)
    kept = handheld.bring_back()

    handheld.open(station.make(handheld))
    after = handheld.bring_back()
    handheld.check_passport("B00000009")
    home = station.receive(handheld.bring_back())

    assert kept == back
    assert len(after) < len(back)
    assert (home.checks, home.known) == (1, 0)
    assert PASSPHRASE.encode() not in after
