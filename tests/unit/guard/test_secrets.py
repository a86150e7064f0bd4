"""Secrets come from where only the service can read them, or not at all."""

from __future__ import annotations

import base64
import os
import stat

import pytest

from didban.errors import ConfigError, Unavailable
from didban.guard.secrets import LEAST_BYTES, SecretName, Secrets

VALUE = b"k" * LEAST_BYTES
TEXT = base64.b64encode(VALUE).decode()


@pytest.mark.parametrize("name", list(SecretName))
def test_a_made_secret_is_in_a_file_of_its_owner_alone(tmp_path, name):
    """Mode 0600 in a folder of mode 0700, and two nodes have different ones."""
    made, other = Secrets(tmp_path / "secrets", environment={}), Secrets(tmp_path / "b")
    made.make()
    other.make()

    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600
    assert len(made.get(name)) == LEAST_BYTES
    assert made.get(name) != other.get(name)


def test_making_twice_keeps_what_is_there(tmp_path):
    """A second `init` does not lock anybody out."""
    Secrets(tmp_path).make()
    before = Secrets(tmp_path).get(SecretName.ACCESS)
    Secrets(tmp_path).make()

    assert Secrets(tmp_path).get(SecretName.ACCESS) == before


def test_a_secret_that_came_later_is_made_for_an_older_node(tmp_path):
    """The one that is asked for, and no other: a lost one is put back, not made anew."""
    Secrets(tmp_path, environment={}).make()
    for lost in (SecretName.EXCHANGE, SecretName.AUDIT):
        (tmp_path / lost).unlink()
    older = Secrets(tmp_path, environment={})
    older.ensure(SecretName.EXCHANGE)
    made = older.get(SecretName.EXCHANGE)
    older.ensure(SecretName.EXCHANGE)

    assert Secrets(tmp_path, environment={}).get(SecretName.EXCHANGE) == made
    with pytest.raises(ConfigError):
        older.get(SecretName.AUDIT)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_file_that_others_can_reach_is_refused(tmp_path, mode):
    """The message says how to mend it."""
    Secrets(tmp_path).make()
    (tmp_path / "access").chmod(mode)

    with pytest.raises(ConfigError, match="chmod 600"):
        Secrets(tmp_path, environment={}).get(SecretName.ACCESS)


def test_the_environment_comes_before_the_file(tmp_path):
    """By value or by the path of a file."""
    file = tmp_path / "elsewhere"
    file.write_text(TEXT)
    file.chmod(0o600)
    by_value = Secrets(tmp_path, environment={"DIDBAN_SECRET_ACCESS": TEXT})
    by_file = Secrets(tmp_path, environment={"DIDBAN_SECRET_NON_MATCH_FILE": str(file)})

    assert by_value.get(SecretName.ACCESS) == VALUE
    assert by_file.get(SecretName.NON_MATCH) == VALUE


def test_a_secret_store_is_asked_by_name(tmp_path):
    """Its command gets the name as its last argument."""
    program = tmp_path / "store"
    program.write_text(f"#!/bin/sh\n[ $2 = audit ] && echo {TEXT}\n")
    program.chmod(0o700)

    store = Secrets(tmp_path, command=(str(program), "read"), environment={})

    assert store.get(SecretName.AUDIT) == VALUE
    with pytest.raises(Unavailable):
        store.get(SecretName.ACCESS)


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "not base64!", "ü"])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path, text):
    """A mistyped secret does not end up in a log."""
    with pytest.raises(ConfigError) as caught:
        Secrets(tmp_path, environment={"DIDBAN_SECRET_ACCESS": text}).get(SecretName.ACCESS)

    assert not text or text not in str(caught.value)


def test_a_secret_that_is_nowhere_says_where_to_look_for_it(tmp_path):
    """Another one would open nothing that the lost one closed."""
    with pytest.raises(ConfigError, match="the copy of the folder 'secrets'"):
        Secrets(tmp_path, environment={}).get(SecretName.ACCESS)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path):
    """Whoever owns the file could change it."""
    Secrets(tmp_path).make()
    os.chown(tmp_path / "access", 12345, -1)

    with pytest.raises(ConfigError, match="another user"):
        Secrets(tmp_path, environment={}).get(SecretName.ACCESS)
