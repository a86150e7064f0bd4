"""The lists of the US Treasury's Office of Foreign Assets Control, in three official layouts.

A folder is the comma-separated triple; of an XML file, the root element tells the classic from the
ENHANCED layout. Identifiers agree between them: `ofac-` and `ent_num`, `uid` or the entity's `id`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.errors import InvalidFile
from didban.intake.readers import ofac_classic, ofac_csv, ofac_enhanced
from didban.intake.readers.xml import read_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from didban.intake.readers.base import Change, Reader, RejectSink, Source

#: The root of the ADVANCED layout, which the ENHANCED one replaces.
_ADVANCED: Final = "Sanctions"
_XML_LAYOUTS: Final[Mapping[str, Reader]] = {
    ofac_classic.ROOT: ofac_classic,
    ofac_enhanced.ROOT: ofac_enhanced,
}


def read(source: Source, reject: RejectSink) -> Iterator[Change]:
    """Yield one record per entry, and the relations between entries.

    Raises InvalidFile when the path is none of the three layouts.
    """
    if source.path.is_dir():
        return ofac_csv.read(source, reject)
    if source.path.name.lower().endswith((".csv", ".csv.gz")):
        reason = "is one of the three CSV files of this list; name the folder that holds them"
        raise InvalidFile(f"{source.path.name}: {reason}")
    return _XML_LAYOUTS[_root(source)].read(source, reject)


def source_date(source: Source) -> date | None:
    """Return the day of publication; the comma-separated files do not state one."""
    if source.path.is_dir():
        return None
    return _XML_LAYOUTS[_root(source)].source_date(source)


def _root(source: Source) -> str:
    """Return the name of the root element, if it is that of a layout we read."""
    root = read_root(source, roots=[*_XML_LAYOUTS, _ADVANCED]).tag
    if root == _ADVANCED:
        reason = "is the ADVANCED layout; fetch the classic or the ENHANCED XML instead"
        raise InvalidFile(f"{source.path.name}: {reason}")
    return root
