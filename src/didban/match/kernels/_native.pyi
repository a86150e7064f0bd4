from collections.abc import Mapping, Sequence

from didban.match.kernels.reference import Found, Part
from didban.match.spelling.phonemes import Form

def coarse_keys(form: Form) -> tuple[int, ...]: ...
def primary_key(form: Form) -> int: ...
def distance(a: bytes, b: bytes, table: int) -> int: ...

class Expansion:
    @property
    def frequencies(self) -> tuple[int, ...]: ...
    @property
    def tokens(self) -> tuple[int, ...]: ...
    @property
    def similarities(self) -> bytes: ...
    @property
    def readings(self) -> tuple[Form, ...]: ...
    def nearest(self, least: int) -> tuple[int, ...]: ...

class Index:
    def __init__(
        self, sections: Mapping[str, memoryview], classes: int = ..., *, lanes: bool = ...
    ) -> None: ...
    def knows(self, readings: Sequence[tuple[Form, Sequence[int]]]) -> bool: ...
    def expand(
        self,
        readings: Sequence[tuple[Form, Sequence[int]]],
        *,
        cutoff: int,
        limit: int,
        prefix: bool = False,
    ) -> Expansion: ...
    def search(
        self,
        parts: Sequence[Part],
        *,
        floor: int,
        depth: int,
        allowed: bytes,
        dead: bytes,
        years: tuple[int, int] | None = None,
    ) -> list[Found]: ...
    def pair(
        self,
        parts: Sequence[Part],
        records: Sequence[int],
        *,
        cutoff: int,
        allowed: bytes,
        dead: bytes,
        years: tuple[int, int] | None = None,
    ) -> list[Found]: ...
