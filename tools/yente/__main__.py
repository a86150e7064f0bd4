"""Runs the HTTP tests of a checkout of yente, unmodified, against `didban serve`.

    git clone https://github.com/opensanctions/yente
    .venv/bin/python -m tools.yente yente

The tests stay where they are and import what they always import; `tools.yente.beside` stands where
their `conftest` and the modules of yente would be, and their client asks a service of ours over
HTTP. Further arguments go to pytest: `-k match`, `-x` ...
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import pytest

FILES: Final = ("app", "base", "entity", "match", "reconcile", "search", "trace_context")
"""Their files that ask over HTTP; the others test functions of theirs."""


def main() -> int:
    """Run the tests; return pytest's exit code."""
    if len(sys.argv) < 2:  # noqa: PLR2004 - a command without an argument
        print(__doc__)
        return 2
    checkout = Path(sys.argv[1]).resolve()
    sys.path.insert(0, os.fspath(checkout))
    files = [checkout / "tests" / f"test_{name}.py" for name in FILES]
    return pytest.main(
        [
            *(
                "-p",
                "tools.yente.beside",
                "--noconftest",
                "-c",
                os.devnull,
                "-p",
                "no:cacheprovider",
            ),
            *("--rootdir", os.fspath(checkout), "-rfxX", "--tb=short", "-q", *sys.argv[2:]),
            *(os.fspath(file) for file in files if file.is_file()),
        ]
    )


sys.exit(main())
