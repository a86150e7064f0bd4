"""stub"""


def demo() -> None:
    """Tell."""
