"""What tests of pages get: `api` on an empty bank with a screening index, and `pages` beside it."""

from __future__ import annotations

import dataclasses

import pytest

from api_help import Api
from bank_help import authority
from didban.screening.live import LiveIndex
from didban.settings import Casework
from pages_help import Pages


@pytest.fixture
def api(database, node_secrets, tmp_path):
    """Return a node of Arvand and Boreland with an empty bank, and no dwell time."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        made = Api(database, node_secrets, index)
        quick = dataclasses.replace(made.services.settings, casework=Casework(dwell_seconds=0))
        yield Api(database, node_secrets, index, settings=quick)


@pytest.fixture
def pages(api):
    """Return the pages of that node."""
    return Pages(api)
