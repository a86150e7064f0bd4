"""The OFAC list as a folder of comma-separated files without headers, joined by `ent_num`.

`sdn.csv` holds one entry a row, `alt.csv` its other names, `add.csv` its addresses, and
`sdn_comments.csv`, where present, the end of remarks that did not fit into 1,000 characters. The
list of non-SDN entries (`cons_prim.csv` ...) has the same columns. "-0-" stands for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.readers.base import Change, Reject
from didban.intake.readers.draft import Draft
from didban.intake.readers.grouping import Groups
from didban.intake.readers.names import NameKind
from didban.intake.readers.streams import read_rows
from didban.intake.readers.text import clean
from didban.intake.readers.us_labels import add_remarks
from didban.intake.readers.us_links import NamedLinks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from didban.intake.readers.base import RejectSink, Source
    from didban.intake.readers.grouping import Row

_SCHEMATA: Final = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_ALIAS_KINDS: Final = {"aka": NameKind.ALIAS, "fka": NameKind.FORMER, "nka": NameKind.ALIAS}
_ENTRY_COLUMNS: Final = 12
_REMARKS: Final = 11
_LONGEST_REMARKS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One of the files: its names, how many columns it has, whether a list may do without it."""

    role: str
    names: tuple[str, ...]
    columns: int
    is_optional: bool = False


_FILES: Final = (
    _File(role="entry", names=("sdn.csv", "cons_prim.csv"), columns=_ENTRY_COLUMNS),
    _File(role="alias", names=("alt.csv", "cons_alt.csv"), columns=5),
    _File(role="address", names=("add.csv", "cons_add.csv"), columns=6),
    _File(
        role="comment",
        names=("sdn_comments.csv", "cons_comments.csv"),
        columns=2,
        is_optional=True,
    ),
)


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per entry with its aliases and addresses, then the relations.

    Raises InvalidFile when one of the three files is missing or the entries' file has other columns.
    Refuses a row with another number of columns, an alias or address without an entry, and a second
    row with the same number.
    """
    paths = {file: _find(source.path, file) for file in _FILES}
    for file, path in paths.items():
        if path is None and not file.is_optional:
            raise InvalidFile(f"{source.path.name}: the folder has no {file.names[0]}")
    links = NamedLinks(prefix="ofac", dataset=source.name)
    with Groups() as groups:
        for file, path in paths.items():
            if path is not None:
                _gather(groups, file, path, _for_file(reject, source, path))
        for number, rows in groups:
            entry = _entry(number, rows, source, reject)
            if entry is None:
                continue
            draft = _draft(number, entry, rows, source.name)
            links.expect(draft.id, _add_remarks(draft, entry, rows, source, reject))
            record = draft.record()
            links.learn(record)
            yield Change.add(record)
    yield from map(Change.add, links.records())


def _find(folder: Path, file: _File) -> Path | None:
    """Return the path of one of the files, whatever the case of its name, packed or not."""
    wanted = {name + packing for name in file.names for packing in ("", ".gz")}
    return next((path for path in sorted(folder.iterdir()) if path.name.lower() in wanted), None)


def _gather(groups: Groups, file: _File, path: Path, reject: RejectSink) -> None:
    """Add the rows of one file to the groups, each with its file's role as first cell."""
    accepted = 0
    for line, cells in read_rows(path, path.name, reject):
        number = cells[0].strip()
        if len(cells) != file.columns or not number.isascii() or not number.isdigit():
            reason = f"is not a row of {file.columns} columns that begins with a number"
            reject(Reject(source=path.name, line=line, reason=reason, row=",".join(cells)))
            continue
        accepted += 1
        groups.add(number, line, [file.role, *map(clean, cells)])
    if not accepted and file.role == "entry":
        raise InvalidFile(f"{path.name}: holds no row of {file.columns} columns at all")


def _for_file(reject: RejectSink, source: Source, path: Path) -> RejectSink:
    """Return a sink that names the file, and leaves out the note on its end mark (0x1A)."""

    def sink(item: Reject) -> None:
        if not (item.is_note and not item.row.strip()):
            reject(replace(item, source=source.name, reason=f"{path.name}: {item.reason}"))

    return sink


def _entry(number: str, rows: list[Row], source: Source, reject: RejectSink) -> Row | None:
    """Return the entry of a group; refuse the rows of a group that has none, and second entries."""
    entries = [(line, cells[1:]) for line, cells in rows if cells[0] == "entry"]
    surplus = entries[1:] if entries else [(line, cells[1:]) for line, cells in rows]
    reason = f"{number} has an entry already" if entries else f"there is no entry {number}"
    for line, cells in surplus:
        reject(Reject(source=source.name, line=line, reason=reason, row=",".join(cells)))
    return entries[0] if entries else None


def _draft(number: str, entry: Row, rows: list[Row], dataset: str) -> Draft:
    """Return the draft of an entry with its aliases and addresses, without its remarks."""
    _, name, kind, programs, title, call_sign, vessel, tonnage, gross, flag, owner, _ = entry[1]
    draft = Draft(f"ofac-{number}", _SCHEMATA.get(kind, "Organization"), dataset=dataset)
    draft.add_name(name)
    draft.add("listReference", number)
    draft.add("program", *programs.replace("[", "]").split("]"))
    draft.add("topics", "sanction")
    draft.add("position", title)
    draft.add("callSign", call_sign)
    draft.add("type", vessel)
    draft.add("tonnage", tonnage.replace(",", ""))
    draft.add("grossRegisteredTonnage", gross.replace(",", ""))
    draft.add_states("flag", flag)
    draft.note(f"vessel owner: {owner}" if owner else "")
    for _, (role, *cells) in rows:
        if role == "alias":
            draft.add_name(cells[3], _ALIAS_KINDS.get(cells[2].lower(), NameKind.ALIAS))
            draft.note(cells[4])
        elif role == "address":
            draft.add_address(cells[2:4], stated=cells[4])
            draft.note(f"address: {cells[5]}" if cells[5] else "")
    return draft


def _add_remarks(
    draft: Draft, entry: Row, rows: list[Row], source: Source, reject: RejectSink
) -> list[str]:
    """Add the remarks of an entry with their continuation; return the names they link to."""
    line, cells = entry
    rest = [cells[2] for _, cells in rows if cells[0] == "comment"]
    remarks = "".join((cells[_REMARKS], *rest))
    is_cut = len(remarks) == _LONGEST_REMARKS and not rest and not remarks.endswith(".")
    if is_cut:
        reason = "the remarks are cut off, and no sdn_comments.csv continues them"
        row = remarks[-80:]
        reject(Reject(source=source.name, line=line, reason=reason, row=row, is_note=True))
    return add_remarks(draft, remarks, is_cut=is_cut) if remarks else []
