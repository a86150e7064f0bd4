"""Parts that sound alike, and whose form tells that they are two names all the same.

- *Two sexes*: Michel and Michelle (`didban.match.spelling.sexes`).
- *Two families*: names made of one root by endings of family names. Petrov, Petrenko and Petrosian
  are three, and neither a habit of spelling nor a slip of the finger makes one ending another.
- *Two syllables*: romanised Korean writes the glide of a syllable: Hyon and Hon are two names, while
  Hyon and Hyun are one.

`python -m benchmarks.lookalikes` tells how seldom attested spellings of one name differ so.
"""

from __future__ import annotations

import re
from typing import Final

from didban.match.spelling.sexes import are_of_two_sexes, is_of_a_sex

_FAMILIES: Final = (
    "ov ev of off eff ow ova eva ов ев єв ова ева",
    "enko enka енко енка энка",
    "ovich evich ovych evych ovitch evitch owicz ewicz ovic evic ович евич эвіч",
    "sky ski skiy skii skij skyi cki cky skaya skaia skaja ska ский ская ський ська",
    "chuk czuk tchuk чук",
    "ian yan jan ян یان",
    "shvili chvili schwili швили შვილი",
    "dze дзе ძე",
    "zadeh zada zade zoda заде зода زاده",
    "pour poor pur пур پور",
    "nejad nezhad nejat نژاد",
    "oglu ogli ogly oglou оглу оглы",
    "son sson sen ssen",
    "dottir dóttir",
)
"""Endings of family names; those of one line are spellings and forms of one."""

_LINES: Final = {
    ending: line for line, endings in enumerate(_FAMILIES) for ending in endings.split()
}
_ENDING: Final = re.compile(rf"(?<=..)(?:{'|'.join(sorted(_LINES, key=len, reverse=True))})$")
_SYLLABLE: Final = re.compile(
    r"(?:(?:[bdghklmnprt]|kk|pp|tt)(y?)|ss?y?)(?:ae?|eo?|oo?|u)(?:[bdgklmnprt]|ng)"
)
"""A Korean syllable, romanised, that begins and ends with a consonant, and its glide; that after an
s is an older habit of writing and not heard."""


def are_lookalikes(one: str, other: str) -> bool:
    """Return whether two parts, folded, are two names by their form, however alike they sound."""
    return (
        are_of_two_sexes(one, other)
        or _differ(_family(one), _family(other))
        or _differ(_glide(one), _glide(other))
    )


def may_be_lookalike(part: str) -> bool:
    """Return whether some part may be a lookalike of this one, folded."""
    return is_of_a_sex(part) or _family(part) is not None or _glide(part) is not None


def _differ(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other


def _family(part: str) -> int | None:
    """Return the number of the ending that makes a family name of a part; None where none does."""
    found = _ENDING.search(part)
    return _LINES[found.group()] if found else None


def _glide(part: str) -> int | None:
    """Return whether a Korean syllable has a glide; None for what is none."""
    found = _SYLLABLE.fullmatch(part)
    return len(found[1] or "") if found else None
