"""Which records of several lists are about one person or thing: proposals, for a human to judge."""
