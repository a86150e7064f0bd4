"""Messages between authorities: written, cleared, carried, read, answered, in time (4.4).

writing    what leaves                       clearing   whether it may leave
arriving   what comes from other nodes       desk       reading, taking into work, closing, recall
deadlines  clocks, undeliverable, retention  bundles    a thread as a bundle for use elsewhere
"""
