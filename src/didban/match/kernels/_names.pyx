# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language = c++
"""Persons' names compared and weighed: the compiled twin of `evidence.likeness`, `.pairing`, `.names`.

The rules and what is known of a part come from there (`didban.match.evidence.compiled`).
"""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset
from libcpp cimport bool as cbool
from libcpp.string cimport string
from libcpp.unordered_map cimport unordered_map
from libcpp.vector cimport vector

from didban.match.spelling.distances import INSERTION, SUBSTITUTION, weight


cdef extern from "Python.h":
    ctypedef uint32_t Py_UCS4
    int PyUnicode_4BYTE_KIND
    object PyUnicode_FromKindAndData(int kind, const void *buffer, Py_ssize_t size)
    object PyUnicode_DecodeUTF8(const char *text, Py_ssize_t size, const char *errors)

cdef extern from "<string>" namespace "std" nogil:
    cdef cppclass u32string:
        void clear()
        void push_back(Py_UCS4)

cdef extern from * nogil:
    ctypedef uint32_t char32_t

cdef extern from "names.hpp" namespace "didban" nogil:
    cdef struct Costs:
        uint8_t substitution[2][1024]
        uint8_t insertion[2][32]

    cdef struct Reading:
        uint8_t codes[16]
        int length
        int weight
        cbool unvocalised

    cdef cppclass Part:
        u32string letters
        int script
        cbool ascii
        cbool unvocalised
        cbool title
        cbool byname
        cbool of_father
        cbool first_half
        cbool initial
        cbool initials
        cbool lookalike
        cbool has_forms
        cbool given
        cbool is_read
        uint64_t shape
        vector[Reading] readings

    cdef cppclass Rules:
        int cutoff
        int many
        int other_name
        int nearly_same
        int mistyped
        unsigned written_out
        vector[u32string] beginnings
        vector[u32string] endings
        vector[size_t] lengths
        vector[size_t] unvocalised_lengths
        vector[vector[string]] counts_as
        vector[string] across
        vector[size_t] slips_from
        int surely
        int slip
        int few
        int slips
        int pieces
        int without_servant
        int nickname
        size_t beginning[2]
        size_t least_joined
        u32string servant

    cdef struct Telling:
        void *asked
        int (*number)(void *, const char32_t *, size_t) except -1
        int (*read)(void *, int) except -1
        int (*is_common)(void *, int) except -1
        int (*are_two_names)(void *, int, int) except -1
        int (*are_lookalikes)(void *, int, int) except -1
        int (*are_one_name)(void *, int, int) except -1

    cdef struct Weights:
        double share[10]
        double rarest
        double same_culture
        double spelled
        double respelled
        double mistyped
        double contradicted
        double extra_in_query
        double extra_in_candidate
        double initial
        double nickname
        double beginning
        double byname
        double relatives
        double least_name
        double weak_name
        double whole_name
        double whole_person
        double whole_single
        int nearly_same

    cdef struct Agreed:
        uint8_t ours[3]
        uint8_t theirs[3]
        int own
        int listed
        int similarity
        int how

    cdef cppclass Pairing:
        vector[Agreed] agreed

    cdef struct Line:
        int parts[8]
        int size

    cdef struct CAsked "didban::Asked":
        Line line
        double shares[8][10]
        double spared[8]
        cbool of_person
        cbool is_spared

    cdef cppclass CNames "didban::Names":
        CNames(const Rules &, const Weights &, const Costs &, const Telling &)
        void clear()
        size_t size()
        void add(const Part &)
        Part &at(int)
        Pairing pair(const Line &, const Line &, const uint8_t *) except +
        double weight(const CAsked &, const Line &, const uint8_t *, cbool) except +


cdef enum:
    MOST = 8
    BANDS = 10
    NONE = 255


cdef class Listed:
    """The names of one segment."""

    cdef const uint32_t[:] name_start
    cdef const uint32_t[:] name_token
    cdef const uint8_t[:] name_quality
    cdef const uint8_t[:] name_organised
    cdef const uint32_t[:] text_start
    cdef const uint8_t[:] text
    cdef unordered_map[uint32_t, int] numbers
    cdef uint64_t era

    def __init__(self, sections):
        self.name_start, self.name_token = sections["name_start"], sections["name_token"]
        self.name_quality = sections["name_quality"]
        self.name_organised = sections["name_organised"]
        self.text_start, self.text = sections["token_text_start"], sections["token_text"]
        for name in ("name_quality", "name_organised"):
            if len(sections[name]) != len(self.name_start) - 1:
                raise ValueError(f"section {name!r}: a row for each name expected")
        if len(self.text_start) != len(sections["token_class"]) + 1:
            raise ValueError("section 'token_text_start': a row for each part expected")

    cdef bint is_person(self, size_t name) except -1:
        if name >= <size_t>len(self.name_organised):
            raise IndexError("no such name")
        return not self.name_organised[name]

    cdef str part(self, uint32_t token):
        cdef uint32_t start = self.text_start[token], end = self.text_start[token + 1]
        if start >= end or end > <size_t>len(self.text):  # of a damaged file
            return ""
        return PyUnicode_DecodeUTF8(<const char *>&self.text[start], end - start, "surrogatepass")


cdef class Asked:
    """A name that is asked for, ready to be weighed against many (see `names.QueryName`)."""

    cdef CAsked asked
    cdef tuple parts
    cdef uint64_t era
    cdef Names names

    def __init__(self, Names names not None, query):
        self.names, self.parts = names, query.name.parts
        self.asked.line.size = _size(self.parts)
        self.asked.of_person, self.asked.is_spared = query.of_person, bool(query.spared)
        for i in range(self.asked.line.size):
            shares = query.shares[i]
            for band in range(BANDS):
                self.asked.shares[i][band] = shares[band]
            if self.asked.is_spared:
                self.asked.spared[i] = query.spared[i]

    def weight(self, Listed listed not None, size_t number, bytes pairs not None):
        """Return what a listed name weighs (see `names.find`); None for an organisation's."""
        cdef Names names = self.names
        cdef Line theirs
        cdef uint8_t quality
        if not listed.is_person(number):
            return None
        quality = listed.name_quality[number]
        names.enter()
        try:
            if self.era != names.era:
                names.number_all(self.parts, self.asked.line)
                self.era = names.era
            names.number_listed(listed, number, theirs)
            _check(pairs, self.asked.line, theirs)
            return names.names.weight(
                self.asked, theirs, <const uint8_t *>PyBytes_AS_STRING(pairs), quality == names.weak)
        finally:
            names.inside -= 1


cdef class Names:
    """Compares persons' names by rules that Python states.

    - `rules`, `weights`: their numbers and tables, by the names of the members of the headers.
    - `telling`: what is known of a part and of two parts (`evidence.compiled.Telling`).
    - `most`: when so many parts are known, all are forgotten.
    """

    cdef CNames *names
    cdef object telling
    cdef dict numbers
    cdef list texts
    cdef size_t most
    cdef uint64_t era  # which numbers are valid: those of another era are forgotten
    cdef int inside  # calls under way, which hold numbers
    cdef int weak

    def __init__(self, rules, weights, telling, *, size_t most, int weak):
        cdef Rules own
        cdef Telling asking
        cdef Costs costs
        cdef Weights weighed
        self.numbers, self.texts, self.telling, self.most, self.weak = {}, [], telling, most, weak
        self.era = 1
        _read_rules(rules, own)
        _read_weights(weights, weighed)
        for table in range(2):
            memcpy(costs.substitution[table], PyBytes_AS_STRING(SUBSTITUTION[table]), 1024)
            memcpy(costs.insertion[table], PyBytes_AS_STRING(INSERTION[table]), 32)
        asking.asked = <void *>self
        asking.number, asking.read, asking.is_common = _number, _read, _is_common
        asking.are_two_names, asking.are_one_name = _are_two_names, _are_one_name
        asking.are_lookalikes = _are_lookalikes
        self.names = new CNames(own, weighed, costs, asking)

    def __dealloc__(self):
        del self.names

    def pair(self, tuple ours not None, tuple theirs not None, bytes pairs not None):
        """Return the parts that agree: (our places, their places, similarity, how)."""
        cdef Line own, listed
        cdef Pairing found
        own.size, listed.size = _size(ours), _size(theirs)
        self.enter()
        try:
            self.number_all(ours, own)
            self.number_all(theirs, listed)
            _check(pairs, own, listed)
            found = self.names.pair(own, listed, <const uint8_t *>PyBytes_AS_STRING(pairs))
        finally:
            self.inside -= 1
        return [
            (tuple([a.ours[n] for n in range(a.own)]), tuple([a.theirs[n] for n in range(a.listed)]),
             a.similarity, a.how)
            for a in found.agreed
        ]

    cdef int enter(self) except -1:
        if len(self.texts) >= <Py_ssize_t>self.most and not self.inside:
            self.names.clear()
            self.numbers, self.texts = {}, []
            self.era += 1
        self.inside += 1

    cdef int number_all(self, tuple parts, Line &line) except -1:
        for i in range(line.size):
            line.parts[i] = self.number(parts[i])

    cdef int number_listed(self, Listed listed, size_t name, Line &line) except -1:
        cdef uint32_t start = listed.name_start[name], token
        cdef int number
        line.size = listed.name_start[name + 1] - start
        if listed.era != self.era:
            listed.numbers.clear()
            listed.era = self.era
        for i in range(line.size):
            token = listed.name_token[start + i]
            known = listed.numbers.find(token)
            if known == listed.numbers.end():
                number = self.number(listed.part(token))
                listed.numbers[token] = number
                line.parts[i] = number
            else:
                line.parts[i] = listed.numbers[token]

    cdef int number(self, str text) except -1:
        """Return the number of a part, which is made known where it is new."""
        number = self.numbers.get(text)
        if number is not None:
            return number
        cdef Part part
        (script, unvocalised, title, byname, of_father, first_half, initial, initials, lookalike,
         has_forms, given) = self.telling.traits(text)
        _letters(text, part.letters)
        part.script, part.unvocalised, part.ascii = script, unvocalised, text.isascii()
        part.title, part.byname = title, byname
        part.of_father, part.first_half = of_father, first_half
        part.initial, part.initials = initial, initials
        part.lookalike, part.has_forms, part.given = lookalike, has_forms, given
        number = self.numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):  # else another thread was faster
            self.texts.append(text)
            self.names.add(part)
        return number

    cdef int read(self, int number) except -1:
        """Make the readings of a part known."""
        cdef Reading reading
        cdef vector[Reading] readings
        cdef bytes codes
        forms, shape = self.telling.readings(self.texts[number])
        for form in forms:
            codes = form.codes
            if len(codes) > 16:
                raise ValueError("a form has at most 16 sounds")
            memset(&reading, 0, sizeof(reading))
            memcpy(reading.codes, PyBytes_AS_STRING(codes), len(codes))
            reading.length, reading.weight = len(codes), weight(codes)
            reading.unvocalised = form.unvocalised
            readings.push_back(reading)
        cdef Part *part = &self.names.at(number)
        if not part.is_read:  # else another thread was faster
            part.readings, part.shape, part.is_read = readings, shape, True


cdef int _number(void *asked, const char32_t *letters, size_t size) except -1:
    cdef Names names = <Names>asked
    return names.number(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, letters, size))


cdef int _read(void *asked, int number) except -1:
    (<Names>asked).read(number)
    return 0


cdef int _is_common(void *asked, int number) except -1:
    cdef Names names = <Names>asked
    return bool(names.telling.is_common(names.texts[number]))


cdef int _are_two_names(void *asked, int one, int other) except -1:
    cdef Names names = <Names>asked
    return bool(names.telling.are_two_names(names.texts[one], names.texts[other]))


cdef int _are_lookalikes(void *asked, int one, int other) except -1:
    cdef Names names = <Names>asked
    return bool(names.telling.are_lookalikes(names.texts[one], names.texts[other]))


cdef int _are_one_name(void *asked, int one, int other) except -1:
    cdef Names names = <Names>asked
    return bool(names.telling.are_one_name(names.texts[one], names.texts[other]))


cdef int _size(tuple parts) except -1:
    if len(parts) > MOST:
        raise ValueError("a name has at most 8 parts")
    return len(parts)


cdef int _check(bytes pairs, const Line &ours, const Line &theirs) except -1:
    cdef const uint8_t *pair = <const uint8_t *>PyBytes_AS_STRING(pairs)
    if len(pairs) != 2 * ours.size:
        raise ValueError("`pairs` has two bytes for each part")
    for i in range(ours.size):
        if pair[2 * i] >= theirs.size and (pair[2 * i] != NONE or pair[2 * i + 1]):
            raise ValueError("`pairs` points beyond the name")


cdef void _letters(str text, u32string &letters):
    letters.clear()
    for letter in text:
        letters.push_back(<Py_UCS4>letter)


cdef vector[u32string] _all_letters(texts):
    cdef vector[u32string] all_letters
    cdef u32string letters
    for text in texts:
        _letters(text, letters)
        all_letters.push_back(letters)
    return all_letters


cdef int _read_rules(rules, Rules &own) except -1:
    own.cutoff, own.many = rules["cutoff"], rules["many"]
    own.other_name, own.nearly_same = rules["other_name"], rules["nearly_same"]
    own.mistyped, own.pieces = rules["mistyped"], rules["pieces"]
    own.written_out = _bits(rules["written_out"])
    own.beginnings, own.endings = _all_letters(rules["beginnings"]), _all_letters(rules["endings"])
    own.lengths, own.unvocalised_lengths = rules["lengths"], rules["unvocalised_lengths"]
    own.counts_as = [[row.encode("ascii") for row in rows] for rows in rules["counts_as"]]
    own.across = [row.encode("ascii") for row in rules["across"]]
    own.slips_from = rules["slips_from"]
    own.surely, own.slip, own.few, own.slips = (
        rules["surely"], rules["slip"], rules["few"], rules["slips"])
    own.without_servant, own.nickname = rules["without_servant"], rules["nickname"]
    own.beginning[0], own.beginning[1] = rules["beginning"]
    own.least_joined = rules["least_joined"]
    _letters(rules["servant"], own.servant)


cdef unsigned _bits(numbers):
    cdef unsigned bits = 0
    for number in numbers:
        bits |= 1u << <int>number
    return bits


cdef int _read_weights(weights, Weights &own) except -1:
    shares = weights["share"]
    for band in range(BANDS):
        own.share[band] = shares[band]
    own.rarest, own.same_culture = weights["rarest"], weights["same_culture"]
    own.spelled, own.respelled = weights["spelled"], weights["respelled"]
    own.mistyped, own.contradicted = weights["mistyped"], weights["contradicted"]
    own.extra_in_query = weights["extra_in_query"]
    own.extra_in_candidate = weights["extra_in_candidate"]
    own.initial, own.nickname = weights["initial"], weights["nickname"]
    own.beginning, own.byname = weights["beginning"], weights["byname"]
    own.relatives, own.least_name = weights["relatives"], weights["least_name"]
    own.weak_name, own.nearly_same = weights["weak_name"], weights["nearly_same"]
    own.whole_name, own.whole_person = weights["whole_name"], weights["whole_person"]
    own.whole_single = weights["whole_single"]
