"""Who we are to other nodes: our code, and the private keys of our daily work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from didban.guard.crypto.dsse import SigningKey
    from didban.guard.crypto.hpke import PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """This node as others know it.

    - `signing`: the key that signs now; `sealing`: by identifier, old ones too: they open old bodies.
    """

    node: str
    signing: SigningKey = field(repr=False)
    sealing: Mapping[str, PrivateKey] = field(repr=False)
