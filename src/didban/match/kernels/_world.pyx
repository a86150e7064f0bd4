# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language = c++
"""The compiled twin of `didban.match.kernels.world`, which defines and documents it."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcpy, memset
from libcpp cimport bool as cbool
from libcpp.string cimport string

from didban.match.kernels.world import WHOLE
from didban.match.spelling.alphabets import CODE
from didban.match.spelling.distances import INSERTION, SUBSTITUTION


cdef extern from "world.hpp" namespace "didban" nogil:
    cdef struct Costs:
        uint8_t substitution[2][1024]
        uint8_t insertion[2][32]

    cdef cppclass Comparison:
        Comparison(cbool)

    cdef cppclass CWorld "didban::World":
        CWorld(const Costs &, const Comparison &, const string &, const uint8_t *, double) except +
        void look_up(const uint8_t *, int, cbool, uint64_t, double *)


cdef class World:
    """See `world.World`. `lanes`: compare many forms at a time where the processor can."""

    cdef CWorld *world

    def __init__(self, str text not None, *, bint lanes=True):
        cdef Costs costs
        cdef uint8_t codes[256]
        for table in range(2):
            memcpy(costs.substitution[table], PyBytes_AS_STRING(SUBSTITUTION[table]), 1024)
            memcpy(costs.insertion[table], PyBytes_AS_STRING(INSERTION[table]), 32)
        memset(codes, 255, sizeof(codes))
        for symbol, code in CODE.items():
            codes[<int>ord(symbol)] = code
        cdef Comparison *comparison = new Comparison(lanes)
        try:
            self.world = new CWorld(costs, comparison[0], text.encode("ascii"), codes, WHOLE)
        finally:
            del comparison

    def __dealloc__(self):
        del self.world

    def shares(self, readings):
        """See `world.World.shares`."""
        cdef double shares[10]
        cdef bytes codes
        memset(shares, 0, sizeof(shares))
        for form, keys in readings:
            codes = form.codes
            if len(codes) > 16:
                raise ValueError("a form has at most 16 sounds")
            for key in keys:
                self.world.look_up(
                    <const uint8_t *>PyBytes_AS_STRING(codes), <int>PyBytes_GET_SIZE(codes),
                    form.unvocalised, key, shares)
        return tuple([shares[band] for band in range(10)])
