"""What nodes say to each other, as values: envelopes, descriptors, feeds, messages."""
