"""From a name in any script to its parts, and from each part to the sounds it may stand for."""
