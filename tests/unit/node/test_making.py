"""A node is made whole, or nothing is left of the try."""

from __future__ import annotations

import pytest

from didban.errors import InvalidInput
from didban.model.actors import Authority, AuthorityKind
from didban.node import making
from didban.node import parts as building
from didban.settings import Node, Settings


@pytest.mark.parametrize(
    "wrong", [{"code": "x r"}, {"code": "deu"}, {"country": "DEU"}, {"name": " "}]
)
def test_an_authority_that_cannot_run_the_node_leaves_nothing_behind(tmp_path, wrong):
    """It is refused before a folder, a database or a secret is made."""
    parts = building.build(Settings(node=Node(data_folder=tmp_path / "node")))
    told = {"code": "xar", "name": "Police of Arvand", "country": "XAR", **wrong}
    host = Authority(kind=AuthorityKind.POLICE, **told)

    with pytest.raises(InvalidInput):
        making.make(parts, host, operator="tester", login="administrator", is_training=True)

    assert not (tmp_path / "node").exists()
