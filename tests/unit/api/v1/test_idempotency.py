"""A request that is sent twice is done once."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import text

from api_help import Api
from didban import clock
from didban.api import idempotency
from didban.store import idempotency as kept

NEW = {"code": "xbo", "name": "Boreland Police", "kind": "police"}


def test_the_same_request_is_answered_again_and_done_once(api: Api):
    """Same status, same bytes; without the key it is a second deed, and refused as such."""
    administrator = api.as_("xar", "administrator")

    first = administrator.post("/authorities", NEW, key="k-1")
    again = administrator.post("/authorities", NEW, key="k-1")
    without = administrator.post("/authorities", NEW)

    assert (again.status_code, again.body) == (201, first.body)
    assert "idempotent-replayed" in again.headers
    assert "idempotent-replayed" not in first.headers
    assert without.status_code == 409


def test_a_key_belongs_to_one_request(api: Api):
    """With another body it is refused: the client mixed up its keys."""
    administrator = api.as_("xar", "administrator")
    administrator.post("/authorities", NEW, key="k-1")

    other = administrator.post("/authorities", {**NEW, "code": "xca"}, key="k-1")

    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]


def test_a_key_belongs_to_one_actor(api: Api):
    """Another user's key says nothing, not even that it was used."""
    api.as_("xar", "administrator", user="usr_one").post("/authorities", NEW, key="k-1")

    other = api.as_("xar", "administrator", user="usr_two").post(
        "/authorities", {**NEW, "code": "xca"}, key="k-1"
    )

    assert other.status_code == 201


def test_an_error_leaves_the_key_free(api: Api):
    """Only what was done is kept."""
    administrator = api.as_("xar", "administrator")

    refused = administrator.post("/authorities", {**NEW, "code": "xar"}, key="k-1")
    mended = administrator.post("/authorities", NEW, key="k-1")

    assert (refused.status_code, mended.status_code) == (409, 201)


def test_two_at_once_are_one_deed(api: Api):
    """The second waits for the first, and gets its answer."""
    administrator = api.as_("xar", "administrator")
    answers = []

    def ask():
        answers.append(administrator.post("/authorities", NEW, key="k-1"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 3


def test_what_is_kept_cannot_be_read_in_the_database_and_ends_after_a_day(api: Api):
    """Sealed, and deleted by its duty."""
    api.as_("xar", "administrator").post("/authorities", NEW, key="k-1")

    with api.database.begin() as tx:
        [answer] = tx.execute(text("select answer from idempotency_key")).scalars()
    early = idempotency.run_due(api.database, clock.now() + timedelta(hours=23))
    late = idempotency.run_due(api.database, clock.now() + timedelta(hours=25))

    assert b"Boreland" not in bytes(answer)
    assert (early, late) == (0, 1)


def test_erasure_reaches_kept_answers(api: Api):
    """An answer that speaks of an erased record is gone with it (PR-31)."""
    place = kept.Place(actor="xar/usr_1", route="/api/v1/records", key="k-1")
    with api.database.begin() as tx:
        kept.take(tx, place, b"hash", now=clock.now())
        kept.keep(tx, place, status=201, answer=b"sealed", mentions=["rec_1"])
        kept.forget(tx, "rec_2")
        assert kept.take(tx, place, b"hash", now=clock.now()) is not None
        kept.forget(tx, "rec_1")
        assert kept.take(tx, place, b"hash", now=clock.now()) is None


def test_the_records_that_an_answer_speaks_of_are_found_in_it():
    """Identifiers at any depth."""
    body = b'{"id": "rec_1", "matches": [{"record": "rec_2", "score": 1}], "name": "no"}'

    assert set(idempotency.mentioned(body)) == {"rec_1", "rec_2"}
