"""Under which system account PostgreSQL runs. It refuses to run as root, so root lends it another."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from didban.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SETTING: Final = "node.system_user"
LOCALE: Final = "C.UTF-8"
_NAME_IN_USE: Final = 9  # exit code of useradd: somebody else was quicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A system account, and running programs as it."""

    name: str
    uid: int
    gid: int

    @property
    def is_lent(self) -> bool:
        """Whether it is another than the one that this process runs as."""
        return self.uid != os.geteuid()

    def run(
        self, arguments: Sequence[str | Path], *, given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, and wait for it. Its result is for the caller to judge.

        Nothing of our environment is handed on: a locale of `C`, as cron and systemd give it, would
        silently leave Persian, Arabic and Cyrillic without trigrams and without lower case.
        """
        lent = {"user": self.uid, "group": self.gid, "extra_groups": ()} if self.is_lent else {}
        return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own
            [str(argument) for argument in arguments],
            input=given,
            env={"LC_ALL": LOCALE, "PATH": os.environ.get("PATH", os.defpath)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **lent,
        )

    def closed_on_the_way(self, folder: Path) -> Path | None:
        """Return the topmost folder on the way to `folder` that this account may not enter."""
        way = [*reversed(folder.parents), folder]
        script = 'for step; do test -x "$step" || { printf %s "$step"; exit 1; }; done'
        done = self.run(["/bin/sh", "-c", script, "sh", *way])
        return next((step for step in way if str(step) == done.stdout), None)


def own_account() -> Account:
    """Return the account of this process. Raises ConfigError where it has no name."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ConfigError(
            f"the system does not know a user with the number {uid}, and PostgreSQL needs a name:"
            " add one to /etc/passwd, or use an external server (database_url)",
            SETTING,
        ) from None
    return Account(name=entry.pw_name, uid=uid, gid=os.getegid())


def account_for(data: Path, name: str) -> Account:
    """Return the account that owns the cluster in `data`, or that is to own it.

    - An ordinary user runs PostgreSQL itself.
    - Root lends it the account that the cluster belongs to, or else `name`, which is made where it
      is missing.

    Raises ConfigError where the cluster belongs to somebody else, or no account can be had.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        own = own_account()
        if owner not in {None, own.uid}:
            raise ConfigError(
                f"the database in {data} belongs to user number {owner}: run Didban as that user",
                "node.data_folder",
            )
        return own
    entry = _entry_of(owner) if owner is not None else _named(name)
    if entry.pw_uid == 0:
        raise ConfigError("PostgreSQL refuses to run as root: name another user", SETTING)
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _entry_of(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise ConfigError(
            f"the database belongs to user number {uid}, whom this system does not know",
            "node.data_folder",
        ) from None


def _named(name: str) -> pwd.struct_passwd:
    """Return the entry of a system user, which is made if there is none."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        pass
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is not None:
        done = subprocess.run(  # noqa: S603 - a system program, a name from the settings
            [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", "--", name],
            capture_output=True,
            check=False,
        )  # fmt: skip
        if done.returncode in {0, _NAME_IN_USE}:
            return pwd.getpwnam(name)
    raise ConfigError(
        f"PostgreSQL does not run as root, and the system user '{name}' could not be made: make it"
        f" (useradd --system {name}), name another, or start Didban as an ordinary user",
        SETTING,
    )
