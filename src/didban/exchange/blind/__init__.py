"""Questions without a name: who is asked learns not about whom, who asks learns not the list.

owner    records ── keys ── tags under a key of this reader and week ──> its bilateral feed
asker    the same keys, blinded ──> Call.BLIND ──> evaluated, with a proof ── tags ── looked up here

oprf         the one module that knows the cryptography (RFC 9497)
offering     what is offered, and to whom          evaluating   what is answered to a blind question
holding      what others offer us                  looking_up   asking, and looking up here
"""
