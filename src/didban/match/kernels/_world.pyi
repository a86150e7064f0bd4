from collections.abc import Iterable

from didban.match.spelling.phonemes import Form

class World:
    def __init__(self, text: str, *, lanes: bool = ...) -> None: ...
    def shares(self, readings: Iterable[tuple[Form, Iterable[int]]]) -> tuple[float, ...]: ...
