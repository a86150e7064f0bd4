"""Records as immutable files that are mapped into memory, and what is found in them for a query."""
