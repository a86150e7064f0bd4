"""Two operators join their nodes by the command line, as the how-to says."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from node_help import LiveNode, didban, told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def xar(node):
    """Return a node of Arvand whose database runs, without an identity."""
    node.up()
    yield node
    node.down()


def cli(node: LiveNode, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command on a node's machine."""
    return didban(*arguments, "--data", node.data)


def said(node: LiveNode, *arguments: str | Path) -> dict[str, Any]:
    """Run a command on a node's machine that answers in JSON."""
    return told(*arguments, "--data", node.data)


@pytest.fixture
def xbo_file(tmp_path):
    """Return the file by which a node of Boreland introduces itself, and its words."""
    from didban.exchange import descriptors, words
    from didban.guard.crypto import root_keys
    from exchange_help import descriptor_of, new_identity

    root = root_keys.new()
    signed = descriptors.sign(descriptor_of("xbo", root, new_identity("xbo")), root)
    path = tmp_path / "xbo.node.json"
    path.write_text(json.dumps(descriptors.to_file([signed])))
    return path, " ".join(words.of("xbo", root.public))


@pytest.mark.slow
def test_a_node_joins_another_and_renews_its_keys(xar, xbo_file, tmp_path):
    """Identity, words, pinning, renewal with the root key elsewhere, and what ends."""
    root = tmp_path / "xar.pem"
    made = said(
        xar, "identity", "make", "--root-key", root, "--endpoint", "https://xar.example.org"
    )
    assert (made["node"], made["version"], len(made["words"].split())) == ("xar", 1, 13)
    assert cli(xar, "identity", "make", "--root-key", root).returncode == 2
    _renew_elsewhere(xar, root, tmp_path)
    _pin(xar, *xbo_file)
    assert said(xar, "identity", "show", "--out", tmp_path / "xar.json")["version"] == 2
    [first, _] = json.loads((tmp_path / "xar.json").read_text())["descriptors"]
    assert set(first) == {"payload", "signatures"}
    _accept_charter(xar, root, xbo_file[0], tmp_path)
    told_of = cli(xar, "audit", "witnesses")
    assert "2 witnesses are wanted; there are 0" in told_of.stdout


def _renew_elsewhere(xar, root, tmp_path):
    """Send a version out as a file, sign it where the root key is, and take it back."""
    draft = tmp_path / "draft.json"
    assert cli(xar, "identity", "rotate", "--unsigned", draft).returncode == 0
    refused = cli(xar, "identity", "publish", draft)
    assert refused.returncode == 3
    signed = didban("identity", "sign", draft, "--root-key", root)
    assert signed.stdout == "Signed: version 2 of 'xar'.\n"
    assert said(xar, "identity", "publish", draft)["version"] == 2


def _pin(xar, file, words):
    """Pin a node whose words are heard, not read."""
    proposed = said(xar, "peer", "add", file)
    assert (proposed["state"], "words" in proposed) == ("proposed", False)
    assert cli(xar, "peer", "pin", "xbo", "--words", "acid " * 13).returncode == 2
    pinned = said(xar, "peer", "pin", "xbo", "--words", words)
    assert (pinned["state"], pinned["speaks_for"]) == ("pinned", ["xbo"])
    assert "xbo   pinned  member" in cli(xar, "peer", "list").stdout
    assert cli(xar, "peer", "evidence", "xbo").stdout == "none\n"
    assert said(xar, "peer", "suspend", "xbo")["state"] == "quarantined"
    assert said(xar, "peer", "pin", "xbo", "--words", words)["state"] == "pinned"


def _accept_charter(xar, root, xbo, tmp_path):
    """Write a charter from the files of its members; it is refused before enough have signed."""
    file, own = tmp_path / "gulf.charter", tmp_path / "xar.json"
    made = didban(
        *("charter", "make", file, "--network", "gulf", "--agreement", "Memorandum of 2031"),
        *("--member", own, "--member", xbo, "--threshold", "2", "--group", "ports=xar,xbo"),
    )
    assert "0 of 2 signatures" in made.stdout, made.stderr
    assert "1 of 2" in didban("charter", "sign", file, "--root-key", root).stdout
    refused = cli(xar, "charter", "accept", file)
    assert refused.returncode == 3
    assert "1 of the 2 signatures that are needed" in refused.stderr
    assert "no network with a charter" in cli(xar, "charter", "show").stdout
