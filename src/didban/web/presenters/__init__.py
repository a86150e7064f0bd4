"""What reshapes values of the model for a page, where that is more than a few lines."""
