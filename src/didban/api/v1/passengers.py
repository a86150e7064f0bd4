"""Passenger lists: screened when they come, masked after a day, deleted after their term."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from didban.api.v1.checks import SightTold
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.model.passengers import Passenger, PassengerList, Unmasking
from didban.model.permissions import Permission
from didban.screening import passengers
from didban.serving.desks import booth_of

router = Router("passengers")

ListId = Annotated[str, Path(max_length=64)]


class ListGiven(Given):
    """A passenger list as it came: PAXLST messages, CSV with a header, or JSON lines."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["XB 123, 2026-11-22"])]
    content: Annotated[str, Field(min_length=1, max_length=4_000_000)]


class ReasonGiven(Given):
    """Why a masked list is to be shown again."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ListTold(Told):
    """A list that is held. `rejects` lines could not be read: who stands there was not checked."""

    id: str
    name: str
    at: datetime
    user: str
    passengers: int
    rejects: int
    mask_at: datetime
    masked_at: datetime | None
    kept_until: date

    @classmethod
    def of(cls, kept: PassengerList) -> ListTold:
        """Return the shape of a list."""
        return cls(**{name: getattr(kept, name) for name in cls.model_fields})


class FoundTold(Told):
    """A passenger who was found, by the place on the list."""

    position: int
    matches: list[SightTold]


class HeldTold(Told):
    """A list that was taken, and who was found on it."""

    held: ListTold
    found: list[FoundTold]


class PassengerTold(Told):
    """A passenger. `asked` is absent where masked; `check` names the check that found somebody."""

    position: int
    is_masked: bool
    check: str | None
    asked: dict[str, Any] | None

    @classmethod
    def of(cls, passenger: Passenger) -> PassengerTold:
        """Return the shape of a passenger."""
        return cls(
            position=passenger.position,
            is_masked=passenger.is_masked,
            check=passenger.check,
            asked=passenger.asked.to_json() if passenger.asked else None,
        )


class ListRead(ListTold):
    """A list with its passengers."""

    listed: list[PassengerTold]


class UnmaskingTold(Told):
    """A request to see a masked list again; it is shown until `ends_at`, once confirmed."""

    id: str
    list: str
    requested_by: str
    requested_at: datetime
    confirmed_by: str | None
    ends_at: datetime | None

    @classmethod
    def of(cls, unmasking: Unmasking) -> UnmaskingTold:
        """Return the shape of a request."""
        return cls(**{name: getattr(unmasking, name) for name in cls.model_fields})


@router.post("/passenger-lists", status_code=201)
@needs(Permission.SCREENING_LIST_HOLD)
def hold_passenger_list(tx: Tx, who: Who, node: Node, given: ListGiven) -> HeldTold:
    """Screen a passenger list and hold it."""
    made = passengers.hold(tx, booth_of(node), who, given.name, given.content.encode())
    found = [
        FoundTold(position=position, matches=[SightTold.of(sight) for sight in sights])
        for position, sights in made.found.items()
    ]
    return HeldTold(held=ListTold.of(made.kept), found=found)


@router.get("/passenger-lists")
@needs(Permission.SCREENING_LIST_READ)
def list_passenger_lists(tx: Tx, who: Who, paging: Paging) -> Page[ListTold]:
    """List the passenger lists that are held, the latest first."""
    before = int(paging.after[0]) if paging.after else None
    rows = passengers.listed(tx, who, before=before, limit=paging.fetch)
    return paging.page(rows, keys=lambda row: (row[0],), told=lambda row: ListTold.of(row[1]))


@router.get("/passenger-lists/{list_id}")
@needs(Permission.SCREENING_LIST_READ)
def get_passenger_list(tx: Tx, who: Who, list_id: ListId) -> ListRead:
    """Return a passenger list; those who are masked are numbers on it."""
    kept, listed = passengers.viewed(tx, who, list_id)
    told = [PassengerTold.of(one) for one in listed]
    return ListRead(**ListTold.of(kept).model_dump(), listed=told)


@router.post("/passenger-lists/{list_id}/unmasking", status_code=201)
@needs(Permission.SCREENING_LIST_UNMASK)
def request_unmasking(tx: Tx, who: Who, list_id: ListId, given: ReasonGiven) -> UnmaskingTold:
    """Ask that a masked list be shown again; another person confirms it."""
    return UnmaskingTold.of(passengers.request_unmasking(tx, who, list_id, given.reason))


@router.post("/unmaskings/{unmasking_id}/confirm")
@needs(Permission.SCREENING_LIST_UNMASK)
def confirm_unmasking(
    tx: Tx, who: Who, unmasking_id: Annotated[str, Path(max_length=64)]
) -> UnmaskingTold:
    """Let a masked list be shown for an hour, on the request of another person."""
    return UnmaskingTold.of(passengers.confirm_unmasking(tx, who, unmasking_id))
