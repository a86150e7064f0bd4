"""Other nodes cosign our audit log, and refuse one that was rewritten or restored (PR-36)."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bank_help import actor, authority
from didban import clock
from didban.errors import Malformed
from didban.exchange import descriptors, ours, witness
from didban.exchange.ours import Changes
from didban.exchange.witness import Offer
from didban.guard import audit, checkpoints, merkle, sealing
from didban.guard.checkpoints import Checkpoint, Signer
from didban.guard.cosigning import Cosigner, Witness, cosigner_of
from didban.guard.crypto import root_keys
from didban.guard.secrets import Secrets
from didban.model.deeds import Deed
from didban.model.exchange.kinds import Call
from didban.model.exchange.peers import PeerState
from didban.store import node as node_row
from didban.store.exchange import evidence, peers
from didban.store.exchange import witness as kept
from didban.store.node import NodeRow
from exchange_help import descriptor_of, new_identity

LOG = Signer("xar/didban/audit", bytes(range(32)))
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(9)]


@pytest.fixture
def secrets(tmp_path):
    """Return the secrets of the witness, by node."""
    found = {}
    for node in ("xar", "xbo", "xca"):
        found[node] = Secrets(tmp_path / node)
        found[node].make()
    return found


@pytest.fixture
def xbo(database):
    """Return the bank of the witness, which knows the node whose log it is."""
    root, now = root_keys.new(), clock.now()
    said = replace(descriptor_of("xar", root, new_identity("xar")), log=LOG.verifier.text())
    with database.begin() as tx:
        authority(tx, "xbo")
        node_row.add(tx, NodeRow(host="xbo", is_training=True, made_at=now))
        peers.add_descriptor(tx, said, descriptors.sign(said, root), now)
        peers.add(tx, "xar", root.public, now)
        peers.set_state(tx, "xar", PeerState.PINNED, by="usr_1", now=now)
    return database


def do(database, verb, *arguments, **more):
    """Do something in a transaction of its own."""
    with database.begin() as tx:
        return verb(tx, *arguments, **more)


def tree(leaves):
    """Return a tree that proofs can be made from."""
    edge, nodes = merkle.Frontier(), {}
    for place, leaf in enumerate(leaves):
        for level, found in enumerate(edge.append(leaf)):
            nodes[merkle.Node(level, place >> level)] = found
    return nodes


def offered(size, old=0, leaves=LEAVES, signer=LOG, proof=None):
    """Return the offer of the first `size` leaves after `old`."""
    nodes = tree(leaves[:size])
    root = merkle.root(size, lambda wanted: {node: nodes[node] for node in wanted})
    at = datetime(2031, 5, 4, 10, tzinfo=UTC)
    note = signer.sign(Checkpoint(origin=signer.origin, size=size, root=root, at=at))
    if proof is None:
        proof = merkle.consistency_proof(old, size, lambda wanted: {n: nodes[n] for n in wanted})
    return Offer(old=old, proof=tuple(proof), note=note)


@pytest.fixture
def told(xbo, secrets):
    """Return what the witness answers to an offer."""

    def answer(offer):
        body = offer.to_json() if isinstance(offer, Offer) else offer
        caller = do(xbo, peers.get, "xar")
        return do(xbo, witness.answer, caller, body, clock.now(), secrets=secrets["xbo"])

    return answer


def test_a_log_that_grows_is_cosigned(told, secrets):
    """Each time by the key of the witness, over all lines of the checkpoint and its own time."""
    key = cosigner_of("xbo", secrets["xbo"]).witness
    for old, size in ((0, 3), (3, 3), (3, 4), (4, 9)):
        offer = offered(size, old)
        answer = told(offer)
        assert answer["status"] == 200
        [line] = answer["cosignatures"]
        seen_at = key.seen_at(offer.note + line)
        assert seen_at is not None
        assert clock.now() - seen_at < timedelta(minutes=1)
        assert Witness.from_text(key.text()) == key


def test_another_old_size_is_a_conflict_that_names_the_size(told):
    """So that who lost its memory can ask again."""
    told(offered(4))
    assert told(offered(6, 3)) == {"status": 409, "size": 4}
    assert told(offered(6, 0)) == {"status": 409, "size": 4}
    assert told(offered(6, 4))["status"] == 200


def test_pr_36_a_restored_log_is_refused(told):
    """It has fewer entries than were seen: nothing of it is cosigned again."""
    told(offered(9))
    assert told(offered(5, 0)) == {"status": 409, "size": 9}
    assert told(offered(5, 5)) == {"status": 409, "size": 9}


def test_another_root_of_the_same_size_is_kept_as_evidence(told, xbo):
    """Both are signed by the same key: that convicts whoever has it."""
    told(offered(4))
    other = offered(4, 4, leaves=[*LEAVES[:3], LEAVES[8]])
    assert told(other) == {"status": 409, "size": 4}
    [found] = do(xbo, evidence.of_node, "xar")
    assert found.fault == "integrity_failure"
    [shown] = found.envelopes
    assert LOG.verifier.is_signed(shown["seen"])
    assert LOG.verifier.is_signed(shown["offered"]["checkpoint"])


def test_pr_36_a_rewritten_log_is_not_consistent(told, xbo):
    """A tree that does not begin with the one before is refused, whatever its proof."""
    told(offered(4))
    rewritten = [LEAVES[0], LEAVES[8], *LEAVES[2:]]
    assert told(offered(7, 4, leaves=rewritten)) == {"status": 422}
    assert told(offered(7, 4, proof=[])) == {"status": 422}
    assert len(do(xbo, evidence.of_node, "xar")) == 2
    assert told(offered(7, 4))["status"] == 200


def test_the_first_checkpoint_has_no_proof(told):
    """There is nothing yet that it could go on from."""
    assert told(offered(4, 0, proof=[bytes(32)])) == {"status": 422}


def test_an_empty_log_is_cosigned(told):
    """No entry at all is a state as any other."""
    assert told(offered(0))["status"] == 200
    assert told(offered(0))["status"] == 200
    assert told(offered(2))["status"] == 200


def test_another_log_is_not_found_and_another_key_is_forbidden(told):
    """The witness knows the one log that the node's descriptor names."""
    assert told(offered(4, signer=Signer("xzz/didban/audit", bytes(32)))) == {"status": 404}
    assert told(offered(4, signer=Signer(LOG.origin, bytes(32)))) == {"status": 403}


def test_an_old_size_above_the_new_one_is_a_bad_request(told):
    """Whatever was seen."""
    assert told(offered(4, 5, proof=[])) == {"status": 400}


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"old": -1, "proof": [], "checkpoint": "x"},
        {"old": 0, "proof": ["x"], "checkpoint": "x\n\nx"},
        {"old": 0, "proof": [base64.b64encode(bytes(32)).decode()] * 64, "checkpoint": "x"},
        {"old": 0, "proof": [], "checkpoint": "no checkpoint"},
    ],
)
def test_what_is_no_offer_is_refused(told, xbo, body):
    """Whatever it is, as malformed, and nothing changes."""
    with pytest.raises(Malformed):
        told(body)
    assert do(xbo, kept.seen) == []


def test_two_checkpoints_at_once_never_go_back(xbo, secrets):
    """The race of C2SP: the smaller one, checked first and kept last, would forget entries."""
    caller, answer = do(xbo, peers.get, "xar"), partial(witness.answer, secrets=secrets["xbo"])
    with xbo.begin() as first:
        assert answer(first, caller, offered(4).to_json(), clock.now())["status"] == 200
        with xbo.begin() as second:
            second.exec_driver_sql("set local lock_timeout = '100ms'")
            with pytest.raises(Exception, match=r"(?i)lock"):
                answer(second, caller, offered(2).to_json(), clock.now())
    assert [seen.size for seen in do(xbo, kept.seen)] == [4]


def test_a_cosignature_says_when_and_is_bound_to_its_name():
    """The line has the form of C2SP: identifier, eight bytes of time, signature."""
    one, other = Cosigner("xbo/didban/witness", bytes(32)), Cosigner("xca/witness", bytes(32))
    note = offered(4).note
    at = datetime(2031, 5, 4, 10, 0, 7, tzinfo=UTC)
    line = one.sign(note, at)
    assert one.witness.seen_at(note + line) == at
    assert other.witness.seen_at(note + line) is None
    assert one.witness.seen_at(offered(5).note + line) is None
    raw = base64.b64decode(line.split()[-1])
    assert raw[:4] == one.witness.identifier
    assert int.from_bytes(raw[4:12], "big") == at.timestamp()
    assert len(raw) == 76


# --- our own log, witnessed by others -----------------------------------------------------------


@pytest.fixture
def logs(network, secrets):
    """Let each node know the true keys of the others, and answer for its witness."""
    for bank in network.values():
        with bank.database.begin() as tx:
            for other in network:
                _say(tx, network, other, secrets)
        bank.calls[Call.WITNESS] = partial(witness.answer, secrets=secrets[bank.code])
    return network


def _say(tx, network, node, secrets):
    """Let a descriptor name the true keys of log and witness."""
    log = Signer(f"{node}/didban/audit", secrets[node].get("audit")[:32]).verifier.text()
    key = cosigner_of(node, secrets[node]).witness.text()
    newer = replace(network[node].descriptor, version=2, log=log, witness=key)
    peers.add_descriptor(tx, newer, descriptors.sign(newer, network[node].root), clock.now())


def enter(bank, count=1):
    """Enter deeds in the log of a bank."""
    with bank.database.begin() as tx:
        for number in range(count):
            audit.enter(tx, actor(bank.code), Deed.AUDIT_READ, facts={"count": number})


def checkpoint(bank, secrets):
    """Sign what was entered."""
    with bank.database.begin() as tx:
        signer = checkpoints.signer_of(tx, secrets[bank.code])
    checkpoints.make(bank.database, signer)


def ask_all(network, node, secrets, **more):
    """Let a node have its log cosigned by all others; return how many did."""
    return witness.run_due(
        network[node].database,
        clock.now(),
        secrets=secrets[node],
        ask=partial(network.ask, node),
        **more,
    )


def test_pr_36_our_log_is_cosigned_by_two_witnesses(logs, secrets):
    """Each line holds under the checkpoint, and a log that did not grow is not offered again."""
    xar = logs["xar"]
    assert ask_all(logs, "xar", secrets) == 0
    enter(xar, 5)
    checkpoint(xar, secrets)
    assert ask_all(logs, "xar", secrets) == 2
    assert ask_all(logs, "xar", secrets) == 0
    enter(xar, 3)
    checkpoint(xar, secrets)
    assert ask_all(logs, "xar", secrets) == 2
    assert [
        (one.node, one.behind, one.fault) for one in xar.do(witness.standing, secrets["xar"])
    ] == [
        ("xbo", 0, None),
        ("xca", 0, None),
    ]
    note = xar.do(witness.cosigned, secrets["xar"])
    for node in ("xbo", "xca"):
        assert cosigner_of(node, secrets[node]).witness.seen_at(note) is not None


def test_a_node_that_forgot_what_was_cosigned_asks_again(logs, secrets):
    """The witness names the size, and the proof is made from there."""
    xar = logs["xar"]
    for _ in range(2):
        enter(xar, 5)
        checkpoint(xar, secrets)
        assert ask_all(logs, "xar", secrets) == 2
        xar.do(lambda tx: tx.exec_driver_sql("delete from cosignature"))


def test_pr_36_a_restored_log_is_told_to_its_operator_once(logs, secrets):
    """Both witnesses saw more than there is: they refuse, until the log begins anew."""
    xar = logs["xar"]
    enter(xar, 8)
    checkpoint(xar, secrets)
    ask_all(logs, "xar", secrets)
    xar.do(_restore, 4)
    checkpoint(xar, secrets)
    told = []
    for _ in range(2):
        assert ask_all(logs, "xar", secrets, told=lambda tx, node: told.append(node)) == 0
    assert told == ["xbo", "xca"]
    standing = xar.do(witness.standing, secrets["xar"])
    assert {one.fault for one in standing} == {"rolled_back"}


def test_pr_36_a_rewritten_log_is_told_too(logs, secrets):
    """The same number of entries and more, and another beginning."""
    xar = logs["xar"]
    enter(xar, 8)
    checkpoint(xar, secrets)
    ask_all(logs, "xar", secrets)
    xar.do(_restore, 4)
    enter(xar, 9)
    checkpoint(xar, secrets)
    assert ask_all(logs, "xar", secrets) == 0
    assert {one.fault for one in xar.do(witness.standing, secrets["xar"])} == {"rewritten"}


def test_a_restored_log_begins_anew_under_another_name(logs, secrets):
    """The root key says so; what was seen of the old one stays with those who saw it."""
    xar, xbo = logs["xar"], logs["xbo"]
    enter(xar, 8)
    checkpoint(xar, secrets)
    ask_all(logs, "xar", secrets)
    xar.do(_restore, 4)
    who, now = actor("xar", "administrator"), clock.now()
    drafted = xar.do(ours.draft, who, secrets["xar"], Changes(new_log=True), now)
    signed = descriptors.sign(drafted, xar.root)
    xar.do(peers.add_descriptor, drafted, signed, now)
    for other in ("xbo", "xca"):
        logs[other].do(peers.add_descriptor, drafted, signed, now)
    enter(xar, 2)
    checkpoint(xar, secrets)
    assert ask_all(logs, "xar", secrets) == 2
    origins = {seen.origin: seen.size for seen in xbo.do(kept.seen)}
    assert origins["xar/didban/audit"] == 8
    assert set(origins) == {"xar/didban/audit", "xar/didban/audit/2"}
    signers = xar.do(checkpoints.signers_of, secrets["xar"])
    assert [one.origin for one in signers] == ["xar/didban/audit", "xar/didban/audit/2"]


def _restore(tx, size):
    """Bring a bank back to what it was at this size."""
    for statement in (
        "delete from cosignature",
        "delete from audit_checkpoint",
        f"delete from audit_leaf where leaf >= {size}",
        "delete from audit_entry where number not in (select entry from audit_leaf)",
    ):
        tx.exec_driver_sql(statement)


def test_sealing_is_what_witnesses_see(logs, secrets):
    """What was entered and not sealed is in no checkpoint."""
    xar = logs["xar"]
    enter(xar, 2)
    checkpoint(xar, secrets)
    enter(xar, 2)
    assert sealing.seal_all(xar.database) == 2
    assert ask_all(logs, "xar", secrets) == 2
    assert [one.size for one in logs["xbo"].do(kept.seen)] == [2]
