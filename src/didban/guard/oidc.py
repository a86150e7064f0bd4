"""Sign-in by an identity token of an OpenID provider, where the settings name one.

The provider says who somebody is; who they are here, what they may do and why they come is still
ours: the token's subject must be bound to a user (`guard.users.bind_subject`), and a purpose and a
case or post are chosen as in any sign-in. Asking the provider is the client's work; the node only
verifies what it brings back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets as random
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from didban import clock
from didban.errors import ConfigError, NotFound, Unavailable
from didban.guard.secrets import SecretName
from didban.store import sign_in

if TYPE_CHECKING:
    from datetime import datetime

    from didban.guard.secrets import Secrets
    from didban.settings import Access
    from didban.store.database import Transaction
    from didban.store.sign_in import Account

_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")  # signatures only: never `none` or HMAC
_NONCE_LIFE: Final = timedelta(minutes=10)
_LEEWAY: Final = timedelta(minutes=1)
_LONGEST_LIFE: Final = timedelta(days=1)
_FETCH_SECONDS: Final = 5.0
_MAX_KEYS_BYTES: Final = 1_000_000


class Provider:
    """The OpenID provider of the settings. Raises NotFound where they name none."""

    def __init__(self, settings: Access, secrets: Secrets) -> None:
        issuer, audience, keys = settings.oidc_issuer, settings.oidc_audience, settings.oidc_keys
        if not issuer:
            raise NotFound("this node accepts no identity tokens")
        if not audience or not keys:
            raise ConfigError("name the audience and the keys too", "access.oidc_issuer")
        self._issuer, self._audience, self._keys = issuer, audience, keys
        self._key = secrets.get(SecretName.ACCESS)

    def new_nonce(self) -> str:
        """Return a nonce that `account_of` accepts once, within ten minutes."""
        made = f"{int(clock.now().timestamp())}-{random.token_urlsafe(16)}"
        return f"{made}.{self._seal(made)}"

    def account_of(self, tx: Transaction, id_token: str) -> Account | None:
        """Return the user whom an identity token names, or None for a token that is not good.

        Good is: signed by a key of the provider, for this node, in force, with a nonce of ours that
        was not used before. Raises Unavailable when the provider's keys cannot be fetched.
        """
        now = clock.now()
        claims = self._claims(id_token, now)
        if claims is None or not sign_in.use_nonce(
            tx, _digest(claims["nonce"]), until=now + _NONCE_LIFE, now=now
        ):
            return None
        return sign_in.by_subject(tx, claims["sub"])

    def _claims(self, id_token: str, now: datetime) -> dict[str, Any] | None:
        try:
            token = jwt.decode(id_token, self._key_set(), algorithms=list(_ALGORITHMS))
            claims = dict(token.claims)
        except (JoseError, ValueError, TypeError):
            return None
        texts = all(isinstance(claims.get(name), str) for name in ("iss", "sub", "nonce"))
        times = all(isinstance(claims.get(name), int | float) for name in ("iat", "exp"))
        if not (texts and times and self._is_for_us(claims)):
            return None
        at, leeway = now.timestamp(), _LEEWAY.total_seconds()
        is_in_force = claims["iat"] - leeway <= at < claims["exp"] + leeway
        is_short = claims["exp"] - claims["iat"] <= _LONGEST_LIFE.total_seconds()
        return claims if is_in_force and is_short and self._is_ours(claims["nonce"], at) else None

    def _is_for_us(self, claims: dict[str, Any]) -> bool:
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        # A token for several must say which of them it was made for (OpenID Connect Core, 3.1.3.7).
        party = claims.get("azp", self._audience if len(named) == 1 else None)
        is_named = self._audience in named and party == self._audience
        return is_named and bool(claims["iss"] == self._issuer)

    def _is_ours(self, nonce: str, at: float) -> bool:
        made, _, seal = nonce.partition(".")
        if not hmac.compare_digest(self._seal(made).encode(), seal.encode(errors="replace")):
            return False
        return int(made.partition("-")[0]) + _NONCE_LIFE.total_seconds() >= at

    def _seal(self, made: str) -> str:
        text = f"oidc nonce|{made}".encode(errors="replace")
        return hmac.new(self._key, text, "sha256").hexdigest()

    def _key_set(self) -> KeySet:
        """Return the provider's public keys, read anew each time: it may change them at any time."""
        if not self._keys.startswith(("http://", "https://")):
            return _parsed(_read(Path(self._keys)))
        if self._keys.startswith("http://") and not _is_loopback(self._keys):
            raise ConfigError("keys are fetched by https only", "access.oidc_keys")
        try:
            answer = httpx.get(self._keys, timeout=_FETCH_SECONDS, follow_redirects=False)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Unavailable("the OpenID provider's keys cannot be fetched") from error
        return _parsed(answer.content[:_MAX_KEYS_BYTES])


def _parsed(content: bytes) -> KeySet:

    try:
        return KeySet.import_key_set(json.loads(content))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unavailable("what the OpenID provider gave are no keys") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"the file cannot be read: {error.strerror}", "access.oidc_keys"
        ) from error


def _is_loopback(address: str) -> bool:
    return httpx.URL(address).host in {"127.0.0.1", "::1", "localhost"}


def _digest(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode(errors="replace")).digest()
