"""An identity token is good when the provider made it, for this node, for this sign-in, now."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from access_help import CHEAP, Door
from bank_help import actor
from didban.errors import ConfigError, NotAuthenticated, NotFound, Unavailable
from didban.guard import credentials, oidc, users
from didban.guard.secrets import Secrets
from didban.guard.sessions import Reason
from didban.model.purposes import Purpose

ISSUER, NODE = "https://id.example", "didban-xar"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "one"})
REASON = Reason(purpose=Purpose.BORDER_CONTROL, place="Gate 4")


@pytest.fixture(scope="module")
def key_server():
    """Return the address of the provider's keys, on the loopback."""

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/keys" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(KeySet([KEY]).as_dict(private=False)).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    server.server_close()


@pytest.fixture
def secrets(tmp_path) -> Secrets:
    """Return the secrets of a node."""
    Secrets(tmp_path / "secrets").make()
    return Secrets(tmp_path / "secrets")


def _settings(keys: str):
    return type(CHEAP)(oidc_issuer=ISSUER, oidc_audience=NODE, oidc_keys=keys)


def _token(nonce: str, now: float, key=KEY, alg: str = "ES256", **claims) -> str:
    told = {
        "iss": ISSUER,
        "aud": NODE,
        "sub": "person-7",
        "nonce": nonce,
        "iat": int(now),
        "exp": int(now) + 300,
        **claims,
    }
    told = {name: value for name, value in told.items() if value is not None}
    return str(jwt.encode({"alg": alg, "kid": "one"}, told, key, algorithms=[alg]))


def test_a_good_token_begins_a_session_of_the_bound_user_once(
    database, secrets, key_server, monkeypatch
):
    """And of nobody before an administrator has bound the subject."""
    door = Door(database, secrets, monkeypatch)
    user = door.enrolled("z.karimi", "first_line")
    provider = oidc.Provider(_settings(key_server), secrets)

    def bring(token: str):
        return door.keeper.admit(
            REASON, source="192.0.2.1", verify=lambda tx: provider.account_of(tx, token)
        )

    with pytest.raises(NotAuthenticated):
        bring(_token(provider.new_nonce(), door.now.timestamp()))
    with database.begin() as tx:
        users.bind_subject(tx, actor("xar", "administrator"), user.id, "person-7")
    token = _token(provider.new_nonce(), door.now.timestamp())

    admitted = bring(token)

    with database.begin() as tx:
        assert credentials.actor_of(tx, admitted.secret, "").user == user.id
    with pytest.raises(NotAuthenticated):
        bring(token)


def test_any_other_token_is_nobodys(database, secrets, tmp_path, monkeypatch):
    """Wrong key, issuer, audience, time, nonce, or none of it."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(KeySet([KEY]).as_dict(private=False)))
    door = Door(database, secrets, monkeypatch)
    user = door.enrolled("z.karimi", "first_line")
    provider = oidc.Provider(_settings(str(file)), secrets)
    now = door.now.timestamp()
    late = provider.new_nonce()
    door.wait(minutes=11)
    at = door.now.timestamp()
    public = json.dumps(KEY.as_dict(private=False)).encode()

    def fresh(**changed):
        return _token(provider.new_nonce(), at, **changed)

    wrong = {
        "key": fresh(key=OTHER_KEY),
        "issuer": fresh(iss="https://evil.example"),
        "audience": fresh(aud="another-node"),
        "audiences": fresh(aud=[NODE, "another-node"]),
        "party": fresh(azp="another-node"),
        "no subject": fresh(sub=None),
        "expired": _token(provider.new_nonce(), at - 3600),
        "not yet": _token(provider.new_nonce(), at + 3600),
        "for ever": fresh(exp=int(at) + 10**9),
        "no time": fresh(exp=None),
        "late nonce": _token(late, at),
        "made-up nonce": _token(f"{int(now)}-abc.{'0' * 64}", at),
        "odd nonce": _token("ü", at),
        "symmetric": _token(provider.new_nonce(), at, OctKey.import_key(public), "HS256"),
        "unsigned": "eyJhbGciOiJub25lIn0.e30.",
        "nonsense": "a.b.c",
        "empty": "",
    }
    with database.begin() as tx:
        users.bind_subject(tx, actor("xar", "administrator"), user.id, "person-7")
        found = {name for name, token in wrong.items() if provider.account_of(tx, token)}
        good = provider.account_of(tx, fresh())

    assert found == set()
    assert good is not None
    assert good.id == user.id


def test_a_provider_is_named_whole_or_not_at_all(secrets, tmp_path):
    """Keys come by https or from a file; without them nobody is let in."""
    with pytest.raises(NotFound):
        oidc.Provider(CHEAP, secrets)
    with pytest.raises(ConfigError):
        oidc.Provider(type(CHEAP)(oidc_issuer=ISSUER), secrets)
    (tmp_path / "bad.json").write_text("[]")
    for keys, error in (
        ("http://id.example/keys", ConfigError),
        (str(tmp_path / "none.json"), ConfigError),
        (str(tmp_path / "bad.json"), Unavailable),
        ("http://127.0.0.1:9/keys", Unavailable),
    ):
        provider = oidc.Provider(_settings(keys), secrets)
        with pytest.raises(error):
            provider.account_of(None, _token(provider.new_nonce(), 0))  # type: ignore[arg-type]
