"""The same name written in other habits has the same parts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from didban.match.spelling.scripts import fold
from didban.match.spelling.tokens import MAX_PARTS, name_parts, name_readings


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        # what is one name is joined
        ("Abd al-Rahman Nasser", ("abdrahman", "nasser")),
        ("Abdul Rahman Nasser", ("abdrahman", "nasser")),
        ("Abdjul Rahman Nasser", ("abdrahman", "nasser")),
        ("Adul Rahman Nasser", ("abdrahman", "nasser")),
        ("RAHMAN, Nasser Abdul", ("abdrahman", "nasser")),
        ("عبد الرحمن ناصر", ("عبدرحمن", "ناصر")),
        ("Abu Bakr Haddad", ("abubakr", "haddad")),
        ("أبو بكر حداد", ("أبوبکر", "حداد")),
        ("Nur al-Din Zangani", ("nurdin", "zangani")),
        ("Nureddin Zangani", ("nurdin", "zangani")),
        ("Nur-ud-Din Zangani", ("nurdin", "zangani")),
        ("نور الدين زنگانی", ("نوردین", "زنگانی")),
        ("Habib Allah Amini", ("habiballah", "amini")),
        ("Ahmadi Nejad", ("ahmadinejad",)),
        ("احمدی نژاد", ("احمدینژاد",)),
        ("احمدی‌نژاد", ("احمدینژاد",)),  # zero width non-joiner
        # what is two names is parted
        ("Mohammadreza Karimi", ("mohammad", "reza", "karimi")),
        ("محمدرضا کریمی", ("محمد", "رضا", "کریمی")),
        ("Gholamali", ("gholam", "ali")),
        ("نثاراحمد رستمی", ("نثار", "احمد", "رستمی")),
        ("Nesarahmad Rostami", ("nesarahmad", "rostami")),  # no common name by this spelling
        ("Nisarahmad Rostami", ("nisar", "ahmad", "rostami")),
        ("سیدکمال رستمی", ("کمال", "رستمی")),
        ("سعیدالرضا رستمی", ("سعید", "رضا", "رستمی")),
        ("محمدهاشم امیدوند", ("محمد", "هاشم", "امیدوند")),
        ("امید وند", ("امیدوند",)),
        ("علیرضا ملاسلطانی", ("علی", "رضا", "سلطانی")),
        ("Alireza Molla-Soltani", ("ali", "reza", "soltani")),
        ("احمد بنی احمد", ("احمد", "بنیاحمد")),
        # articles, "son of", particles and titles are no names
        ("Usama bin Ladin", ("usama", "ladin")),
        ("אחמד אבן עלי", ("אחמד", "עלי")),
        ("עבד אל-כרים אל-חדאד", ("עבדכרים", "חדאד")),
        ("Каримов Рустам Ҳаким угли", ("каримов", "рустам", "ҳаким")),
        ("أحمد بن يوسف", ("أحمد", "یوسف")),
        ("Yusuf al-Hamdani", ("yusuf", "hamdani")),
        ("Yusuf Al Hamdani", ("yusuf", "hamdani")),
        ("Pedro de la Vega", ("pedro", "vega")),
        ("Haji Mullah Rahim Gul", ("rahim", "gul")),
        ("Dr. Piotr Kowal", ("piotr", "kowal")),
        # punctuation
        ("KOWAL, Piotr", ("kowal", "piotr")),
        ("KOWAL<<PIOTR<<<<", ("kowal", "piotr")),
        ("Anna-Maria Kowal", ("anna", "maria", "kowal")),
        ("O'Brien Sean", ("obrien", "sean")),
        ("“Abu” (Piotr)", ("abupiotr",)),
        ("P. Kowal", ("p", "kowal")),
    ],
)
def test_a_name_has_these_parts(name, parts):
    """Compounds, articles, titles and punctuation as the sources write them."""
    assert name_parts(name) == parts


@pytest.mark.parametrize(
    "name",
    ["محمود اصفهانی", "Mahmoud Esfahani", "سلیمان رحمانی", "Marjan Shirmohammadi", "Alisa Karimi"],
)
def test_a_word_that_only_looks_like_two_names_is_one(name):
    """Family names in -i, and names that begin like another, are left whole."""
    assert len(name_parts(name)) == 2


def test_a_word_that_may_be_two_names_is_read_both_ways():
    """Mirhadi is a family name, and also Mir Hadi; of Mohammadreza nobody doubts."""
    assert name_readings("سعید میرهادی") == (("سعید", "میر", "هادی"), ("سعید", "میرهادی"))
    assert name_readings("محمدرضا رستمی") == (("محمد", "رضا", "رستمی"),)


@pytest.mark.parametrize("surname", ["Nikulin", "Karelin", "Caroline", "Evangeline", "Angeline"])
def test_a_name_that_merely_ends_in_lin_is_left_alone(surname):
    """Only a doubled or joined d makes "... al-Din"."""
    assert name_parts(f"Oleg {surname}")[1] == surname.lower()


@pytest.mark.parametrize("title", ["Haji", "Amir", "Sheikh", "Mullah", "حاجی", "Хаджи"])
def test_a_title_stays_where_little_else_is_left(title):
    """Amir is also a given name: beside one other part it counts."""
    assert name_parts(f"{title} Zangani") == (fold(title), "zangani")


@pytest.mark.parametrize("word", ["al", "bin", "de", "Haji", "ال", "بن"])
def test_a_lone_particle_is_still_a_name(word):
    """Nothing falls out when nothing would be left."""
    assert name_parts(word) == (fold(word),)


def test_a_long_name_keeps_its_first_parts_and_its_last():
    """The family name usually stands at the end, so it is not the one to go."""
    name = " ".join(f"name{letter}" for letter in "abcdefghijk")

    parts = name_parts(name)

    assert len(parts) == MAX_PARTS
    assert parts[-1] == "namek"
    assert parts[:2] == ("namea", "nameb")


@pytest.mark.parametrize("nothing", ["", " ", "\u200c", "-", "...", "'", "\u0640", "😀"[:0]])
def test_nothing_written_has_no_parts(nothing):
    """Punctuation and stretching alone are no name."""
    assert name_parts(nothing) == ()


@pytest.mark.parametrize("name", ["12345", "😀", "\ud800"])
def test_what_cannot_be_read_is_one_part(name):
    """Digits and signs are kept as they are."""
    assert name_parts(name) == (fold(name),)


def test_ben_before_a_single_name_may_be_a_given_name():
    """And else is a word for son."""
    assert name_readings("Ben Kowalski") == (("kowalski",), ("ben", "kowalski"))
    assert name_readings("Hadi Ben Karim") == (("hadi", "karim"),)
    assert name_readings("Ben") == (("ben",),)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("김민준", ("kim", "minjun")),
        ("박 은서", ("park", "unso")),
        ("남궁이", ("namgung", "yi")),
        ("李小雨", ("li", "xiaoyu")),
        ("欧阳小雨", ("ouyang", "xiaoyu")),
        ("王 小雨", ("wang", "xiaoyu")),
        ("伊万·彼得罗夫", ("伊万", "彼得罗夫")),
        ("ナカ ノリ子", ("ナカ", "ノリ子")),
        ("伊万诺维奇", ("伊万诺维奇",)),
    ],
)
def test_chinese_and_korean_names_fall_into_family_and_given_name(name, parts):
    """In Latin letters, as their bearers write them; a foreigner's name is one word for each."""
    assert name_parts(name) == tuple(map(fold, parts))


@given(st.text(st.characters(), max_size=60))
def test_any_text_has_at_most_eight_parts_none_empty(text):
    """No text raises, and the kernels' bound holds."""
    parts = name_parts(text)

    assert len(parts) <= MAX_PARTS
    assert all(parts)


@example("鿖")  # a letter that nothing romanises
@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=20))
def test_a_name_with_a_letter_or_digit_has_a_part(text):
    """A person whose name can be written can be looked for."""
    assert name_parts(text)


@given(st.permutations(["Dragan", "Petar", "Nazarov", "Umar"]))
def test_ordinary_parts_keep_their_order(words):
    """The order of writing is the order of the parts."""
    assert name_parts(" ".join(words)) == tuple(word.lower() for word in words)


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_composed_and_decomposed_text_are_the_same_name(text):
    """Whether an accent is its own code point does not matter."""
    assert name_parts(unicodedata.normalize("NFC", text)) == name_parts(
        unicodedata.normalize("NFD", text)
    )
