"""The mapping file of a CSV source: which column says what. TOML; `docs/reference/mapping.md`.

It is checked whole before a row is read, and all that is wrong is told at once, by its place in the
file, with the nearest right name. A wrong mapping raises `InvalidInput`: it is the caller's to mend.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from didban.errors import InvalidInput, nearest
from didban.intake.readers.values import DOCUMENT_STATUSES, document_status, document_type
from didban.model.countries import country
from didban.model.schemata import Schema, schema, schemata

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

_TOP_KEYS: Final = frozenset(
    {
        "schema",
        "id",
        "id_prefix",
        "delimiter",
        "encoding",
        "separator",
        "date_formats",
        "day_first",
        "columns",
        "constants",
        "documents",
    }
)
_COLUMN_KEYS: Final = frozenset({"property", "separator", "date_formats", "day_first"})
_DOCUMENT_COLUMNS: Final = ("number", "number_to", "issuer", "type", "status", "issued", "expires")
_DOCUMENT_CONSTANTS: Final = ("issuer", "type", "status")
_DOCUMENT_KEYS: Final = frozenset(
    {f"{name}_column" for name in _DOCUMENT_COLUMNS} | set(_DOCUMENT_CONSTANTS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """What the cells of one column are: values of `property`, split at `separator` if there is one.

    `date_formats` are `strptime` patterns, tried before the general reading of dates.
    """

    column: str
    property: str
    separator: str | None = None
    date_formats: tuple[str, ...] = ()
    day_first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRule:
    """Where a document's parts stand: part -> column, and part -> constant."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """A whole mapping file, checked; columns are compared with the header by `missing_columns`."""

    schema: str
    id_column: str | None = None
    id_prefix: str | None = None
    delimiter: str = ","
    encoding: str | None = None
    columns: tuple[ColumnRule, ...] = ()
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    documents: tuple[DocumentRule, ...] = ()

    def missing_columns(self, header: Sequence[str]) -> list[str]:
        """Return, in words, each column that the mapping names and the header lacks or repeats."""
        named = [self.id_column] if self.id_column else []
        named += [rule.column for rule in self.columns]
        named += [column for rule in self.documents for column in rule.columns.values()]
        wanted = list(dict.fromkeys(named))
        missing = [
            f"the file has no column '{n}'{nearest(n, header)}" for n in wanted if n not in header
        ]
        repeated = [f"the file has several columns '{n}'" for n in wanted if header.count(n) > 1]
        return missing + repeated


def load_mapping(path: Path) -> TableMapping:
    """Read and check a mapping file. Raises `InvalidInput` with all that is wrong, one per line."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"mapping {path.name}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"mapping {path.name}: is not TOML: {error}") from error
    checker = _Checker(data)
    mapping = checker.mapping()
    if checker.problems:
        lines = "".join(f"\n  {problem}" for problem in checker.problems)
        raise InvalidInput(f"mapping {path.name}:{lines}")
    return mapping


class _Checker:
    """Reads the parts of a mapping, and gathers problems instead of stopping at the first."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self.problems: list[str] = []
        self._separator = self._text("separator")
        self._date_formats = self._texts("date_formats")
        self._day_first = self._flag("day_first", default=True)

    def mapping(self) -> TableMapping:
        """Return the mapping; it is of use only when there are no problems."""
        data = self._data
        self._unknown_keys("", data, _TOP_KEYS)
        named = self._schema()
        columns = tuple(self._columns(named))
        documents = tuple(self._documents())
        constants = self._constants(named)
        if not columns and not documents and not self.problems:
            self.problems.append("columns: names no column, so nothing would be read")
        delimiter = self._text("delimiter") or ","
        if len(delimiter) != 1:
            self.problems.append("delimiter: must be one character")
        encoding = self._text("encoding")
        if encoding and not _is_encoding(encoding):
            self.problems.append(f"encoding: '{encoding}' is none we know (such as 'cp1256')")
        return TableMapping(
            schema=named.name if named else "",
            id_column=self._text("id"),
            id_prefix=self._text("id_prefix"),
            delimiter=delimiter,
            encoding=encoding,
            columns=columns,
            constants=constants,
            documents=documents,
        )

    def _schema(self) -> Schema | None:
        name = self._text("schema")
        if name is None:
            self.problems.append('schema: is missing; say what each row is, such as "Person"')
            return None
        found = schema(name)
        if found is None:
            self.problems.append(f"schema: there is no '{name}'{nearest(name, schemata())}")
        return found

    def _columns(self, named: Schema | None) -> list[ColumnRule]:
        rules = []
        for column, rule in self._table("columns").items():
            place = f'columns."{column}"'
            if isinstance(rule, str):
                rule = {"property": rule}  # noqa: PLW2901 - the short form of the same
            if not isinstance(rule, dict) or not isinstance(rule.get("property"), str):
                self.problems.append(f"{place}: must be a property's name, or a table with one")
                continue
            self._unknown_keys(place, rule, _COLUMN_KEYS)
            self._check_property(place, rule["property"], named)
            rules.append(
                ColumnRule(
                    column=column,
                    property=rule["property"],
                    separator=self._text("separator", rule, place) or self._separator,
                    date_formats=self._texts("date_formats", rule, place) or self._date_formats,
                    day_first=self._flag("day_first", rule, place, default=self._day_first),
                )
            )
        return rules

    def _constants(self, named: Schema | None) -> dict[str, tuple[str, ...]]:
        constants = {}
        for name, value in self._table("constants").items():
            place = f"constants.{name}"
            values = [value] if isinstance(value, str) else value
            if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
                self.problems.append(f"{place}: must be text or a list of texts")
                continue
            self._check_property(place, name, named)
            constants[name] = tuple(values)
        return constants

    def _documents(self) -> list[DocumentRule]:
        tables = self._data.get("documents", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.problems.append("documents: each must be a table of its own: [[documents]]")
            return []
        return [self._document(f"documents[{n}]", table) for n, table in enumerate(tables, 1)]

    def _document(self, place: str, table: dict[str, Any]) -> DocumentRule:
        self._unknown_keys(place, table, _DOCUMENT_KEYS)
        columns = {
            part: column
            for part in _DOCUMENT_COLUMNS
            if (column := self._text(f"{part}_column", table, place))
        }
        constants = {
            part: value for part in _DOCUMENT_CONSTANTS if (value := self._text(part, table, place))
        }
        if "number" not in columns:
            self.problems.append(f"{place}: needs number_column, the column of the numbers")
        for part in sorted(columns.keys() & constants.keys()):
            self.problems.append(f"{place}: has both {part} and {part}_column; give one")
        self._check_document_constants(place, constants)
        return DocumentRule(columns=columns, constants=constants)

    def _check_document_constants(self, place: str, constants: Mapping[str, str]) -> None:
        if "issuer" in constants and country(constants["issuer"]) is None:
            self.problems.append(f"{place}.issuer: '{constants['issuer']}' is no state we know")
        if "type" in constants and document_type(constants["type"]) is None:
            self.problems.append(
                f"{place}.type: '{constants['type']}' is no code such as P, I or V"
            )
        if "status" in constants and document_status(constants["status"]) is None:
            words = ", ".join(DOCUMENT_STATUSES)
            self.problems.append(f"{place}.status: '{constants['status']}' is none of {words}")

    def _check_property(self, place: str, name: str, named: Schema | None) -> None:
        if named is not None and name not in named.properties:
            near = nearest(name, named.properties)
            self.problems.append(f"{place}: {named.name} has no property '{name}'{near}")

    def _unknown_keys(self, place: str, table: dict[str, Any], known: Collection[str]) -> None:
        dot = f"{place}." if place else ""
        self.problems += [
            f"{dot}{key}: is no setting of a mapping{nearest(key, known)}"
            for key in table
            if key not in known
        ]

    def _table(self, key: str) -> dict[str, Any]:
        value = self._data.get(key, {})
        if isinstance(value, dict):
            return value
        self.problems.append(f"{key}: must be a table: [{key}]")
        return {}

    def _text(self, key: str, table: dict[str, Any] | None = None, place: str = "") -> str | None:
        value = (self._data if table is None else table).get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self._add(place, key, "must be text, and not empty")
        return None

    def _texts(
        self, key: str, table: dict[str, Any] | None = None, place: str = ""
    ) -> tuple[str, ...]:
        value = (self._data if table is None else table).get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._add(place, key, 'must be a list of texts, such as ["%d.%m.%Y"]')
        return ()

    def _flag(
        self,
        key: str,
        table: dict[str, Any] | None = None,
        place: str = "",
        *,
        default: bool,
    ) -> bool:
        value = (self._data if table is None else table).get(key, default)
        if isinstance(value, bool):
            return value
        self._add(place, key, "must be true or false")
        return default

    def _add(self, place: str, key: str, what: str) -> None:
        problem = f"{place}.{key}: {what}" if place else f"{key}: {what}"
        if problem not in self.problems:
            self.problems.append(problem)


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except LookupError:
        return False
    return True
