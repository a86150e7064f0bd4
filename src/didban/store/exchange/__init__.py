"""What the exchange keeps: peers and their descriptors, feeds, entries, evidence."""
