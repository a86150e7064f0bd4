"""A request at a desk, what it may be answered with, and how pages and deeds are declared."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from didban.guard import access, users
from didban.web import look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from didban.errors import (
        DidbanError,
    )
    from didban.guard.sessions import Doorkeeper
    from didban.model.actors import Actor
    from didban.model.permissions import Permission
    from didban.serving.services import Services
    from didban.store.database import Transaction
    from didban.web.forms import Form
    from didban.web.i18n.speech import Speech
    from didban.web.look import Look

PREFIX: Final = "/desk"
SESSION: Final = "didban_session"
SAID: Final = "didban_said"
TOKEN: Final = "token"  # noqa: S105 - the name of a field
SPEAK: Final = "speak"
"""The field by which the answer to a form is asked for in another language."""

_V = TypeVar("_V", bound="Callable[..., Page | Go | Sent]")


@dataclass(slots=True, kw_only=True)
class Page:
    """A page: its template, and what stands in it.

    - `part`: the block that is sent where a script asked for a part of the page.
    - `handling`: confidentiality of what is shown; the strictest stands in the banner.
    - `only_looks`: it answers a form and changed nothing, so that it can be had in another language.
    """

    template: str
    values: dict[str, Any]
    status: int = 200
    part: str = ""
    handling: tuple[Any, ...] = ()
    only_looks: bool = False

    def __init__(
        self,
        template: str,
        *,
        status: int = 200,
        part: str = "",
        handling: tuple[Any, ...] = (),
        only_looks: bool = False,
        **values: Any,
    ) -> None:
        self.template, self.values, self.status = template, values, status
        self.part, self.handling, self.only_looks = part, handling, only_looks


@dataclass(slots=True)
class Go:
    """On to another page, by its name (`room.function`) or its path. `said` is told there once.

    - `anchor`: the identifier of the part of that page to go to.
    """

    to: str
    said: str = ""
    anchor: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Sent:
    """A file, or anything else that is no page."""

    content: bytes
    media_type: str
    name: str = ""
    status: int = 200


@dataclass(slots=True, kw_only=True)
class Desk:
    """One request: who sits there, what they asked, and what it is answered with.

    - `fault`: why a deed was not done, where its page is shown `again`.
    """

    request: Request
    services: Services
    look: Look
    speech: Speech
    form: Form
    fault: DidbanError | None = None
    _tx: Transaction | None = None
    _who: Actor | None = None
    _names: tuple[str, str] | None = None
    _token: str = ""
    _cookies: list[Callable[[Response], None]] = field(default_factory=list)

    @property
    def tx(self) -> Transaction:
        """The one transaction of the request."""
        return cast("Transaction", self._tx)

    @property
    def has_transaction(self) -> bool:
        """Whether there is one: a page of errors has none."""
        return self._tx is not None

    @property
    def who(self) -> Actor:
        """Who asks, for which authority, and why."""
        return cast("Actor", self._who)

    @property
    def is_known(self) -> bool:
        """Whether somebody is signed in."""
        return self._who is not None

    @property
    def login(self) -> str:
        """The login of who asks, as they know it; empty where nobody does, or on a page of errors."""
        return self._called[0]

    @property
    def house(self) -> str:
        """The name of the authority at whose desk this is; empty on a page of errors."""
        return self._called[1]

    @property
    def _called(self) -> tuple[str, str]:
        if self._names is None and self._tx is not None:
            if self._who is not None:
                self._names = users.own_names(self._tx, self._who)
            else:
                self._names = "", users.host_name(self._tx)
        return self._names or ("", "")

    @property
    def door(self) -> Doorkeeper:
        """Who lets users in."""
        return cast("Doorkeeper", self.request.app.state.door)

    @property
    def secret(self) -> str:
        """The secret of the session; empty where there is none."""
        return self.request.cookies.get(SESSION, "")

    @property
    def source(self) -> str:
        """The address that the request comes from."""
        return self.request.client.host if self.request.client else "unknown"

    @property
    def token(self) -> str:
        """What a form of this session bears, so that no foreign page can send one.

        It is written anew in each answer: answers are compressed, and where a secret stands in each
        beside what somebody asked for, their lengths tell it bit by bit (BREACH).
        """
        self._token = self._token or masked(_key(self.secret))
        return self._token

    def is_own(self, token: str) -> bool:
        """Return whether a token is of this session, of whichever answer."""
        return hmac.compare_digest(_unmasked(token), _key(self.secret))

    def asked(self, name: str, default: str = "") -> str:
        """Return a value of the query of the address, without the blanks around it."""
        return self.request.query_params.get(name, default).strip()[:1000]

    @property
    def next(self) -> str:
        """Where somebody wanted to go before they came here: a page of ours, or nowhere."""
        wanted = self.form.text("next") or self.asked("next")
        return wanted if wanted.startswith(f"{PREFIX}/") and "\\" not in wanted else ""

    @property
    def here(self) -> str:
        """The path of this page, or of the page with the form that it answers."""
        if self.request.method == "GET":
            return self.request.url.path
        came_from = urlsplit(self.request.headers.get("referer", ""))
        is_ours = came_from.netloc == self.request.url.netloc
        is_ours = is_ours and came_from.path.startswith(f"{PREFIX}/")
        return came_from.path if is_ours else self.url("home.mine")

    def look_as(self, chosen: Look) -> None:
        """Keep preferences in this browser."""
        self.afterwards(
            lambda response: set_cookie(
                self, response, look.COOKIE, chosen.to_cookie(), seconds=look.KEPT_SECONDS
            )
        )

    def may(self, permission: Permission) -> bool:
        """Return whether who asks may do what a permission opens, for the purpose of the session."""
        return self._who is not None and access.decide(self._who, permission).is_allowed

    def gettext(self, text: str, **values: object) -> str:
        """Return a text in the reader's language."""
        return self.speech.gettext(text, **values)

    def url(self, name: str, **path: Any) -> str:
        """Return the path of a page, by `room.function`."""
        return str(self.request.app.url_path_for(name, **path))

    def afterwards(self, do: Callable[[Response], None]) -> None:
        """Have something done to the answer, such as setting a cookie."""
        self._cookies.append(do)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page or deed as it is declared."""

    name: str
    path: str
    function: Callable[..., Page | Go | Sent]
    permission: Permission | None
    open_because: str
    method: str
    again: Callable[..., Page | Go | Sent] | None = None


class Room:
    """The pages and deeds of one room. Paths begin below `/desk`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.views: list[View] = []

    def page(
        self, path: str, permission: Permission | None = None, *, open_because: str = ""
    ) -> Callable[[_V], _V]:
        """Declare a page: what is read, and changes nothing but the audit."""
        return self._declared("GET", path, permission, open_because)

    def deed(
        self,
        path: str,
        permission: Permission | None = None,
        *,
        open_because: str = "",
        again: Callable[..., Page | Go | Sent] | None = None,
    ) -> Callable[[_V], _V]:
        """Declare a deed: what a form does. `again` is the page that is shown where it fails."""
        return self._declared("POST", path, permission, open_because, again)

    def _declared(
        self,
        method: str,
        path: str,
        permission: Permission | None,
        open_because: str,
        again: Callable[..., Page | Go | Sent] | None = None,
    ) -> Callable[[_V], _V]:
        if (permission is None) is not bool(open_because):
            raise RuntimeError(f"{path} needs a permission, or a reason to be open")

        def declare(function: _V) -> _V:
            self.views.append(
                View(
                    name=f"{self.name}.{function.__name__}",
                    path=PREFIX + path,
                    function=function,
                    permission=permission,
                    open_because=open_because,
                    method=method,
                    again=again,
                )
            )
            return function

        return declare


def masked(key: bytes) -> str:
    """Return a key behind a mask of its own, as hexadecimal digits: the mask, then both mixed."""
    mask = secrets.token_bytes(len(key))
    return (mask + _mixed(mask, key)).hex()


def _unmasked(token: str) -> bytes:
    """Return the key of a token; nothing where it is none."""
    try:
        both = bytes.fromhex(token)
    except ValueError:
        return b""
    half = len(both) // 2
    return _mixed(both[:half], both[half:])


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=False))


def _key(secret: str) -> bytes:
    """Return what the forms of a session prove that they know."""
    return hmac.new(secret.encode(), b"form", sha256).digest()


def set_cookie(
    desk: Desk, response: Response, name: str, value: str, *, seconds: int | None = None
) -> None:
    """Set a cookie that only our own pages get, and no script reads."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=PREFIX,
        httponly=True,
        samesite="strict",
        secure=desk.request.url.scheme == "https",
    )
