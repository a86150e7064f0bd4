"""What befalls names and dates between a list and a paper: functions of chance, and their rates.

The rates are set from what is known of such data, not from any list: passports carry whole dates
nearly always, lists a year alone for one in seven; one date in ten is mistaken; one name in five
lacks a part, one in four is mistyped or cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from didban.match.features import TRUNCATED_MARK

if TYPE_CHECKING:
    import random

OfName = Callable[[list[str], "random.Random"], list[str]]
OfDate = Callable[[date, "random.Random"], str]
_Way = TypeVar("_Way")

FIRST_BIRTH, BIRTH_DAYS = date(1940, 1, 1), 24_000
_WHOLE: Final = 3
"""Parts of a name from which one may be left out."""
_CUT_AT: Final = range(12, 30)
"""Letters after which a machine-readable zone is full, its other name given."""
_MONTHS, _FEBRUARY = 12, 28
_MISREAD: Final = (2, 3, 3, 6, 8, 9)
"""Places of a date's digits that are mistaken: of the year, the month, the day."""


def chosen(ways: Sequence[tuple[float, _Way]], source: random.Random) -> _Way:
    """Return one of these, by its rate."""
    return source.choices([way for _, way in ways], [rate for rate, _ in ways])[0]


# -- what befalls a name ---------------------------------------------------------------------------


def one_less(words: list[str], source: random.Random) -> list[str]:
    """Leave a given name out, of three parts or more."""
    return _without(words, source.randrange(len(words) - 1)) if len(words) >= _WHOLE else words


def _without(words: list[str], at: int) -> list[str]:
    return words[:at] + words[at + 1 :]


def _initial(words: list[str], source: random.Random) -> list[str]:
    at = source.randrange(len(words) - 1)
    return [*words[:at], words[at][0], *words[at + 1 :]]


def _one_typo(words: list[str], source: random.Random) -> list[str]:
    """Drop, double, exchange or replace one letter behind the first of a part."""
    at = source.randrange(len(words))
    word, place = words[at], source.randrange(1, max(2, len(words[at])))
    letter, rest = word[place : place + 1], word[place + 1 :]
    new = source.choice((rest, letter * 2 + rest, source.choice("".join(words)).lower() + rest))
    if rest and source.random() < 1 / 4:
        new = rest[0] + letter + rest[1:]
    return [*words[:at], word[:place] + new, *words[at + 1 :]]


def _two_typos(words: list[str], source: random.Random) -> list[str]:
    return _one_typo(_one_typo(words, source), source)


def _joined(words: list[str], _source: random.Random) -> list[str]:
    return [words[0] + words[1], *words[2:]] if len(words) >= _WHOLE else words


def _cut(words: list[str], source: random.Random) -> list[str]:
    """Cut the name off, as a machine-readable zone does that is full."""
    text = " ".join(words)
    at = source.choice(_CUT_AT)
    return f"{text[:at].rstrip()}{TRUNCATED_MARK}".split() if at < len(text) else words


def _as_it_is(words: list[str], _source: random.Random) -> list[str]:
    return words


NAMES: Final[Sequence[tuple[float, OfName]]] = (
    (0.46, _as_it_is),
    (0.18, one_less),
    (0.05, _initial),
    (0.18, _one_typo),
    (0.05, _two_typos),
    (0.03, _joined),
    (0.05, _cut),
)
"""What befalls a name on its way to a paper; the order of the parts changes besides."""


# -- what befalls a date ---------------------------------------------------------------------------


def _whole(born: date, _source: random.Random) -> str:
    return born.isoformat()


def _swapped(born: date, _source: random.Random) -> str:
    return f"{born.year}-{min(born.day, _MONTHS):02}-{born.month:02}"


def _one_digit(born: date, source: random.Random) -> str:
    text = list(born.isoformat())
    text[source.choice(_MISREAD)] = source.choice("0123456789")
    try:
        return date.fromisoformat("".join(text)).isoformat()
    except ValueError:
        return born.isoformat()


def _years_off(born: date, source: random.Random) -> str:
    year = born.year + source.choice((-3, -2, -1, -1, 1, 1, 2, 3))
    whole = f"{year}-{born.month:02}-{min(born.day, _FEBRUARY):02}"
    return source.choice((str(year), whole, f"{year}-01-01"))


def _other_day(born: date, source: random.Random) -> str:
    return f"{born.year}-{source.randint(1, _MONTHS):02}-{source.randint(1, _FEBRUARY):02}"


def _another(_born: date, source: random.Random) -> str:
    return (FIRST_BIRTH + timedelta(days=source.randrange(BIRTH_DAYS))).isoformat()


def _year_alone(born: date, _source: random.Random) -> str:
    return str(born.year)


def _first_of_january(born: date, _source: random.Random) -> str:
    return f"{born.year}-01-01"


def _month_alone(born: date, _source: random.Random) -> str:
    return f"{born.year}-{born.month:02}"


def _some_years(born: date, source: random.Random) -> str:
    return f"{born.year - source.randint(0, 3)}/{born.year + source.randint(1, 3)}"


def _circa(born: date, _source: random.Random) -> str:
    return f"{born.year}~"


SHOWN_DATES: Final[Sequence[tuple[float, OfDate]]] = (
    (0.905, _whole),
    (0.015, _swapped),
    (0.020, _one_digit),
    (0.030, _years_off),
    (0.015, _other_day),
    (0.015, _another),
)
"""What befalls a date on its way to a paper: some people have two dates, and some borrow a paper."""

LISTED_DATES: Final[Sequence[tuple[float, OfDate]]] = (
    (0.70, _whole),
    (0.14, _year_alone),
    (0.06, _first_of_january),
    (0.02, _month_alone),
    (0.05, _some_years),
    (0.03, _circa),
)
"""How lists state a date of birth."""
