# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language = c++
"""The compiled kernels. `didban.match.kernels.reference` is their definition and documentation."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset
from libcpp cimport bool as cbool
from libcpp.vector cimport vector

from didban.match.spelling.distances import INSERTION, SUBSTITUTION
from didban.match.kernels.reference import Found
from didban.match.spelling.keys import PRIMARY, SECONDARY
from didban.match.spelling.phonemes import Form


cdef extern from "retrieval.hpp" namespace "didban" nogil:
    cdef struct Sections:
        const uint8_t *form_codes
        const uint8_t *form_length
        const uint8_t *form_unvocalised
        const uint8_t *token_rarity
        const uint8_t *token_initial
        const uint16_t *form_weight
        const uint16_t *token_class
        const uint16_t *record_class
        const uint16_t *record_years
        const uint32_t *form_mask
        const uint32_t *form_token
        const uint32_t *length_start
        const uint32_t *key_form
        const uint32_t *token_frequency
        const uint32_t *posting_start
        const uint32_t *posting
        const uint32_t *single_start
        const uint32_t *single_name
        const uint32_t *name_start
        const uint32_t *name_token
        const uint32_t *name_record
        const uint64_t *key
        size_t forms
        size_t keys
        size_t tokens
        size_t names
        size_t records
        size_t classes
        size_t postings
        size_t singles
        size_t name_tokens

    cbool is_sound(const Sections &)
    cbool has_lanes()

    cdef cppclass Guides:
        Guides(const Sections &)

    cdef cppclass TokenForms:
        TokenForms(const Sections &)

    cdef cppclass Comparison:
        Comparison(cbool)

    cdef struct Costs:
        uint8_t substitution[2][1024]
        uint8_t insertion[2][32]

    cdef struct Match:
        uint32_t token
        uint8_t similarity

    cdef cppclass Desk:
        Desk(const Sections &)

    cdef cppclass Bench:
        Bench(const Sections &, const Guides &)

    cdef struct Reading:
        const uint8_t *codes
        int length
        cbool unvocalised
        const uint64_t *keys
        size_t key_count

    cdef struct Sounds:
        uint8_t codes[16]
        uint8_t length
        uint8_t unvocalised

    cdef cppclass Expander:
        Expander(const Sections &, const Guides &, const Comparison &, const Costs &, Desk &, int)
        void add(const Reading &, cbool)
        cbool knows(const Reading &)
        uint64_t finish(size_t, vector[Match] &, uint64_t *)

    cdef struct QueryPart:
        const Match *matches
        size_t count
        uint64_t postings
        const Sounds *readings
        size_t reading_count
        int rarity
        int initial

    cdef struct FoundName "didban::Found":
        uint32_t record
        uint32_t name
        int score
        int rank
        uint8_t pairs[16]

    cdef struct Wanted:
        int floor
        size_t depth
        const uint8_t *allowed
        const uint8_t *dead
        cbool has_years
        int from_year
        int to_year

    cdef cppclass Ear:
        Ear(const Costs &, const TokenForms &, const Comparison &, int)

    cdef cppclass Searcher:
        Searcher(const Sections &, const Guides &, Bench &, const QueryPart *, int, const Wanted &,
                 vector[FoundName] &)
        void run()
        void pair(const uint32_t *, size_t, const Ear &)

    int c_distance "didban::distance"(const Costs &, const uint8_t *, int, const uint8_t *, int, int)


cdef extern from "keys.hpp" namespace "didban" nogil:
    uint64_t c_primary_key "didban::primary_key"(const uint8_t *, int, const uint8_t *)

    cdef cppclass Keys:
        Keys(const uint8_t *, int, cbool, const uint8_t *, const uint8_t *)
        uint64_t key[16]
        int count


cdef Costs COSTS
cdef uint8_t[32] FIRST_CLASS, SECOND_CLASS
for _table in range(2):
    memcpy(COSTS.substitution[_table], PyBytes_AS_STRING(SUBSTITUTION[_table]), 1024)
    memcpy(COSTS.insertion[_table], PyBytes_AS_STRING(INSERTION[_table]), 32)
memcpy(FIRST_CLASS, PyBytes_AS_STRING(PRIMARY), 32)
memcpy(SECOND_CLASS, PyBytes_AS_STRING(SECONDARY), 32)


def coarse_keys(form):
    """See `spelling.keys.coarse_keys`."""
    cdef bytes codes = form.codes
    cdef Keys *keys = new Keys(
        <const uint8_t *>PyBytes_AS_STRING(codes), <int>PyBytes_GET_SIZE(codes), form.unvocalised,
        FIRST_CLASS, SECOND_CLASS)
    try:
        return tuple([keys.key[i] for i in range(keys.count)])
    finally:
        del keys


def primary_key(form):
    """See `spelling.keys.primary_key`."""
    cdef bytes codes = form.codes
    return c_primary_key(
        <const uint8_t *>PyBytes_AS_STRING(codes), <int>PyBytes_GET_SIZE(codes), FIRST_CLASS)


def distance(bytes a not None, bytes b not None, int table):
    """See `reference.distance`."""
    return c_distance(COSTS, <const uint8_t *>PyBytes_AS_STRING(a), <int>PyBytes_GET_SIZE(a),
                      <const uint8_t *>PyBytes_AS_STRING(b), <int>PyBytes_GET_SIZE(b), table)


cdef class Expansion:
    """See `reference.Expansion`."""

    cdef vector[Match] matches
    cdef vector[Sounds] readings_of
    cdef uint64_t postings
    cdef readonly tuple frequencies

    @property
    def tokens(self):
        return tuple([m.token for m in self.matches])

    @property
    def similarities(self):
        return bytes([m.similarity for m in self.matches])

    def nearest(self, int least):
        """See `reference.Expansion.nearest`."""
        cdef list near = []
        for m in self.matches:
            if m.similarity < least:
                break
            near.append(m.token)
        return tuple(near)

    @property
    def readings(self):
        return tuple([Form(s.codes[:s.length], bool(s.unvocalised)) for s in self.readings_of])


cdef class _Space:
    """What one thread works with."""

    cdef Desk *desk
    cdef Bench *bench

    def __dealloc__(self):
        del self.desk
        del self.bench


cdef class Index:
    """See `reference.Index`. Safe to call from several threads: each call has its own workspace.

    `lanes`: compare many forms at a time where the processor can; the answers are the same.
    """

    cdef Sections s
    cdef Guides *guides
    cdef TokenForms *token_forms
    cdef Comparison *comparison
    cdef object held  # the memory that the pointers point into
    cdef list spaces

    def __init__(self, sections, size_t classes=65536, *, bint lanes=True):
        self.held = dict(sections)
        self.spaces = []
        self.s.form_codes = <const uint8_t *>_start(self.held, "form_codes", 1)
        self.s.form_length = <const uint8_t *>_start(self.held, "form_length", 1)
        self.s.form_unvocalised = <const uint8_t *>_start(self.held, "form_unvocalised", 1)
        self.s.token_rarity = <const uint8_t *>_start(self.held, "token_rarity", 1)
        self.s.token_initial = <const uint8_t *>_start(self.held, "token_initial", 1)
        self.s.form_weight = <const uint16_t *>_start(self.held, "form_weight", 2)
        self.s.token_class = <const uint16_t *>_start(self.held, "token_class", 2)
        self.s.record_class = <const uint16_t *>_start(self.held, "record_class", 2)
        self.s.record_years = <const uint16_t *>_start(self.held, "record_years", 2)
        self.s.form_mask = <const uint32_t *>_start(self.held, "form_mask", 4)
        self.s.form_token = <const uint32_t *>_start(self.held, "form_token", 4)
        self.s.length_start = <const uint32_t *>_start(self.held, "length_start", 4)
        self.s.key_form = <const uint32_t *>_start(self.held, "key_form", 4)
        self.s.token_frequency = <const uint32_t *>_start(self.held, "token_frequency", 4)
        self.s.posting_start = <const uint32_t *>_start(self.held, "posting_start", 4)
        self.s.posting = <const uint32_t *>_start(self.held, "posting", 4)
        self.s.single_start = <const uint32_t *>_start(self.held, "single_start", 4)
        self.s.single_name = <const uint32_t *>_start(self.held, "single_name", 4)
        self.s.name_start = <const uint32_t *>_start(self.held, "name_start", 4)
        self.s.name_token = <const uint32_t *>_start(self.held, "name_token", 4)
        self.s.name_record = <const uint32_t *>_start(self.held, "name_record", 4)
        self.s.key = <const uint64_t *>_start(self.held, "key", 8)
        self.s.forms = len(self.held["form_length"])
        self.s.keys = len(self.held["key"])
        self.s.tokens = len(self.held["token_class"])
        self.s.names = len(self.held["name_record"])
        self.s.records = len(self.held["record_class"])
        self.s.classes = classes
        self.s.postings = len(self.held["posting"]) // 3
        self.s.singles = len(self.held["single_name"])
        self.s.name_tokens = len(self.held["name_token"])
        for name, rows in _rows(self.s).items():
            if len(self.held[name]) != rows:
                raise ValueError(f"section {name!r}: {rows} rows expected")
        if not is_sound(self.s):
            raise ValueError("a number points beyond the section that it is for")
        self.guides = new Guides(self.s)
        self.comparison = new Comparison(lanes)

    def __dealloc__(self):
        del self.guides
        del self.token_forms
        del self.comparison

    cdef _Space take(self):
        if self.spaces:
            return self.spaces.pop()
        space = _Space()
        space.desk = new Desk(self.s)
        space.bench = new Bench(self.s, self.guides[0])
        return space

    def knows(self, readings):
        """See `reference.Index.knows`."""
        cdef _Space space = self.take()
        cdef uint64_t keys[16]
        cdef Expander *expander = new Expander(
            self.s, self.guides[0], self.comparison[0], COSTS, space.desk[0], 255)
        cdef Reading reading
        cdef cbool found = False
        try:
            for form, form_keys in readings:
                _read(form, form_keys, &reading, keys)
                found = found or expander.knows(reading)
        finally:
            del expander
            self.spaces.append(space)
        return found

    def expand(self, readings, *, int cutoff, size_t limit, bint prefix=False):
        """See `reference.Index.expand`."""
        cdef _Space space = self.take()
        cdef Expansion expansion = Expansion()
        cdef uint64_t frequencies[10]
        cdef uint64_t keys[16]
        cdef Expander *expander = new Expander(
            self.s, self.guides[0], self.comparison[0], COSTS, space.desk[0], cutoff)
        cdef Reading reading
        cdef Sounds sounds
        try:
            for form, form_keys in readings:
                _read(form, form_keys, &reading, keys)
                memset(&sounds, 0, sizeof(sounds))
                memcpy(sounds.codes, reading.codes, reading.length)
                sounds.length, sounds.unvocalised = reading.length, reading.unvocalised
                expansion.readings_of.push_back(sounds)
                with nogil:
                    expander.add(reading, prefix)
            expansion.postings = expander.finish(limit, expansion.matches, frequencies)
        finally:
            del expander
            self.spaces.append(space)
        expansion.frequencies = tuple([frequencies[i] for i in range(10)])
        return expansion

    def search(self, parts, *, int floor, size_t depth, bytes allowed, bytes dead, years=None):
        """See `reference.Index.search`."""
        cdef QueryPart query[8]
        cdef int n = _query(parts, query)
        cdef Wanted wanted = self.wanted(allowed, dead, years)
        cdef vector[FoundName] found
        if not depth:
            return []
        wanted.floor = floor
        wanted.depth = depth
        cdef _Space space = self.take()
        cdef Searcher *searcher = new Searcher(
            self.s, self.guides[0], space.bench[0], query, n, wanted, found)
        try:
            with nogil:
                searcher.run()
        finally:
            del searcher
            self.spaces.append(space)
        return _told(found, n)

    def pair(self, parts, records, *, int cutoff, bytes allowed, bytes dead, years=None):
        """See `reference.Index.pair`."""
        cdef QueryPart query[8]
        cdef int n = _query(parts, query)
        cdef Wanted wanted = self.wanted(allowed, dead, years)
        cdef vector[FoundName] found
        cdef vector[uint32_t] numbers = records
        if not self.token_forms:
            self.token_forms = new TokenForms(self.s)
        cdef Ear *ear = new Ear(COSTS, self.token_forms[0], self.comparison[0], cutoff)
        wanted.floor = 0
        wanted.depth = 0
        cdef _Space space = self.take()
        cdef Searcher *searcher = new Searcher(
            self.s, self.guides[0], space.bench[0], query, n, wanted, found)
        try:
            with nogil:
                searcher.pair(numbers.data(), numbers.size(), ear[0])
        finally:
            del ear
            del searcher
            self.spaces.append(space)
        return _told(found, n)

    cdef Wanted wanted(self, bytes allowed, bytes dead, years):
        cdef Wanted wanted
        if len(dead) * 8 < <Py_ssize_t>self.s.records:
            raise ValueError("`dead` is shorter than the records")
        wanted.allowed = <const uint8_t *>PyBytes_AS_STRING(allowed)
        wanted.dead = <const uint8_t *>PyBytes_AS_STRING(dead)
        wanted.has_years = years is not None
        wanted.from_year, wanted.to_year = years or (0, 0)
        return wanted


cdef int _read(form, form_keys, Reading *reading, uint64_t *keys) except -1:
    """Say what a form and its keys are, as long as both are held."""
    cdef bytes codes = form.codes
    if len(codes) > 16:
        raise ValueError("a form has at most 16 sounds")
    reading.codes = <const uint8_t *>PyBytes_AS_STRING(codes)
    reading.length = <int>PyBytes_GET_SIZE(codes)
    reading.unvocalised = form.unvocalised
    reading.key_count = min(len(form_keys), 16)
    for i in range(reading.key_count):
        keys[i] = form_keys[i]
    reading.keys = keys
    return 0


cdef int _query(parts, QueryPart *query) except -1:
    cdef Expansion expansion
    cdef int n = 0
    for part in parts:
        if n == 8:
            raise ValueError("a query name has at most 8 parts")
        expansion = part.expansion
        query[n].matches = expansion.matches.data()
        query[n].count = expansion.matches.size()
        query[n].postings = expansion.postings
        query[n].readings = expansion.readings_of.data()
        query[n].reading_count = expansion.readings_of.size()
        query[n].rarity = part.rarity
        query[n].initial = part.initial
        n += 1
    return n


cdef list _told(vector[FoundName] &found, int n):
    return [
        Found(f.record, f.name, f.score, f.rank,
              PyBytes_FromStringAndSize(<const char *>f.pairs, 2 * n))
        for f in found
    ]


cdef dict _rows(const Sections &s):
    forms = ("form_length", "form_unvocalised", "form_weight", "form_mask", "form_token")
    tokens = ("token_class", "token_rarity", "token_initial", "token_frequency")
    return {
        **dict.fromkeys(forms, s.forms),
        **dict.fromkeys(tokens, s.tokens),
        **dict.fromkeys(("posting_start", "single_start"), s.tokens + 1),
        "form_codes": 16 * s.forms,
        "length_start": 18,
        "key_form": s.keys,
        "name_start": s.names + 1,
        "record_years": 2 * s.records,
    }


cdef const void *_start(dict sections, str name, int width) except? NULL:
    cdef const uint8_t[:] view
    section = sections[name]
    if section.itemsize != width:
        raise ValueError(f"section {name!r}: items of {width} bytes expected")
    if not len(section):
        return NULL
    view = section.cast("B")
    return &view[0]
