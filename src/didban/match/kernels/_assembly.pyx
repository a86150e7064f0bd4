# cython: language_level=3, boundscheck=False, wraparound=False
# distutils: language = c++
"""The compiled twin of `didban.match.kernels.assembly`, which defines and documents it."""

from array import array

from libc.stdint cimport uint16_t, uint32_t, uint64_t
from libcpp cimport bool as cbool

from didban.match.kernels.assembly import Postings


cdef extern from "assembly.hpp" namespace "didban" nogil:
    cdef struct Names:
        const uint32_t *start
        const uint32_t *token
        const uint16_t *classes
        size_t names
        size_t tokens

    void c_sort_pairs "didban::sort_pairs"(uint64_t *, uint32_t *, size_t)
    cbool fits(const Names &, size_t)
    void count_postings(const Names &, uint32_t *, uint32_t *)
    void write_postings(const Names &, const uint32_t *, const uint32_t *, uint32_t *, uint32_t *)


def sort_pairs(keys, values):
    """See `assembly.sort_pairs`."""
    cdef uint64_t[::1] own_keys = keys
    cdef uint32_t[::1] own_values = values
    cdef size_t n = len(keys)
    if <size_t>len(values) != n:
        raise ValueError("keys and values differ in number")
    if n:
        with nogil:
            c_sort_pairs(&own_keys[0], &own_values[0], n)


def postings(start, token, classes):
    """See `assembly.postings`."""
    cdef const uint32_t[::1] starts = start
    cdef const uint32_t[::1] tokens = token
    cdef const uint16_t[::1] own = classes
    cdef Names n
    n.names, n.tokens = len(start) - 1, len(classes)
    n.start = &starts[0]
    n.token = &tokens[0] if len(token) else NULL
    n.classes = &own[0] if len(classes) else NULL
    if not fits(n, len(token)):
        raise ValueError("a name has a part that is not in the vocabulary")
    posting_start, single_start = _zeros(n.tokens + 1), _zeros(n.tokens + 1)
    cdef uint32_t[::1] first = posting_start
    cdef uint32_t[::1] first_single = single_start
    with nogil:
        count_postings(n, &first[0], &first_single[0])
    posting, single_name = _zeros(3 * first[n.tokens]), _zeros(first_single[n.tokens])
    cdef uint32_t[::1] rows = posting
    cdef uint32_t[::1] names = single_name
    cdef uint32_t *to_rows = &rows[0] if len(posting) else NULL
    cdef uint32_t *to_names = &names[0] if len(single_name) else NULL
    with nogil:
        write_postings(n, &first[0], &first_single[0], to_rows, to_names)
    return Postings(posting_start, posting, single_start, single_name)


cdef _zeros(size_t count):
    return array("I", bytes(4)) * count
