"""Notices and diffusions: drafted, reviewed by another person, published, ended everywhere (4.3).

drafting    the draft, what blocks it, its submission     reviewing  the word of another person
handing_in  to the network's secretariat, if there is one   secretariat  what it does with them
publishing  what is out: addenda, suspension, its end     arriving   notices of other authorities
deadlines   the review's clock, the end's, the receipts'
"""
