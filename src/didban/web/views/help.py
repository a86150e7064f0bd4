"""Help: keys, words, and preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from didban.model.users import LANGUAGES
from didban.web import look
from didban.web.desk import Go, Page, Room
from didban.web.i18n.speech import Speech
from didban.web.look import Look
from didban.web.presenters import glossary
from didban.web.presenters import help as topics

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("help")

_OPEN = "who cannot read the page cannot sign in"


@room.page("/help", open_because=_OPEN)
def keys(desk: Desk) -> Page:
    """Show what each task is for, the keys, and how work goes from desk to desk."""
    return Page("pages/help/keys.html", back=desk.next, topics=topics.TOPICS)


@room.page("/help/glossary", open_because=_OPEN)
def words(desk: Desk) -> Page:  # noqa: ARG001 - the same for everybody
    """Show what the words of the field mean, in the four languages side by side."""
    speeches = [Speech(look=Look(language=language)) for language in LANGUAGES]
    rows = [
        [speech.pgettext("glossary", word) for speech in speeches] for word, _ in glossary.WORDS
    ]
    meanings = [meaning for _, meaning in glossary.WORDS]
    return Page(
        "pages/help/glossary.html", rows=list(zip(rows, meanings, strict=True)), languages=LANGUAGES
    )


@room.page("/preferences", open_because=_OPEN)
def preferences(desk: Desk) -> Page:
    """Show what can be chosen: language, digits, calendar, colours, size, keys."""
    return Page("pages/help/preferences.html", next=desk.next)


@room.deed("/preferences", open_because=_OPEN, again=preferences)
def prefer(desk: Desk) -> Go:
    """Keep what was chosen in this browser; what was not sent stays as it is."""
    chosen = {name: desk.form.text(name) for name in look.CHOICES}
    kept = {name: value for name, value in chosen.items() if value in look.CHOICES[name]}
    new = look.read(desk.look.to_cookie() + "&" + "&".join(f"{k}={v}" for k, v in kept.items()))
    desk.look_as(new)
    return Go(desk.next or "help.preferences")
