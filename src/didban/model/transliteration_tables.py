"""The transliteration tables of ICAO Doc 9303-3, section 6, and what they leave open.

Each table is text: entries are separated by blanks, an entry is `LETTER=MRZ` with alternatives
after `|`, the recommended one first. Arabic letters are written as code points, because a line
that mixes directions cannot be read. Where the standard contradicts itself, the tables are
followed, not its examples or its sample program:

- 06A4 is `V` (the sample program has `XV`); 06A7 is not encoded (an example encodes it);
- teh marbuta is `XAH` at the end of a name component and `XTA` inside (the program: always `XAH`);
- the example of الله has `XH` for heh, which the table encodes as `H`: both are read, `H` is written;
- Serbian Г is `G`: the `H` in its column is a slip.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


def _entries(table: str) -> Mapping[str, tuple[str, ...]]:
    """Return letter -> alternatives; a letter of four characters is a hexadecimal code point."""
    pairs = (entry.split("=") for entry in table.split())
    return MappingProxyType(
        {
            letter if len(letter) == 1 else chr(int(letter, 16)): tuple(mrz.split("|"))
            for letter, mrz in pairs
        }
    )


ARABIC: Final = _entries(
    """
    0621=XE  0622=XAA 0623=XAE 0624=U   0625=I   0626=XI  0627=A   0628=B   062A=T   062B=XTH
    062C=J   062D=XH  062E=XKH 062F=D   0630=XDH 0631=R   0632=Z   0633=S   0634=XSH 0635=XSS
    0636=XDZ 0637=XTT 0638=XZZ 0639=E   063A=G   0641=F   0642=Q   0643=K   0644=L   0645=M
    0646=N   0647=H   0648=W   0649=XAY 064A=Y   0671=XXA 0679=XXT 067C=XRT 067E=P   0681=XKE
    0685=XXH 0686=XC  0688=XXD 0689=XDR 0691=XXR 0693=XRR 0696=XRX 0698=XJ  069A=XXS 06A4=V
    06A5=XF  06A9=XKK 06AB=XXK 06AD=XNG 06AF=XGG 06BA=XNN 06BC=XXN 06BE=XDO 06C0=XYH 06C1=XXG
    06C2=XGE 06C3=XTG 06CC=XYA 06CD=XXY 06D0=Y   06D2=XYB 06D3=XBE
    """
)
"""Section 6.C and appendix B, without teh marbuta and shadda, which depend on their place.

The codes are prefix-free, so a name is read back in one way only, but for `Y` (yeh, or Pashto e).
Not encoded: 0640, 064B-0650, 0652, 0670, 069C, 06A2, 06A7, 06A8.
"""

TEH_MARBUTA: Final = "\u0629"
TEH_MARBUTA_INSIDE: Final = "XTA"
TEH_MARBUTA_LAST: Final = "XAH"
SHADDA: Final = "\u0651"
"""Doubles the code of the letter before it."""

CYRILLIC: Final = _entries(
    """
    А=A Б=B В=V Г=G Д=D Е=E Ё=E Ж=ZH З=Z И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F
    Х=KH Ц=TS Ч=CH Ш=SH Щ=SHCH Ъ=IE Ы=Y Э=E Ю=IU Я=IA
    І=I Ї=I Є=IE Ґ=G Ў=U Ј=J Љ=LJ Њ=NJ Ѕ=DZ Џ=DZ Ќ=K Ђ=D Ѫ=U Ѵ=Y Ғ=G Һ=C
    """
)
"""Section 6.B. Ь has no row there and is left out in practice."""

CYRILLIC_BEYOND: Final = _entries(
    "Ѓ=G Ћ=C Ѐ=E Ѝ=I Ә=A Қ=K|Q Ң=N Ө=O Ұ=U Ү=U Ӣ=I Ӯ=U Ҳ=H|KH Ҷ=J Ҡ=Q Ҙ=DH Ҫ=TH Җ=ZH"
)
"""Letters of national alphabets that have no row in the standard: as passports print them."""

CYRILLIC_EXCEPTIONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "be": _entries("Г=H Ё=IO"),
        "bg": _entries("Щ=SHT"),
        "mk": _entries("Ѓ=GJ Ќ=KJ Џ=DJ Х=H Ц=C"),
        "sr": _entries("Ж=Z Х=H Ц=C Ч=C Ш=S"),
        "uk": _entries("Г=H И=Y"),
    }
)
"""Language (ISO 639-1) -> its exceptions in section 6.B."""

CYRILLIC_INITIAL: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {"uk": _entries("Є=YE Ї=YI Й=Y Ю=YU Я=YA")}
)
"""Language -> exceptions for the first letter of a name component."""

CYRILLIC_ALPHABETS: Final = MappingProxyType(
    {
        "be": "АБВГДЕЁЖЗІЙКЛМНОПРСТУЎФХЦЧШЫЬЭЮЯ",
        "bg": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ",
        "mk": "АБВГДЃЕЖЗЅИЈКЛЉМНЊОПРСТЌУФХЦЧЏШ",
        "ru": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
        "sr": "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ",
        "uk": "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
    }
)
"""Language -> its letters, for reading back: other letters are not proposed."""

LATIN: Final = _entries(
    """
    Ä=AE|A Å=AA|A Æ=AE Ð=D Ñ=N|NXX Ö=OE|O Ø=OE Ü=UE|UXX|U Þ=TH Đ=D Ħ=H Ĳ=IJ ĸ=K Ŀ=L Ł=L Ŋ=N
    Œ=OE Ŧ=T ẞ=SS
    """
)
"""Section 6.A, but for letters with an accent that simply lose it (É, Š, Ğ ...)."""

LATIN_BEYOND: Final = _entries("Ə=A|E Ɖ=D Ɓ=B Ɗ=D Ɣ=G Ƙ=K Ɔ=O Ɛ=E Ƴ=Y")
"""Letters that have no row in the standard."""

RUSSIAN_INTERNAL: Final = _entries(
    """
    А=A Б=B В=V Г=G Д=D Е=E Ё=2 Ж=J З=Z И=I Й=Q К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F
    Х=H Ц=C Ч=3 Ш=4 Щ=W Ъ=X Ы=Y Ь=9 Э=6 Ю=7 Я=8
    """
)
"""The alphabet of Russia's internal passports (`PN`): one sign for each letter, digits among them."""
