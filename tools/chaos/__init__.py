"""Three nodes under load whose processes, databases and links die at random, and what is left then.

nodes      real nodes on the loopback, that know each other
links      the wires between them, which can be cut
desks      somebody at a node, over HTTP
load       what they do meanwhile
blows      what strikes the nodes
compare    whether every copy is equal to its owner's record
"""
