"""The description of the node's interface, as `docs/reference` keeps it: complete, and by path."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from didban.api.node_app import create
from didban.api.openapi import operations
from didban.guard.secrets import Secrets
from didban.serving.services import Services
from didban.settings import Settings
from didban.store.database import Database

FILE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "openapi.json"


class _Known(dict[str, str]):
    """Variables of an environment in which every secret has some value: none is used here."""

    def __contains__(self, name: object) -> bool:
        return str(name).startswith("DIDBAN_SECRET_") and not str(name).endswith("_FILE")

    def __missing__(self, _name: str) -> str:
        return base64.b64encode(bytes(32)).decode()


def description() -> dict[str, Any]:
    """Return the whole description. Nothing is opened for it."""
    services = Services(
        database=Database("postgresql:///none"),
        settings=Settings(),
        secrets=Secrets(Path(), environment=_Known()),
    )
    return create(services).openapi()


def as_text() -> str:
    """Return the description as `openapi.json` holds it."""
    return json.dumps(description(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def tables() -> str:
    """Return every operation by room, as Markdown."""
    rooms: dict[str, list[str]] = {}
    for method, path, operation in operations(description()):
        room = operation["tags"][0]
        rooms.setdefault(room, []).append(_row(method, path, operation))
    return "\n\n".join(_room(room, rows) for room, rows in sorted(rooms.items()))


def _room(room: str, rows: list[str]) -> str:
    head = ["| call | permission | what it does |", "|---|---|---|"]
    title = room.replace("_", " ").capitalize()
    return "\n".join([f"## {title}", "", *head, *rows])


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    permission = operation.get("x-permission")
    needed = f"`{permission}`" if permission else f"none: {operation['x-open-because']}"
    about = operation["summary"].replace("|", "\\|")
    return f"| `{method.upper()} {path}` | {needed} | {about} |"
