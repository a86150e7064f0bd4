"""What a sign-in used up stays used up, whatever happens to the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from access_help import Door
from didban.errors import NotAuthenticated
from didban.guard import credentials
from didban.guard.secrets import Secrets

_SIGN_IN = """
import os, signal, sys
from access_help import CHEAP
from didban import clock
from didban.guard.secrets import Secrets
from didban.guard.sessions import Doorkeeper, Reason
from didban.model.purposes import Purpose
from didban.store.database import Database
from datetime import datetime
from pathlib import Path

url, folder, at, login, password, code = sys.argv[1:]
moment = datetime.fromisoformat(at)
clock.now = lambda: moment
keeper = Doorkeeper(Database(url), CHEAP, Secrets(Path(folder)))
reason = Reason(purpose=Purpose.BORDER_CONTROL, place="Gate 4")
begun = keeper.sign_in(login, password, code, reason, source="192.0.2.1")
sys.stdout.write(begun.secret)
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_session_told_before_a_kill_is_in_force_and_its_code_is_spent(
    database, tmp_path, monkeypatch, root
):
    """Told means committed: the session is there, the code is not good again."""
    Secrets(tmp_path).make()
    door = Door(database, Secrets(tmp_path), monkeypatch)
    user = door.enrolled("z.karimi", "first_line")
    code = user.code(door.now)
    url = database.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-c", _SIGN_IN, url, tmp_path, door.now.isoformat(),
         user.login, user.password, code],
        env={"PYTHONPATH": f"{Path(root) / 'src'}:{Path(root) / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert killed.returncode == -9, killed.stderr
    with database.begin() as tx:
        assert credentials.actor_of(tx, killed.stdout, "").user == user.id
    with pytest.raises(NotAuthenticated):
        door.sign_in(user, code=code)
