"""The weights of evidence, in natural log-odds, in one place.

A positive weight speaks for "this is the listed person", a negative one against it. They are the
logarithm of (how often this is seen between two descriptions of one person) over (how often it is
seen between strangers who both appear in such data).

They start from `python -m benchmarks.weights` and were then set by hand while looking at recall on
the UN list, at both crowds and at judged pairs, so figures on those are development figures. The
hand is visible: on that run's held-out third the weights in force lose 2,240, newly learned ones
1,141 (72,393 candidates, 6,613 right). Learned ones are not simply taken over, because the attested
pairs are complete names and travellers' papers are not. What a whole name adds is given there, not
learned.
"""

from __future__ import annotations

from typing import Final

from didban.match.documents import Agreement
from didban.match.organisation_tables import WordKind

# -- names -----------------------------------------------------------------------------------------

NAME_SHARE: Final = (0.88, 1.0, 0.94, 0.82, 0.74, 0.52, 0.36, 0.3, 0.24, 0.12)
"""Share of a part's rarity that counts, by band of similarity (see `constants.BANDS`): a part that
is merely similar is often another name. The first band is the rarest by far and a little overrated
by that: a name that is rare on the lists may be common in the world."""

RAREST: Final = 1e-4
"""No part counts as rarer than this share of all names: beyond it a list knows too little."""

SAME_CULTURE: Final = 2.5
"""Some part of the names agrees. How rare parts are is counted among people of one culture, and most
strangers on a list are of another."""

CONTRADICTED: Final = -7.5
"""A part on both sides that has no counterpart on the other: Ali Karimi is not Ali Rahimi."""

EXTRA_IN_QUERY: Final = -2.6
"""A part that only the query has: the list may have left it out."""

EXTRA_IN_CANDIDATE: Final = -2.0
"""A part that only the listed name has: papers often leave a patronymic out."""

INITIAL: Final = 2.0
"""A single letter that fits."""

NICKNAME: Final = 2.5
"""Familiar forms of one given name: Bill for William."""

BEGINNING: Final = 1.5
"""A part of which the other side has the beginning, as where a name was cut off."""

BYNAME: Final = -0.6
"""A father's name, or a name after a child, that only one side has: papers leave them out."""

RELATIVES: Final = 11.0
"""Names of which some part is contradicted agree no more than this in the rest: who shares a rare
family name and that of a grandfather is a relative as often as the same."""

LEAST_NAME: Final = -6.0
"""No name speaks more against somebody than this: people change names, and borrow papers."""

WHOLE_PERSON: Final = 1.0
"""The whole name of a person: people share names, but not often all of one."""

WHOLE_SINGLE: Final = 3.5
"""The same for a name of one part, as those are known by who need no other (Abu Bakr)."""

WEAK_NAME: Final = 0.6
"""Share of the evidence that counts when the list calls the name a weak alias."""

# -- names of organisations, ships and aircraft ----------------------------------------------------

WHOLE_NAME: Final = 4.0
"""The whole name of an organisation, ship or aircraft, none of its words missing or added: one
rarely has another's."""

SEVERAL_WORDS: Final = 8.0
"""So much at least says a name of several words that agrees as a whole, however generic each is."""

COMMON_WORD: Final = 0.6
"""Share of the rarity of generic words, places and numbers that counts: they come together (import
export, oil gas), so that each says less than it would alone."""

WORDS_AGAINST: Final = {
    WordKind.WORD: -7.5,
    WordKind.GENERIC: -3.0,
    WordKind.PLACE: -8.0,
    WordKind.NUMBER: -8.0,
}
"""Words of one kind on both sides that are not the same: Bank of Chad is not Bank of China, Fund 2
is not Fund 3."""

WORD_ALONE: Final = {
    WordKind.WORD: -3.0,
    WordKind.GENERIC: -1.5,
    WordKind.PLACE: -3.0,
    WordKind.NUMBER: -6.5,
}
"""A word that one side has alone: Nargis Shipping may be a daughter of Nargis."""

LETTER_OF_INITIALS: Final = 2.0
"""A letter of an abbreviation that is made of the initials of the other name."""

ASIDE: Final = -1.0
"""The same where the word stands in brackets."""

OTHER_FORM: Final = -2.5
"""Both sides state what they are in law, and it is not the same."""

# -- birth dates -----------------------------------------------------------------------------------

DATES: Final = {
    "SAME_DAY": 6.5,
    "FIRST_OF_JANUARY": 3.6,
    "SAME_MONTH": 4.0,
    "SWAPPED": 3.6,
    "SAME_YEAR": 2.6,
    "ONE_DIGIT": 2.0,
    "WITHIN_RANGE": 1.2,
    "UNKNOWN": 0.0,
    "OTHER_DAY": -0.4,
    "NEXT_YEAR": -0.4,
    "FEW_YEARS": -3.2,
    "OTHER_YEAR": -5.5,
}
"""By the names of `didban.match.dates.DateFinding`."""

FEW: Final = 3
"""So many years apart still is "few"."""
ROUGH: Final = 0.6
"""Share of a date's evidence that counts when a side says "circa" or gives a range."""

# -- the rest --------------------------------------------------------------------------------------

SAME_SEX: Final = 0.4
OTHER_SEX: Final = -3.0
SAME_COUNTRY: Final = 1.3
OTHER_COUNTRY: Final = -1.2

DOCUMENTS: Final = {
    Agreement.SAME: 30.0,
    Agreement.CONFUSABLE: 22.0,
    Agreement.SAME_NO_ISSUER: 18.0,
    Agreement.CONFUSABLE_NO_ISSUER: 11.0,
    Agreement.OTHER_ISSUER: 0.5,
}
"""The same number of the same state is told even where all else contradicts: the paper is the one
that is listed, whoever carries it. The others hold their own among a hundred million papers, or
do not, as they should."""

OTHER_NUMBER: Final = -4.0
"""Another number of a register in which a thing has one for life (see `identifiers.ONE_FOR_LIFE`);
lists err, and owners of ships lie."""
