"""Structured logs: an event and its facts, to be read by people on a terminal and else by programs.

Nothing personal may stand in a log, and nobody can tell a name from a word by looking at it. So a log
holds the facts that are named in `FACTS`, as numbers, identifiers and words of ours; everything
else is dropped and counted. Words of libraries and of errors are never kept, for they quote what
they were given; where they were said is, and that leads a developer to them.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from types import TracebackType

_EVENT: Final = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*){1,4}")
_FRAME: Final = frozenset({"level", "time"})  # which we put there ourselves

_OURS: Final = r"[a-z]{3}_[a-z2-7]{24}"  # `didban.ids.new_id`
_NUMBER: Final = None  # a number, a switch or nothing; words are not kept
_ID: Final = re.compile(rf"{_OURS}|(system|duty):[a-z_.-]+")
_REQUEST: Final = re.compile(rf"{_OURS}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
_CODE: Final = re.compile(r"[A-Za-z_](?!.*\d{5})[A-Za-z0-9_.-]{0,63}")
_PLACE: Final = re.compile(r"[a-z0-9_]+(\.py)?:\d{1,6}")
_ROUTE: Final = re.compile(r"none|(/([a-z0-9_.-]{1,40}|\{[a-z_]+(:[a-z]+)?\}))+")
_METHOD: Final = re.compile(r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT")
_DUTY: Final = re.compile(r"[a-z_]+\.[a-z_]+")

FACTS: Final[Mapping[str, re.Pattern[str] | None]] = {
    "actor": _ID,
    "added": _NUMBER,
    "at": _PLACE,  # file and line
    "attempts": _NUMBER,
    "authority": _CODE,
    "changed": _NUMBER,
    "count": _NUMBER,
    "duty": _DUTY,
    "fault": _CODE,  # why the other side did not take something
    "held_back": _NUMBER,
    "kind": _CODE,  # class of an error, kind of a thing
    "list": _CODE,  # an official list
    "logger": _CODE,
    "method": _METHOD,
    "ms": _NUMBER,
    "node": _CODE,  # another one
    "notification": _ID,
    "request_id": _REQUEST,
    "route": _ROUTE,  # as it is declared, never the path that was asked for
    "state": _CODE,
    "status": _NUMBER,
    "subject": _ID,
    "version": _NUMBER,
    "withdrawn": _NUMBER,
}
"""What a log may hold beside event, level and time, and in what shape. All else is dropped."""

_MAX_NUMBER: Final = 10**12

_log = structlog.get_logger("didban.logs")


def configure(stream: TextIO | None = None, *, as_json: bool | None = None) -> None:
    """Send every log of this process, of whatever library, through one filter to one stream.

    - `stream`: standard error, where none is given.
    - `as_json`: one JSON object on a line; when None, wherever nobody sits before a terminal.

    Errors that nobody caught are logged by their kind and place; Python's own report would show
    what they say.
    """
    out = stream or sys.stderr
    plain = as_json if as_json is not None else not out.isatty()
    renderer = structlog.processors.JSONRenderer() if plain else structlog.dev.ConsoleRenderer()
    last: list[Any] = [_failed, _clean, renderer]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _name_logger,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = _Foreign()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "sqlalchemy"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


class _Foreign(logging.Handler):
    """What libraries say through the standard library: that they did and where, not the words."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log that a library said something."""
        said_at = f"{record.module}:{record.lineno}"
        level = record.levelname.lower()
        say = _log.bind(logger=record.name, at=said_at)
        error = record.exc_info[1] if record.exc_info else None
        say.log(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO),
            "library.logged",
            exc_info=error,
        )


def _name_logger(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    event.setdefault("logger", "didban")
    return event


def _uncaught(
    kind: type[BaseException], error: BaseException | None, _tb: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log.error("process.failed", exc_info=error or kind())


def _failed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Put the kind of an error and where it came from in the place of its words."""
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    event.pop("exception", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["kind"] = getattr(error, "code", None) or type(error).__name__
        event["at"] = place_of(error)
    return event


def place_of(error: BaseException) -> str:
    """Return the file and line that raised an error."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown"


def _clean(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Keep what has the name and the shape of a fact of ours; of the rest only that it was there."""
    cleaned: dict[str, Any] = {}
    for key, value in event.items():
        if key == "event":
            cleaned[key] = value if _fits(_EVENT, value) else "log.unnamed"
        elif key in _FRAME:
            cleaned[key] = value
        elif key in FACTS:
            cleaned[key] = _clean_value(key, value)
        else:
            cleaned["dropped"] = cleaned.get("dropped", 0) + 1
    return cleaned


def _clean_value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < _MAX_NUMBER else _bracketed(value)
    pattern = FACTS[key]
    return str(value) if pattern and _fits(pattern, value) else _bracketed(value)


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _bracketed(value: Any) -> str:
    size = f" of {len(value)}" if isinstance(value, str | bytes | dict) else ""
    return f"[{type(value).__name__}{size}]"
