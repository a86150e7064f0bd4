"""Who takes part is decided by the host, within the charter of the network."""

from __future__ import annotations

import pytest

from bank_help import actor, authority
from didban import clock
from didban.errors import Conflict, InvalidInput, NotFound, NotPermitted
from didban.guard import authorities
from didban.model.actors import Authority, AuthorityKind
from didban.model.training import is_specimen_code
from didban.settings import Charter
from didban.store import node
from didban.store.node import NodeRow

TRAINING, PRODUCTION = Charter(is_training=True), Charter()
HOST = actor("xar", "administrator")


@pytest.fixture
def tx(database):
    """Return a transaction on a bank whose host is `xar`."""
    with database.begin() as tx:
        authority(tx, "xar")
        node.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        yield tx


def _new(code: str = "xbo", kind: str = "police", **more) -> Authority:
    return Authority(code=code, name="Police of Boreland", kind=AuthorityKind(kind), **more)


def test_only_the_host_says_who_takes_part_and_in_which_groups(tx):
    """An administrator of another authority manages their own users, nothing else."""
    authorities.register(tx, HOST, _new(), TRAINING)
    other = actor("xbo", "administrator")

    with pytest.raises(NotPermitted):
        authorities.register(tx, other, _new("xca"), TRAINING)
    with pytest.raises(NotPermitted):
        authorities.regroup(tx, other, "xbo", ["coast"])
    with pytest.raises(Conflict):
        authorities.register(tx, HOST, _new(), TRAINING)
    with pytest.raises(NotFound):
        authorities.regroup(tx, HOST, "xzz", [])
    with pytest.raises(InvalidInput):
        authorities.regroup(tx, HOST, "xbo", ["Coast Guard"])
    authorities.regroup(tx, HOST, "xbo", ["coast", "arvand", "coast"])
    assert authorities.found(tx, other, "xbo").groups == ("arvand", "coast")


def test_pr_56_a_military_authority_is_refused_unless_the_charter_says_otherwise(tx):
    """And then only by the charter, not by a form."""
    with pytest.raises(NotPermitted) as caught:
        authorities.register(tx, HOST, _new(kind="military"), TRAINING)

    assert caught.value.reasons == ("military",)
    admitting = Charter(is_training=True, admits_military=True)
    made = authorities.register(tx, HOST, _new(kind="military"), admitting)
    assert made.kind is AuthorityKind.MILITARY


@pytest.mark.parametrize("code", ["xaa", "xar", "xzz", "uto", "xar-border", "XBO"])
def test_pr_51_a_specimens_code_is_known(code):
    """Private use, and ICAO's Utopia."""
    assert is_specimen_code(code)


@pytest.mark.parametrize("code", ["ir", "deu", "xkx", "xom", "xxa", "xa", "xabc", "utopia", ""])
def test_pr_51_other_codes_are_no_specimens(code):
    """Nor are those that ICAO gave to an issuer."""
    assert not is_specimen_code(code)


def test_pr_51_training_takes_specimens_only_and_production_none(tx):
    """By the code of the authority and by that of its country; a public list is no authority."""
    refused = [
        (TRAINING, _new("deu")),
        (TRAINING, _new("xbo", country="DEU")),
        (PRODUCTION, _new("xbo")),
        (PRODUCTION, _new("deu", country="UTO")),
    ]
    for charter, new in refused:
        with pytest.raises(InvalidInput, match="PR-51"):
            authorities.register(tx, HOST, new, charter)
    authorities.register(tx, HOST, _new("un-list", "publisher"), TRAINING)
    authorities.register(tx, HOST, _new("deu", country="DEU"), PRODUCTION)
