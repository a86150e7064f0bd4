"""A desk's line to its node: an address, the secret of a session, and what the node answers."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from didban.errors import (
    Conflict,
    DidbanError,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    Unavailable,
)

if TYPE_CHECKING:
    import httpx

SessionFile = Annotated[
    Path,
    typer.Option(
        "--session",
        metavar="FILE",
        envvar="DIDBAN_SESSION",
        help="Where sign-in keeps the session; readable by its user alone.",
    ),
]
DEFAULT_SESSION = Path("~/.config/didban/session.json")

_TIMEOUT_SECONDS = 60.0
_MODE = 0o600

_ERRORS: dict[int, type[DidbanError]] = {
    401: NotAuthenticated,
    403: NotPermitted,
    404: NotFound,
    409: Conflict,
    422: InvalidInput,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where the node answers, and the secret that it gave at sign-in."""

    address: str
    secret: str

    def keep(self, file: Path) -> None:
        """Write it so that only its user may read it."""
        path = file.expanduser()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f"{path.name}.new")
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _MODE)
        with open(number, "w", encoding="utf-8") as out:  # noqa: PTH123 - of a descriptor
            json.dump(asdict(self), out)
        beside.replace(path)

    @classmethod
    def kept(cls, file: Path) -> Session:
        """Read it. Raises NotAuthenticated where there is none."""
        try:
            return cls(**json.loads(file.expanduser().read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise NotAuthenticated("no session here: didban desk sign-in begins one") from error


def ask(session: Session, method: str, path: str, body: Any = None) -> Any:
    """Send one request below `/api/v1` and return the answer's content.

    Raises the error that the node answered with, in the node's own words; Unavailable where it does
    not answer.
    """
    import httpx

    headers = {"Authorization": f"Bearer {session.secret}"} if session.secret else {}
    try:
        answer = httpx.request(
            method,
            f"{session.address.rstrip('/')}/api/v1{path}",
            json=body,
            headers=headers,
            timeout=_TIMEOUT_SECONDS,
        )
    except httpx.HTTPError as error:
        raise Unavailable(f"the node does not answer on {session.address}") from error
    if answer.is_success:
        return answer.json() if answer.content else None
    raise _error(answer)


def _error(answer: httpx.Response) -> DidbanError:
    """Return what the node found wrong, with the places that it names."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    words = str(problem.get("detail", f"the node answered with status {answer.status_code}"))
    if faults := problem.get("errors", ()):
        words = "\n".join(["the node does not take this; to mend:", *map(_fault, faults)])
    return _ERRORS.get(answer.status_code, Unavailable)(words)


def _fault(fault: dict[str, Any]) -> str:
    """Return what is wrong with one part of what was sent, and where that is."""
    where = fault.get("pointer") or "the whole"
    part = "" if fault.get("in", "body") == "body" else f" ({fault['in']})"
    return f"  {where}{part}: {fault.get('detail', '')}"
