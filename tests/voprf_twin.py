"""RFC 9497's VOPRF over ristretto255-SHA512, written to be read beside the standards: slow and plain.

Group: RFC 9496. Nothing here is fast or safe against timing; it is the twin of the library that the
node uses, so that two independent readings of the standards are held against each other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
CONTEXT = b"OPRFV1-" + b"\x01" + b"-ristretto255-SHA512"


def is_negative(value: int) -> bool:
    """Return whether a field element counts as negative."""
    return value % P % 2 == 1


def absolute(value: int) -> int:
    """Return a field element or its negative, whichever is not negative."""
    return -value % P if is_negative(value) else value % P


def sqrt_ratio(u: int, v: int) -> tuple[bool, int]:
    """Return whether u/v is a square, and its root, or that of SQRT_M1 * u/v (RFC 9496, 4.2)."""
    root = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * root * root % P
    correct, flipped = check == u % P, check == -u % P
    flipped_i = check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        root = root * SQRT_M1 % P
    return correct or flipped, absolute(root)


INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]
SQRT_AD_MINUS_ONE = -sqrt_ratio((-D - 1) % P, 1)[1] % P  # the standard chose the other root


@dataclass(frozen=True)
class Point:
    """A point in extended coordinates."""

    x: int
    y: int
    z: int
    t: int

    def __add__(self, other: Point) -> Point:
        """Add two points (unified formulas of twisted Edwards curves, a = -1)."""
        a = (self.y - self.x) * (other.y - other.x) % P
        b = (self.y + self.x) * (other.y + other.x) % P
        c = 2 * D * self.t * other.t % P
        d = 2 * self.z * other.z % P
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f % P, g * h % P, f * g % P, e * h % P)

    def __rmul__(self, scalar: int) -> Point:
        """Multiply by a number."""
        found, base = IDENTITY, self
        for bit in bin(scalar % ORDER)[:1:-1]:
            if bit == "1":
                found += base
            base += base
        return found

    def encode(self) -> bytes:
        """Return the 32 bytes (RFC 9496, 4.3.2)."""
        u1 = (self.z + self.y) * (self.z - self.y) % P
        u2 = self.x * self.y % P
        _, inverse = sqrt_ratio(1, u1 * u2 * u2 % P)
        den1, den2 = inverse * u1 % P, inverse * u2 % P
        z_inverse = den1 * den2 * self.t % P
        x, y, den = self.x, self.y, den2
        if is_negative(self.t * z_inverse % P):
            x, y = self.y * SQRT_M1 % P, self.x * SQRT_M1 % P
            den = den1 * INVSQRT_A_MINUS_D % P
        if is_negative(x * z_inverse % P):
            y = -y % P
        return absolute(den * (self.z - y)).to_bytes(32, "little")


IDENTITY = Point(0, 1, 1, 0)


def decode(raw: bytes) -> Point:
    """Return the point of 32 bytes (RFC 9496, 4.3.1). Raises ValueError where there is none."""
    s = int.from_bytes(raw, "little")
    if len(raw) != 32 or s >= P or is_negative(s):
        raise ValueError(raw)
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    is_square, inverse = sqrt_ratio(1, v * u2 * u2 % P)
    den_x = inverse * u2 % P
    den_y = inverse * den_x * v % P
    x = absolute(2 * s * den_x)
    y = u1 * den_y % P
    t = x * y % P
    if not is_square or is_negative(t) or y == 0:
        raise ValueError(raw)
    return Point(x, y, 1, t)


def _mapped(raw: bytes) -> Point:
    """Return the point that a field element maps to (RFC 9496, 4.3.4)."""
    t = int.from_bytes(raw, "little") % 2**255 % P
    r = SQRT_M1 * t * t % P
    u = (r + 1) * (1 - D * D) % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio(u, v)
    c = -1 % P if was_square else r
    s = s if was_square else -absolute(s * t) % P
    n = (c * (r - 1) * pow(D - 1, 2, P) - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return Point(w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


def expand(message: bytes, tag: bytes, length: int) -> bytes:
    """Return so many bytes of a message (RFC 9380, 5.3.1, SHA-512)."""
    tag += bytes([len(tag)])
    first = hashlib.sha512(bytes(128) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
    found = block = hashlib.sha512(first + b"\x01" + tag).digest()
    for number in range(2, -(-length // 64) + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha512(mixed + bytes([number]) + tag).digest()
        found += block
    return found[:length]


def hash_to_group(message: bytes, tag: bytes = b"HashToGroup-" + CONTEXT) -> Point:
    """Return the point of a message."""
    uniform = expand(message, tag, 64)
    return _mapped(uniform[:32]) + _mapped(uniform[32:])


def hash_to_scalar(message: bytes, tag: bytes = b"HashToScalar-" + CONTEXT) -> int:
    """Return the number of a message."""
    return int.from_bytes(expand(message, tag, 64), "little") % ORDER


def derive_key(seed: bytes, info: bytes) -> int:
    """Return the private key of a seed (RFC 9497, 3.2.1)."""
    given = seed + len(info).to_bytes(2, "big") + info
    for counter in range(256):
        key = hash_to_scalar(given + bytes([counter]), b"DeriveKeyPair" + CONTEXT)
        if key:
            return key
    raise ValueError(seed)


def _framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def composites(public: Point, blinded: list[Point], evaluated: list[Point]) -> tuple[Point, Point]:
    """Return the two points that stand for a batch in its proof (RFC 9497, 2.2.2)."""
    seed = hashlib.sha512(_framed(public.encode(), b"Seed-" + CONTEXT)).digest()
    m, z = IDENTITY, IDENTITY
    for number, (c, d) in enumerate(zip(blinded, evaluated, strict=True)):
        text = _framed(seed) + number.to_bytes(2, "big")
        text += _framed(c.encode(), d.encode()) + b"Composite"
        weight = hash_to_scalar(text)
        m, z = m + weight * c, z + weight * d
    return m, z


def _challenge(public: Point, *points: Point) -> int:
    return hash_to_scalar(_framed(*(p.encode() for p in (public, *points))) + b"Challenge")


def prove(key: int, blinded: list[Point], evaluated: list[Point], random: int) -> bytes:
    """Return the proof that all points were evaluated with the key of the public key."""
    public = key * BASE
    m, z = composites(public, blinded, evaluated)
    c = _challenge(public, m, z, random * BASE, random * m)
    s = (random - c * key) % ORDER
    return c.to_bytes(32, "little") + s.to_bytes(32, "little")


def holds(public: Point, blinded: list[Point], evaluated: list[Point], proof: bytes) -> bool:
    """Return whether a proof holds."""
    c, s = (int.from_bytes(half, "little") for half in (proof[:32], proof[32:]))
    m, z = composites(public, blinded, evaluated)
    t2, t3 = s * BASE + c * public, s * m + c * z
    return _challenge(public, m, z, t2, t3) == c


def output(message: bytes, point: Point) -> bytes:
    """Return the output of an input, of which this is the evaluated point without the blind."""
    return hashlib.sha512(_framed(message, point.encode()) + b"Finalize").digest()
