"""Matching: names, dates and documents in, explained scores out. Pure, but for mapping index files.

The way of a query, and where each step lives:

    tokens      a name in any script -> its parts, compounds joined, titles and particles known
    phonemes    a part -> strings over one small alphabet of sounds, whatever the script
    keys        a string of sounds -> coarse keys, by which parts that may sound alike meet
    kernels     parts -> similar parts of the index -> names that contain enough of them
    evidence    what agrees and what does not -> log-odds that add up to the score
    snapshot    the index as files: built once, mapped, shared; changes lie on top of it
"""
