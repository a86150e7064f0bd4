"""An explanation of what somebody sees of a record, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from didban.guard.explaining import Rule
from didban.guard.fields import Bar, Field
from didban.model.permissions import Permission, Role
from didban.web.i18n import N_

if TYPE_CHECKING:
    from didban.guard.access import Decision
    from didban.guard.explaining import Explanation
    from didban.web.desk import Desk

_DEEDS: Final = {
    Permission.BANK_RECORD_READ: N_("Read the record"),
    Permission.BANK_RECORD_READ_FULL: N_("Read its statements, links and disputes"),
    Permission.ANALYSIS_FILE_READ: N_("Open the file of a person"),
    Permission.BANK_SEARCH_ASK: N_("Find it by a search"),
}
_RULES: Final = {
    Rule.ACTIVE: (N_("The user may sign in."), N_("The user may not sign in.")),
    Rule.CLEARANCE: (
        N_("The clearance reaches as far as the confidentiality of the record."),
        N_("The record is more confidential than the clearance allows."),
    ),
    Rule.AUDIENCE: (
        N_("The owner lets the authority know of the record."),
        N_("The owner does not let the authority know of the record."),
    ),
    Rule.STANDING: (
        N_("The record is in force, or of the own authority."),
        N_("The record is not in force: its owner alone reads it."),
    ),
    Rule.TOLD: (
        N_("A search shows what the record says."),
        N_("A search tells only that the record exists: its owner is asked for more."),
    ),
}
_BARS: Final = {
    Bar.ROLE: N_("No role that acts for this purpose is shown it."),
    Bar.PURPOSE: N_("The purpose of the session does not need it."),
    Bar.OTHER_PURPOSE: N_(
        "The record is kept for another purpose, and its owner has not consented."
    ),
    Bar.CONDITIONS: N_("The conditions of the owner are not acknowledged yet."),
    Bar.PROTECTED: N_("The person is protected from this authority."),
}
_REMEDIES: Final = {
    Bar.ROLE: N_("Ask a colleague whose role is shown it."),
    Bar.PURPOSE: N_("Sign in for the purpose for which you need it, if that is your task."),
    Bar.OTHER_PURPOSE: N_("Ask the owner to consent to your purpose."),
    Bar.CONDITIONS: N_("Read the conditions on the page of the record, and acknowledge them."),
    Bar.PROTECTED: "",
}


def told(desk: Desk, found: Explanation) -> dict[str, Any]:
    """Return what the pages of an explanation show."""
    say = desk.gettext
    return {
        "found": found,
        "deeds": [
            (say(_DEEDS[deed]), decision.is_allowed, _because(desk, decision))
            for deed, decision in found.deeds.items()
        ],
        "rules": [(met, say(_RULES[rule][0 if met else 1])) for rule, met in found.rules.items()],
        "hidden": [
            (desk.speech.term(part, "Field"), say(_BARS[bar]), say(_REMEDIES[bar] or " ").strip())
            for part in Field
            if (bar := found.hidden.get(part))
        ],
    }


def _because(desk: Desk, decision: Decision) -> str:
    """Return the reasons of a decision (`guard.access.decide`) in words."""
    words = []
    for reason in decision.reasons:
        kind, _, code = reason.partition(":")
        if kind == "role":
            role = desk.speech.term(Role(code))
            words.append(desk.gettext(N_("as %(role)s"), role=role))
        elif kind == "purpose":
            purpose = desk.speech.term(code, "Purpose")
            words.append(desk.gettext(N_("not for the purpose: %(purpose)s"), purpose=purpose))
        else:
            words.append(desk.gettext(N_("no role of the user includes it")))
    return ", ".join(words)
