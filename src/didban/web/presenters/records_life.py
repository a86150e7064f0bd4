"""The deeds of a record's life as pages ask for them."""

from __future__ import annotations

from typing import Final

from didban.intake.status import StatusEvent
from didban.model.attachments import AttachmentRole
from didban.model.disputes import Decision, DisputedBy, Ground
from didban.web.forms import MAX_TEXT
from didban.web.i18n import N_
from didban.web.presenters.steps import Ask, Step

_REASON: Final = Ask(field="reason", label=N_("Reason"), hint=N_("It is kept with the version."))
_GROUNDS: Final = tuple(
    one for one in Ground if one not in {Ground.OWNER_WITHDREW, Ground.FLAGGED, Ground.RECOVERED}
)

CONFIRM: Final = Step(
    deed="records_life.confirm",
    heading=N_("Confirm that it still holds"),
    consequences=(
        N_("The record stays as it is and counts as confirmed today."),
        N_("A suspension because nobody had confirmed it ends."),
    ),
    button=N_("Confirm the record"),
)
WITHDRAW: Final = Step(
    deed="records_life.withdraw",
    heading=N_("Withdraw the record"),
    consequences=(
        N_("Within a second it is found no more, here and at every node that has a copy."),
        N_(
            "Its versions are kept for your authority until they are erased. It cannot be undone: to have it again, enter it again."
        ),
    ),
    asks=(
        Ask(field="ground", label=N_("Ground"), how="radios", among=_GROUNDS),
        _REASON,
    ),
    button=N_("Withdraw the record"),
    is_grave=True,
)
STATUS: Final = Step(
    deed="records_life.change_status",
    heading=N_("What became of the person"),
    consequences=(
        N_("From now on nothing is asked about the person. The record is found as suspended."),
        N_(
            "Another person of your authority reviews it within 24 hours: corrects, lifts the suspension or withdraws."
        ),
    ),
    asks=(
        Ask(field="event", label=N_("What happened"), how="radios", among=tuple(StatusEvent)),
        _REASON,
    ),
    button=N_("Suspend the record"),
)
LIFT: Final = Step(
    deed="records_life.lift",
    heading=N_("Lift the suspension"),
    consequences=(N_("What the record asks is asked again, unless another cause suspends it."),),
    asks=(_REASON,),
    button=N_("Lift the suspension"),
)
VALIDATE: Final = Step(
    deed="records_life.validate",
    heading=N_("Validate the report"),
    consequences=(N_("The documents are found in checks within a second, and are to be seized."),),
    button=N_("Validate the report"),
)
REJECT: Final = Step(
    deed="records_life.reject",
    heading=N_("Refuse the report"),
    consequences=(N_("It is never found. Whoever entered it reads your reason."),),
    asks=(_REASON,),
    button=N_("Refuse the report"),
    is_grave=True,
)
RECOVER: Final = Step(
    deed="records_life.recover",
    heading=N_("The document is back"),
    consequences=(
        N_("It is found in checks no more. What was so before that day stays so."),
        N_("Then withdraw the record, or declare the document invalid."),
    ),
    asks=(Ask(field="on", label=N_("Back since"), how="day", is_needed=False),),
    button=N_("Enter that it is back"),
)
INVALIDATE: Final = Step(
    deed="records_life.invalidate",
    heading=N_("Declare the document invalid"),
    consequences=(N_("It is found again as invalid, and nothing is asked of who shows it."),),
    button=N_("Declare it invalid"),
)
ACHIEVED: Final = Step(
    deed="records_life.note_achieved",
    heading=N_("The purpose is achieved"),
    consequences=(
        N_(
            "A reviewer of your authority deletes the record or justifies keeping it, within fifteen days."
        ),
        N_("Without an answer it is suspended."),
    ),
    button=N_("Enter that it is achieved"),
)
DISPUTE: Final = Step(
    deed="disputes.dispute",
    heading=N_("Dispute the record"),
    consequences=(
        N_(
            "Its owner has fifteen days to answer. It is still found, and every answer says that it is disputed."
        ),
    ),
    asks=(
        Ask(field="by", label=N_("Who doubts it"), how="radios", among=tuple(DisputedBy)),
        Ask(field="ground", label=N_("What is wrong with it"), most=MAX_TEXT),
    ),
    button=N_("Dispute the record"),
)
COUNTER: Final = Step(
    deed="disputes.counter",
    heading=N_("Say what speaks against it"),
    consequences=(N_("It is shown wherever the record is shown, and its owner cannot remove it."),),
    asks=(
        Ask(field="text", label=N_("What speaks against it"), most=MAX_TEXT),
        Ask(field="file", label=N_("A file that shows it"), how="file", is_needed=False),
    ),
    button=N_("Attach it"),
)
DECIDE: Final = Step(
    deed="disputes.decide",
    heading=N_("Answer the dispute"),
    consequences=(
        N_("Every open dispute of the record is answered with these words."),
        N_("Upheld with a change: you correct the record on the next page, and that answers it."),
        N_("Withdrawn: within a second it is found no more, here and at other nodes."),
    ),
    asks=(
        Ask(field="decision", label=N_("Decision"), how="radios", among=tuple(Decision)),
        Ask(field="answer", label=N_("Answer"), hint=N_("Who raised the dispute reads it.")),
    ),
    button=N_("Answer the dispute"),
)
ATTACH: Final = Step(
    deed="records_life.attach",
    heading=N_("Attach a photo or a file"),
    consequences=(
        N_("It is marked like the record, and shown to whoever may see that part of it."),
    ),
    asks=(
        Ask(
            field="role",
            label=N_("What it shows"),
            how="radios",
            among=tuple(
                one for one in AttachmentRole if one is not AttachmentRole.COUNTER_EVIDENCE
            ),
        ),
        Ask(field="title", label=N_("Title"), how="line", is_needed=False, most=200),
        Ask(field="file", label=N_("File"), how="file"),
    ),
    button=N_("Attach it"),
)
DETACH: Final = Step(
    deed="records_life.detach",
    heading=N_("Remove the file for good"),
    consequences=(N_("Nobody sees it any more. It cannot be brought back."),),
    button=N_("Remove the file"),
    is_grave=True,
)
