"""One thing has one word in each language, on every page and in every message."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from didban.web.i18n.catalogues import read
from tools.catalogues import TRANSLATED

_GLOSSARY = Path(__file__).parents[2] / "docs" / "reference" / "glossary.md"
_GAP = re.compile(r"%\(\w+\)s|'%?\(?\w+\)?s?'")

# What of a term stands in a translation of any text that names it, whatever its ending.
TERMS = {
    r"(the|a|this|our|every|no|these) records?": {"fa": "رکورد", "ar": "سجل", "ru": "запис"},
    r"owners?": {"fa": "مالک", "ar": "مالك", "ru": "владел"},
    r"nodes?": {"fa": "گره", "ar": "عقد|عُقد", "ru": "узе?л"},
    r"checks?(?! (that|whether|digit|it))": {"fa": "استعلام", "ar": "تحقّ?ق", "ru": "провер"},
    r"hits?": {"fa": "تطابق|هست|نیست", "ar": "تطابق|إصابة", "ru": "совпаден|есть"},
    r"notices?": {"fa": "اعلان|اطلاع", "ar": "نشر|إشعار", "ru": "уведомлен|извещен"},
    r"disput\w+": {"fa": "اعتراض|معترض", "ar": "عتر|اعتُرض", "ru": "оспар|оспор"},
    r"second person": {"fa": "نفر دوم", "ar": "شخص\\S* (ال)?ثان", "ru": "втор\\w+ сотрудник"},
    r"second line": {"fa": "خط دوم", "ar": "الخط الثاني|للخط الثاني", "ru": "втор\\w+ лини"},
    r"authorit(y|ies)": {"fa": "مرجع", "ar": "جه[ةات]", "ru": "орган"},
    r"purpose": {"fa": "هدف", "ar": "غرض", "ru": "цел"},
    r"consent\w*": {"fa": "رضایت", "ar": "وافق", "ru": "согла"},
    r"deadlines?": {"fa": "مهلت", "ar": "مهل|موعد|مواعيد", "ru": "срок"},
    r"suspen\w+": {"fa": "تعلیق|معلق", "ar": "عُ?لّ?ق|تعليق", "ru": "приостан"},
    r"audit log": {"fa": "دفتر ممیزی", "ar": "سجل (ال)?تدقيق", "ru": "журнал\\w* аудита"},
    r"alerts?": {"fa": "هشدار", "ar": "تنبيه", "ru": "ориентировк"},
    r"signals?": {"fa": "اخطار", "ar": "إشار", "ru": "сигнал"},
    r"partners?": {"fa": "شریک", "ar": "شريك|شركاء", "ru": "партн"},
    r"devices?": {"fa": "دستگاه", "ar": "جهاز|أجهزة", "ru": "устройств"},
    r"sample": {"fa": "نمونه", "ar": "عيّنة", "ru": "выборк"},
}

# Where a text uses the word for something else, or its translation goes round it.
ELSEWHERE = frozenset(
    (
        "record first how", "stands in every record", "stays on record", "is kept longer by",
        "is kept beyond its day", "rightful owner", "is none of *", "Refugee check",
        "Validated reports are found", "read the hit first", "Add to the notice",
        "no such alert on a person",
        "is erased with everything",
    )
)  # fmt: skip

# Words that stood for a term before it had one, or that stand for another one.
NOT_USED = {
    "fa": ("شخص دوم", "نام‌نویسی", "جستجو", "واپسین", "راستی‌آزمایی", "دفتر وقایع", "خط اول", "نهاد شما"),
    "ar": ("كلمة السر", "المتلقي", "الإصدارة", "اكتبوا", "اختاروا", "اً"),
    "ru": ("второе лицо", "вторым лицом", "второго лица", "указатель имён", "граждан "),
}  # fmt: skip


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_term_is_translated_by_its_word(language):
    """Who learned a word on one page meets it on all others."""
    wrong = [
        f"{text} -> {found}"
        for text, found in _texts(language)
        for term, words in TERMS.items()
        if re.search(rf"\b{term}\b", _GAP.sub("", text), re.IGNORECASE)
        and not any(each in text for each in ELSEWHERE)
        and not re.search(words[language], found, re.IGNORECASE)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_word_that_was_given_up_does_not_come_back(language):
    """Two words for one thing make two things of it."""
    found = [
        f"{word}: {text}"
        for _, text in _texts(language)
        for word in NOT_USED[language]
        if word in text
    ]

    assert found == []


def test_the_glossary_has_one_word_for_a_term_and_one_term_for_a_word():
    """A term that stands twice would be told in two ways; a word for two terms tells nothing."""
    rows = _rows()
    for number in range(5):
        meant = defaultdict(set)
        for row in rows:
            if row[number] != "-":
                meant[row[number]].add(row[0])
        assert {word: terms for word, terms in meant.items() if len(terms) > 1} == {}
    assert len({row[0] for row in rows}) == len(rows)


@pytest.mark.parametrize(("language", "column"), [("fa", 2), ("ar", 3), ("ru", 4)])
def test_the_page_of_words_says_what_the_glossary_says(language, column):
    """Officers and engineers read the same words."""
    written = {row[0]: row[column] for row in _rows()}
    shown = {
        str(message.id): message.string
        for catalogue in read(language)
        for message in catalogue
        if message.context == "glossary"
    }

    assert shown == {term: written[term] for term in shown}


def _rows() -> list[list[str]]:
    lines = _GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in lines
        if line.startswith("| ")
    ]
    return [row for row in cells if row[0] != "term"]


def _texts(language):
    """Yield each text of the pages with each of its translations; codes of the model have none."""
    for catalogue in read(language):
        for message in catalogue:
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for string in strings:
                if texts[0] and string and not message.context:
                    yield texts[0], string
