"""What two descriptions have in common or against each other, and how much that says."""
