"""Searches over the bank. What is asked stands in the body: addresses are written into logs."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from didban.analysis import search
from didban.analysis.search import Counts, Found, Means
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Page, Paging, Told
from didban.api.v1.shapes import HitNoHit, RecordShown
from didban.model.alerts import Action
from didban.model.bank import RecordState
from didban.model.permissions import Permission
from didban.model.searches import Search
from didban.serving.services import Services

router = Router("search")

Word = Annotated[str, Field(max_length=64)]
_POSITION_DIGITS = 20  # cursors of one length, so that it tells nothing


class SearchGiven(Given):
    """Criteria, all of which a record must meet. What is left out asks nothing."""

    text: Annotated[
        str,
        Field(
            max_length=300,
            description='Words and "phrases" in names, identifiers, facts and notes. `word*` looks'
            " for beginnings and needs the purpose `supervision`.",
        ),
    ] = ""
    name: Annotated[str, Field(max_length=200, description="A name, in any script.")] = ""
    document_number: Word = ""
    schema_: Word = Field(default="", alias="schema", examples=["Person"])
    owner: Word = ""
    country: Annotated[Word, Field(examples=["xbo"])] = ""
    born_from: date | None = None
    born_to: date | None = None
    state: RecordState | None = None
    action: Action | None = None
    recorded_from: date | None = None
    recorded_to: date | None = None

    def to_search(self) -> Search:
        """Return the search of the model."""
        values = self.model_dump()
        return Search(schema=values.pop("schema_"), **values)


class CountsTold(Told):
    """How many records meet a search, by each value of each facet."""

    total: int
    facets: dict[str, dict[str, int]]

    @classmethod
    def of(cls, counts: Counts) -> CountsTold:
        """Return the shape of counts."""
        facets = {name: dict(values) for name, values in counts.facets.items()}
        return cls(total=counts.total, facets=facets)


@router.post("/search")
@needs(Permission.BANK_SEARCH_ASK)
def search_records(
    tx: Tx, who: Who, node: Node, asked: SearchGiven, paging: Paging
) -> Page[RecordShown | HitNoHit]:
    """Search the bank: the newest records first, or by name those most alike.

    Of records of other authorities only their existence is told, unless the owner named the asker's
    authority in the audience or publishes an official list. Such records are found by name and
    document number alone.
    """
    after = int(paging.after[0]) if paging.after else None
    found = search.find(tx, who, means_of(node), asked.to_search(), after=after, limit=paging.fetch)
    return paging.page(
        found, keys=lambda row: (f"{row.position:0{_POSITION_DIGITS}}",), told=row_of
    )


@router.post("/search/counts")
@needs(Permission.BANK_SEARCH_ASK)
def count_records(tx: Tx, who: Who, node: Node, asked: SearchGiven) -> CountsTold:
    """Count the records that meet a search by schema, owner, state and action."""
    return CountsTold.of(search.count(tx, who, means_of(node), asked.to_search()))


def means_of(node: Services) -> Means:
    """Return what searches go by."""
    return Means(index=node.index, secrets=node.secrets, access=node.settings.access)


def row_of(found: Found) -> RecordShown | HitNoHit:
    """Return what an asker is told of a record that was found."""
    if found.shown is None:
        return HitNoHit(owner=found.owner, contact=found.owner, reference=found.id)
    return RecordShown.of(found.shown)
