"""Exports as JSON lines, and the consents of owners on which they stand."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from didban.analysis import exports, onward
from didban.analysis.exports import Export, Order
from didban.api.v1.frame import Node, Router, Tx, Who, needs
from didban.api.v1.pages import Given, Told
from didban.api.v1.search import SearchGiven, means_of
from didban.guard.authorities import CODE
from didban.model.onward import Onward, OnwardConsent
from didban.model.permissions import Permission

router = Router("exports")

LINES: Final = "application/x-ndjson"
Code = Annotated[str, Field(pattern=rf"^{CODE}$", examples=["xbo"])]
ConsentId = Annotated[str, Field(max_length=64)]


class OrderGiven(Given):
    """What is to be exported, and for whom."""

    search: SearchGiven
    use: Onward
    recipient: Code | None = Field(
        default=None, description="The court or third party; none for the asker's own use."
    )
    onward_consents: tuple[ConsentId, ...] = Field(
        default=(), max_length=100, description="Consents of owners to hand a record on."
    )
    use_consents: tuple[ConsentId, ...] = Field(
        default=(), max_length=100, description="Consents of owners to use it for this purpose."
    )


class OnwardConsentGiven(Given):
    """Whom an owner lets hand a record on, to whom, and until when."""

    authority: Code
    use: Onward
    recipient: Code | None = None
    until: date


class OnwardConsentTold(Told):
    """A consent to hand a record on. Its identifier goes with every use."""

    id: str
    record: str
    owner: str
    authority: str
    use: Onward
    recipient: str
    until: date

    @classmethod
    def of(cls, consent: OnwardConsent) -> OnwardConsentTold:
        """Return the shape of a consent."""
        return cls(
            id=consent.id,
            record=consent.record,
            owner=consent.owner,
            authority=consent.authority,
            use=consent.use,
            recipient=consent.recipient,
            until=consent.until,
        )


@router.post(
    "/exports",
    status_code=201,
    response_class=Response,
    responses={
        201: {
            "description": "A line about the export, then one for each record.",
            "content": {LINES: {"schema": {"type": "string"}}},
        }
    },
)
@needs(Permission.BANK_RECORD_EXPORT)
def export_records(tx: Tx, who: Who, node: Node, order: OrderGiven) -> Response:
    """Export what a search finds, as JSON lines, under the strictest handling code of them.

    Refused as a whole where one record may not go along: H1 to a court and H2 to a third party need
    the owner's consent, H3 an acknowledgement of its conditions.
    """
    made = exports.make(
        tx,
        who,
        means_of(node),
        Order(
            search=order.search.to_search(),
            use=order.use,
            recipient=order.recipient or "",
            onward_consents=order.onward_consents,
            use_consents=order.use_consents,
        ),
    )
    lines = [_head(made, order), *made.records]
    body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return Response(body, 201, media_type=LINES)


@router.post("/records/{record_id}/onward-consents", status_code=201)
@needs(Permission.ACCESS_CONSENT_GIVE)
def give_onward_consent(
    tx: Tx, who: Who, record_id: Annotated[str, Path(max_length=200)], given: OnwardConsentGiven
) -> OnwardConsentTold:
    """Let another authority hand on a record of one's own, to a court or to a third party."""
    consent = onward.let(
        tx,
        who,
        record_id,
        authority=given.authority,
        use=given.use,
        recipient=given.recipient or "",
        until=given.until,
    )
    return OnwardConsentTold.of(consent)


def _head(made: Export, order: OrderGiven) -> dict[str, Any]:
    return {
        "export": made.id,
        "made_at": made.made_at.isoformat(),
        "use": order.use,
        "recipient": order.recipient,
        "handling": made.handling,
        "conditions": dict(made.conditions),
        "onward_transfer_consents": list(made.consents),
        "count": len(made.records),
    }
