"""The weights of evidence, in natural log-odds, in one place.

A positive weight speaks for "this is the listed person", a negative one against it. They are the
logarithm of (how often this is seen between two descriptions of one person) over (how often it is
seen between strangers who both appear in such data).

Those in `LEARNED` are what `python -m benchmarks.weights --write` replaces; that file says whether it
has. All were set by hand while looking at recall on the UN list, at both crowds and at judged pairs,
so figures on those are development figures. To have one more learned: name it in `LEARNED`, with its
term in `names.NameFindings.terms` or in `benchmarks.weights`.
"""

from __future__ import annotations

from typing import Final

from didban.match.documents import Agreement
from didban.match.evidence.learned import LEARNED
from didban.match.kernels.constants import BANDS
from didban.match.organisations.tables import WordKind

# -- names -----------------------------------------------------------------------------------------

NAME_SHARE: Final = tuple(LEARNED[f"NAME_SHARE[{band}]"] for band in range(BANDS))
"""Share of a part's rarity that counts, by band of similarity (see `constants.BANDS`): a part that
is merely similar is often another name. The first band is the rarest by far and a little overrated
by that: a name that is rare on the lists may be common in the world."""

RAREST: Final = 1e-4
"""No part counts as rarer than this share of all names: beyond it a list knows too little."""

SAME_CULTURE: Final = LEARNED["SAME_CULTURE"]
"""Some part of the names agrees. How rare parts are is counted among people of one culture, and most
strangers on a list are of another: so much at most of what the world took from their rarity is given
back."""

SPELLED: Final = 0.6
"""A part that agrees to the letter. How rare it is, is counted by its sound: most strangers who share
that write it in another of its spellings, while a name is mostly copied as it is written. Less than
follows for strangers of all countries (0.9, `python -m benchmarks.spelled`): a namesake is mostly of
one's own, where fewer spellings are in use."""

RESPELLED: Final = -0.4
"""A part that agrees and is written otherwise in the same script. That script says more against it, of
which a part is in the bands of similarity."""

CONTRADICTED: Final = -7.5
"""A part on both sides that has no counterpart on the other: Ali Karimi is not Ali Rahimi. Set by
hand: generated strangers lack the families, towns and tribes whose people share all but one."""

EXTRA_IN_QUERY: Final = -1.8
"""A part that only the query has: the list may have left it out."""

EXTRA_IN_CANDIDATE: Final = -2.0
"""A part that only the listed name has: papers often leave a patronymic out."""

INITIAL: Final = 2.5
"""A single letter that fits."""

NICKNAME: Final = 2.5
"""Familiar forms of one given name: Bill for William."""

BEGINNING: Final = 2.5
"""A part of which the other side has the beginning, as where a name was cut off, or Abd without its
second half."""

MISTYPED: Final = -1.0
"""A part that is neither spelled nor sounds like its counterpart, but is one or two slips of the
finger away from it, and no other name that is known: less of a contradiction, and nothing more."""

BYNAME: Final = -0.6
"""A father's name, or a name after a child, that only one side has: papers leave them out. Where both
sides tell a line of fathers (A son of B son of C), a link that only one has."""

FATHER: Final = 1.2
"""Both sides make the same one the father of the same: among strangers with these two names, a third
have them in this order and say so."""

RELATIVES: Final = 11.0
"""Names of which some part is contradicted agree no more than this in the rest: who shares a rare
family name and that of a grandfather is a relative as often as the same."""

OTHER_ORDER: Final = -4.0
"""One side's given name is the other's family name, and its family name the given one. Of the records
that analysts put together over lists two in a hundred are so, without the states that say the family
name first hardly one; of strangers who share both names, about a third."""

LEAST_NAME: Final = -6.0
"""No name speaks more against somebody than this: people change names, and borrow papers."""

WHOLE: Final = {
    "": 0.0,
    "NAME": 4.0,
    "CORE": 3.0,
    "PERSON": 1.0,
    "SINGLE": 3.5,
}
"""The whole name agrees, none of its words missing or added: of an organisation, ship or aircraft; of
these, but for generic words or a place on one side (Nargis, Nargis Group); of
a person, since people share names, but not often all of one; of a person of one name, as those are
known by who need no other (Abu Bakr)."""

NEARLY_SAME: Final = 3
"""From this band of similarity on, a part that agrees is not nearly the same."""

WEAK_NAME: Final = 0.6
"""Share of the evidence that counts when the list calls the name a weak alias."""

# -- names of organisations, ships and aircraft ----------------------------------------------------

SEVERAL_WORDS: Final = 8.0
"""So much at least says a name of several words that agrees as a whole, however generic each is."""

COMMON_WORD: Final = 0.6
"""Share of the rarity of generic words, places and numbers that counts: they come together (import
export, oil gas), so that each says less than it would alone."""

WORDS_AGAINST: Final = {
    WordKind.WORD: -7.5,
    WordKind.PLACE: -8.0,
    WordKind.REGION: -8.0,
    WordKind.NUMBER: -8.0,
}
"""Words of one kind on both sides that are not the same: Bank of Chad is not Bank of China, Fund 2
is not Fund 3."""

WORD_ALONE: Final = {
    WordKind.WORD: -3.75,
    WordKind.GENERIC: -0.7,
    WordKind.PLACE: -3.0,
    WordKind.REGION: -1.0,
    WordKind.NUMBER: -6.5,
}
"""A word that one side has alone: Nargis Shipping may be a daughter of Nargis. A generic one for each
unit of -ln(share of names that have it) beyond `LEFT_OUT_BY_HABIT`."""

LEFT_OUT_BY_HABIT: Final = 2.0
"""So common a word (one name in seven) is left out by anybody."""

SISTERS: Final = 11.0
"""Names that contradict each other agree no more than this in the rest: who shares a rare name and
adds another is a sister, a branch or a daughter as often as the same."""

INITIALS: Final = {3: 10.1, 4: 11.0, 5: 12.0, 6: 13.0, 7: 14.0}
"""An abbreviation is made of the initials of the other name, of so many letters: worth a look on a list
of ten thousand, where several have the same three."""

ASIDE: Final = -0.7
"""The same where the words stand in brackets or behind a stroke: they are mostly a second name, and
what agrees is one of two names that a stranger might share (-ln 2)."""

OTHER_FORM: Final = -2.5
"""Both sides state what they are in law, and it is not the same."""

# -- birth dates -----------------------------------------------------------------------------------

DATES: Final = {
    "WITHIN_RANGE": 0.3,
    "UNKNOWN": 0.0,
    **{
        finding: LEARNED[f"DATES[{finding}]"]
        for finding in (
            "SAME_DAY",
            "FIRST_OF_JANUARY",
            "SAME_MONTH",
            "SWAPPED",
            "SAME_YEAR",
            "ONE_DIGIT",
            "OTHER_DAY",
            "NEXT_YEAR",
            "FEW_YEARS",
            "OTHER_YEAR",
        )
    },
}
"""By the names of `didban.match.evidence.dates.DateFinding`. Within a range of years: at least; a narrow one
is worth what the same year is, less the logarithm of the number of years."""

FEW: Final = 3
"""So many years apart still is "few"."""
ROUGH: Final = 0.6
"""Share of a date's evidence that counts when a side says "circa" or gives a range."""

# -- the rest --------------------------------------------------------------------------------------

SAME_SEX: Final = LEARNED["SAME_SEX"]
OTHER_SEX: Final = LEARNED["OTHER_SEX"]
SAME_PLACE: Final = 2.0
OTHER_PLACE: Final = -0.3
"""A village, its district and its province are one place of birth in three words."""
SAME_COUNTRY: Final = LEARNED["SAME_COUNTRY"]
OTHER_COUNTRY: Final = LEARNED["OTHER_COUNTRY"]

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
