"""A question about a person or a document, and the explained answer: one, or a whole list."""
