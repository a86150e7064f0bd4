"""Signatures and sealed bodies, from `cryptography` alone: no primitive of our own.

dsse        what is signed, so that no signature is good for anything else
hpke        a key wrapped for one recipient
envelopes   a header and a body: sealed, verified, opened
"""
