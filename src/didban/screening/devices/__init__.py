"""Devices that check without a link (PR-43), and the node that serves them.

both         carried   what of a record a device carries, and nothing else
             frames    envelopes in a file
             packages  what a package says: records to put, records to take out, an edition
on the node  enrolment registered by two persons, revoked when lost
             packing   a package: all that the post may see, or what changed since the last one
             returning what a device brings back: checks, and proofs of deletion
             upkeep    deletions that are overdue
on a device  vault     what is kept: sealed, and bound to the device
             memory    what is open during a shift: in memory, never on the disk
             installing a package taken in, whole or not at all
             journal   what is brought back: a feed of the device's own, sealed to its node
             checking  a check, its age, its limits

What a node sends a device is a feed with one reader, what the device brings back another one. Both
are made of the envelopes that nodes exchange: signed, sealed to one recipient, hash-linked. What
runs on a device needs the core and `cryptography` alone: no database, no network.
"""
