"""The words of the field, as the page of words shows them; `docs/reference/glossary.md` has all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS: Final[Sequence[tuple[str, str]]] = (
    ("check", N_("One query, with its purpose and place.")),
    ("purpose", N_("The coded reason for a check; without it there is none.")),
    ("reference", N_("The case, post or flight for which a check is made.")),
    ("match", N_("A computed similarity, with its explanation. It decides nothing.")),
    ("hit", N_("A match that a human has taken up; only the owner confirms it.")),
    ("outcome", N_("What came of a hit in the end.")),
    ("namesake", N_("Another person of the same name.")),
    ("record", N_("What one owner says about one person or thing.")),
    ("owner", N_("Who alone may change or delete a record.")),
    ("source", N_("The file or body that a record came from.")),
    ("dispute", N_("A doubt about a record that its owner must answer.")),
    ("counter-evidence", N_("What speaks against a record; it is shown wherever the record is.")),
    ("suspension", N_("The record is kept and found, but nothing is asked for the time being.")),
    ("sighting", N_("A stolen or lost document turned up somewhere.")),
    ("machine readable zone", N_("Two or three lines at the foot of a document.")),
    ("check digit", N_("A digit computed from a field, so that a misread is noticed.")),
    ("issuing state", N_("Who issued the document.")),
    ("stolen blank", N_("Stock that was stolen before it bore a name.")),
    ("node", N_("One installation, with a code and keys of its own.")),
    ("receiver's review", N_("What we decide about an alert of others before it is acted on.")),
    ("message, thread", N_("What desks write to each other, with handling and deadline.")),
    ("notice", N_("An alert to the whole network, published after review.")),
    ("diffusion", N_("The same to named members only; reviewed all the same.")),
    ("handling code", N_("What may be done with information, H0 to H3.")),
    ("alert", N_("What a record asks of whoever meets its person or thing.")),
    ("signal", N_("That somebody should look at how the node is used; without any content.")),
    ("authority", N_("A police force, border guard or other body with users of its own.")),
    ("second person", N_("Another officer, without whom a decision does not count.")),
    ("person file", N_("The records that are judged to be about one person or thing.")),
    ("statement", N_("One value, and who says it.")),
    ("consent", N_("The owner's leave for another use.")),
    ("audit log", N_("Who did what, when and why; never the content.")),
    ("sample", N_("The records that the node draws, to be looked at before many are decided.")),
    ("certificate of deletion", N_("That a record is gone, with proof from the audit log.")),
    ("evaluation code", N_("How reliable the source is, and how sure the information.")),
)
"""Each word as the glossary has it, and what it means."""
