"""`python -m didban` is the same as the command `didban`."""

from __future__ import annotations

from didban.cli import main

if __name__ == "__main__":
    main()
