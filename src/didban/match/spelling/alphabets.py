"""The alphabet of sounds, and the tables by which each script is read into it.

One symbol is one sound family; what one ear hears and another writes differently is left to the
distances in `didban.match.spelling.distances`. The tables are data: a new letter is a new entry here.
"""

from __future__ import annotations

import re
from typing import Final

from didban.match.spelling.scripts import Script

SYMBOLS: Final = "aeiouywbpfvtdTDszSCcjkgqXGlrmnhA"
"""The 32 sounds. T = th, D = dh, S = sh, C = ch, X = kh, G = gh, A = a written long a (alef)."""

CODE: Final = {symbol: index for index, symbol in enumerate(SYMBOLS)}

VOWELS: Final = frozenset("aeiou")

ARABIC: Final = {
    **dict.fromkeys("اٱ", "A"),
    "آ": "A", "أ": "a", "إ": "i", "ء": "", "ؤ": "w", "ئ": "y", "ع": "a",
    "ب": "b", "ٻ": "b", "ڀ": "b", "پ": "p",
    **dict.fromkeys("تطٹټٿٺٽ", "t"), "ث": "T",
    "ج": "j", "ڄ": "j", "ڃ": "n", "چ": "C", "څ": "c", "ځ": "z", "ڇ": "C",
    "ح": "h", "خ": "X",
    **dict.fromkeys("دډڈڊڌڍ", "d"), **dict.fromkeys("ذضظ", "D"),
    **dict.fromkeys("رړڑڙڕ", "r"), "ز": "z", "ژ": "j", "ږ": "j",
    **dict.fromkeys("سص", "s"), "ش": "S", "ښ": "S",
    "غ": "G", "ف": "f", "ڤ": "v", "ڦ": "f",
    "ق": "q", **dict.fromkeys("کكڪ", "k"), **dict.fromkeys("گڭګڳڱ", "g"),
    **dict.fromkeys("لڵ", "l"), "م": "m", **dict.fromkeys("نںڼڻ", "n"),
    **dict.fromkeys("وۆۋۇۈ", "w"), **dict.fromkeys("هھہۀ", "h"), **dict.fromkeys("ةۃە", "a"),
    **dict.fromkeys("یيىےێېۍ", "y"),
}  # fmt: skip
"""Arabic, Persian, Urdu, Pashto, Kurdish, Uighur and Sindhi letters."""

ARABIC_DIGRAPHS: Final = {
    "کھ": "X", "گھ": "G", "تھ": "T", "ٹھ": "T", "دھ": "D", "ڈھ": "D", "پھ": "f",
}  # fmt: skip
"""What the breath after a consonant (two-eyed heh: Urdu, Sindhi) is written as in Latin letters:
kh, gh, th, dh, ph, and read so there."""

HEBREW: Final = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "w", "ז": "z", "ח": "X", "ט": "t",
    "י": "y", "כ": "k", "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s",
    "ע": "a", "פ": "p", "ף": "f", "צ": "c", "ץ": "c", "ק": "k", "ר": "r", "ש": "S", "ת": "t",
}  # fmt: skip

HEBREW_DIGRAPHS: Final = {
    "ג׳": "j", "ז׳": "j", "צ׳": "C", "ץ׳": "C", "ת׳": "T", "ד׳": "D", "ח׳": "X", "ע׳": "G", "ר׳": "G",
    "וו": "v",
}  # fmt: skip
"""What a geresh makes of a letter, and the doubled vav of a consonant."""

CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "X", "ц": "c", "ч": "C", "ш": "S", "щ": "S",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "w", "ј": "y", "љ": "ly", "њ": "ny", "ћ": "C",
    "ђ": "j", "џ": "j", "ѓ": "g", "ќ": "k", "ѕ": "z",
    "ә": "a", "ғ": "G", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ҳ": "h",
    "ҷ": "j", "ӣ": "i", "ӯ": "u", "җ": "j", "ҝ": "g", "ҹ": "j", "ҡ": "q", "ҙ": "D", "ҫ": "s",
    "ӑ": "a", "ӗ": "e", "ӧ": "o", "ӱ": "u", "ӳ": "u", "ӏ": "",
}  # fmt: skip
"""Letters of the Slavic languages, and of Tajik, Kazakh, Uzbek, Kyrgyz, Azerbaijani, Tatar, Bashkir,
Chuvash and the Caucasus."""

CYRILLIC_DIGRAPHS: Final = {"дж": "j", "кс": "ks", "шч": "S", "сч": "S"}

GREEK: Final = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "T", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "ks", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "ς": "s", "τ": "t", "υ": "i", "φ": "f", "χ": "X", "ψ": "ps", "ω": "o",
}  # fmt: skip

GREEK_DIGRAPHS: Final = {
    "ου": "u", "αυ": "av", "ευ": "ev", "ει": "i", "οι": "i", "αι": "e", "γγ": "ng", "γκ": "g",
    "τζ": "j", "τσ": "c",
}  # fmt: skip
"""Two vowels that are one sound, and what Greek has no letter for."""

GEORGIAN: Final = {
    "ა": "a", "ბ": "b", "გ": "g", "დ": "d", "ე": "e", "ვ": "v", "ზ": "z", "თ": "t", "ი": "i",
    "კ": "k", "ლ": "l", "მ": "m", "ნ": "n", "ო": "o", "პ": "p", "ჟ": "j", "რ": "r", "ს": "s",
    "ტ": "t", "უ": "u", "ფ": "p", "ქ": "k", "ღ": "G", "ყ": "q", "შ": "S", "ჩ": "C", "ც": "c",
    "ძ": "dz", "წ": "c", "ჭ": "C", "ხ": "X", "ჯ": "j", "ჰ": "h",
}  # fmt: skip

ARMENIAN: Final = {
    "ա": "a", "բ": "b", "գ": "g", "դ": "d", "ե": "e", "զ": "z", "է": "e", "ը": "e", "թ": "t",
    "ժ": "j", "ի": "i", "լ": "l", "խ": "X", "ծ": "c", "կ": "k", "հ": "h", "ձ": "dz", "ղ": "G",
    "ճ": "C", "մ": "m", "յ": "y", "ն": "n", "շ": "S", "ո": "o", "չ": "C", "պ": "p", "ջ": "j",
    "ռ": "r", "ս": "s", "վ": "v", "տ": "t", "ր": "r", "ց": "c", "ւ": "w", "փ": "p", "ք": "k",
    "օ": "o", "ֆ": "f", "և": "ev",
}  # fmt: skip

ARMENIAN_DIGRAPHS: Final = {"ու": "u"}

LATIN_DIGRAPHS: Final = {
    "tsch": "C", "dsch": "j", "shch": "S", "szcz": "S", "sch": "S", "tch": "C", "dzh": "j",
    "cqu": "k", "gue": "ge", "gui": "gi", "eau": "o", "cz": "C", "sz": "S",
    "kh": "X", "gh": "G", "sh": "S", "ch": "C", "th": "T", "dh": "D", "ph": "f", "zh": "j",
    "dj": "j", "ts": "c", "tz": "c", "ck": "k", "qu": "k", "x": "ks",
    "oo": "u", "ou": "u", "ee": "i", "ie": "i", "aa": "a", "iy": "i", "yy": "y",
    "ai": "ay", "ei": "ey", "au": "aw",
}  # fmt: skip
"""What the habits of English, French, German and Polish write for one sound; longest first."""

DIGITS: Final = {d: f"A{s}" for d, s in zip("0123456789", "tkglrmnfSh", strict=True)}
"""Numbers in names (Brigade 44) are read digit by digit, as no word is."""

LATIN_LETTERS: Final = {
    "ş": "sh", "š": "sh", "ș": "sh", "ç": "ch", "č": "ch", "ć": "ch", "ğ": "gh", "ž": "zh",
    "đ": "dj", "ț": "ts", "ı": "i", "ö": "o", "ü": "u", "ñ": "n", "ə": "a", "ø": "o", "æ": "ae",
    "œ": "o", "ß": "ss", "ł": "l", "ð": "d", "þ": "th", "ħ": "h", "ŋ": "n",
}  # fmt: skip
"""Latin letters that a decomposition does not bring to a-z, or brings to the wrong sound."""

LETTERS: Final[dict[Script, dict[str, str]]] = {
    Script.ARABIC: ARABIC,
    Script.HEBREW: HEBREW,
    Script.CYRILLIC: CYRILLIC,
    Script.GREEK: GREEK,
    Script.GEORGIAN: GEORGIAN,
    Script.ARMENIAN: ARMENIAN,
}
DIGRAPHS: Final[dict[Script, dict[str, str]]] = {
    Script.ARABIC: ARABIC_DIGRAPHS,
    Script.HEBREW: HEBREW_DIGRAPHS,
    Script.CYRILLIC: CYRILLIC_DIGRAPHS,
    Script.GREEK: GREEK_DIGRAPHS,
    Script.ARMENIAN: ARMENIAN_DIGRAPHS,
}

OTHER_READINGS: Final[dict[Script, tuple[tuple[re.Pattern[str], str], ...]]] = {
    Script.ARABIC: (
        (re.compile("(?<=..)ه$"), "ة"),  # a last heh may only carry a vowel: Fatima, Zadeh
        (re.compile("(?<=..)اه$"), "ات"),  # or stand for a t: Hayat
        (re.compile("تش"), "چ"),  # ch of other languages in Arabic: Tchad
        (re.compile("(?<=.)نب"), "مب"),  # n before b is said m: Ambar
        (re.compile("خوا"), "خا"),  # Persian: the w is silent: Khajeh, Khah
        (re.compile("ښ"), "خ"),  # Pashto: sh in the south, kh in the north
        (re.compile("ږ"), "گ"),
        (re.compile("^ئ"), ""),  # Kurdish, Uighur: the seat of a vowel
        (re.compile("^بال(?=...)"), "ب"),  # son of the, as the Maghreb says it: Bettaieb
    ),
    Script.HEBREW: (
        (re.compile("טס"), "צ"),  # ts and ch of other languages
        (re.compile("טש"), "צ׳"),
        (re.compile("(?<=..)ה$"), "א"),
        (re.compile("^פ"), "ף"),
        # Inside a word these may be soft; the script does not show it.
        (re.compile("(?<=.)ב"), "v"),
        (re.compile("(?<=.)פ"), "f"),
        (re.compile("(?<=.)כ"), "X"),
        (re.compile("ש"), "ס"),
    ),
    Script.CYRILLIC: (
        (re.compile("г"), "һ"),  # Ukrainian, Belarusian: Oleh, Ihar
        (re.compile("ё"), "е"),  # mostly written without its dots, and so romanised
    ),
    Script.GREEK: (
        (re.compile("^μπ"), "b"),
        (re.compile("^ντ"), "d"),
        (re.compile("(?<=.)μπ"), "b"),  # where a name of another language has no m
        (re.compile("(?<=.)ντ"), "d"),
    ),
    Script.LATIN: (
        (re.compile("^(?:x|hs)(?=[iu])"), "sh"),  # Chinese, in either romanisation: Xi, Hsi
        (re.compile("^q(?=i[aenou]|i$|u[an]|u$)"), "ch"),  # Qing, Quan
        (re.compile("(?<!d)j"), "y"),  # German, Slavic, Nordic: Jusuf, Marija
        (re.compile("(?<![^aeiou])x"), "kh"),  # Uzbek, Azerbaijani, Kurdish
        (re.compile("(?<=[aeiou])zh(?=[aei])"), "zeh"),  # two letters at home: Azhar, Mazhar
        (re.compile("(?<=^[ei])sh(?=a)"), "seh"),  # Ishaq
        (re.compile("ill(?=[aeo])"), "iy"),  # Spanish, French: Guillermo, Mireille
        (re.compile("gn(?=[aeio])"), "ny"),  # French, Italian
        (re.compile("^b[ei]n(?=.{4})"), ""),  # Bencharki, son of Charki
    ),
}
"""Letters that have another sound as well, in some places, languages or names."""
