"""The reason of a check: who asks, for which purpose, for which case or post (PR-01, PR-56)."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from didban.errors import PurposeMissing, quoted
from didban.model.purposes import CHECK_PURPOSES, Purpose

MAX_REFERENCE_LENGTH = 200  # characters; a reference names a case, it does not tell it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a check is made. `purpose` is None only in the trace of a check that was refused."""

    who: str
    purpose: Purpose | None
    reference: str


def reason_for(
    purpose: str | None, reference: str | None, *, require_reference: bool = False
) -> Reason:
    """Return the reason of a check that the process's own user is about to make.

    - `purpose` must be one of the closed list of codes;
    - `reference` may be left out unless `require_reference`; it is one line of text.

    Raises `PurposeMissing` with the codes, so that the answer tells how to ask.
    Does not check whether this user may act for this purpose: that is an access decision.
    """
    text = " ".join((reference or "").split()).encode(errors="replace").decode()
    if purpose not in CHECK_PURPOSES:
        found = "no purpose was given" if not purpose else f"{quoted(purpose)} is not a purpose"
        raise PurposeMissing(f"{found}; the codes are: {', '.join(CHECK_PURPOSES)}")
    if require_reference and not text:
        raise PurposeMissing("no reference was given: name the case or the post of this check")
    if len(text) > MAX_REFERENCE_LENGTH:
        raise PurposeMissing(f"a reference has at most {MAX_REFERENCE_LENGTH} characters")
    return Reason(who=current_user(), purpose=Purpose(purpose), reference=text)


def current_user() -> str:
    """Return `user@machine` as the operating system knows them.

    The real user is asked for, not the environment, which anyone can set.
    """
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run under a number that has no name
        name = f"uid:{number}"
    return f"{name}@{os.uname().nodename}"
