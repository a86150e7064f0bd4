"""To whom a call goes: by TLS with the certificate that was pinned, and nowhere else."""

from __future__ import annotations

import http.server
import threading
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from didban import clock
from didban.errors import InvalidInput
from didban.exchange.lines import Lines, Patience, Unanswered, require_endpoint
from didban.model.exchange.kinds import Call
from exchange_help import banks, descriptor_of, item, new_identity
from wire_help import announce, connected

_PATIENCE = Patience(connect=60.0, read=60.0)


def certificate(folder):
    """Write a certificate for the loopback and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xbo")])
    now = clock.now()
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(secret)
    return folder / "certificate.pem", folder / "key.pem"


def test_a_pinned_certificate_is_believed_and_no_other(postgres, tmp_path):
    """Neither one that nobody vouches for, nor another than the descriptor names."""
    pem, key = certificate(tmp_path / "own")
    other, _ = certificate(tmp_path / "other")
    tls = {"ssl_certfile": pem, "ssl_keyfile": key}
    with banks(postgres, "xar", "xbo") as network, connected(network, "xbo", **tls) as wire:
        xbo = network["xbo"]
        xbo.publish("talk:xar", item())
        with pytest.raises(Unanswered):
            wire.puller("xar").pull()
        announce(network, xbo, wire.endpoint, certificate=other.read_text())
        with pytest.raises(Unanswered):
            wire.puller("xar").pull()
        announce(network, xbo, wire.endpoint, certificate=pem.read_text())
        assert wire.puller("xar").pull() >= 1


@pytest.mark.parametrize(
    "url",
    [
        "http://198.51.100.7",
        "http://node.example",
        "ftp://127.0.0.1",
        "https://user:secret@node.example",
        "127.0.0.1:8800",
        "",
    ],
)
def test_nothing_is_sent_in_clear_but_on_this_machine(url):
    """Plain http is for the loopback; a name or a password in the address is a mistake."""
    with pytest.raises(InvalidInput):
        require_endpoint(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost:1", "https://node.example"]
)
def test_an_endpoint_is_https_or_here(url):
    """These may be called."""
    require_endpoint(url)


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Sends every caller away, and notes who came after that."""

    came: list[str] = []  # noqa: RUF012 - one list for the one server of a test

    def do_POST(self):
        """Send the caller elsewhere."""
        self.came.append(self.path)
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_no_redirection_is_followed():
    """A sealed call is for one node; nobody else is given it."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    lines = Lines()
    about = descriptor_of(
        "xbo", new_identity("xbo").signing, new_identity("xbo"),
        endpoints=(f"http://127.0.0.1:{server.server_port}",),
    )  # fmt: skip
    try:
        with pytest.raises(Unanswered) as told:
            lines.post(about, Call.ASK, b"{}", most=1_000, patience=_PATIENCE)
    finally:
        lines.close()
        server.shutdown()
        server.server_close()
        thread.join()
    assert told.value.is_reached
    assert Elsewhere.came == ["/x/v1/ask"]


def test_the_next_endpoint_is_tried():
    """One that nobody listens at does not keep the others from being called."""
    lines = Lines()
    identity = new_identity("xbo")
    about = descriptor_of(
        "xbo", identity.signing, identity,
        endpoints=("http://127.0.0.1:9", "ftp://127.0.0.1", "http://127.0.0.1:10"),
    )  # fmt: skip
    with pytest.raises(Unanswered) as told:
        lines.post(about, Call.ASK, b"{}", most=1_000, patience=_PATIENCE)
    assert not told.value.is_reached
    lines.close()
