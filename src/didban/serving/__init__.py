"""What the interface for programs and the pages for people share: parts, envelope, limits."""
