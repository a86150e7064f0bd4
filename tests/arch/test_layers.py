"""The tree is the architecture: who may import whom stands in pyproject.toml and is checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_import_contract_is_kept(root: Path):
    """Layers, purity of the core and the absence of cycles hold for the code as it stands."""
    lint = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run(
        [lint, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout
