"""How names are read is part of the format of a snapshot: an index of other rules finds nobody.

After a deliberate change: raise `FORMAT` in `didban.match.index.manifest` if snapshots of the present one
have been given away, and write the file anew with `python tests/golden/test_name_rules.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from didban.match.index.manifest import FORMAT
from didban.match.organisations import words
from didban.match.spelling.keys import coarse_keys
from didban.match.spelling.phonemes import forms
from didban.match.spelling.tokens import name_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

GOLDEN = Path(__file__).with_name("name_rules.json")
NAMES = """
Mohammadreza Ahmadi Nejad
محمدرضا احمدی‌نژاد
Abd al-Rahman ibn Nasser al-Hamdani
عبد الرحمن بن ناصر الحمداني
Abu Bakr Haddad
Noureddine Zangani
نور الدين زنگاني
Aziz ur-Rahman Sherzai
عزیز الرحمن شېرزی
Haji Mullah Rahim Gul Khan
Mamdouh Mumtaz
ممدوح ممتاز
Zulfiqar Chaudhry
ذوالفقار چوہدری
Nikulin Sergey Dzhamalovich
Никулин Сергей Джамалович
Юрій Шевченко
יצחק כהן
Γεώργιος Παπαδόπουλος
Şerif Çelik-Yıldız
José María Nuñez de la Vega
P. Kowalski
MUELLER<<JUERGEN
김민준
李小雨
フェルナンド・ロッシ
伊万·罗西
राहुल सिंह
สมชาย ใจดี
Unit 731
"""
"""Invented or ordinary names; together they use every rule at least once."""

ORGANISATIONS = """
NargisWerke GmbH & Co. KG
ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "НАРГИС"
شرکت بازرگانی بین المللی نرگس (سهامی خاص)
The First Int'l Bank of Nargis & Sons (Syria) S.A.L.
Unit No. 61398
Nargis Fund XIV L.P.
M/V Nargis III
"""
"""The same of organisations and ships."""


def written() -> str:
    """Return what the present rules make of the names, a line each."""
    read = {
        name: [
            [part, *([str(form), list(coarse_keys(form))] for form in forms(part))]
            for part in name_parts(name)
        ]
        for name in NAMES.strip().splitlines()
    }
    asked = {name: words.read(name).parts for name in ORGANISATIONS.strip().splitlines()}
    names, others = _lines(read), _lines(asked)
    return f'{{"format": {FORMAT}, "names": {{\n{names}\n}}, "organisations": {{\n{others}\n}}}}\n'


def _lines(read: Mapping[str, Any]) -> str:
    """Return the entries of an object, a line each."""
    return ",\n".join(
        f" {json.dumps(k, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}"
        for k, v in read.items()
    )


def test_names_are_read_by_the_rules_of_this_format():
    """The same parts, the same sounds, the same keys as when the file was written."""
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == json.loads(written())


if __name__ == "__main__":
    GOLDEN.write_text(written(), encoding="utf-8")
