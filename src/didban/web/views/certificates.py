"""Certificates of deletion: which records were erased, and the proof of each (PR-31)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from didban.guard import certificates
from didban.model.permissions import Permission
from didban.web.desk import Page, Room, Sent
from didban.web.paging import ROWS, paged, place

if TYPE_CHECKING:
    from didban.web.desk import Desk

room = Room("certificates")

_REVIEW: Final = Permission.RETENTION_RECORD_REVIEW


@room.page("/certificates", _REVIEW)
def listed(desk: Desk) -> Page:
    """Show the deletions of one's authority, the newest first."""
    found = certificates.erased(desk.tx, desk.who, before=place(desk), limit=ROWS + 1)
    rows, following = paged(desk, [(one.number, one) for one in found])
    return Page("pages/certificates/listed.html", rows=rows, next=following)


@room.page("/certificates/{record_id}", _REVIEW)
def one(desk: Desk, record_id: str) -> Page:
    """Show the certificate of a deletion, to be printed."""
    found = certificates.certificate(desk.tx, desk.who, record_id)
    return Page("pages/certificates/one.html", found=found)


@room.page("/certificates/{record_id}/file", _REVIEW)
def file(desk: Desk, record_id: str) -> Sent:
    """Send the certificate with its proof, to be kept and checked elsewhere."""
    found = certificates.certificate(desk.tx, desk.who, record_id)
    text = json.dumps(found.to_json(), ensure_ascii=False, indent=1)
    name = f"certificate-of-deletion-{found.entry.number}.json"
    return Sent(content=text.encode(), media_type="application/json", name=name)
