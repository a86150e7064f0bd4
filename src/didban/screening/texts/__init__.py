"""Searching stored records by their text: what `GET /search` and the ties of a record stand on.

    segment ── making ──> one SQLite file beside the snapshot ── texts ──> results, facets, ties
    what somebody types ── lucene ──> a tree ── asking ──> one SQL condition

This is for people who look things up. It says nothing about who somebody is: that is for matching.
"""
