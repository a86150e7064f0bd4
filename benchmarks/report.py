"""Put the kept tables into the reference page, each between its two markers.

    python -m benchmarks.report

The page's own words stay untouched. A table that this machine has not measured stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks import figures
from benchmarks.material import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def fill(page: str, tables: Mapping[str, figures.Table]) -> str:
    """Return the page with the text between `<!-- table NAME -->` and `<!-- end -->` replaced."""

    def replaced(found: re.Match[str]) -> str:
        table = tables.get(found["name"])
        body = f"\n{table.markdown()}\n" if table else found["body"]
        return f"<!-- table {found['name']} -->{body}<!-- end -->"

    pattern = r"<!-- table (?P<name>[\w-]+) -->(?P<body>.*?)<!-- end -->"
    return re.sub(pattern, replaced, page, flags=re.DOTALL)


def main() -> None:
    """Fill the page from the tables that were measured on this machine."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(fill(page, figures.kept()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
