"""A network's members say together who belongs to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bank_help import actor
from didban import clock
from didban.errors import BadSignature, Conflict, Forked, InvalidInput, Malformed, NotPermitted
from didban.exchange import charter, descriptors, peers
from didban.guard.crypto import root_keys
from didban.model.actors import Authority, AuthorityKind
from didban.model.exchange.charters import Group, Member, NetworkCharter
from didban.model.exchange.descriptors import NodeRole
from didban.model.exchange.peers import PeerState
from didban.settings import Charter
from didban.store import authorities, node
from didban.store.exchange import peers as store
from didban.store.node import NodeRow
from exchange_help import descriptor_of, new_identity

TRAINING = Charter(is_training=True)
CODES = ("xar", "xbo", "xca")


@pytest.fixture
def roots():
    """Return the root keys of the members."""
    return {code: root_keys.new() for code in CODES}


@pytest.fixture
def said(roots):
    """Return what each member says of itself."""
    return {code: descriptor_of(code, root, new_identity(code)) for code, root in roots.items()}


@pytest.fixture
def here(database, roots, said):
    """Return the bank of xar, which has an identity and knows nobody."""
    now = clock.now()
    with database.begin() as tx:
        authorities.add(tx, said["xar"].host, now=now)
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=now))
        signed = descriptors.sign(said["xar"], roots["xar"])
        store.add_descriptor(tx, said["xar"], signed, now)
    return database


def of(roots, **values):
    """Return a charter of these members."""
    defaults = {
        "network": "gulf",
        "version": 1,
        "made_at": clock.now(),
        "agreement": "Memorandum of 2031",
        "threshold": 2,
        "members": tuple(Member(node=code, root=root.public) for code, root in roots.items()),
        "kinds": (AuthorityKind.POLICE, AuthorityKind.CUSTOMS),
        "is_training": True,
    }
    return NetworkCharter(**{**defaults, **values})


def signed_by(made, *roots):
    """Return a charter under these signatures."""
    return charter.sign(charter.unsigned(made), *roots)


def accept(database, signed):
    """Let an administrator of the host accept it."""
    with database.begin() as tx:
        return charter.accept(tx, actor("xar", "administrator"), signed, TRAINING, clock.now())


def add(database, code, roots, said):
    """Take in what a member says of itself."""
    with database.begin() as tx:
        given = [descriptors.sign(said[code], roots[code])]
        return peers.propose(tx, actor("xar", "administrator"), given, TRAINING, clock.now())


def state(database, code):
    """Return whether a node is spoken with."""
    with database.begin() as tx:
        peer = store.get(tx, code)
    assert peer is not None
    return peer.state


def test_a_charter_reads_as_it_was_written(roots):
    """Whatever stands in it."""
    made = of(
        roots,
        groups=(Group(code="ports", authorities=("xar",)),),
        panel=("xbo",),
        secretariat="xca",
    )
    assert NetworkCharter.from_bytes(made.to_bytes()) == made


def test_it_pins_its_members_before_and_after_they_are_known(here, roots, said):
    """One whose file was here, and one whose file comes later; no words are compared."""
    add(here, "xbo", roots, said)
    assert state(here, "xbo") is PeerState.PROPOSED
    made = accept(here, signed_by(of(roots), roots["xar"], roots["xbo"]))
    assert state(here, "xbo") is PeerState.PINNED
    with here.begin() as tx:
        assert charter.missing(tx, made) == ["xca"]
    assert add(here, "xca", roots, said).state is PeerState.PINNED


def test_a_node_with_another_root_key_is_not_pinned_by_it(here, roots, said):
    """Whoever calls itself a member."""
    accept(here, signed_by(of(roots), roots["xar"], roots["xbo"]))
    false = {"xca": root_keys.new()}
    said["xca"] = replace(said["xca"], root=false["xca"].public)
    assert add(here, "xca", false, said).state is PeerState.PROPOSED


def test_the_first_one_is_signed_by_our_own_root_key(here, roots):
    """Others cannot make us a member of something that we have not read."""
    with pytest.raises(BadSignature):
        accept(here, signed_by(of(roots), roots["xbo"], roots["xca"]))
    with pytest.raises(BadSignature):
        accept(here, signed_by(of(roots), roots["xar"]))
    others = {code: roots[code] for code in ("xbo", "xca")}
    with pytest.raises(Conflict):
        accept(here, signed_by(of(others), roots["xbo"], roots["xca"]))


def test_the_next_version_is_signed_by_enough_of_both(here, roots):
    """New members cannot bring themselves in, and no version is left out."""
    accept(here, signed_by(of(roots), roots["xar"], roots["xbo"]))
    news = {**roots, "xda": root_keys.new(), "xfa": root_keys.new()}
    second = of(news, version=2, threshold=3)
    with pytest.raises(BadSignature):
        accept(here, signed_by(second, roots["xar"], news["xda"], news["xfa"]))
    with pytest.raises(BadSignature):
        accept(here, signed_by(second, roots["xar"], roots["xbo"]))
    with pytest.raises(Forked):
        accept(here, signed_by(replace(second, version=3), *news.values()))
    with pytest.raises(Forked):
        accept(here, signed_by(replace(second, network="other"), *news.values()))
    assert accept(here, signed_by(second, roots["xbo"], roots["xca"], news["xda"])).version == 2


def test_who_left_the_network_is_removed(here, roots, said):
    """Unless a person pinned it by its words: that was between the two."""
    add(here, "xbo", roots, said)
    add(here, "xca", roots, said)
    accept(here, signed_by(of(roots), roots["xar"], roots["xbo"]))
    left = {code: roots[code] for code in ("xar", "xbo")}
    accept(here, signed_by(of(left, version=2), roots["xar"], roots["xbo"]))
    assert state(here, "xca") is PeerState.REMOVED
    assert state(here, "xbo") is PeerState.PINNED
    accept(here, signed_by(of(roots, version=3), roots["xar"], roots["xbo"]))
    assert state(here, "xca") is PeerState.PINNED


def test_groups_are_those_of_the_charter(here, roots, said):
    """Other groups stay; one that the charter does not name any more ends."""
    add(here, "xbo", roots, said)
    with here.begin() as tx:
        authorities.change_groups(tx, "xar", ("own",))
    group = Group(code="ports", authorities=("xar", "xbo", "xca"))
    accept(here, signed_by(of(roots, groups=(group,)), roots["xar"], roots["xbo"]))
    add(here, "xca", roots, said)
    assert _groups(here) == {"xar": ("own", "ports"), "xbo": ("ports",), "xca": ("ports",)}
    accept(here, signed_by(of(roots, version=2), roots["xar"], roots["xbo"]))
    assert _groups(here) == {"xar": ("own",), "xbo": (), "xca": ()}


def _groups(database):
    with database.begin() as tx:
        return {one.code: one.groups for one in authorities.listed(tx, after="", limit=10)}


def test_pr_56_it_says_which_kinds_may_take_part(here, roots, said):
    """A node of another kind is refused, though its root key is named."""
    accept(here, signed_by(of(roots), roots["xar"], roots["xbo"]))
    court = Authority(code="xca", name="Court", kind=AuthorityKind.JUDICIAL, country="XCA")
    said["xca"] = replace(said["xca"], authorities=(court,))
    with pytest.raises(NotPermitted, match="PR-56"):
        add(here, "xca", roots, said)


def test_pr_51_a_charter_of_production_is_refused_in_training(here, roots):
    """And the other way round."""
    with pytest.raises(InvalidInput, match="PR-51"):
        accept(here, signed_by(of(roots, is_training=False), *roots.values()))


def test_a_pinned_node_is_not_replaced_by_a_charter(here, roots, said):
    """A person compared its words: another root key is a contradiction that people settle."""
    add(here, "xbo", roots, said)
    with here.begin() as tx:
        store.set_state(tx, "xbo", PeerState.PINNED, by="usr_1", now=clock.now())
    other = {**roots, "xbo": root_keys.new()}
    with pytest.raises(Conflict, match="another root key"):
        accept(here, signed_by(of(other), other["xar"], other["xbo"]))


@pytest.mark.parametrize(
    "values",
    [
        {"threshold": 1},
        {"threshold": 4},
        {"kinds": ()},
        {"panel": ("xzz",)},
        {"secretariat": "xzz"},
        {"version": 0},
        {"members": (Member(node="xar", root=bytes(32)), Member(node="xbo", root=bytes(32)))},
    ],
)
def test_what_cannot_be_a_charter_is_malformed(roots, values):
    """No threshold of half or less: there would be two versions, each signed by enough."""
    with pytest.raises(Malformed):
        NetworkCharter.from_bytes(of(roots, **values).to_bytes())


def test_a_secretariat_is_a_member_that_owns_nothing(here, roots, said):
    """It is pinned as others are, and speaks for nobody."""
    said["xca"] = replace(said["xca"], role=NodeRole.SECRETARIAT)
    accept(here, signed_by(of(roots, secretariat="xca"), roots["xar"], roots["xbo"]))
    assert not add(here, "xca", roots, said).speaks_for("xca")
