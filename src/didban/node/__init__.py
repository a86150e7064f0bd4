"""The one place that builds the parts of a node from its settings, and runs them.

parts      what a node is made of, and where its things lie
making     a new node: `didban init`
duties     what it does by itself, and when
serving    the processes that answer: `didban up`
running    is it running, and where: `didban status`, `didban down`
"""
