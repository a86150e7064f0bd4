"""What humans do with a match: the life of a hit, from taking it up to its outcome."""
