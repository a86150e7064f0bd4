"""The audit log at a desk: read in words, filtered, verified, proved, taken out."""

from __future__ import annotations

import json

from bank_help import authority
from didban import clock
from didban.guard import checkpoints
from didban.model.deeds import Deed
from didban.model.users import LANGUAGES
from didban.store import node as node_row
from didban.store.node import NodeRow
from didban.web.i18n.speech import Speech
from didban.web.look import Look


def test_the_log_is_read_verified_proved_and_taken_out(pages, node_secrets):
    """Who reads it is in it, by their login; entries are sent with their proofs."""
    with pages.api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    desk, user = pages.as_("xar", "inspector", language="ru"), pages.as_("xar", "administrator")
    user.get("/access")

    assert desk.get("/audit").status == 200
    assert "Прочитан журнал аудита" in desk.get("/audit", actor=desk.who.user).text
    assert desk.get("/audit", since="soon").status == 422
    seen = pages.as_("xar", "data_protection_officer").get("/audit", deed="user.listed")
    assert "Users listed" in seen.text
    assert "How many" in seen.text
    assert "Audit log read" not in [row.text for row in seen.all(".//tbody//th")]
    assert "Who had to do with it" in pages.as_("xar", "inspector").get("/audit", subject="x").text
    assert desk.get("/audit/checkpoint").status == 409
    assert desk.get("/audit/export").status == 409
    with pages.api.database.begin() as tx:
        signer = checkpoints.signer_of(tx, node_secrets)
    checkpoints.make(pages.api.database, signer)

    assert desk.send("/audit/verification").status == 200
    assert "цел" in desk.get("/audit").text
    [first, *_] = [link for link in desk.get("/audit").links() if link.endswith("/proof")][::-1]
    sent = json.loads(desk.get(first.removeprefix("/desk")).response.body)
    out = desk.get("/audit/export", deed="user.listed").response.body.decode().splitlines()
    assert [json.loads(line)["entry"]["deed"] for line in out] == ["user.listed"]
    assert json.loads(out[0])["checkpoint"] == sent["checkpoint"]
    assert json.loads(desk.get("/audit/checkpoint").response.body)["key"]
    assert desk.get("/audit/sight", user=desk.who.user).status == 200
    assert desk.get("/audit/use").status == 200
    assert user.get("/audit").status == 403


def test_every_deed_has_words_in_every_language():
    """No reader of the log has to know our codes."""
    speeches = [Speech(look=Look(language=language)) for language in LANGUAGES]
    coded = {
        (speech.look.language, deed.value)
        for speech in speeches
        for deed in Deed
        if speech.pgettext("Deed", deed.value) == deed.value
    }

    assert coded == set()
