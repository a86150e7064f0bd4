"""Facts inside the free remarks of a list: parents, sex, references to other entries, names.

The remarks themselves always stay whole in the record's notes; what is found here is in addition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from didban.intake.readers.draft import link
from didban.intake.readers.names import NameKind
from didban.intake.readers.papers import papers
from didban.intake.readers.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.intake.readers.draft import Draft
    from didban.model.documents import Document
    from didban.model.records import Record

_NAME_WORD: Final = r"(?:(?:al|el|as|ash|ul)-\w+|(?:ben|bint?|ibn)\b|['‘’]?[^\W\d_a-z][\w'‘’-]*)"
_PARENT: Final = re.compile(
    rf"\b([Ff]ather|[Mm]other)(?:['’]?s)? (?:full )?name(?: is|:)? ({_NAME_WORD}(?: {_NAME_WORD}){{0,12}})"
)
_LOOSE_PARTICLE: Final = re.compile(r"(?: (?:ben|bin|bint|ibn))+$")
_SEX: Final = re.compile(r"\bgender:? (male|female)\b", re.IGNORECASE)
_UN_REFERENCE: Final = re.compile(r"\b([A-Z]{2,3}[ei]\.\d{3})\b")
_SENTENCE_END: Final = re.compile(r"(?<=[\w)][.])\s+(?=[A-Z])")
#: "Brother of X (TAi.042) and Y (TAi.150)"
_KIN: Final = re.compile(
    r"\b(?:brother|sister|son|daughter|father|mother|wife|husband|cousin|uncle|nephew)(?:-in-law)? of "
    r"[^.;()]{0,120}(?:\([A-Z]{2,3}i\.\d{3}\)(?: and|,)?[^.;(),]*)+",
    re.IGNORECASE,
)
_ALSO_CALLED: Final = re.compile(r"\b(?:also )?referred to as:? ([^.;()]+)", re.IGNORECASE)
_PASSPORT: Final = re.compile(
    r"(?:\w+ )?\bpassport (?:no\.?|number)[ .:]*[A-Z]{0,3} ?\d[\w/-]*[^;]*", re.IGNORECASE
)
_BETWEEN_NAMES: Final = re.compile(r", (?:and )?| and ")
#: A number inside prose is not a document; longer names are prose as well.
_LONGEST_NAME: Final = 60
#: Phrases are looked for in this many characters; the longest official remarks have 1,400.
_LONGEST_REMARKS: Final = 20_000


def add_facts(draft: Draft, remarks: str) -> None:
    """Add to a person's draft what the remarks say in set phrases."""
    if draft.schema != "Person":
        return
    remarks = remarks[:_LONGEST_REMARKS]
    for parent, name in _PARENT.findall(remarks):
        whole = _LOOSE_PARTICLE.sub("", name)
        draft.add("fatherName" if parent.lower() == "father" else "motherName", whole)
    if found := _SEX.search(remarks):
        draft.add_sex(found.group(1))
    for names in _ALSO_CALLED.findall(remarks):
        for name in _BETWEEN_NAMES.split(names):
            if name[:1].isupper() and len(name) <= _LONGEST_NAME:
                draft.add_name(clean(name), NameKind.WEAK)


def papers_in(remarks: str) -> tuple[Document, ...]:
    """Return the passports that the remarks name with their number."""
    return tuple(
        paper
        for found in _PASSPORT.findall(remarks[:_LONGEST_REMARKS])
        for paper in papers(found, default="P")
    )


def links_to_un_entries(draft: Draft, remarks: str, *, own: str, dataset: str) -> Iterator[Record]:
    """Yield a relation to each other entry of the UN list that the remarks of an entry name.

    `role` is the sentence that names it; a word of kinship before the name makes it a `Family`.
    """
    given = {own}
    for sentence in _SENTENCE_END.split(clean(remarks)[:_LONGEST_REMARKS]):
        kin = {
            found for phrase in _KIN.findall(sentence) for found in _UN_REFERENCE.findall(phrase)
        }
        for reference in _UN_REFERENCE.findall(sentence):
            if reference in given:
                continue
            given.add(reference)
            yield link(
                "Family" if reference in kin else "UnknownLink",
                f"un-rel-{own}-{reference}",
                ends=(draft.id, f"un-{reference}"),
                role=sentence,
                dataset=dataset,
            )
