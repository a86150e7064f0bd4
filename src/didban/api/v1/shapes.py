"""Shapes that several rooms answer with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from didban.api.v1.pages import Told
from didban.model.alerts import Action, DocumentStatus
from didban.model.bank import Note
from didban.model.marking import Handling


class Sparse(Told):
    """What is answered without empty fields: what there is not, or may not be shown, has no key."""

    @model_serializer(mode="wrap")
    def _only_what_is_shown(self, written: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a type here would take the place of the fields in the description
        return {name: value for name, value in written(self).items() if value is not None}


class HandlingTold(Sparse):
    """The permitted use, and the owner's conditions where there are any (H3)."""

    code: Handling
    conditions: str | None = None


class ActionTold(Sparse):
    """What a record asks today, after everything that stands against it."""

    requested: Action | None = None
    asks_first_line: bool
    document_status: DocumentStatus | None = None


class RecordShown(Sparse):
    """What of a record its reader may see (PR-02), in the order of showing."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    id: str
    schema_: str | None = Field(default=None, alias="schema")
    owner: str | None = None
    version: int | None = None
    notes: list[Note] | None = None
    warnings: list[str] | None = None
    handling: HandlingTold | None = None
    must_acknowledge: bool | None = None
    action: ActionTold | None = None
    identity: dict[str, Any] | None = None
    appearance: dict[str, list[str]] | None = None
    photos: list[str] | None = None
    status: dict[str, Any] | None = None
    location: dict[str, list[str]] | None = None
    facts: dict[str, Any] | None = None
    counter_evidence: list[dict[str, str]] | None = None
    sensitive: list[dict[str, str]] | None = None
    marking: dict[str, Any] | None = None
    content: dict[str, list[str]] | None = None

    @classmethod
    def of(cls, shown: Mapping[str, Any]) -> RecordShown:
        """Return the shape of what `guard.fields.shown` lets through."""
        return cls.model_validate(shown)


class HitNoHit(Told):
    """A record of another authority: it exists. More is a separate request (PR-03)."""

    exists: bool = Field(default=True, json_schema_extra={"const": True})
    owner: str
    contact: str = Field(description="The authority whose duty officers are asked.")
    reference: str
