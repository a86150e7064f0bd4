"""Envelopes: a header and a body sealed together, verified and opened again.

seal ── header + body ──> whoever passes it on ── verify (signature) ── open (decrypt, compare)

Verify first, then decrypt the same bytes, then compare the salted hash of the plaintext: who holds
plaintext and salt can prove later what was said, without giving a key away.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from didban.errors import BadSignature
from didban.guard.crypto import dsse
from didban.model.exchange.envelopes import Envelope, Header, Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from didban.guard.crypto.dsse import SigningKey
    from didban.guard.crypto.hpke import PrivateKey, PublicKey

SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_NONCE: Final = bytes(12)  # each content key encrypts one body


def seal(
    header: Header,
    content: bytes | None,
    key: SigningKey,
    recipients: Sequence[tuple[str, PublicKey]],
) -> Envelope:
    """Return the envelope of some content for these (node, sealing key).

    - `header`: without recipients and hashes, which are filled in here.

    Without content there is nothing to open, and who it is for stands in the kind.
    """
    if content is None:
        return _signed(header, key, None)
    salted = secrets.token_bytes(SALT_BYTES) + content
    content_key = secrets.token_bytes(_KEY_BYTES)
    context = context_of(header)
    body = ChaCha20Poly1305(content_key).encrypt(_NONCE, salted, context)
    made = replace(
        header,
        ciphertext=hashlib.sha256(body).digest(),
        plaintext=hashlib.sha256(salted).digest(),
        recipients=tuple(
            Recipient(node=node, key=public.id, wrapped=public.wrap(content_key, context))
            for node, public in recipients
        ),
    )
    return _signed(made, key, body)


def verify(envelope: Envelope, public: bytes) -> Header:
    """Return the header if its signature holds, and the body is the one that it names.

    Raises BadSignature, Malformed. Does not decide whether the key may sign: see
    `Peer.require_window`.
    """
    dsse.verify(public, dsse.ENVELOPE, envelope.header, envelope.signature)
    header = Header.from_bytes(envelope.header)
    if envelope.body is not None and hashlib.sha256(envelope.body).digest() != header.ciphertext:
        raise BadSignature("the body is not the one that was signed")
    return header


def open_body(
    envelope: Envelope, header: Header, node: str, keys: Mapping[str, PrivateKey]
) -> bytes | None:
    """Return the content as it was for this node; None where it is not among the recipients.

    - `keys`: our sealing keys by identifier, old ones too.

    Raises BadSignature where a recipient cannot open what was signed for it, or it says something
    else than was signed.
    """
    salted = _salted(envelope, header, node, keys)
    return None if salted is None else salted[SALT_BYTES:]


def _salted(
    envelope: Envelope, header: Header, node: str, keys: Mapping[str, PrivateKey]
) -> bytes | None:
    ours = next((one for one in header.recipients if one.node == node), None)
    if ours is None or envelope.body is None:
        return None
    if ours.key not in keys:
        raise BadSignature("the body is sealed under a key that we do not have")
    context = context_of(header)
    content_key = keys[ours.key].unwrap(ours.wrapped, context)
    try:
        salted = ChaCha20Poly1305(content_key).decrypt(_NONCE, envelope.body, context)
    except (InvalidTag, ValueError) as wrong:
        raise BadSignature("the body cannot be opened with the key that was signed") from wrong
    if hashlib.sha256(salted).digest() != header.plaintext:
        raise BadSignature("the body does not say what was signed")
    return salted


def context_of(header: Header) -> bytes:
    """Return what a body is bound to: sender, place or nonce, and kind."""
    at = header.place
    where = f"{at.feed}\n{at.epoch}\n{at.seq}" if at else f"call\n{header.nonce.hex()}"
    return f"didban/1\n{header.sender}\n{where}\n{header.kind}".encode()


def _signed(header: Header, key: SigningKey, body: bytes | None) -> Envelope:
    raw = header.to_bytes()
    signature = key.sign(dsse.ENVELOPE, raw)
    return Envelope(header=raw, key=key.id, signature=signature, body=body)
