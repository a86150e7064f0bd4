"""What is no text cannot be kept: it is refused before a function sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from didban.errors import InvalidInput

if TYPE_CHECKING:
    from starlette.requests import Request

_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_JSON: Final = re.compile(r"application/(.+\+)?json", re.IGNORECASE)


async def require_text(request: Request) -> None:
    """Return if address and JSON body hold no NUL and no half characters.

    Does not judge a body that is no JSON at all: that is told where the shape is read.

    Raises InvalidInput.
    """
    if _has_no_text([request.scope["path"], *request.query_params.multi_items()]):
        raise InvalidInput("the address holds characters that are no text")
    kind = request.headers.get("content-type", "")
    if not await request.body() or (kind and not _JSON.match(kind)):
        return
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        return
    if _has_no_text(body):
        raise InvalidInput("the body holds characters that are no text (NUL, or half of a pair)")


def _has_no_text(data: Any) -> bool:
    left = [data]  # a stack of our own: a body may be nested deeper than calls can be
    while left:
        found = left.pop()
        if isinstance(found, str) and _NO_TEXT.search(found):
            return True
        if isinstance(found, dict):
            left += (*found.keys(), *found.values())
        elif isinstance(found, list | tuple):
            left += found
    return False
