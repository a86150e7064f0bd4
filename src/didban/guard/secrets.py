"""Named secrets of a node: keys that never stand in the settings, the database or a log.

A secret is asked for by name and looked for in this order; the first place that has it, counts:

    DIDBAN_SECRET_<NAME>         its value
    DIDBAN_SECRET_<NAME>_FILE    a file with its value, as container platforms hand them out
    the command of the settings  `<command> <name>` prints the value: a secret store
    <folder>/<name>              a file made by `didban init`

A value is base64 text of at least 32 bytes. A file that anybody but the service's own user may read
or write is refused.
"""

from __future__ import annotations

import os
import secrets
import stat
import subprocess
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from didban.errors import ConfigError, Unavailable
from didban.model.encoding import b64, from_b64
from didban.settings import SECRET_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_BYTES: Final = 32
_COMMAND_SECONDS: Final = 10
_MAX_FILE_BYTES: Final = 10_000


class SecretName(StrEnum):
    """Every secret that a node has, in alphabetical order, and what it is for."""

    ACCESS = "access"  # encrypts second factors, keys the counters of failed sign-ins
    AUDIT = "audit"  # seed of the Ed25519 key that signs checkpoints and reports
    CURSOR = "cursor"  # seals the cursors of the HTTP interface
    EXCHANGE = "exchange"  # seals the private keys by which other nodes know us
    NON_MATCH = "non_match"  # keys the hashes of non-match tokens
    REFUSAL = "refusal"  # keys the hashes by which a refused person is recognised (PR-57)
    WEBHOOK = "webhook"  # signs notifications


class Secrets:
    """The secrets of one node. Values are kept in memory after they were first asked for."""

    def __init__(
        self,
        folder: Path,
        *,
        command: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._command = command
        self._environment = os.environ if environment is None else environment
        self._known: dict[SecretName, bytes] = {}

    def __repr__(self) -> str:
        """Say where they are, never what they are."""
        return f"Secrets({str(self.folder)!r})"

    def make(self) -> None:
        """Make the folder and every secret that is not there yet; keep those that are."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in SecretName:
            if self._find(name) is None:
                _write_new(self.folder / name, secrets.token_bytes(LEAST_BYTES))

    def ensure(self, name: SecretName) -> None:
        """Make one secret where it is nowhere: of a node that is older than what needs it."""
        if name not in self._known and self._find(name) is None:
            _write_new(self.folder / name, secrets.token_bytes(LEAST_BYTES))

    def get(self, name: SecretName) -> bytes:
        """Return the value of a secret, at least 32 bytes.

        Raises ConfigError when it is nowhere, is too short or others can read its file;
        Unavailable when the secret store does not answer.
        """
        if name not in self._known:
            found = self._find(name)
            if found is None:
                message = (
                    "this secret is nowhere: put it back from the copy of the folder 'secrets'"
                )
                raise ConfigError(message, f"secret {name}")
            self._known[name] = _value_of(found, name)
        return self._known[name]

    def _find(self, name: SecretName) -> str | None:
        variable = SECRET_PREFIX + name.upper()
        if variable in self._environment:
            return self._environment[variable]
        if f"{variable}_FILE" in self._environment:
            return _read(Path(self._environment[f"{variable}_FILE"]), name)
        if self._command:
            return _ask_store(self._command, name)
        path = self.folder / name
        return _read(path, name) if path.exists() else None


def _value_of(text: str, name: str) -> bytes:
    try:
        value = from_b64("".join(text.split()))
    except ValueError:
        value = b""
    if len(value) < LEAST_BYTES:
        message = f"expected base64 text of at least {LEAST_BYTES} bytes"
        raise ConfigError(message, f"secret {name}") from None
    return value


def _read(path: Path, name: str) -> str:
    """Return the text of a file that only its owner, who is us or root, can read."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        message = f"its file cannot be read: {error.strerror}"
        raise ConfigError(message, f"secret {name}") from error
    with os.fdopen(file, encoding="ascii", errors="replace") as opened:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode) or about.st_mode & 0o077:
            message = f"others than its owner may reach {path}: chmod 600, or a file of its own"
            raise ConfigError(message, f"secret {name}")
        if about.st_uid not in {os.geteuid(), 0}:
            message = f"{path} belongs to another user than the service's"
            raise ConfigError(message, f"secret {name}")
        return opened.read(_MAX_FILE_BYTES)


def _ask_store(command: tuple[str, ...], name: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, and a name of ours
            [*command, name], capture_output=True, timeout=_COMMAND_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"the secret store did not give '{name}'") from error
    return done.stdout.decode("ascii", errors="replace")


def _write_new(path: Path, value: bytes) -> None:
    """Write a secret so that it is whole and on the disk, or not there."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(f"{b64(value)}\n".encode())
        opened.flush()
        os.fsync(file)
    unfinished.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
