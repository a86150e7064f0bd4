"""What root keys sign, as it is kept and handed on: descriptors and charters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from didban.errors import Malformed
from didban.model.encoding import b64
from didban.model.exchange.envelopes import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST: Final = 200  # signatures
_MAX_PAYLOAD: Final = 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Exact bytes, and signatures over them.

    - `signatures`: by the name of the key, which is only a hint (DSSE).
    """

    payload: bytes
    signatures: Mapping[str, bytes]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        made = {key: b64(signature) for key, signature in sorted(self.signatures.items())}
        return {"payload": b64(self.payload), "signatures": made}

    @classmethod
    def from_json(cls, data: object) -> Signed:
        """Read what `to_json` wrote. Raises Malformed."""
        fields = Fields(data)
        payload, raw = fields.bytes("payload"), fields.raw("signatures")
        fields.require_all_read()
        if len(payload) > _MAX_PAYLOAD or not isinstance(raw, dict) or len(raw) > _MOST:
            raise Malformed("too long, or 'signatures' is no object of at most 200")
        named = Fields(raw)
        return cls(payload=payload, signatures={key: named.bytes(key, 64) for key in raw})
