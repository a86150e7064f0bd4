import re
from functools import _lru_cache_wrapper

from didban.match.spelling.phonemes import Form

forms: _lru_cache_wrapper[tuple[Form, ...]]

def replaced(expression: re.Pattern[str], instead: str, text: str) -> str: ...
