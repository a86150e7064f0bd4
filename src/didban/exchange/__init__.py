"""Between nodes of different owners, who trust signatures and not each other.

identity    our own keys                     peers       other nodes: pinned, quarantined, removed
feeds       what we publish, to whom         receiving   what others publish, verified and applied
"""
