"""Names of organisations, ships and aircraft: legal forms, generic words, places, numbers, initials."""
