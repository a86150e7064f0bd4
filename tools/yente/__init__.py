"""yente's own HTTP tests, run against `didban serve`: `python -m tools.yente CHECKOUT`."""
