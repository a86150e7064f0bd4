"""All settings of one installation: defaults, then `didban.toml`, then `DIDBAN_*` variables.

One frozen tree, built once at the edge and handed down; nothing below reads a file or a variable.
Every key has a type, a unit where it measures something, and the reason to change it; the same
table makes `docs/reference/settings.md`. A key that is not known is an error, because a misspelt
limit that silently keeps its default is worse than a stop.

pydantic is left out on purpose: its import takes longer than a whole check may.
"""

from __future__ import annotations

from didban.settings.between_nodes import (
    Devices,
    Exchange,
    Messages,
    Notices,
    Questions,
    Sharing,
)
from didban.settings.loading import (
    OTHER_VARIABLES,
    PREFIX,
    SECRET_PREFIX,
    SETTINGS_FILE,
    Key,
    keys,
    load,
    problems,
)
from didban.settings.sections import (
    Access,
    Casework,
    Charter,
    Desk,
    Node,
    Notify,
    Records,
    Retention,
    Rights,
    Screening,
    Serving,
    Settings,
    Staleness,
)

__all__ = [
    "OTHER_VARIABLES",
    "PREFIX",
    "SECRET_PREFIX",
    "SETTINGS_FILE",
    "Access",
    "Casework",
    "Charter",
    "Desk",
    "Devices",
    "Exchange",
    "Key",
    "Messages",
    "Node",
    "Notices",
    "Notify",
    "Questions",
    "Records",
    "Retention",
    "Rights",
    "Screening",
    "Serving",
    "Settings",
    "Sharing",
    "Staleness",
    "keys",
    "load",
    "problems",
]
