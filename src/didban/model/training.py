"""Specimen codes: what training and demonstrations use, and no production network accepts (PR-51).

`uto` (Utopia) is ICAO's own specimen; `xaa` to `xzz` are for private use in ISO 3166-1, except
those that ICAO Doc 9303-3 gave to an issuer or to a kind of holder.
"""

from __future__ import annotations

import re
from typing import Final

_PRIVATE: Final = re.compile(r"x[a-z]{2}")
_IN_USE: Final = frozenset(
    [
        "xba",
        "xcc",
        "xce",
        "xco",
        "xdc",
        "xec",
        "xes",
        "xim",
        "xkx",
        "xmp",
        "xom",
        "xpo",
        "xxa",
        "xxb",
        "xxc",
        "xxx",
    ]
)


def is_specimen_code(code: str) -> bool:
    """Return whether a country's or an authority's code is one of training.

    An authority of a state bears the state's code in front: `xar`, `xar-border`.
    """
    head = code.lower().partition("-")[0]
    return head == "uto" or (bool(_PRIVATE.fullmatch(head)) and head not in _IN_USE)
