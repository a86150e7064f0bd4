"""What a node says of itself, and by which keys it speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bank_help import actor, authority
from didban import clock
from didban.errors import BadSignature, Conflict, Forked, IntegrityFailure, InvalidFile
from didban.exchange import descriptors, identity, ours
from didban.exchange.ours import Changes
from didban.guard.crypto import root_keys
from didban.guard.secrets import Secrets
from didban.store import node as node_row
from didban.store.node import NodeRow

ENDPOINT = ("https://xar.example.org",)


@pytest.fixture
def secrets(tmp_path):
    """Return secrets that were just made."""
    made = Secrets(tmp_path / "secrets")
    made.make()
    return made


@pytest.fixture
def node(database):
    """Return the bank of a training node of xar, without an identity."""
    with database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return database


def said(database, secrets, *roots, now=None, **changes):
    """Publish the next version of a node's descriptor, signed by these roots."""
    now = now or clock.now()
    who = actor("xar", "administrator")
    with database.begin() as tx:
        drafted = ours.draft(tx, who, secrets, Changes(**changes), now)
        return ours.publish(tx, who, descriptors.sign(drafted, *roots), now)


def loaded(database, secrets):
    """Return who the node is."""
    with database.begin() as tx:
        return identity.load(tx, secrets)


def test_a_node_without_an_identity_is_nobody(node, secrets):
    """Nothing is published before the node has keys."""
    assert loaded(node, secrets) is None


def test_the_first_version_names_keys_and_the_host(node, secrets):
    """What is made can be read back, and the keys that sign are those that were said."""
    root = root_keys.new()
    made = said(node, secrets, root, root=root.public, endpoints=ENDPOINT)
    me = loaded(node, secrets)
    assert (made.version, made.host.code, made.is_training) == (1, "xar", True)
    assert me.node == "xar"
    assert [key.public for key in made.online_keys] == [me.signing.public]
    assert [key.id for key in made.sealing_keys] == list(me.sealing)
    assert me.signing.id.startswith("key_")


def test_the_root_key_is_never_in_the_node(node, secrets, tmp_path):
    """It lies in a file of its own, under a passphrase; without that it does not open."""
    root, path = root_keys.new(), tmp_path / "root.pem"
    root_keys.write(path, root, "correct horse")
    assert path.stat().st_mode & 0o777 == 0o600
    assert root_keys.needs_passphrase(path)
    assert root_keys.read(path, "correct horse").public == root.public
    with pytest.raises(InvalidFile):
        root_keys.read(path, "wrong")
    with pytest.raises(InvalidFile, match="never overwritten"):
        root_keys.write(path, root_keys.new())
    path.chmod(0o644)
    with pytest.raises(InvalidFile, match="chmod 600"):
        root_keys.read(path, "correct horse")


def test_keys_at_rest_open_with_the_secret_of_this_node_alone(node, secrets, tmp_path):
    """A copy of the database without the secret gives no key away."""
    root = root_keys.new()
    said(node, secrets, root, root=root.public)
    others = Secrets(tmp_path / "others")
    others.make()
    with pytest.raises(IntegrityFailure):
        loaded(node, others)


def test_a_lost_secret_is_mended_by_new_keys(node, secrets, tmp_path):
    """What was sealed for the old ones cannot be opened any more; the node goes on."""
    root = root_keys.new()
    said(node, secrets, root, root=root.public)
    before = loaded(node, secrets)
    (tmp_path / "secrets" / "exchange").unlink()
    anew = Secrets(tmp_path / "secrets")
    said(node, anew, root, new_keys=True)
    assert set(loaded(node, anew).sealing).isdisjoint(before.sealing)


def test_a_rotation_ends_the_old_key_and_keeps_what_it_signed(node, secrets):
    """The new key signs at once; the old one goes on for what is under way, and opens old bodies."""
    root = root_keys.new()
    said(node, secrets, root, root=root.public)
    before = loaded(node, secrets)
    second = said(node, secrets, root, new_keys=True)
    after = loaded(node, secrets)
    assert after.signing.id != before.signing.id
    assert set(before.sealing) < set(after.sealing)
    assert [key.id for key in second.sealing_keys] == [
        next(iter(set(after.sealing) - set(before.sealing)))
    ]
    old = next(key for key in second.online_keys if key.id == before.signing.id)
    now = clock.now()
    assert old.may_sign_at(now)
    assert not old.may_sign_at(now + timedelta(hours=2))


def test_a_compromised_key_signs_nothing_from_then_on(node, secrets):
    """What it signed before stands (PR-41)."""
    root, now = root_keys.new(), clock.now()
    said(node, secrets, root, root=root.public, now=now - timedelta(days=3))
    before = loaded(node, secrets)
    second = said(node, secrets, root, compromised_since=now - timedelta(days=1))
    old = next(key for key in second.online_keys if key.id == before.signing.id)
    assert old.may_sign_at(now - timedelta(days=2))
    assert not old.may_sign_at(now - timedelta(hours=1))
    assert loaded(node, secrets).signing.id != before.signing.id


def test_a_forgotten_renewal_is_mended_by_the_next_version(node, secrets):
    """The same key goes on, and what it signed while its time was over holds in the end."""
    root, now = root_keys.new(), clock.now()
    long_ago = now - timedelta(days=40)
    said(node, secrets, root, root=root.public, now=long_ago, stands=timedelta(days=30))
    before = loaded(node, secrets)
    second = said(node, secrets, root)
    [key] = second.online_keys
    assert key.id == before.signing.id == loaded(node, secrets).signing.id
    assert key.may_sign_at(now - timedelta(days=5))


def test_another_root_key_is_signed_by_both(node, secrets):
    """Neither the old nor the new one alone can bring it in."""
    old, new = root_keys.new(), root_keys.new()
    said(node, secrets, old, root=old.public)
    for one in (old, new):
        with pytest.raises(BadSignature):
            said(node, secrets, one, root=new.public)
    assert said(node, secrets, old, new, root=new.public).root == new.public
    with pytest.raises(BadSignature):
        said(node, secrets, old)


def test_no_version_is_left_out_repeated_or_taken_back(node, secrets):
    """Exactly one more each time, and a compromised key stays one."""
    root, now = root_keys.new(), clock.now()
    first = said(node, secrets, root, root=root.public)
    second = said(node, secrets, root, compromised_since=now)
    administrator = actor("xar", "administrator")
    healed = tuple(replace(key, compromised_since=None) for key in second.online_keys)
    for wrong in (
        replace(second, version=2, contact="other"),
        replace(second, version=4),
        replace(second, version=3, made_at=first.made_at - timedelta(days=1)),
        replace(second, version=3, online_keys=healed),
        replace(second, version=3, is_training=False),
    ):
        with node.begin() as tx, pytest.raises(Forked):
            ours.publish(tx, administrator, descriptors.sign(wrong, root), now)


def test_a_descriptor_with_keys_from_elsewhere_is_not_published(node, secrets):
    """The root key signed it, and still this node could not speak with it."""
    root, now = root_keys.new(), clock.now()
    first = said(node, secrets, root, root=root.public)
    strange = tuple(replace(key, id="key_strange") for key in first.online_keys)
    second = replace(first, version=2, online_keys=strange)
    with node.begin() as tx, pytest.raises(Conflict):
        ours.publish(tx, actor("xar", "administrator"), descriptors.sign(second, root), now)
