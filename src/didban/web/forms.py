"""What a form sent, read field by field; what is wrong with it is named by its field."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeVar

from markupsafe import Markup

from didban.errors import InvalidFields
from didban.web.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_TEXT: Final = 10_000  # characters of one field

_GAP: Final = "\ue000"  # of private use
_LABEL: Final = re.compile(rf"{_GAP}([\w.-]+){_GAP}")

_MARKS: Final = str.maketrans("/.", "--")  # between year, month and day

_E = TypeVar("_E", bound=Enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that came with a form; its name and type are what the sender says."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Form:
    """The fields of a form. Reading collects faults; `require` raises them all at once.

    Texts of faults are English as the catalogues have them, and are translated where they are shown.

    - `labels`: what each field is called on the page, once the page has come to it.
    - `parts`: what a part of the page is called whose fields' names begin alike, by that beginning.
    """

    sent: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Attached] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, needed: bool = False, most: int = MAX_TEXT) -> str:
        """Return a text without the blanks around it; empty where nothing was sent."""
        value = (self.sent.get(name) or [""])[-1].replace("\r\n", "\n").strip()
        if "\x00" in value:
            self.blame(name, N_("This holds a character that no text may hold."))
        elif len(value) > most:
            self.blame(name, N_("This is longer than the field allows."))
        elif needed and not value:
            self.blame(name, N_("Fill this in."))
        return value

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value sent under a name: of checkboxes, or of repeated fields."""
        return tuple(value.strip() for value in self.sent.get(name, ()) if value.strip())

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a text area that are not blank."""
        return tuple(line.strip() for line in self.text(name).split("\n") if line.strip())

    def is_ticked(self, name: str) -> bool:
        """Return whether a checkbox was ticked."""
        return bool(self.sent.get(name))

    def yes_or_no(self, name: str) -> bool | None:
        """Return what was answered to a question, which has no answer from the start."""
        value = self.text(name)
        if value not in {"yes", "no"}:
            self.blame(name, N_("Choose one of the answers."))
            return None
        return value == "yes"

    def one_of(self, name: str, kind: type[_E]) -> _E | None:
        """Return the member that was chosen; nothing is chosen from the start."""
        value = self.text(name)
        found = next((one for one in kind if str(one.value) == value), None)
        if found is None:
            self.blame(name, N_("Choose one of the answers."))
        return found

    def some_of(self, name: str, kind: type[_E]) -> tuple[_E, ...]:
        """Return the members whose boxes were ticked."""
        known = {str(one.value): one for one in kind}
        return tuple(known[value] for value in self.all(name) if value in known)

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """Return a whole date; see `read_day`."""
        value = self.text(name, needed=needed)
        if not value:
            return None
        try:
            return read_day(value)
        except ValueError:
            self.blame(name, N_("Write the date as year-month-day, as in 2026-03-01."))
            return None

    def whole(self, name: str, among: Sequence[int]) -> int | None:
        """Return a whole number within a range."""
        value = self.text(name)
        if not value.isdecimal() or len(value) > len(str(among[-1])) or int(value) not in among:
            self.blame(name, N_("Write a whole number within the range."))
            return None
        return int(value)

    def blame(self, name: str, fault: str) -> None:
        """Say what is wrong with a field; the first fault of a field stands."""
        self.faults.setdefault(name, fault)

    def blame_parts(self, faults: Iterable[tuple[str, str]], fields: dict[str, str]) -> None:
        """Say what a verb found wrong, each fault at the field of its JSON pointer.

        - `fields`: the beginning of a pointer -> the name of the field.
        """
        for pointer, fault in faults:
            nearest = max(
                (start for start in fields if pointer.startswith(start)), key=len, default=""
            )
            self.blame(fields.get(nearest, ""), fault)

    def name(self, name: str, label: str) -> None:
        """Say what a field is called, where it stands on the page."""
        self.labels[name] = label

    def name_part(self, beginning: str, words: str) -> None:
        """Say what the part of the page is called where the fields are that begin so."""
        self.parts[beginning] = words

    def named(self, name: str) -> str:
        """Return what stands for the label of a field that comes further down on the page."""
        return f"{_GAP}{name}{_GAP}"

    def with_labels(self, page: str) -> str:
        """Return a page with the labels of its fields where they were asked for: see `named`."""
        return _LABEL.sub(self._label, page) if self.faults else page

    def _label(self, found: re.Match[str]) -> str:
        if found[1] not in self.faults:  # not ours, but of a text that somebody wrote
            return found[0]
        label = self.labels.get(found[1])
        if not label:
            return ""
        part = [words for start, words in self.parts.items() if found[1].startswith(start)]
        return Markup("<strong>{}</strong> ").format(Markup(": ").join([*part, label]))

    def require(self) -> None:
        """Return if every field could be read. Raises InvalidFields."""
        if self.faults:
            raise InvalidFields(N_("Some fields need another look."), tuple(self.faults.items()))


def read_day(text: str) -> date:
    """Return a whole date, the year first, in the digits of any script. Raises ValueError."""
    plain = "".join(str(unicodedata.digit(letter, letter)) for letter in text)
    return date.fromisoformat(plain.translate(_MARKS))
