"""What each task is for, what to do there and what happens next: a paragraph of the help each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS: Final[Mapping[str, str]] = {
    "home": N_(
        "What waits for you, by deadline; what changed in files that you watch; what you "
        "did last. Begin at the top."
    ),
    "shelf": N_("The files that you watch, and those that you opened last."),
    "checks": N_(
        "Scan a document, or type its number. The large line is the answer; the three under "
        "it say what to do. That nothing was found proves nothing."
    ),
    "passengers": N_(
        "Take in a list of passengers. Those who resemble somebody come first; names of the "
        "others are masked when their time is over."
    ),
    "hits": N_(
        "Take the topmost. Compare value by value, ask the owner of the record, and decide "
        "only once the owner has confirmed. A second person confirms what was decided."
    ),
    "questions": N_(
        "Other authorities ask whether somebody is the person of your record. Answer before "
        "the deadline; that you do not know is an answer too."
    ),
    "messages": N_(
        "Letters between authorities. What must be answered stands first, with its "
        "deadline. What you acknowledge, the sender knows that you have."
    ),
    "notices": N_(
        "A notice asks the whole network. One person drafts it, another reviews it, then it "
        "is published; it ends on its day, or when you cancel it."
    ),
    "peer_checks": N_(
        "Ask other nodes whether they know a person or a document. They answer that there "
        "is something or nothing, and no more."
    ),
    "reviews": N_(
        "An alert of another state asks something of us. Decide whether it may count here "
        "before anybody acts on it."
    ),
    "contacts": N_(
        "Who is told when something waits, and in which way. Keep a contact for each post, "
        "by day and by night."
    ),
    "entries": N_(
        "Enter a person, a document, an organisation, a vehicle or an event. You see it "
        "once more before it is kept, and a second person validates it."
    ),
    "records_life": N_("Records that wait for a second person, an answer or a correction."),
    "search": N_(
        "One box for names in any script, numbers and dates. Each find says why it was "
        "found; open it to see who says what."
    ),
    "consents": N_(
        "Where others may use your records for another purpose or hand them on, because you "
        "consented."
    ),
    "retention": N_(
        "Records whose time ends. Keep each for a reason, or let it go: what nobody decides "
        "is erased."
    ),
    "subject_requests": N_(
        "A person asks what is held about them, or wants it corrected. Note the request on "
        "the day it comes: the legal deadline runs from then."
    ),
    "subject_cases": N_("Decide what a person is told, and what is refused on which ground."),
    "subject_questions": N_(
        "Say whether what your authority holds about a person may be told to them."
    ),
    "doubts": N_("Oversight asks about records of yours. Answer with what they rest on."),
    "received_corrections": N_(
        "An owner corrected what you had read. Look whether something that you decided "
        "rests on it, then acknowledge."
    ),
    "suspensions": N_(
        "Doubt a record: it is suspended on this node, and its owner is asked. Lift or "
        "uphold the suspension by the answer."
    ),
    "assessments": N_(
        "What is held of partners, subject by subject. It is consulted before data about "
        "persons leave for them."
    ),
    "shared_records": N_(
        "Which of our records other nodes hold and until when, and which withdrawals they "
        "have confirmed."
    ),
    "exports": N_(
        "Take records out as a file. It stands under the strictest handling code in it, and "
        "is refused as a whole where one of them may not go."
    ),
    "lists": N_(
        "Take in a file of your authority. Afterwards you see what it changed, and which "
        "rows were refused."
    ),
    "sources": N_(
        "Lists that are read again and again by themselves: from where, how fresh, and what "
        "each reading changed."
    ),
    "quality": N_("What is missing or doubtful in records, and what each authority contributes."),
    "network": N_(
        "Other nodes: whether they answer, how far they are, and which keys end. A node "
        "gets nothing before its words were compared by voice."
    ),
    "audit": N_(
        "Who did what, when and why. Filter by user or record, verify whether the log is "
        "whole, take entries out with their proof."
    ),
    "access": N_("Users, what they may do, and until when. Nobody changes their own access."),
    "recoveries": N_(
        "Somebody lost a password or second factor: one person asks, another confirms, and "
        "they enrol anew."
    ),
    "signals": N_("What looks like misuse: counts, never content. Judge each, and close it."),
    "oversight": N_(
        "Whether some groups are refused or found more often than others, and whether the "
        "protection rules hold on this node."
    ),
    "devices": N_(
        "Devices that check without a link: register them, have a second person confirm "
        "them, pack their data, and take back what they did."
    ),
    "node": N_(
        "Whether the node is healthy and up to date, and what only somebody at its machine can do."
    ),
}
"""By the room of the first page of the task, as the margin has them."""
