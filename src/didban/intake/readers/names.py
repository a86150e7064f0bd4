"""Names as lists write them: which part is the family name, what else stands in the cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from didban.intake.readers.text import LONGEST_CELL, clean

_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
#: Not the single ones: they stand for the letter ayn ("'AYNI").
_QUOTES: Final = '"“”„«»'
#: "(original script: ...)", "in Arabic: ..."
_ORIGINAL: Final = re.compile(
    r"\(?\b(?:original script|in (?:arabic|cyrillic|farsi|persian|urdu))\s*:\s*([^();]+)\)?",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\(([^()]+)\)?")
#: A note that slipped into the name: "X, born 1 Jan. 1953 (passport ...)"
_SLIPPED_NOTE: Final = re.compile(
    r",?\s+(?:born|d\.?o\.?b\.?|passport|son of|daughter of)\b.*", re.IGNORECASE | re.DOTALL
)
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u1fff\u3040-\u9fff\uac00-\ud7af]")
_COMMA_LIST: Final = 3


class NameKind(StrEnum):
    """How a name belongs to its bearer; the value is the property it is kept under."""

    PRIMARY = "name"
    ALIAS = "alias"
    WEAK = "weakAlias"
    FORMER = "previousName"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedName:
    """A name taken apart: `forms` are whole names, in the usual order first, then as listed."""

    forms: tuple[str, ...]
    given: str = ""
    family: str = ""


def person_name(text: str) -> ListedName:
    """Take a person's name apart at the comma: "LAST, First" gives "First LAST" and both parts.

    A suffix after the comma ("John Doe, Jr.") does not make what is before it a family name.
    """
    if len(text) > LONGEST_CELL:
        return ListedName(forms=(clean(text),))
    return _person_name(text)


@lru_cache(maxsize=1024)
def _person_name(text: str) -> ListedName:
    """Return what `person_name` does, of a text of bounded length."""
    text = clean(text)
    if text[:1] in _QUOTES and text[-1:] in _QUOTES:
        text = clean(text.strip(_QUOTES))
    family, *rest = [clean(part) for part in text.split(",")]
    suffixes = [part for part in rest if part.lower() in _SUFFIXES]
    given = " ".join(part for part in rest if part and part not in suffixes)
    if not given or not family:
        return ListedName(forms=(text,) if text else ())
    natural = " ".join([given, family, *suffixes])
    return ListedName(forms=(natural, text), given=given, family=family)


def is_in_other_script(text: str) -> bool:
    """Return whether a text has letters of another script than Latin."""
    return _OTHER_SCRIPT.search(text) is not None


def names_in_cell(text: str, *, is_person: bool = True) -> tuple[str, ...]:
    """Return the names that one alias cell holds.

    - ";" separates names, and so do commas between three or more single words;
    - what stands in brackets is a name of its own when it is in another script than the rest;
    - of a person, what is not a name ("born in 1963", "(combat name)") is left out: the caller keeps
      the cell in the notes where `names_in_cell(text) != (text,)`; an organisation's brackets
      ("(Hong Kong)", "(AQAP)") belong to its name.
    """
    text = clean(text)
    if len(text) > LONGEST_CELL:
        return (text,)
    without_original = _ORIGINAL.sub(" ", text)
    outside = clean(_IN_BRACKETS.sub(" ", without_original))
    is_other = is_in_other_script(outside)
    inside = [*_ORIGINAL.findall(text), *_IN_BRACKETS.findall(without_original)]
    others = [part for part in inside if is_in_other_script(part) != is_other]
    if not is_person and not others:
        return (text,)
    found = [name for part in outside.split(";") for name in _names_in_part(part)]
    found += [name for part in others for piece in part.split(";") if (name := clean(piece))]
    return tuple(dict.fromkeys(found))


def _names_in_part(part: str) -> list[str]:
    """Return the names of a part without brackets or semicolons."""
    part = clean(_SLIPPED_NOTE.sub("", part).strip(" ()"))
    words = [clean(word) for word in part.split(",")]
    if len(words) >= _COMMA_LIST and all(word and " " not in word for word in words):
        return words
    return [part] if part else []
