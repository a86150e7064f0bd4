"""Puts what pages load from npm packages in place: `python -m tools.assets [--npm NPM]`.

`npm ci` takes the versions and integrity hashes of package-lock.json; the files named here are
copied to src/didban/web/static/vendor, which git ignores and a wheel carries.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
VENDOR: Final = ROOT / "src" / "didban" / "web" / "static" / "vendor"

_SANS: Final = "@fontsource-variable/noto-sans/files/noto-sans"
_MONO: Final = "@fontsource-variable/noto-sans-mono/files/noto-sans-mono"

FILES: Final = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "noto-sans-latin.woff2": f"{_SANS}-latin-wght-normal.woff2",
    "noto-sans-latin-ext.woff2": f"{_SANS}-latin-ext-wght-normal.woff2",
    "noto-sans-cyrillic.woff2": f"{_SANS}-cyrillic-wght-normal.woff2",
    "noto-sans-cyrillic-ext.woff2": f"{_SANS}-cyrillic-ext-wght-normal.woff2",
    "noto-sans-mono-latin.woff2": f"{_MONO}-latin-wght-normal.woff2",
    "vazirmatn.woff2": "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2",
    "cytoscape.js": "cytoscape/dist/cytoscape.min.js",
    "layout-base.js": "layout-base/layout-base.js",
    "cose-base.js": "cose-base/cose-base.js",
    "cytoscape-fcose.js": "cytoscape-fcose/cytoscape-fcose.js",
    "countries-110m.json": "world-atlas/countries-110m.json",
}
"""File below `vendor` -> file of a package. Everything else of a package stays where it is."""


def main() -> int:
    """Install the packages and copy their files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--npm", default="npm", help="the npm to use")
    npm = parser.parse_args().npm
    subprocess.run([npm, "ci", "--silent"], cwd=ROOT, check=True)  # noqa: S603 - as given
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
