"""Searches: what is found, in what form, and by whom."""

from __future__ import annotations

import contextlib

import pytest

from api_help import Api
from bank_help import actor, authority, fresh_bank, marking, person
from didban.intake import bank
from didban.model.alerts import Action, Alert, PersonStatus
from didban.screening.live import LiveIndex
from didban.settings import Access


@contextlib.contextmanager
def _node(database, secrets, folder):
    """Give the interface of a bank, and an index that follows it."""
    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
    with LiveIndex.open(database, folder / "index", follow=False) as index:
        yield Api(database, secrets, index)


@pytest.fixture
def node(database, node_secrets, tmp_path):
    """Return the interface of an empty bank."""
    with _node(database, node_secrets, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def one_record(postgres, node_secrets, tmp_path_factory):
    """Return the interface of a bank with one wanted person in it, and the record's identifier."""
    folder = tmp_path_factory.mktemp("one")
    with fresh_bank(postgres) as database, _node(database, node_secrets, folder) as made:
        entity = person(birthDate="1971-05-02", nationality="xbo", idNumber="XX12")
        yield made, _report(made, entity, alert=ARREST)


def _report(api: Api, entity, owner="xar", alert=None, **marked):
    with api.database.begin() as tx:
        bank.report(tx, actor(owner), entity, marking(owner, **marked), alert)
    return entity.id


def _ids(answer):
    assert answer.status_code == 200, answer.body
    return [row.get("id") or row["reference"] for row in answer.json()["items"]]


def _catch_up(node: Api):
    assert node.services.index is not None
    node.services.index.catch_up()


ARREST = Alert(
    action_requested=Action.ARREST,
    person_status=PersonStatus.SUSPECT,
    facts="Smuggled cigarettes through the eastern gate",
)


@pytest.mark.parametrize(
    "text",
    [
        "karimzadeh",
        "Zahra Karimzadeh",
        '"zahra karimzadeh"',
        "cigarettes",
        '"eastern gate"',
        "XX12",
    ],
)
def test_words_of_names_facts_and_numbers_are_found(one_record, text: str):
    """All words must be there, in any case; phrases in their order."""
    node, known = one_record

    assert _ids(node.as_("xar", "second_line").post("/search", {"text": text})) == [known]


def test_persian_and_arabic_letters_are_one(node: Api):
    """Keyboards mix up yeh and kaf."""
    known = _report(node, person("علی کریمی"))

    found = node.as_("xar", "second_line").post("/search", {"text": "علي كريمي"})

    assert _ids(found) == [known]


def test_a_name_is_found_in_another_script(node: Api):
    """The screening index knows how names sound."""
    known = _report(node, person("Мохаммад Резаи", birthDate="1971-05-02"))
    _catch_up(node)

    found = node.as_("xar", "second_line").post("/search", {"name": "Mohammad Rezai"})

    assert _ids(found) == [known]


def test_by_name_the_most_alike_come_first(node: Api):
    """Whichever was entered first; the pages keep that order."""
    exact = _report(node, person("Zahra Karimzadeh"))
    near = _report(node, person("Zara Karimzada"))
    _catch_up(node)
    desk = node.as_("xar", "second_line")

    first = desk.post("/search?limit=1", {"name": "Zahra Karimzadeh"})
    path = f"/search?limit=1&cursor={first.json()['next_cursor']}"

    assert _ids(first) + _ids(desk.post(path, {"name": "Zahra Karimzadeh"})) == [exact, near]


@pytest.mark.parametrize(
    ("criteria", "is_found"),
    [
        ({"born_from": "1971-01-01", "born_to": "1971-12-31"}, True),
        ({"born_from": "1971-05-03"}, False),
        ({"born_to": "1971-05-02"}, True),
        ({"schema": "LegalEntity"}, True),
        ({"schema": "Vessel"}, False),
        ({"owner": "xar"}, True),
        ({"owner": "xbo"}, False),
        ({"country": "xbo"}, True),
        ({"country": "xca"}, False),
        ({"action": "arrest"}, True),
        ({"action": "locate"}, False),
        ({"state": "active"}, True),
        ({"state": "withdrawn"}, False),
        ({"recorded_from": "2020-01-01"}, True),
        ({"recorded_to": "2020-01-01"}, False),
    ],
)
def test_criteria_narrow_a_search(one_record, criteria, is_found):
    """A record must meet them all."""
    node, known = one_record

    found = node.as_("xar", "second_line").post("/search", {"text": "karimzadeh", **criteria})

    assert _ids(found) == ([known] if is_found else [])


@pytest.mark.parametrize(
    "text", ["zadeh", '"karimzadeh zahra"', "karimzadeh nobody", "male person"]
)
def test_what_lacks_a_word_is_not_found(one_record, text: str):
    """Every word counts, and the order of a phrase."""
    node, _ = one_record

    assert _ids(node.as_("xar", "second_line").post("/search", {"text": text})) == []


def test_a_year_alone_is_within_a_range_of_days(node: Api):
    """A birth date that is known by its year may lie on any of its days."""
    known = _report(node, person(birthDate="1971"))
    search = {"text": "karimzadeh", "born_from": "1971-03-01", "born_to": "1971-04-01"}

    assert _ids(node.as_("xar", "second_line").post("/search", search)) == [known]


@pytest.mark.parametrize("search", [{"text": "kar*"}, {"owner": "xar"}, {"text": "ab"}])
def test_pr_04_looking_around_is_a_supervisors_right(one_record, search):
    """Wildcards and searches that nothing narrows need the purpose of supervision."""
    node, known = one_record

    refused = node.as_("xar", "second_line").post("/search", search)
    allowed = node.as_("xar", "supervisor", purpose="supervision").post("/search", search)

    assert refused.status_code == 403
    assert refused.json()["reasons"] == ["wildcard"]
    assert _ids(allowed) == ([] if search == {"text": "ab"} else [known])


def test_pr_03_another_authority_is_told_that_a_record_exists(node: Api):
    """No field beyond existence, owner, contact and reference, and by identity alone."""
    known = _report(node, person(birthDate="1971-05-02"), owner="xbo", alert=ARREST)
    _catch_up(node)
    desk = node.as_("xar", "second_line")

    by_name = desk.post("/search", {"name": "Zahra Karimzadeh"}).json()["items"]
    by_facts = desk.post("/search", {"text": "cigarettes"}).json()["items"]

    assert [set(row) for row in by_name] == [{"exists", "owner", "contact", "reference"}]
    assert (by_name[0]["owner"], by_name[0]["reference"]) == ("xbo", known)
    assert by_facts == []


def test_pr_03_an_owner_tells_more_to_whom_it_names(node: Api):
    """The audience says so: by authority or by group."""
    known = _report(node, person(), owner="xbo", audience=("node:xar",))

    [row] = node.as_("xar", "second_line").post("/search", {"text": "karimzadeh"}).json()["items"]

    assert (row["id"], row["identity"]["caption"]) == (known, "Zahra Karimzadeh")


def test_counts_tell_no_more_than_rows_do(node: Api):
    """Records whose details are not told, or that are hidden, are not counted."""
    _report(node, person(), alert=ARREST)
    _report(node, person(), owner="xbo")
    _report(node, person(), owner="xbo", audience=("node:xar",), excluded=("node:xar",))
    desk = node.as_("xar", "second_line")

    counts = desk.post("/search/counts", {"text": "karimzadeh"}).json()

    assert counts == {
        "total": 1,
        "facets": {
            "schema": {"Person": 1},
            "owner": {"xar": 1},
            "state": {"active": 1},
            "action": {"arrest": 1},
        },
    }


def test_pages_of_a_search_follow_each_other(node: Api):
    """The newest first, each once; a cursor of one search is worth nothing in another."""
    known = [_report(node, person()) for _ in range(5)]
    desk = node.as_("xar", "second_line")
    asked = {"text": "karimzadeh"}

    first = desk.post("/search?limit=3", asked).json()
    path = f"/search?limit=3&cursor={first['next_cursor']}"
    second = desk.post(path, asked).json()

    assert [row["id"] for row in first["items"] + second["items"]] == known[::-1]
    assert second["next_cursor"] is None
    assert desk.post(path, {"text": "zahra"}).status_code == 422


def test_a_search_is_entered_without_its_content(node: Api):
    """By which criteria, and how much was found (PR-37)."""
    from sqlalchemy import text

    _report(node, person())
    node.as_("xar", "second_line").post("/search", {"text": "karimzadeh", "owner": "xar"})

    with node.database.begin() as tx:
        rows = tx.execute(text("select * from audit_entry where deed = 'search.made'")).all()
    assert [row.facts for row in rows] == [{"by": "text,owner", "found": 1}]
    assert "karimzadeh" not in str(rows).lower()


def test_pr_04_one_search_too_many_is_refused_and_signalled(node: Api):
    """The refusal undoes the search; the signal to the data-protection officer stays."""
    from dataclasses import replace

    from sqlalchemy import text

    few = replace(node.services.settings, access=Access(searches_per_minute=2))
    strict = Api(node.database, node.services.secrets, node.services.index, few)
    desk = strict.as_("xar", "second_line")

    answers = [desk.post("/search", {"text": "karimzadeh"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    with node.database.begin() as tx:
        assert tx.scalar(text("select kind from signal")) == "search_limit"
