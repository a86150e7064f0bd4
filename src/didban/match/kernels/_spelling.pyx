# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language = c++
"""How a part of a name is read: the compiled twin of `didban.match.spelling.phonemes.forms`.

The rules and the tables come from there. Greek, and the scripts that have no table, are read by it.
"""

import re
from functools import lru_cache

from libc.stdint cimport uint32_t
from libcpp cimport bool as cbool
from libcpp.map cimport map as cpp_map
from libcpp.pair cimport pair
from libcpp.string cimport string
from libcpp.unordered_map cimport unordered_map
from libcpp.vector cimport vector

from didban.match.spelling import alphabets, phonemes
from didban.match.spelling.phonemes import Form
from didban.match.spelling.scripts import Script, fold, script_of


cdef extern from "Python.h":
    ctypedef uint32_t Py_UCS4
    int PyUnicode_4BYTE_KIND
    object PyUnicode_FromKindAndData(int kind, const void *buffer, Py_ssize_t size)
    int Py_UNICODE_TODECIMAL(Py_UCS4) noexcept nogil

cdef extern from * nogil:
    ctypedef uint32_t char32_t

cdef extern from "<string>" namespace "std" nogil:
    cdef cppclass u32string:
        const void *data()
        size_t size()
        void clear()
        void push_back(Py_UCS4)

cdef extern from "spelling.hpp" namespace "didban" nogil:
    cdef cppclass Pattern:
        Pattern()
        Pattern(const u32string &) except +
        u32string replaced(const u32string &, const u32string &) except +

    cdef struct Rule:
        Pattern letters
        u32string instead

    cdef struct Alphabet:
        cbool unvocalised
        unordered_map[char32_t, string] letters
        vector[pair[u32string, u32string]] digraphs
        vector[Rule] other_readings

    cdef cppclass SpellingRules:
        int latin
        int arabic
        size_t most_sounds
        size_t most_forms
        size_t least_without_article
        u32string latin_beginning
        u32string latin_abd
        u32string latin_ul
        u32string arabic_article
        u32string arabic_doubled
        u32string arabic_single
        char first_carrier
        char carried
        vector[pair[u32string, string]] latin_digraphs
        vector[string] digits
        vector[Rule] compounds
        vector[Rule] other_compounds
        Rule doubled_long_vowel
        Rule arabic_compound
        Pattern latin_article
        Pattern article_at_end
        cpp_map[int, Alphabet] alphabets
        int (*decimal)(char32_t) noexcept

    cdef cppclass Speller:
        Speller(const SpellingRules &) except +
        vector[string] readings(const u32string &, int) except +


cdef Speller *SPELLER = NULL
cdef int LATIN = Script.LATIN
cdef bytes CODES = phonemes.CODES
cdef frozenset ELSEWHERE = frozenset(s for s in Script if not s.has_table) | {Script.GREEK}


@lru_cache(maxsize=65_536)
def forms(str part not None):
    """See `phonemes.forms`."""
    cdef u32string letters
    cdef vector[string] found
    cdef int script = LATIN
    cdef bint unvocalised = False
    part = part[:phonemes.MAX_LETTERS]
    folded = part if _is_plain(part) else fold(part)
    if not folded.isascii():
        own = script_of(folded)
        if own in ELSEWHERE:
            return phonemes.forms(part)
        script, unvocalised = own, own.unvocalised
    if script == LATIN and not (_is_plain(folded) or folded.isdecimal()):
        folded = phonemes.to_ascii(folded)
    _letters(folded, letters)
    found = SPELLER.readings(letters, script)
    return tuple([Form((<bytes>sounds).translate(CODES), unvocalised) for sounds in found])


def replaced(expression, str instead not None, str text not None):
    """Return what `expression.sub(instead, text)` does, where the pattern is known here."""
    cdef u32string found = _pattern(expression).replaced(_text(text), _text(instead))
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, found.data(), found.size())


cdef bint _is_plain(str text):
    """Return whether there are letters a-z alone."""
    for letter in text:
        if not 97 <= <int>letter <= 122:
            return False
    return True


cdef int _decimal(char32_t letter) noexcept nogil:
    return Py_UNICODE_TODECIMAL(letter)


cdef void _letters(str text, u32string &letters):
    letters.clear()
    for letter in text:
        letters.push_back(<Py_UCS4>letter)


cdef u32string _text(str text):
    cdef u32string letters
    _letters(text, letters)
    return letters


cdef Pattern _pattern(expression) except *:
    if expression.flags != re.UNICODE:
        raise ValueError("a pattern with flags is not known here")
    return Pattern(_text(expression.pattern))


cdef Rule _rule(expression, str instead) except *:
    cdef Rule rule
    rule.letters, rule.instead = _pattern(expression), _text(instead)
    return rule


cdef Alphabet _alphabet(script) except *:
    cdef Alphabet own
    own.unvocalised = script.unvocalised
    for symbol in alphabets.SYMBOLS:
        own.letters[<Py_UCS4>symbol] = symbol.encode("ascii")
    for letter, sounds in alphabets.LETTERS.get(script, {}).items():
        own.letters[<Py_UCS4>letter] = sounds.encode("ascii")
    for letters, sound in alphabets.DIGRAPHS.get(script, {}).items():
        own.digraphs.push_back(pair[u32string, u32string](_text(letters), _text(sound)))
    for expression, instead in alphabets.OTHER_READINGS.get(script, ()):
        own.other_readings.push_back(_rule(expression, instead))
    return own


cdef int _prepare() except -1:
    """Hand the rules over, once."""
    global SPELLER
    cdef SpellingRules rules
    stated = phonemes.RULES
    rules.latin, rules.arabic = LATIN, Script.ARABIC
    rules.most_sounds, rules.most_forms = phonemes.MAX_SOUNDS, phonemes.MAX_FORMS
    rules.least_without_article = stated["least_without_article"]
    rules.latin_beginning, rules.latin_abd = _text(stated["latin_beginning"]), _text(stated["abd"])
    rules.latin_ul, rules.arabic_article = _text(stated["latin_ul"]), _text(stated["arabic_article"])
    doubled, single = stated["arabic_doubled"]
    rules.arabic_doubled, rules.arabic_single = _text(doubled), _text(single)
    rules.first_carrier, rules.carried = map(ord, stated["carrier"])
    for letters, sounds in alphabets.LATIN_DIGRAPHS.items():
        rules.latin_digraphs.push_back(
            pair[u32string, string](_text(letters), sounds.encode("ascii")))
    for digit in range(10):
        rules.digits.push_back(alphabets.DIGITS[str(digit)].encode("ascii"))
    for expression, instead in stated["compounds"]:
        rules.compounds.push_back(_rule(expression, instead))
    for expression, instead in stated["other_compounds"]:
        rules.other_compounds.push_back(_rule(expression, instead))
    expression, instead = stated["doubled_long_vowel"]
    rules.doubled_long_vowel = _rule(expression, instead)
    expression, instead = stated["arabic_compound"]
    rules.arabic_compound = _rule(expression, instead)
    rules.latin_article = _pattern(stated["latin_article"])
    rules.article_at_end = _pattern(stated["article_at_end"])
    for script in Script:
        if script not in ELSEWHERE:
            rules.alphabets[script] = _alphabet(script)
    rules.decimal = _decimal
    SPELLER = new Speller(rules)
    return 0


_prepare()
