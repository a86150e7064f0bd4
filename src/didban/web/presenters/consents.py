"""The deeds by which owners let others use or hand on their records, as pages ask for them."""

from __future__ import annotations

from typing import Final

from didban.model.onward import Onward
from didban.web.i18n import N_
from didban.web.presenters.entries.marking import PURPOSES
from didban.web.presenters.steps import Ask, Step

_WHO: Final = Ask(field="authority", label=N_("Authority"), how="choice")
_UNTIL: Final = Ask(
    field="until", label=N_("Until"), how="day", hint=N_("No later than the record is kept.")
)

LET_USE: Final = Step(
    deed="consents.let_use",
    heading=N_("Let another authority use the record"),
    consequences=(
        N_("The authority may use the record for this other purpose until that day."),
        N_("The consent has an identifier, which goes with every use."),
    ),
    asks=(_WHO, Ask(field="purpose", label=N_("Purpose"), how="choice", among=PURPOSES), _UNTIL),
    button=N_("Give the consent"),
)
LET_HAND_ON: Final = Step(
    deed="consents.let_hand_on",
    heading=N_("Let another authority hand the record on"),
    consequences=(
        N_("The authority may hand the record on to a court, or to the third party that you name."),
        N_("The consent has an identifier, which goes with every use."),
    ),
    asks=(
        _WHO,
        Ask(
            field="use",
            label=N_("To whom"),
            how="radios",
            among=(Onward.COURT, Onward.THIRD_PARTY),
        ),
        Ask(
            field="recipient",
            label=N_("The third party"),
            how="code",
            hint=N_("Its code. Only for a third party."),
            is_needed=False,
        ),
        _UNTIL,
    ),
    button=N_("Give the consent"),
)
HAND_ON: Final = Step(
    deed="consents.hand_on",
    heading=N_("Hand the record on"),
    consequences=(
        N_(
            "A record of your own authority is made for the recipient alone. It says from whom you have it, and asks nothing."
        ),
        N_("When its owner corrects or withdraws the original, yours follows."),
    ),
    asks=(
        Ask(
            field="consent",
            label=N_("Consent of its owner"),
            how="code",
            hint=N_("Its identifier, as the owner gave it."),
        ),
    ),
    button=N_("Hand the record on"),
)
