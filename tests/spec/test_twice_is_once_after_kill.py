"""A POST that was cut off by `kill -9` and sent again is done once (`Idempotency-Key`)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import text

from api_help import Api

NEW = {"code": "xbo", "name": "Boreland Police", "kind": "police"}

# Sends one request, and dies at a moment of its transaction.
_CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from api_help import Api, Asker
from didban.guard.secrets import Secrets
from didban.store.database import Database

url, secrets, session, moment = sys.argv[1:]
api = Api(Database(url), Secrets(Path(secrets)))

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "before the commit":
    event.listen(api.database._engine, "commit", die)
sender = Asker(client=api.client, secret=session, who=None)
sender.post("/authorities", {"code": "xbo", "name": "Boreland Police", "kind": "police"}, key="k")
die()
"""


@pytest.mark.parametrize("moment", ["before the commit", "before the answer is sent"])
def test_the_second_try_finds_nothing_or_the_answer(api: Api, root, moment: str):
    """Either nothing was done, and it is done now; or it was, and the answer is there."""
    administrator = api.as_("xar", "administrator")
    url = api.database.url.render_as_string(hide_password=False)
    secrets = str(api.services.secrets.folder)
    arguments = [sys.executable, "-c", _CHILD, url, secrets, administrator.secret, moment]
    environment = {"PYTHONPATH": f"{root / 'src'}:{root / 'tests'}", "LC_ALL": "C.UTF-8"}

    killed = subprocess.run(
        arguments, env=environment, capture_output=True, check=False, timeout=120
    )
    again = administrator.post("/authorities", NEW, key="k")

    assert killed.returncode == -9, killed.stderr
    assert again.status_code == 201
    assert ("idempotent-replayed" in again.headers) == (moment != "before the commit")
    with api.database.begin() as tx:
        assert tx.scalar(text("select count(*) from authority where code = 'xbo'")) == 1
        entered = text("select count(*) from audit_entry where deed = 'authority.registered'")
        assert tx.scalar(entered) == 1
