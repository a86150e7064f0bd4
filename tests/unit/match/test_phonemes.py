"""A name part in any script is read as sounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.match.evidence.likeness import CUTOFF, likeness, similarity
from didban.match.spelling.alphabets import SYMBOLS
from didban.match.spelling.phonemes import MAX_FORMS, MAX_SOUNDS, forms


def sounds(part: str) -> list[str]:
    """Return the readings of a part as symbols."""
    return [str(form) for form in forms(part)]


@pytest.mark.parametrize(
    ("part", "reading"),
    [
        ("Sharif", "Sarif"),
        ("Chérif", "Cerif"),
        ("Şerif", "Serif"),
        ("Khalid", "Xalid"),
        ("Ghulam", "Gulam"),
        ("Hassan", "hasan"),
        ("Yousef", "yusef"),
        ("شریف", "Sryf"),
        ("غلام", "GlAm"),
        ("پروین", "prwyn"),
        ("چنگیز", "Cngyz"),
        ("ٹیپو", "typw"),
        ("Шариф", "Sarif"),
        ("Джамал", "jamal"),
        ("Юсуф", "yusuf"),
        ("כהן", "khn"),
        ("Γεωργίου", "georgiu"),
    ],
)
def test_a_part_is_read_by_the_table_of_its_script(part, reading):
    """Each script has one table; digraphs are one sound."""
    assert sounds(part) == [reading]


@pytest.mark.parametrize(
    ("part", "readings"),
    [
        ("الکریم", ["alkrym", "krym"]),
        ("alkarim", ["alkarim", "karim"]),
        ("elhadad", ["elhadad", "hadad"]),
    ],
)
def test_an_article_written_together_may_be_one_or_not(part, readings):
    """Both readings are looked for."""
    assert sounds(part) == readings


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("فاطمه", "fAtma"),  # a last heh that only carries a vowel
        ("عنبر", "ambr"),  # n before b
        ("خواجه", "XAjh"),  # the silent w of Persian
        ("ښکلا", "XklA"),  # the north of the Pashto lands
        ("ئامانج", "amAnj"),  # Kurdish, Uighur: the seat of a vowel
        ("פיליפ", "fylyf"),  # the last letter is soft as well
        ("יעקב", "yakv"),
        ("ישראל", "ysral"),
        ("שרה", "Sra"),
        ("Jusuf", "yusuf"),  # German, Slavic, Nordic
        ("Damjan", "damyan"),
        ("Bencharki", "Carki"),  # son of
        ("Олег", "oleh"),  # Ukrainian, Belarusian
        ("Королёв", "korolev"),  # without its dots
        ("Xolmat", "Xolmat"),  # Uzbek
        ("Guillermo", "giyermo"),
        ("Azhar", "azehar"),  # a z and an h
        ("Ishaq", "isehaq"),
        ("Cagnoni", "canyoni"),
        ("קאטס", "kac"),  # ts and ch of other languages
        ("מיטשל", "myCl"),
        ("بالطیب", "btyb"),  # son of the
        ("حیاه", "hyAt"),
        ("هاتشی", "hACy"),  # ch of other languages
        ("الخواجه", "XwAja"),  # without the article, and with a vowel at the end
        ("Abdelatif", "abdlatif"),  # of al-Latif, with one l
    ],
)
def test_a_letter_with_another_sound_has_another_reading(part, other):
    """What the writing does not decide is looked for both ways."""
    assert other in sounds(part)


@pytest.mark.parametrize(
    ("part", "reading"),
    [
        ("عبدالکریم", "abdkrym"),
        ("ابوالقاسم", "abwqAsm"),
        ("بوالطیب", "bwtyb"),
        ("العبدالکریم", "abdkrym"),
    ],
)
def test_the_article_inside_a_compound_is_not_read(part, reading):
    """Abd al-, Abu 'l-, and Bu 'l- as the Maghreb writes it."""
    assert reading in sounds(part)


@pytest.mark.parametrize(
    ("urdu", "latin"), [("بھٹو", "Bhuto"), ("کھر", "Khar"), ("گھر", "Ghar"), ("دھنی", "Dhani")]
)
def test_the_breath_of_urdu_is_read_as_it_is_romanised(urdu, latin):
    """A two-eyed heh after a consonant is the h of kh, gh, th, dh and ph."""
    assert similarity(urdu, latin) >= 245


@pytest.mark.parametrize("part", ["abdrahman", "abdarrahman", "abdulrahman", "abdurrahman"])
def test_the_spellings_of_abd_are_one_reading(part):
    """The article inside the compound is not a sound of the name."""
    assert sounds(part) == ["abdrahman"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("민준", "은서"), ("建国", "小雨"), ("გიორგი", "დავით"), ("राहुल", "रोहित")],
)
def test_another_name_is_another_in_any_script(one, other):
    """However little its letters tell."""
    assert likeness(one, other, similarity(one, other)) < CUTOFF


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("ジョージ", "george"),
        ("フェルナンド", "fernando"),
        ("シャキル", "shakil"),
        ("ロッカ", "rocca"),
        ("パウラ", "paula"),
        ("伊万", "ivan"),
        ("罗莎", "rosa"),
        ("민준", "minjun"),
        ("राहुल", "rahul"),
        ("सुरिंदर", "surinder"),
        ("শামসুল", "shamsul"),
        ("ਸਿੰਘ", "singh"),
        ("สมชาย", "somchai"),
        ("ប៉ុល", "pol"),
        ("Μπάμπης", "babis"),
        ("Τζώρτζης", "jorjis"),
        ("xiao", "hsiao"),
        ("xin", "shin"),
    ],
)
def test_names_meet_their_latin_spelling_from_any_script(native, latin):
    """What Indic scripts, Han and Kana do not tell of vowels is forgiven."""
    assert likeness(native, latin, similarity(native, latin)) >= CUTOFF


@pytest.mark.parametrize(("native", "sounds_"), [("राहुल", "rahul"), ("タナカ", "tanaka")])
def test_a_script_without_a_table_is_read_letter_by_letter(native, sounds_):
    """A lone letter stays unread: it would pass for an initial."""
    assert sounds(native)[0] == sounds_
    assert forms(native[0]) == ()


@pytest.mark.parametrize(("part", "kind"), [("ali", False), ("علی", True), ("דוד", True)])
def test_a_form_knows_whether_its_vowels_are_written(part, kind):
    """Arabic and Hebrew letters leave them to the reader."""
    assert [form.unvocalised for form in forms(part)] == [kind]


@pytest.mark.parametrize(("arabic", "sound"), [("ممتاز", "mmtAz"), ("ممدوح", "mmdwh")])
def test_two_equal_letters_of_a_script_without_vowels_are_two_sounds(arabic, sound):
    """There a vowel stands between them: Mumtaz, Mamduh; a doubled sound is written once."""
    assert sounds(arabic) == [sound]


@pytest.mark.parametrize("part", ["", "毛", "😀", "'"])
def test_what_cannot_be_read_has_no_form(part):
    """Unknown scripts have no sound; numbers are read digit by digit."""
    assert forms(part) == ()


@given(st.text(st.characters(), max_size=60))
def test_any_text_has_few_forms_within_a_row(text):
    """No text raises; a form is never empty and never longer than a row of the kernels."""
    found = forms(text)

    assert len(found) <= MAX_FORMS
    assert all(1 <= len(form.codes) <= MAX_SOUNDS for form in found)
    assert all(max(form.codes) < len(SYMBOLS) for form in found)


@pytest.mark.parametrize(
    ("native", "latin"), [("გიორგი", "Giorgi"), ("ბერიძე", "Beridze"), ("Պետրոսյան", "Petrosyan")]
)
def test_georgian_and_armenian_are_read_letter_by_letter(native, latin):
    """Both write their vowels, so that the Latin spelling sounds the same."""
    assert forms(native)[0].codes == forms(latin)[0].codes
