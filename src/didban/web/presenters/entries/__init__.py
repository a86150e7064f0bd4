"""Forms of entry: what they ask, what stands in them, what was sent."""
