"""Where a node's things lie, who may enter there, and what is refused before anything is made."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from didban.errors import ConfigError, NotFound
from didban.guard.secrets import SecretName
from didban.node import parts as building
from didban.node.parts import Places
from didban.node.serving import scheme_of
from didban.settings import Node, Settings
from node_help import needs_root


def parts_in(folder, **node):
    """Return the parts of a node in a folder."""
    return building.build(Settings(node=Node(data_folder=folder, **node)))


def mode(path):
    """Return the permissions of a path."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_reference_names_every_place_and_every_secret(root):
    """An operator who looks into the folder finds what it is."""
    page = (root / "docs" / "reference" / "node.md").read_text(encoding="utf-8")

    for place in Places(root=Path("/node")).all():
        assert f"| `{place.name}" in page
    for secret in SecretName:
        assert f"| `{secret}` |" in page


def test_every_place_lies_in_the_data_folder():
    """One folder is encrypted, moved and taken away."""
    places = Places(root=Path("/node"))

    assert {place.parent for place in places.all()} == {places.root}


@needs_root
def test_a_new_folder_is_closed_but_for_the_way_through_of_the_database_s_account(place):
    """It sees nothing of what lies beside its own."""
    parts = parts_in(place / "node")
    building.make_folder(parts)

    about = parts.places.root.stat()
    assert (about.st_uid, about.st_gid, mode(parts.places.root)) == (
        os.geteuid(), parts.server.account.gid, 0o710,
    )  # fmt: skip


@needs_root
def test_a_folder_that_holds_a_node_s_things_already_is_made_passable(place):
    """Before a restore the secrets are put there by hand."""
    (place / "node" / "secrets").mkdir(parents=True)
    (place / "node").chmod(0o700)
    building.make_folder(parts_in(place / "node"))

    assert mode(place / "node") == 0o710


def test_a_folder_with_other_things_in_it_keeps_its_mode(place):
    """Somebody named a home by mistake; it is not opened."""
    home = place / "home"
    home.mkdir(mode=0o700)
    (home / "letter").touch()
    building.make_folder(parts_in(home))

    assert mode(home) == 0o700


def test_nothing_is_made_by_building(place):
    """`status` of a folder that is not there leaves none behind."""
    parts = parts_in(place / "node")
    with pytest.raises(NotFound, match="'didban init' makes one"):
        building.require_made(parts)

    assert list(place.iterdir()) == []


@pytest.mark.parametrize("option", ["fsync=off", "full_page_writes = off", "fsync", "work_mem"])
def test_settings_that_give_up_durability_are_refused(option):
    """What was acknowledged must survive a crash, whatever a benchmark says."""
    with pytest.raises(ConfigError, match="must survive a crash"):
        building.options_of(Settings(node=Node(postgres_options=(option,))))


def test_an_ordinary_user_s_node_lies_in_their_own_folder(monkeypatch):
    """And root's where a service's things are looked for."""
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert building.data_folder(Settings()) == Path("/somewhere/didban")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert building.data_folder(Settings()) == Path("/var/lib/didban")


@pytest.mark.parametrize("given", ["tls_certificate_file", "tls_key_file"])
def test_a_certificate_without_its_key_is_refused(tmp_path, given):
    """Half of a pair would leave the node in the clear, or unable to start."""
    (tmp_path / "half.pem").write_text("a file")

    with pytest.raises(ConfigError, match="belong together"):
        scheme_of(parts_in(tmp_path, **{given: tmp_path / "half.pem"}))


def test_a_certificate_that_is_not_there_is_named(tmp_path):
    """Who reads the error knows which setting to mend."""
    pair = {"tls_certificate_file": tmp_path / "a.pem", "tls_key_file": tmp_path / "b.pem"}

    with pytest.raises(ConfigError, match="no such file") as refused:
        scheme_of(parts_in(tmp_path, **pair))

    assert refused.value.path == "node.tls_certificate_file"
