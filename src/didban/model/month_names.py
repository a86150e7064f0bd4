"""Month names as lists and documents write them, in the calendars and languages that we meet.

Look a word up in `MONTHS` after `fold` and, for the Islamic months of two words, `join_words`.
"""

from __future__ import annotations

import re
from typing import Final

from didban.model.folding import fold

_GREGORIAN: Final = (
    "january jan janvier janv enero ene januar janner янв январь января ژانویه يناير ینایر",
    "february feb fevrier fev fevr febrero februar feber фев февр февраль февраля فوریه فبراير",
    "march mar mars marzo marz maerz мар март марта مارس اذار",
    "april apr avril avr abril abr апр апрель апреля آوریل اوریل ابريل نيسان",
    "may mai mayo май мая مه مايو ايار",
    "june jun juin junio juni июн июнь июня ژوئن يونيو حزيران",
    "july jul juillet juil julio juli июл июль июля ژوئیه جولای يوليو تموز",
    "august aug aout agosto ago авг август августа اوت اگست اغسطس آب",
    "september sep sept septembre septiembre set сен сент сентябрь сентября سپتامبر سبتمبر ايلول",
    "october oct octobre octubre oktober okt окт октябрь октября اکتبر اكتوبر",
    "november nov novembre noviembre noy ноя нояб ноябрь ноября نوامبر نوفمبر",
    "december dec decembre diciembre dic dezember dez дек декабрь декабря دسامبر ديسمبر",
)
_SOLAR_HIJRI: Final = (
    "farvardin hamal فروردین حمل",
    "ordibehesht sawr saur اردیبهشت ثور",
    "khordad jawza خرداد جوزا",
    "tir saratan تیر سرطان",
    "mordad amordad asad مرداد امرداد اسد",
    "shahrivar sunbula sonbola شهریور سنبله",
    "mehr mizan مهر میزان",
    "aban aqrab آبان ابان عقرب",
    "azar qaws آذر اذر قوس",
    "dey dei jadi دی جدی",
    "bahman dalw بهمن دلو",
    "esfand hut اسفند حوت",
)
_ISLAMIC: Final = (
    "muharram moharram محرم",
    "safar صفر",
    "rabi1",
    "rabi2",
    "jumada1",
    "jumada2",
    "rajab رجب",
    "shaban shaaban شعبان",
    "ramadan ramazan رمضان",
    "shawwal shawal شوال",
    "dhuq",
    "dhuh",
)


_TWO_WORDS: Final = tuple(
    (re.compile(pattern), joined)
    for pattern, joined in (
        (r"\b(?:rabi|ربیع)\W*(?:(?:al|ul)\W*)?(?:awwal|awal|i|1|(?:ال)?اول)\b", "rabi1"),
        (r"\b(?:rabi|ربیع)\W*(?:\w{2,3}\W)?\W*(?:thani|akhir|ii|2|\w*(?:ثانی|اخر))\b", "rabi2"),
        (r"\b(?:jumada|جمادی)\W*(?:(?:al|ul)\W*)?(?:awwal|ula|i|1|(?:ال)?اولی?)\b", "jumada1"),
        (
            r"\b(?:jumada|جمادی)\W*(?:\w{2,3}\W)?\W*(?:thani|akhir|ii|2|\w*(?:ثانی|اخر))\w*",
            "jumada2",
        ),
        (r"\b(?:dhu|zu|zil|dhul|ذو|ذی)\W*(?:(?:al|l|il|ul|ال)\W*)?(?:q|ق)\w*", "dhuq"),
        (r"\b(?:dhu|zu|zil|dhul|ذو|ذی)\W*(?:(?:al|l|il|ul|ال)\W*)?(?:h|ح)\w*", "dhuh"),
    )
)


def join_words(text: str) -> str:
    """Return the folded text with the Islamic months of two words written as one word."""
    for pattern, joined in _TWO_WORDS:
        text = pattern.sub(joined, text)
    return text


def _table(calendar: str, months: tuple[str, ...]) -> dict[str, tuple[str, int]]:
    return {
        fold(name): (calendar, number)
        for number, names in enumerate(months, start=1)
        for name in names.split()
    }


MONTHS: Final = (
    _table("islamic", _ISLAMIC)
    | _table("solar_hijri", _SOLAR_HIJRI)
    | _table("gregorian", _GREGORIAN)
)
"""Folded name -> (calendar, 1-based month)."""
