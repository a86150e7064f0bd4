"""The wrapping of content keys is RFC 9180: a plain second writing of it opens what ours made.

It follows the RFC step by step and is itself held to the RFC's own vector (A.2.1), so that what
another implementation needs is all in clause 5 of docs/reference/exchange-protocol.md.
"""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from didban.errors import BadSignature
from didban.guard.crypto.hpke import PrivateKey, Suite

KDF, AEAD = b"\x00\x01", b"\x00\x03"  # HKDF-SHA256, ChaCha20-Poly1305
KEMS = {Suite.X25519: b"\x00\x20", Suite.HYBRID: b"\x64\x7a"}
ENC_BYTES = {Suite.X25519: 32, Suite.HYBRID: 1120}


def extract(salt: bytes, material: bytes) -> bytes:
    """RFC 5869."""
    return hmac.new(salt or bytes(32), material, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, for at most 32 bytes."""
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]


def labelled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """RFC 9180, 4."""
    return extract(salt, b"HPKE-v1" + suite + label + material)


def labelled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """RFC 9180, 4."""
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def x25519_secret(private: bytes, enc: bytes) -> bytes:
    """Return what DHKEM(X25519, HKDF-SHA256) agrees on (RFC 9180, 4.1)."""
    own = X25519PrivateKey.from_private_bytes(private)
    shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + own.public_key().public_bytes_raw()
    suite = b"KEM" + KEMS[Suite.X25519]
    key = labelled_extract(suite, b"", b"eae_prk", shared)
    return labelled_expand(suite, key, b"shared_secret", context, 32)


def hybrid_secret(private: bytes, enc: bytes) -> bytes:
    """Return what ML-KEM-768 and X25519 agree on together: SHA3-256 over both and the curve's keys."""
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:64])
    curve = X25519PrivateKey.from_private_bytes(private[64:])
    one = lattice.decapsulate(enc[:1088])
    two = curve.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    public = curve.public_key().public_bytes_raw()
    return hashlib.sha3_256(one + two + enc[1088:] + public + rb"\.//^" + b"\\").digest()


def opened(suite: Suite, private: bytes, wrapped: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """Open in base mode, single shot (RFC 9180, 5.1 and 6.1)."""
    enc, sealed = wrapped[: ENC_BYTES[suite]], wrapped[ENC_BYTES[suite] :]
    secret = (x25519_secret if suite is Suite.X25519 else hybrid_secret)(private, enc)
    name = b"HPKE" + KEMS[suite] + KDF + AEAD
    context = b"\x00" + labelled_extract(name, b"", b"psk_id_hash", b"")
    context += labelled_extract(name, b"", b"info_hash", info)
    schedule = labelled_extract(name, secret, b"secret", b"")
    key = labelled_expand(name, schedule, b"key", context, 32)
    nonce = labelled_expand(name, schedule, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, aad)


def test_the_second_writing_holds_the_vector_of_the_rfc():
    """RFC 9180, A.2.1.1, sequence number 0."""
    private = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"
    enc = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
    sealed = (
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )
    found = opened(
        Suite.X25519,
        bytes.fromhex(private),
        bytes.fromhex(enc + sealed),
        b"Ode on a Grecian Urn",
        b"Count-0",
    )
    assert found == b"Beauty is truth, truth beauty"


@pytest.mark.parametrize("suite", list(Suite))
def test_what_ours_wraps_the_second_writing_opens(suite: Suite):
    """Both suites, with the context as `info` and nothing beside it."""
    key = PrivateKey.generate("k", suite)
    wrapped = key.public.wrap(b"s" * 32, b"didban/1\nxar")
    assert len(wrapped) == ENC_BYTES[suite] + 48
    assert opened(suite, key.raw, wrapped, b"didban/1\nxar") == b"s" * 32


KEYS = [PrivateKey.generate(f"k{number}", suite) for number in (1, 2) for suite in Suite]


@settings(max_examples=40)
@given(st.sampled_from(KEYS), st.binary(max_size=40), st.binary(max_size=40), st.data())
def test_what_was_wrapped_for_others_or_changed_does_not_open(key, secret, info, data):
    """Another key, another place, a flipped bit: nothing, and never something else."""
    wrapped = key.public.wrap(secret, info)
    assert key.unwrap(wrapped, info) == secret
    for other in KEYS:
        if other is not key:
            with pytest.raises(BadSignature):
                other.unwrap(wrapped, info)
    with pytest.raises(BadSignature):
        key.unwrap(wrapped, info + b".")
    changed = bytearray(wrapped)
    changed[data.draw(st.integers(0, len(wrapped) - 1))] ^= 1 << data.draw(st.integers(0, 6))
    with pytest.raises(BadSignature):
        key.unwrap(bytes(changed), info)
