"""Between nodes of different owners, who trust signatures and not each other.

identity    our own keys                     peers       other nodes: pinned, quarantined, removed
feeds       what we publish, to whom         receiving   what others publish, verified and applied
members     who reads a feed                 faults      what is wrong, with evidence; who is told
offering    what a reader gets               epochs      how a stopped feed goes on
bundles     the same as a courier's file     calls       questions that are answered at once
leaving     a removed node, until it confirms
records     shared records and copies        blind       questions that do not say about whom
"""
