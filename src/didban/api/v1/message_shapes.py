"""Shapes of messages between authorities: their parts as given and as told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path
from pydantic import Field

from didban.api.v1.hit_shapes import shaped
from didban.api.v1.pages import Given, Told
from didban.api.v1.record_shapes import EntityGiven
from didban.casework.messages.clearing import DraftPart
from didban.errors import InvalidInput
from didban.ids import new_id
from didban.model.encoding import b64, from_b64
from didban.model.exchange.letters import MAX_FILES_BYTES, MAX_PARTS, MAX_TEXT, PartKind
from didban.model.exchange.messages import (
    MessageEvent,
    MessageKind,
    MessageState,
    MessageUrgency,
    Punctuality,
    RefusalGround,
    Side,
    Topic,
)
from didban.model.marking import Handling, InformationEvaluation, SourceEvaluation
from didban.model.purposes import Purpose

if TYPE_CHECKING:
    from didban.casework.messages.desk import MessageView
    from didban.model.exchange.letters import Part
    from didban.store.messages import Message

MessageId = Annotated[str, Path(max_length=64)]
ThreadId = Annotated[str, Path(max_length=64)]
_Id = Annotated[str, Field(min_length=1, max_length=200)]


class FileGiven(Given):
    """A file that goes along; `data` is base64."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    media_type: Annotated[str, Field(min_length=1, max_length=100, examples=["image/jpeg"])]
    data: Annotated[str, Field(max_length=MAX_FILES_BYTES * 4 // 3 + 4)]

    def content(self) -> tuple[str, str, bytes]:
        """Return name, type and bytes. Raises InvalidInput."""
        try:
            return self.name, self.media_type, from_b64(self.data)
        except ValueError as error:
            raise InvalidInput("file: 'data' is no base64") from error


class PassedOnGiven(Given):
    """A part of a message that was received, counted from 0."""

    message: _Id
    part: Annotated[int, Field(ge=0, lt=MAX_PARTS)]


class PartGiven(Given):
    """One part: a text, a record of the bank, an entity of none, a file, or what is passed on."""

    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    record: _Id | None = None
    entity: EntityGiven | None = None
    file: FileGiven | None = None
    passes_on: PassedOnGiven | None = None
    handling: Handling = Handling.H0
    conditions: Annotated[str, Field(max_length=4_000, description="In words, with H3.")] = ""
    source_evaluation: SourceEvaluation = SourceEvaluation.X
    information_evaluation: InformationEvaluation = InformationEvaluation.UNKNOWN
    onward_consent: _Id | None = Field(
        default=None, description="The owner's consent to hand it on to the recipient (PR-08)."
    )
    use_consents: Annotated[tuple[_Id, ...], Field(max_length=20)] = ()

    def draft(self) -> DraftPart:
        """Return the part of the casework."""
        values = self.model_dump(exclude={"entity", "file", "passes_on"})
        on = self.passes_on
        return DraftPart(
            **values,
            entity=self.entity.to_record(new_id("rec")) if self.entity else None,
            file=self.file.content() if self.file else None,
            passes_on=(on.message, on.part) if on else None,
        )


Parts = Annotated[tuple[PartGiven, ...], Field(min_length=1, max_length=MAX_PARTS)]


class MessageTold(Told):
    """Where a message stands; nothing of what it says."""

    id: str
    side: Side
    thread: str
    kind: MessageKind
    topic: Topic
    urgency: MessageUrgency
    sender: str
    recipient: str
    in_reply_to: str | None
    purpose: Purpose
    handling: Handling
    state: MessageState
    punctuality: Punctuality
    sent_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None

    @classmethod
    def of(cls, message: Message) -> MessageTold:
        """Return the shape of a message."""
        return shaped(cls, message)


class PartTold(Told):
    """One part as it may be read; of a withheld one only the conditions are there."""

    kind: PartKind
    owner: str
    handling: Handling
    conditions: str
    source_evaluation: SourceEvaluation
    information_evaluation: InformationEvaluation
    origin: list[str]
    text: str
    record: str | None
    entity: dict[str, Any] | None
    name: str
    media_type: str
    data: str
    is_withheld: bool

    @classmethod
    def of(cls, part: Part, *, is_withheld: bool) -> PartTold:
        """Return the shape of a part."""
        same = set(cls.model_fields) - {"origin", "entity", "data", "is_withheld"}
        return cls(
            **{name: getattr(part, name) for name in same},
            origin=list(part.origin),
            entity=part.entity.to_json() if part.entity else None,
            data=b64(part.data),
            is_withheld=is_withheld,
        )


class MessageEntryTold(Told):
    """One line of a message's history at this end."""

    at: datetime
    actor: str
    event: str
    state: MessageState
    facts: dict[str, str | int | bool]
    words: str


class MessageViewTold(Told):
    """A message with its parts, its history and what may happen next."""

    message: MessageTold
    ground: RefusalGround | None
    parts: list[PartTold]
    possible: list[MessageEvent]
    history: list[MessageEntryTold]

    @classmethod
    def of(cls, view: MessageView) -> MessageViewTold:
        """Return the shape of a message as it is read."""
        letter = view.message.letter
        return cls(
            message=MessageTold.of(view.message),
            ground=letter.ground if letter else None,
            parts=[
                PartTold.of(part, is_withheld=number in view.withheld)
                for number, part in enumerate(view.parts)
            ],
            possible=list(view.possible),
            history=[shaped(MessageEntryTold, entry) for entry in view.history],
        )
