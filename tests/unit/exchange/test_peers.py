"""Other nodes are believed once their words were compared, and only for what they say of themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bank_help import actor, passport
from didban import clock
from didban.errors import (
    BadSignature,
    Conflict,
    Expired,
    Forked,
    InvalidInput,
    Malformed,
    NotFound,
    NotPermitted,
    UnknownPeer,
)
from didban.exchange import descriptors, peers, receiving, words
from didban.guard.crypto import dsse, hpke, root_keys
from didban.model.actors import Authority, AuthorityKind
from didban.model.exchange.descriptors import NodeRole, OnlineKey
from didban.model.exchange.feeds import FeedState
from didban.model.exchange.kinds import Call, Kind
from didban.model.exchange.peers import PeerState
from didban.settings import Charter
from didban.store import authorities, node
from didban.store.exchange import evidence, feeds
from didban.store.exchange import peers as store
from didban.store.node import NodeRow
from exchange_help import descriptor_of, item, new_identity
from sharing_help import holders, report

TRAINING = Charter(is_training=True)
YEAR = timedelta(days=365)


class Stranger:
    """A node that nobody here knows yet."""

    def __init__(self, code="xbo"):
        self.code, self.root, self.identity = code, root_keys.new(), new_identity(code)
        self.base = descriptor_of(code, self.root, self.identity)
        self.first = self.say(1)

    def say(self, version, **more):
        """Return one version of what it says of itself, which its root key signed."""
        found = replace(self.base, version=version, **{"made_at": clock.now(), **more})
        return descriptors.sign(found, self.root)

    @property
    def words(self):
        """Its words, as its officer reads them."""
        return " ".join(words.of(self.code, self.root.public))


@pytest.fixture
def here(database):
    """Return the bank of a training node of xar."""
    with database.begin() as tx:
        authorities.add(
            tx, Authority(code="xar", name="Arvand", kind=AuthorityKind.POLICE), now=clock.now()
        )
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return database


def do(database, verb, *arguments, role="administrator", now=None):
    """Let an administrator of the host do something to a node."""
    with database.begin() as tx:
        return verb(tx, actor("xar", role), *arguments, now or clock.now())


def proposed(database, *given, charter=TRAINING):
    """Take in what a node says of itself."""
    return do(database, peers.propose, list(given), charter)


def pinned(database, stranger, charter=TRAINING):
    """Take in a node and pin it."""
    proposed(database, stranger.first, charter=charter)
    return do(database, peers.pin, stranger.code, stranger.words, charter)


def test_a_node_is_proposed_and_gets_nothing(here):
    """Before its words were compared it speaks for nobody, and its entries are refused."""
    xbo = Stranger()
    peer = proposed(here, xbo.first)
    assert peer.state is PeerState.PROPOSED
    assert not peer.speaks_for("xbo")
    with here.begin() as tx, pytest.raises(UnknownPeer):
        receiving.take_in(tx, new_identity("xar"), peer, "xbo.fed_1", [], {}, clock.now())


def test_it_is_pinned_by_its_words(here):
    """From then on its authority takes part in the bank, spoken for by it."""
    xbo = Stranger()
    peer = pinned(here, xbo)
    assert peer.state is PeerState.PINNED
    assert peer.speaks_for("xbo")
    assert not peer.speaks_for("xar")
    with here.begin() as tx:
        assert authorities.get(tx, "xbo") is not None


def test_the_words_of_another_key_do_not_pin(here):
    """Neither another node's nor those that were misheard."""
    xbo, other = Stranger(), Stranger()
    proposed(here, xbo.first)
    heard = xbo.words.split()
    for wrong in (other.words, " ".join(reversed(heard)), "acorn", ""):
        with pytest.raises(InvalidInput):
            do(here, peers.pin, "xbo", wrong, TRAINING)
    with pytest.raises(NotFound):
        do(here, peers.pin, "xca", xbo.words, TRAINING)


def test_words_hold_for_the_code_of_one_node(here):
    """Whoever presents the key of xbo under another name reads other words."""
    root = root_keys.new().public
    assert words.of("xbo", root) != words.of("xca", root)


def test_only_administrators_of_the_host_decide(here):
    """Others may look."""
    xbo = Stranger()
    with pytest.raises(NotPermitted):
        do(here, peers.propose, [xbo.first], TRAINING, role="supervisor")
    pinned(here, xbo)
    with here.begin() as tx:
        assert [one.node for one in peers.listed(tx, actor("xar", "supervisor"))] == ["xbo"]
        with pytest.raises(NotPermitted):
            peers.listed(tx, actor("xar", "first_line"))


def test_pr_51_training_and_production_do_not_meet(here):
    """Neither a production node in a training network nor the other way round."""
    with pytest.raises(InvalidInput, match="PR-51"):
        proposed(here, Stranger().say(1, is_training=False))
    real = Authority(code="deu", name="Real", kind=AuthorityKind.POLICE, country="DEU")
    with pytest.raises(InvalidInput, match="PR-51"):
        proposed(here, Stranger("deu").say(1, authorities=(real,)))
    with here.begin() as tx:
        tx.exec_driver_sql("update node set is_training = false")
    with pytest.raises(InvalidInput, match="PR-51"):
        proposed(here, Stranger().first, charter=Charter())


def test_pr_56_a_military_node_needs_a_charter_that_admits_it(here):
    """Its descriptor names its kind."""
    army = Authority(code="xbo", name="Army", kind=AuthorityKind.MILITARY, country="XBO")
    said = Stranger().say(1, authorities=(army,))
    with pytest.raises(NotPermitted, match="PR-56"):
        proposed(here, said)
    proposed(here, said, charter=Charter(is_training=True, admits_military=True))


def test_nobody_speaks_for_ours_or_for_anothers(here):
    """Neither for the host of this node nor for an authority of a node that is pinned (PR-07)."""
    pinned(here, Stranger("xbo"))
    names = [
        Authority(code=code, name=code, kind=AuthorityKind.POLICE) for code in ("xca", "xar", "xbo")
    ]
    xca = Stranger("xca")
    for also in names[1:]:
        with pytest.raises(Conflict):
            proposed(here, xca.say(1, authorities=(names[0], also)))
    with pytest.raises(Conflict, match="our own"):
        proposed(here, Stranger("xar").first)


def test_a_secretariat_speaks_for_nobody(here):
    """It reviews and analyses, and owns nothing."""
    office = Stranger("xsz")
    office.first = office.say(1, role=NodeRole.SECRETARIAT)
    peer = pinned(here, office)
    assert not peer.speaks_for("xsz")
    assert peers.waiting(peer) == ()


def test_groups_are_not_a_nodes_own_word(here):
    """What is open to a group is not opened by saying that one belongs to it."""
    one = Authority(code="xbo", name="B", kind=AuthorityKind.POLICE, groups=("ports",))
    xbo = Stranger()
    xbo.first = xbo.say(1, authorities=(one,))
    pinned(here, xbo)
    with here.begin() as tx:
        taking_part = authorities.get(tx, "xbo")
    assert taking_part is not None
    assert taking_part.groups == ()


def test_versions_are_renewed_one_by_one(here):
    """Exactly one more, none left out; the ones that we hold may come again."""
    xbo = Stranger()
    pinned(here, xbo)
    second, third = xbo.say(2, contact="new"), xbo.say(3)
    with pytest.raises(Forked):
        do(here, peers.renew, "xbo", [third])
    assert do(here, peers.renew, "xbo", [xbo.first, second, third])
    assert not do(here, peers.renew, "xbo", [xbo.first, second, third])
    with here.begin() as tx:
        assert peers.found(tx, actor("xar", "administrator"), "xbo").descriptor.version == 3


def test_two_descriptors_of_one_version_are_a_fork(here):
    """Both are signed by the root key, and only one can be what the node says."""
    xbo = Stranger()
    pinned(here, xbo)
    do(here, peers.renew, "xbo", [xbo.say(2, contact="one")])
    with pytest.raises(Forked) as found:
        do(here, peers.renew, "xbo", [xbo.say(2, contact="another")])
    assert len(found.value.signed) == 2


def test_versions_on_the_way_may_have_run_out_and_the_newest_not(here):
    """As TUF has it: who was away for long catches up, and nobody is frozen in the past."""
    now = clock.now()
    xbo = Stranger()
    old = {"made_at": now - 2 * YEAR, "expires_at": now - YEAR - timedelta(days=1)}
    first, second = xbo.say(1, **old), xbo.say(2)
    with pytest.raises(Expired):
        proposed(here, first)
    assert proposed(here, first, second).descriptor.version == 2


def test_a_descriptor_stands_for_thirteen_months_at_most(here):
    """So that a key that was forgotten ends."""
    with pytest.raises(Malformed):
        proposed(here, Stranger().say(1, expires_at=clock.now() + 2 * YEAR))


@pytest.mark.parametrize(
    "url", ["http://xbo.example.org", "ftp://xbo.example.org", "https://", "x"]
)
def test_an_endpoint_is_https(here, url):
    """Without it only on the very machine."""
    with pytest.raises(Malformed):
        proposed(here, Stranger().say(1, endpoints=(url,)))


def test_whom_it_speaks_for_grows_only_with_our_consent(here):
    """Less is taken at its word; more waits for a person."""
    xbo = Stranger()
    pinned(here, xbo)
    police = Authority(code="xbo", name="Authority xbo", kind=AuthorityKind.POLICE, country="XBO")
    customs = Authority(
        code="xbo-customs", name="Customs", kind=AuthorityKind.CUSTOMS, country="XBO"
    )
    do(here, peers.renew, "xbo", [xbo.say(2, authorities=(police, customs))])
    with here.begin() as tx:
        peer = peers.found(tx, actor("xar", "administrator"), "xbo")
    assert not peer.speaks_for("xbo-customs")
    assert [one.code for one in peers.waiting(peer)] == ["xbo-customs"]
    assert do(here, peers.agree, "xbo", TRAINING).speaks_for("xbo-customs")
    do(here, peers.renew, "xbo", [xbo.say(3, authorities=(police,))])
    with here.begin() as tx:
        assert not peers.found(tx, actor("xar", "administrator"), "xbo").speaks_for("xbo-customs")


def test_a_node_that_becomes_military_speaks_for_nobody(here):
    """Another kind is another authority, to which nobody agreed (PR-56)."""
    xbo = Stranger()
    pinned(here, xbo)
    army = Authority(code="xbo", name="Authority xbo", kind=AuthorityKind.MILITARY, country="XBO")
    do(here, peers.renew, "xbo", [xbo.say(2, authorities=(army,))])
    with here.begin() as tx:
        assert not peers.found(tx, actor("xar", "administrator"), "xbo").speaks_for("xbo")
    with pytest.raises(NotPermitted):
        do(here, peers.agree, "xbo", TRAINING)


def test_suspended_and_removed_nodes_come_back_by_their_words(here):
    """A person decided, and a person compares again."""
    xbo = Stranger()
    pinned(here, xbo)
    assert do(here, peers.suspend, "xbo").state is PeerState.QUARANTINED
    with pytest.raises(Conflict):
        do(here, peers.suspend, "xbo")
    assert do(here, peers.remove, "xbo").state is PeerState.REMOVED
    with pytest.raises(Conflict):
        do(here, peers.remove, "xbo")
    assert do(here, peers.pin, "xbo", xbo.words, TRAINING).state is PeerState.PINNED


def test_a_proposal_may_be_replaced_until_it_is_believed(here):
    """Whoever was first to send a file under a name does not block the true node."""
    false, true = Stranger(), Stranger()
    proposed(here, false.first)
    proposed(here, true.first)
    assert do(here, peers.pin, "xbo", true.words, TRAINING).descriptor.root == true.root.public
    with pytest.raises(Forked):
        proposed(here, false.first)


def test_a_rotated_key_is_learnt_from_the_node_itself(network):
    """Even where its answer is signed by the very key that is new: the root key vouches for it."""
    xar, xbo = network["xar"], network["xbo"]
    _rotate(network, "xar")
    xar.calls[Call.DESCRIPTOR] = peers.tell
    assert peers.run_due(xbo.database, clock.now(), ask=partial(network.ask, "xbo")) == 1
    xar.publish("talk:xbo", item(Kind.MESSAGE))
    network.carry()
    assert len(xbo.arrived) == 1


def test_an_entry_whose_key_ended_on_its_way_still_holds(network):
    """What counts is the time that the entry bears, not that of its arrival."""
    xar, xbo = network["xar"], network["xbo"]
    xar.publish("talk:xbo", item(Kind.MESSAGE))
    xar.calls[Call.DESCRIPTOR] = peers.tell
    _rotate(network, "xar", valid_until=clock.now())
    peers.run_due(xbo.database, clock.now(), ask=partial(network.ask, "xbo"))
    network.carry()
    assert len(xbo.arrived) == 1


def test_pr_41_an_entry_of_a_compromised_key_is_refused_on_its_way(network):
    """From the moment on that the owner names, whenever it arrives."""
    xar, xbo = network["xar"], network["xbo"]
    xar.publish("talk:xbo", item(Kind.MESSAGE))
    xar.calls[Call.DESCRIPTOR] = peers.tell
    _rotate(network, "xar", compromised_since=clock.now() - timedelta(hours=1))
    peers.run_due(xbo.database, clock.now(), ask=partial(network.ask, "xbo"))
    with pytest.raises(BadSignature):
        network.carry()
    assert xbo.arrived == []


def test_pr_41_what_a_compromised_key_said_before_anybody_knew_stops_its_feed(network):
    """It was taken in, and is evidence now; other feeds of the node go on."""
    xar, xbo = network["xar"], network["xbo"]
    feed = xar.publish("talk:xbo", item(Kind.MESSAGE))
    network.carry()
    assert len(xbo.arrived) == 1
    xar.calls[Call.DESCRIPTOR] = peers.tell
    _rotate(network, "xar", compromised_since=clock.now() - timedelta(hours=1))
    peers.run_due(xbo.database, clock.now(), ask=partial(network.ask, "xbo"))
    assert xbo.do(feeds.require, feed).state is FeedState.STOPPED
    [found] = xbo.do(evidence.of_node, "xar")
    assert (found.feed, found.fault) == (feed, "bad_signature")


def test_a_node_whose_descriptor_ran_out_is_told_nothing(network):
    """Until it renewed it. What is for it waits, sealed for the key that it had."""
    xar, xbo = network["xar"], network["xbo"]
    ended = {"expires_at": clock.now() - timedelta(days=1)}
    newer = replace(xbo.descriptor, version=2, **ended)
    xar.do(store.add_descriptor, newer, descriptors.sign(newer, xbo.root), clock.now())
    xar.calls[Call.DESCRIPTOR] = peers.tell
    with pytest.raises(Expired):
        network.ask("xbo", "xar", Call.DESCRIPTOR, {})
    xar.publish("talk:xbo", item(Kind.MESSAGE))


def test_pr_07_a_record_of_a_secretariat_is_refused(sharing):
    """It owns nothing, whatever it signs: the entry is evidence, and its feeds go on."""
    xar, office = sharing["xar"], sharing["xca"]
    said = replace(office.descriptor, version=2, role=NodeRole.SECRETARIAT)
    for bank in (xar, sharing["xbo"]):
        bank.do(store.add_descriptor, said, descriptors.sign(said, office.root), clock.now())
    kept = report(office, passport("A12345678", issuer="xca"))
    sharing.carry()
    assert holders(sharing, kept.id) == ["xca"]
    assert {one.fault for one in xar.do(evidence.of_node, "xca")} == {"handling_refused"}


def _rotate(network, node, **old):
    """Give a node of the network new keys, by a second version of its descriptor."""
    bank = network[node]
    now = clock.now()
    ended = tuple(replace(key, **old) for key in bank.descriptor.online_keys)
    signing = dsse.SigningKey.generate(f"{node}-sign-2")
    sealing = hpke.PrivateKey.generate(f"{node}-seal-2")
    key = OnlineKey(id=signing.id, public=signing.public, valid_from=now, valid_until=now + YEAR)
    bank.identity = replace(
        bank.identity, signing=signing, sealing={**bank.identity.sealing, sealing.id: sealing}
    )
    newer = replace(bank.descriptor, version=2, online_keys=(key, *ended))
    bank.do(store.add_descriptor, newer, descriptors.sign(newer, bank.root), now)
