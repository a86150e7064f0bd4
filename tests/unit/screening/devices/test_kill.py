"""Killed at any moment: the old package is in force or the new one, and no answer is lost."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bank_help import passport
from devices_help import Handheld
from didban.screening.check import Verdict
from didban.screening.devices import memory

_STEPS = ("fsync", "replace", "unlink", "rename", "ftruncate")


def _killed_at(step: int, deed: Callable[[], object]) -> bool:
    """Do something in a child that is killed just before its n-th step towards the disk.

    Return whether it was killed; else it came to its end.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)
    left = [step]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def one(*arguments: object, **more: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **more)

        return one

    for name in _STEPS:
        setattr(os, name, counted(getattr(os, name)))
    try:
        deed()
        os._exit(0)
    finally:
        os._exit(1)


def _copy(handheld: Handheld, folder: Path) -> Handheld:
    """Return a device as it is now, in another place."""
    for part in (handheld.folder, handheld.memory):
        shutil.copytree(part, folder / part.name)
    vault = replace(handheld.vault, folder=folder / "device")
    return replace(handheld, folder=folder / "device", memory=folder / "memory", vault=vault)


@pytest.mark.slow
def test_an_update_that_is_killed_is_done_or_not_done(station, handheld, tmp_path):
    """Whatever step it was: the device opens, and the same package brings it to the same state."""
    first, _ = station.keep(passport("A12345678"), passport("A99999999"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    station.withdraw(first)
    station.keep(passport("B55555555"))
    update = station.make(handheld)

    step, seen = 0, set[int]()
    while True:
        step += 1
        copy = _copy(handheld, tmp_path / f"killed-{step}")
        was_killed = _killed_at(step, partial(copy.open, update))
        copy.open()
        edition = copy.state().edition
        assert edition is not None
        seen.add(copy.state().package.seq)
        copy.open(update)
        assert copy.check_passport("B55555555").verdict is Verdict.POSSIBLE_MATCH
        assert copy.check_passport("A12345678").verdict is Verdict.NO_MATCH
        assert len(list(copy.folder.glob("index-*"))) == 1
        if not was_killed:
            break

    assert seen == {1, 2}
    home = station.receive(copy.bring_back())
    assert home.deleted == 1


@pytest.mark.slow
def test_a_check_that_is_killed_was_not_answered_and_breaks_nothing(station, handheld, tmp_path):
    """Its entry is whole or gone; the next one goes on from it."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))

    step = 0
    while True:
        step += 1
        copy = _copy(handheld, tmp_path / f"killed-{step}")
        was_killed = _killed_at(step, partial(copy.check_passport, "A12345678"))
        copy.check_passport("B00000001")
        memory.close(copy.memory, copy.id)
        copy.open()
        if not was_killed:
            break

    assert step > 1
    assert station.receive(copy.bring_back()).checks == 2


def test_a_torn_entry_is_cut_off(station, handheld):
    """What was half written when the power went was never answered."""
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))
    handheld.check_passport("A12345678")
    path = handheld.folder / "journal"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:500])

    handheld.check_passport("B00000001")

    assert station.receive(handheld.bring_back()).checks == 2
