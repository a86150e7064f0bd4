"""Settings out of a file and variables; what cannot be used is refused with its name."""

from __future__ import annotations

import os
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from didban.errors import ConfigError, nearest
from didban.settings.sections import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_T = TypeVar("_T")

SETTINGS_FILE = "didban.toml"
PREFIX = "DIDBAN_"
SECRET_PREFIX = "DIDBAN_SECRET_"  # noqa: S105 - what follows names one: `didban.guard.secrets`

# Variables with our prefix that are not settings: where the file is, what a desk or a device takes.
OTHER_VARIABLES = frozenset(
    {
        "DIDBAN_DESK_PASSWORD",
        "DIDBAN_DEVICE",
        "DIDBAN_DEVICE_PASSPHRASE",
        "DIDBAN_NODE_ADDRESS",
        "DIDBAN_SESSION",
        "DIDBAN_SETTINGS",
    }
)

_UNKNOWN = "there is no such setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One setting as documentation and error messages name it."""

    path: str
    default: object
    why: str
    unit: str

    @property
    def variable(self) -> str:
        """The environment variable that sets this key."""
        return PREFIX + self.path.upper().replace(".", "_")


def keys() -> list[Key]:
    """Return every setting, in the order of the tree."""
    return [
        Key(path=path, default=f.default, why=f.metadata["why"], unit=f.metadata["unit"])
        for path, f, _ in _leaves(Settings, "")
    ]


def load(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force.

    - `file`: the settings file; when None, `DIDBAN_SETTINGS` or else `didban.toml` in the working
      directory, if there is one.
    - `environment`: variables; when None, the process's own.

    Raises `ConfigError` with the dotted path for an unknown key, a wrong type, an unreadable or
    missing file that was named.
    """
    return _load(file, os.environ if environment is None else environment)


def _load(file: Path | None, variables: Mapping[str, str], without: Iterable[str] = ()) -> Settings:
    """Return the settings in force, of the file all but these keys."""
    named = file or (Path(variables["DIDBAN_SETTINGS"]) if "DIDBAN_SETTINGS" in variables else None)
    path = named or Path(SETTINGS_FILE)
    table = _read(path) if named is not None or path.is_file() else {}
    for key in without:
        _drop(table, key)
    _override(table, variables)
    return _build(Settings, table, "")


def _drop(table: dict[str, Any], key: str) -> None:
    *sections, last = key.split(".")
    for section in sections:
        below = table.get(section)
        if not isinstance(below, dict):
            return
        table = below
    table.pop(last, None)


def problems(
    file: Path | None = None, environment: Mapping[str, str] | None = None
) -> list[ConfigError]:
    """Return everything that is wrong with the settings, not only the first; `load` raises that."""
    variables = dict(os.environ if environment is None else environment)
    found: dict[str, ConfigError] = {}
    while True:
        try:
            _load(file, variables, without=found)
        except ConfigError as error:
            if error.path in found:  # the file itself: nothing more can be said of it
                return list(found.values())
            found[error.path] = error
            for name in (error.path, PREFIX + error.path.upper().replace(".", "_")):
                variables.pop(name, None)
        else:
            return list(found.values())


def _read(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only where there is a file: a cold check mostly has none

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"the settings file cannot be read: {error}"
        raise ConfigError(message, str(path)) from error


def _leaves(cls: Any, prefix: str) -> Iterator[tuple[str, Field[Any], Any]]:
    """Yield (dotted path, field, type) of every setting below `cls`."""
    hints = get_type_hints(cls)
    for f in fields(cls):
        path = f"{prefix}{f.name}"
        if _is_section(hints[f.name]):
            yield from _leaves(hints[f.name], f"{path}.")
        else:
            yield path, f, hints[f.name]


def _is_section(hint: object) -> bool:
    return isinstance(hint, type) and hasattr(hint, "__dataclass_fields__")


def _override(table: dict[str, Any], variables: Mapping[str, str]) -> None:
    """Put the `DIDBAN_*` variables over what the file said."""
    ours = {name for name in variables if name.startswith(PREFIX)} - OTHER_VARIABLES
    ours -= {name for name in ours if name.startswith(SECRET_PREFIX)}
    if not ours:
        return
    known = {
        PREFIX + path.upper().replace(".", "_"): (path, hint)
        for path, _, hint in _leaves(Settings, "")
    }
    for name in sorted(ours):
        if name not in known:
            raise ConfigError(f"{_UNKNOWN}{nearest(name, known)}", name)
        path, hint = known[name]
        *sections, last = path.split(".")
        place = table
        for section in sections:
            place = place.setdefault(section, {})
        place[last] = _from_text(variables[name], hint, name)


def _build(cls: type[_T], table: Mapping[str, Any], prefix: str) -> _T:
    """Make the dataclass `cls` of a parsed table; nested tables become nested dataclasses."""
    hints = get_type_hints(cls)
    known = [f"{prefix}{name}" for name in hints]
    bounds = {f.name: f.metadata.get("between") for f in fields(cls)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in table.items():
        path = f"{prefix}{name}"
        if name not in hints:
            raise ConfigError(f"{_UNKNOWN}{nearest(path, known)}", path)
        if not _is_section(hints[name]):
            values[name] = _checked(value, hints[name], path)
            _check_bounds(values[name], bounds[name], path)
        elif isinstance(value, dict):
            values[name] = _build(hints[name], value, f"{path}.")
        else:
            message = "this is a section of settings, not a value"
            raise ConfigError(message, path)
    return cls(**values)


def _checked(value: Any, hint: Any, path: str) -> Any:
    """Return a value of the file as the type that the setting has; text is not taken for numbers."""
    words, is_right, convert = _TYPES[hint]
    if not is_right(value):
        message = f"expected {words}, found {value!r}"
        raise ConfigError(message, path)
    return convert(value)


def _check_bounds(value: Any, between: tuple[float, float] | None, path: str) -> None:
    """Refuse a number that would make every answer empty, or that is none (`nan`)."""
    if between is not None and not between[0] <= value <= between[1]:
        message = f"expected a number from {between[0]:g} to {between[1]:g}, found {value}"
        raise ConfigError(message, path)


def _from_text(text: str, hint: Any, name: str) -> Any:
    """Return the value of a variable as the file would have held it."""
    try:
        if hint is bool:
            return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
        if hint in {int, float}:
            return hint(text)
    except (KeyError, ValueError) as error:
        message = f"expected {_TYPES[hint][0]}, found {text!r}"
        raise ConfigError(message, name) from error
    if hint == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


# Type of a setting -> what to call it, whether a parsed TOML value fits, and how it is kept.
_TYPES: dict[Any, tuple[str, Callable[[object], bool], Callable[[Any], Any]]] = {
    str: ("a text", _is_text, str),
    str | None: ("a text", _is_text, str),
    bool: ("true or false", _is_switch, bool),
    int: ("a whole number", _is_whole, int),
    float: ("a number", _is_number, float),
    Path | None: ("a path", _is_text, Path),
    tuple[str, ...]: ("a list of texts", _is_texts, tuple),
}
