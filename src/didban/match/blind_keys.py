"""Strict keys of a person or paper, the same on every node, to be compared without being shown.

    document/<state>/<number>            a paper, as its number is written
    born/<name>/<day>                    each of two or three keys of a name, with the whole birth date
    year/<name>/<year>/<state>           the whole name, with the year of birth and a nationality

Whoever asks and whoever lists make them alike, so the rules are versioned: another rule is another
`VERSION`, and golden vectors hold it (`tests/golden/blind_keys.json`).

- A name is the sounds of its parts in any order (`match.spelling.keys`), so that one name in two scripts has
  one key; what differs more is not found this way.
- What is too little to identify has no key: a number of two characters or of no known state, a
  name of one part with few consonants, a name of one part without a whole birth date.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from didban.match.documents import MIN_LENGTH, normal
from didban.match.features import features_of
from didban.match.kernels import forms, primary_key
from didban.model.countries import country

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.match.features import Features
    from didban.model.dates import PartialDate
    from didban.model.documents import Document
    from didban.model.records import Record

VERSION: Final = 1
MOST_OF_RANGE: Final = 1_000
"""Numbers of a range of documents that get a key each; of a longer one none does."""

_WHOLE: Final = 2  # parts from which on a name is more than a word
_LEAST_OF_ONE: Final = 3  # consonants that tell a name of one part from many others
_DIGITS: Final = "0123456789"


class BlindList(StrEnum):
    """Lists that may be asked about, each with tags and a key of its own."""

    DOCUMENTS = "documents"
    PERSONS = "persons"


def keys_of(record: Record) -> dict[BlindList, tuple[str, ...]]:
    """Return the keys of a record, or of what is asked about, for each list; sorted, each once."""
    found = features_of(record)
    return {
        BlindList.DOCUMENTS: tuple(sorted(set(_of_documents(found.documents)))),
        BlindList.PERSONS: tuple(sorted(set(_of_persons(found)))),
    }


def _of_documents(documents: Sequence[Document]) -> Iterator[str]:
    for document in documents:
        state = country(document.issuer) if document.issuer else None
        if state is None:
            continue
        for number in _numbers(document):
            if len(number) >= MIN_LENGTH:
                yield f"document/{state}/{number}"


def _numbers(document: Document) -> Iterator[str]:
    """Yield the numbers of a document, or of each of a range that is not too long."""
    first = normal(document.number)
    if document.number_to is None:
        yield first
        return
    last = normal(document.number_to)
    head = first.rstrip(_DIGITS)
    if head != last.rstrip(_DIGITS) or len(first) != len(last) or len(head) == len(first):
        return
    low, high = int(first[len(head) :]), int(last[len(head) :])
    if 0 <= high - low < MOST_OF_RANGE:
        width = len(first) - len(head)
        yield from (f"{head}{number:0{width}}" for number in range(low, high + 1))


def _of_persons(found: Features) -> Iterator[str]:
    for name in found.names:
        names = _name_keys(name.parts)
        for birth in found.birth_dates if names else ():
            if birth.is_exact:
                yield from (f"born/{key}/{birth}" for key in names)
            if len(name.parts) >= _WHOLE:
                yield from (
                    f"year/{names[0]}/{year}/{state}"
                    for year in _year(birth)
                    for state in found.countries
                )


def _year(birth: PartialDate) -> tuple[int, ...]:
    """Return the year of birth where there is one that the source is sure of."""
    if birth.years is None or birth.years[0] != birth.years[1] or birth.approximate:
        return ()
    return (birth.years[0],)


def _name_keys(parts: Sequence[str]) -> list[str]:
    """Return the keys of a name: whole, and where it is long its first two, and first and last parts.

    Records and papers leave out middle names, each in its own way.
    """
    chosen = [parts]
    if len(parts) > _WHOLE:
        chosen += [parts[:_WHOLE], (parts[0], parts[-1])]
    keys = dict.fromkeys("+".join(sorted(map(_sound, each))) for each in chosen)
    return [key for key in keys if "+" in key or len(key) >= _LEAST_OF_ONE]


def _sound(part: str) -> str:
    """Return how a part of a name sounds, in short; one that nobody can read stands for itself."""
    read = forms(part)
    return str(min(primary_key(form) for form in read)) if read else part
