"""A device on the spot: no link, no database, nothing heavy; it starts at once, and says its age."""

from __future__ import annotations

import subprocess
import sys

from bank_help import passport
from devices_help import PASSPHRASE
from screening_help import environment

# Any attempt to open a connection, or to load what a device has no use for, ends the process.
_CUT_OFF = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo"):
        raise SystemExit(99)
sys.addaudithook(refuse)
from didban.cli import main
try:
    main()
finally:
    loaded = {name.partition(".")[0] for name in sys.modules}
    heavy = {
        "numpy", "pydantic", "sqlalchemy", "psycopg", "httpx", "starlette", "asyncio", "alembic",
        "structlog", "rich", "babel", "voprf",
    } & loaded
    if heavy:
        print("loaded", sorted(heavy))
        raise SystemExit(98)
"""


def _device(handheld, *arguments: str) -> subprocess.CompletedProcess[str]:
    known = environment(DIDBAN_DEVICE=str(handheld.folder), DIDBAN_DEVICE_PASSPHRASE=PASSPHRASE)
    return subprocess.run(
        [sys.executable, "-c", _CUT_OFF, "device", *arguments],
        env=known,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stolen_passport_is_found_where_there_is_no_link(station, handheld):
    """Opened, asked, brought back: the core and `cryptography` do it alone."""
    memory = ("--memory", str(handheld.memory))
    station.keep(passport("A12345678"))
    handheld.open(station.make(handheld, whole=True))

    opened = _device(handheld, "open", *memory)
    found = _device(handheld, "check", "--document", "XAR:P:A12345678", *memory)
    not_found = _device(handheld, "check", "--document", "XAR:P:B00000001", *memory)
    back = _device(handheld, "return", str(handheld.folder.parent / "back"))

    codes = [done.returncode for done in (opened, found, not_found, back)]
    assert codes == [0, 10, 0, 0], [done.stdout + done.stderr for done in (opened, found, back)]
    assert "POSSIBLE MATCH" in found.stdout
    assert "old." in found.stdout
