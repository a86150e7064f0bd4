"""What an independent reader tried, and must not work: each test is an attack that once did.

What is hidden leaves no trace in an answer: `test_nothing_leaks`. Here somebody comes back later, with
a key, an old match or a colleague's eyes, or comes in by another door.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from api_help import Api
from bank_help import actor, authority, draft_of, marking, person
from casework_help import scene
from didban import clock
from didban.casework import answers, non_match, notifications
from didban.errors import InvalidFields, InvalidInput, NotFound, NotPermitted, Unavailable
from didban.guard import assessments, oversight, retention
from didban.guard.oversight import Outcome
from didban.intake import attachments, bank, disputes, fetching
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.assessments import AssessmentVerdict, Harm
from didban.model.attachments import AttachmentRole
from didban.model.bank import SuspensionCause
from didban.model.casework import AnswerKind
from didban.model.deeds import Deed
from didban.model.disputes import DisputedBy
from didban.model.marking import Confidentiality
from didban.model.notifications import Channel, Post
from didban.model.records import Record
from didban.model.retention import RetentionPolicy
from didban.model.searches import Search
from didban.screening.live import LiveIndex
from didban.store import node, records
from didban.store.notifications import Contact
from didban.store.tables.audit import audit_entry
from didban.store.visibility import every_number

NAMED = {"names": ["Zahra Karimzadeh"]}
LOCATE = Alert(action_requested=Action.LOCATE, person_status=PersonStatus.SUSPECT)
CLEARED = Confidentiality.CONFIDENTIAL


@pytest.fixture
def api(database, node_secrets, tmp_path):
    """Return a node with an index and two authorities."""
    with database.begin() as tx:
        authority(tx, "xar")
        authority(tx, "xbo")
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        yield Api(database, node_secrets, index)


def reported(api: Api, entity=None, **marked):
    """Return a record of Boreland's."""
    who = actor("xbo", clearance=CLEARED)
    zahra = person("Zahra Karimzadeh", birthDate="1971-05-02")
    with api.database.begin() as tx:
        kept = bank.report(tx, who, entity or zahra, marking("xbo", **marked), LOCATE)
    assert api.services.index is not None
    api.services.index.catch_up()
    return kept


def excluded(api: Api, kept) -> None:
    """Let the owner exclude Arvand from a record."""
    hidden = replace(kept.marking.visibility, excluded=("node:xar",))
    draft = draft_of(kept, marking=replace(kept.marking, visibility=hidden))
    with api.database.begin() as tx:
        bank.correct(tx, actor("xbo"), kept.id, draft, expected=kept.version, reason="a source")
    assert api.services.index is not None
    api.services.index.catch_up()


def entries(api: Api, deed: Deed) -> int:
    """Return how many entries of a deed there are."""
    with api.database.begin() as tx:
        query = select(func.count()).select_from(audit_entry).where(audit_entry.c.deed == deed)
        return int(tx.scalar(query) or 0)


# ------------------------------------------------------------------ what was open, and is no more


def test_pr_09_a_kept_answer_is_not_told_again_of_what_was_hidden_since(api: Api):
    """Nor is the match there any more, by which it was found."""
    kept = reported(api)
    gate, desk = api.as_("xar", "first_line"), api.as_("xar", "second_line")
    made = gate.post("/checks", NAMED, key="check").json()
    path = f"/matches/{made['matches'][0]['match']}/open"
    opened = desk.post(path, {"reason": "compare"}, key="open")
    excluded(api, kept)

    again = [
        gate.post("/checks", NAMED, key="check"),
        desk.post(path, {"reason": "compare"}, key="open"),
    ]
    read = gate.get(f"/checks/{made['check']}").json()

    assert opened.status_code == 200
    assert [answer.status_code for answer in again] == [422, 422]
    assert not any(kept.id.encode() in answer.body for answer in again)
    assert read["matches"] == []


def test_pr_01_an_answer_that_is_given_again_is_entered(api: Api):
    """Who reads it twice has read it twice."""
    reported(api)
    desk = api.as_("xar", "second_line")
    first = desk.post("/search", {"name": "Zahra Karimzadeh"}, key="search")
    again = desk.post("/search", {"name": "Zahra Karimzadeh"}, key="search")

    assert again.body == first.body
    assert entries(api, Deed.ANSWER_REPEATED) == 1


def test_pr_06_a_key_is_worth_nothing_for_another_purpose_or_address(api: Api):
    """An answer belongs to the purpose that it was given for, and to the thing that was asked."""
    reported(api)
    gate, desk = api.as_("xar", "first_line"), api.as_("xar", "second_line")
    match = gate.post("/checks", NAMED).json()["matches"][0]["match"]
    desk.post(f"/matches/{match}/open", {"reason": "compare"}, key="open")
    sanctions = api.as_("xar", "second_line", purpose="sanctions_screening")

    other_purpose = sanctions.post(f"/matches/{match}/open", {"reason": "compare"}, key="open")
    other_match = desk.post("/matches/mat_other/open", {"reason": "compare"}, key="open")

    assert (other_purpose.status_code, other_match.status_code) == (422, 422)


def test_pr_55_what_was_ill_gotten_stays_out_of_the_history_of_what_is_clean(api: Api):
    """The owner alone reads the version that was marked so."""
    kept = reported(api, person("Ill Gotten"), is_tainted=True)
    clean = replace(kept.marking, is_tainted=False)
    with api.database.begin() as tx:
        draft = replace(draft_of(kept, marking=clean), entity=person("Zahra Karimzadeh"))
        bank.correct(tx, actor("xbo"), kept.id, draft, expected=1, reason="another source")
    path = f"/records/{kept.id}/versions"

    theirs = api.as_("xar", "second_line").get(path).json()
    own = api.as_("xbo", "second_line").get(path).json()

    assert [each["version"] for each in theirs] == [2]
    assert [each["version"] for each in own] == [1, 2]


# ------------------------------------------------------------------------------- asking in pieces


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("1971-05-02", "1971-05-02", 1),
        ("1971-01-01", "1971-12-31", 1),
        ("1971-05-01", "1971-05-03", 0),
        ("1960-01-01", "1979-12-31", 0),
    ],
)
def test_pr_03_a_birth_date_is_not_found_out_by_halving(api: Api, first, last, found):
    """Of what is told of as existing only, spans drawn at will would tell the day."""
    reported(api)
    asked = {"name": "Zahra Karimzadeh", "born_from": first, "born_to": last}

    answer = api.as_("xar", "second_line").post("/search", asked)

    assert len(answer.json()["items"]) == found


@pytest.mark.parametrize("body", [b"[" * 900 + b"]" * 900, b'{"a":' * 900 + b"1" + b"}" * 900])
def test_a_body_nested_without_end_is_refused_as_any_other(api: Api, body: bytes):
    """It is the sender's fault and no failure of the node."""
    sent = b'{"text":' + body + b"}"
    headers = {"content-type": "application/json"}

    answer = api.as_("xar", "second_line").send("POST", "/search", content=sent, headers=headers)

    assert answer.status_code in {400, 422}


# ---------------------------------------------------------------------- within one's own authority


def test_who_is_not_cleared_for_a_record_does_not_meet_it_among_what_waits(api: Api):
    """Not in its disputes, nor in its reviews."""
    kept = reported(api, confidentiality=2)
    cleared, uncleared = actor("xbo", clearance=CLEARED), actor("xbo")
    reviewer = actor("xbo", "reviewer")
    with api.database.begin() as tx:
        disputes.dispute(tx, cleared, kept.id, by=DisputedBy.HOLDER, ground="an alias of hers")
        retention.note_achieved(tx, cleared, kept.id, RetentionPolicy())

        assert disputes.open_for(tx, uncleared, after=None, limit=9) == []
        assert len(disputes.open_for(tx, cleared, after=None, limit=9)) == 1
        assert retention.due(tx, reviewer, limit=9) == []
        assert len(retention.due(tx, replace(reviewer, clearance=CLEARED), limit=9)) == 1


def test_who_is_not_cleared_for_a_record_is_not_asked_about_it(database, monkeypatch):
    """A question to the owner names the record and who was met."""
    made = scene(database, monkeypatch)
    question = made.question_of(made.asked())
    desk = actor("xbo", "second_line", clearance=CLEARED)
    with database.begin() as tx:
        kept = records.many(tx, [made.record.id], every_number(tx))[made.record.id]
        secret = replace(kept.marking.visibility, confidentiality=CLEARED)
        draft = draft_of(kept, marking=replace(kept.marking, visibility=secret))
        owner = actor("xbo", clearance=CLEARED)
        bank.correct(tx, owner, kept.id, draft, expected=kept.version, reason="classified")

    assert made.do(answers.put_to_us, actor("xbo", "second_line")) == []
    assert [each.id for each in made.do(answers.put_to_us, desk)] == [question]


# ------------------------------------------------------------------------- by an office of one's own


@pytest.fixture
def hosted(database):
    """Return a bank of three authorities, of which Arvand is the host."""
    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
        node.add(tx, node.NodeRow(host="xar", is_training=True, made_at=clock.now()))
    return database


def test_pr_57_an_owner_does_not_lift_a_suspension_by_an_inspector_of_its_own(hosted):
    """It is as if nobody had asked; what they asked themselves they close."""
    host, own = actor("xar", "inspector"), actor("xbo", "inspector")
    with hosted.begin() as tx:
        marked = marking("xbo", excluded=("node:xca",))
        kept = bank.report(tx, actor("xbo"), person(), marked, LOCATE)
        asked = oversight.suspend(tx, host, kept.id, "The warrant seems to punish an opinion.")

        for inspector in (own, actor("xca", "inspector")):
            assert oversight.listed(tx, inspector) == []
            with pytest.raises(NotFound):
                oversight.close(tx, inspector, asked.id, Outcome.LIFTED)
        suspended = records.many(tx, [kept.id], every_number(tx))[kept.id]
        independent = actor("xca", "inspector", kind="oversight", user="usr_independent")

        assert SuspensionCause.OVERSIGHT in suspended.suspensions
        assert [each.id for each in oversight.listed(tx, independent)] == [asked.id]
        assert oversight.close(tx, host, asked.id, Outcome.LIFTED).outcome == Outcome.LIFTED


def test_pr_53_an_owner_does_not_count_whom_others_met(database, monkeypatch):
    """A refuted hit leaves a token; another authority's officer does not see their number grow."""
    made = scene(database, monkeypatch)
    with database.begin() as tx:
        node.add(tx, node.NodeRow(host="xca", is_training=True, made_at=clock.now()))
    made.answered(made.asked(), AnswerKind.REFUTED, words="another person")
    counted = {
        code: made.do(non_match.counted, actor(code, "data_protection_officer"))
        for code in ("xar", "xbo", "xca")
    }

    assert counted == {"xar": [("xar", 1, 0)], "xbo": [], "xca": [("xar", 1, 0)]}


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "HTTP://localhost:9/"])
def test_the_services_of_this_machine_are_not_asked_through_the_node(hosted, address):
    """Notifications go there for the host alone."""
    with hosted.begin() as tx:
        for code in ("xar", "xbo"):
            chief = actor(code, "supervisor")
            post, channel = Post.DUTY_OFFICER, Channel.WEBHOOK
            contact = Contact(authority=code, post=post, channel=channel, address=address)
            if code == "xar":
                notifications.set_contact(tx, chief, contact)
            else:
                with pytest.raises(NotPermitted):
                    notifications.set_contact(tx, chief, contact)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:9/list", "http://localhost/", "file:///etc/hostname", "ftp://x/"]
)
def test_a_publisher_does_not_send_the_node_to_its_own_machine(target):
    """A redirection leads by https to elsewhere, or nowhere."""
    answer = httpx.Response(302, headers={"location": target})

    with pytest.raises(Unavailable):
        fetching._next(httpx.URL("https://lists.example/un.xml"), answer, "un-sc")


def test_pr_55_a_partner_does_not_assess_itself(hosted):
    """Nor does it accept what it promised: by its code or its country's, in any case."""
    with hosted.begin() as tx:
        authority(tx, "xbo-border", country="xbo")
        officers = [actor(code, "data_protection_officer") for code in ("xbo", "xbo-border", "xar")]
        for officer, partner in zip(officers, ("XBO", "xbo", "xbo"), strict=True):
            draft = assessments.Draft(
                partner=partner,
                harm=Harm.TORTURE,
                verdict=AssessmentVerdict.CLEAR,
                reason="a visit to its prisons",
                review_due=clock.today() + timedelta(days=90),
            )
            if officer.authority == "xar":
                assessments.record(tx, officer, draft)
            else:
                with pytest.raises(NotPermitted):
                    assessments.record(tx, officer, draft)


@pytest.mark.parametrize(
    ("text", "is_browsing"),
    [
        ("kar*", True),
        ('"kar*"xbo', True),
        ('"of kar*"xbo', True),
        ('"zahra karimzadeh"', False),
        ('"a b"', True),
    ],
)
def test_pr_04_a_wildcard_is_one_however_it_is_quoted(text, is_browsing):
    """What looks for beginnings is looking around; so is what says nearly nothing."""
    assert Search(text=text).is_browsing is is_browsing


def test_pr_55_a_link_does_not_try_out_what_was_ill_gotten(hosted):
    """To others than its owner it is refused in the words for what is not there."""
    told: list[object] = []
    with hosted.begin() as tx:
        kept = bank.report(tx, actor("xbo"), person(), marking("xbo", is_tainted=True), LOCATE)
        own = bank.report(tx, actor("xar"), person("Omid Karimzadeh"), marking("xar"))
        for end in (kept.id, "rec_made_up"):
            ends = {"person": (own.id,), "relative": (end,)}
            family = Record(id=f"rec_{len(told)}", schema="Family", properties=ends)
            with pytest.raises(InvalidFields) as refused:
                bank.report(tx, actor("xar"), family, marking("xar"))
            told.append(refused.value.faults)

    assert told[0] == told[1]


def test_who_is_not_cleared_for_an_attachment_does_not_remove_it(hosted):
    """A guessed identifier says nothing, to a colleague of its owner either."""
    cleared, uncleared = actor("xbo", clearance=CLEARED), actor("xbo")
    with hosted.begin() as tx:
        kept = bank.report(tx, cleared, person(), marking("xbo"), LOCATE)
        secret = replace(kept.marking.visibility, confidentiality=CLEARED)
        file = attachments.File(
            content=b"%PDF-1.7 invented", role=AttachmentRole.LEGAL_PAPER, visibility=secret
        )
        added = attachments.attach(tx, cleared, kept.id, file)

        with pytest.raises(NotFound):
            attachments.remove(tx, uncleared, kept.id, added.id)
        with pytest.raises(InvalidInput):
            disputes.give_counter_evidence(tx, uncleared, kept.id, text="no", attachment=added.id)
        assert attachments.listed(tx, cleared, kept.id) == [added]
