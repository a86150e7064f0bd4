"""Person files: what humans judged, undone exactly, and seen only as far as its records are."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bank_help import actor, authority, fresh_bank, marking, person
from didban import clock
from didban.analysis import person_files
from didban.errors import Conflict, DidbanError, InvalidInput, NotFound, NotPermitted
from didban.intake import bank
from didban.match.index.layers import Layer
from didban.match.search import Search
from didban.model.disputes import Ground
from didban.model.person_files import Judgement
from didban.model.records import Record
from didban.model.retention import ErasureReason
from didban.store import erasure
from didban.store import person_files as store
from didban.store.tables.person_files import judged_pair
from didban.store.tables.records import record as record_table

SAME, DIFFERENT, UNSURE = Judgement.SAME, Judgement.DIFFERENT, Judgement.UNSURE
ANALYST = actor("xar", "analyst")
OTHER = actor("xca", "analyst", user="usr_other")


@pytest.fixture
def made(database):
    """Return a bank with Arvand, Boreland and Caspia."""
    with database.begin() as tx:
        for code in ("xar", "xbo", "xca"):
            authority(tx, code)
    return database


def report(database, owner="xbo", entity=None, **more) -> str:
    """Report a person for an owner."""
    entity = entity or person("Zahra Karimzadeh", birthDate="1971-05-02")
    with database.begin() as tx:
        return bank.report(tx, actor(owner), entity, marking(owner, **more)).id


def do(database, verb, who, *args, **more):
    """Do one thing in a transaction of its own."""
    with database.begin() as tx:
        return verb(tx, who, *args, **more)


def judge(database, one, other, judgement=SAME, who=ANALYST):
    """Judge two records."""
    return do(database, person_files.judge, who, one, other, judgement, "same scar, same parents")


def members(database, record_id, who=ANALYST) -> set[str]:
    """Return the members of a record's file as somebody sees them."""
    found = do(database, person_files.file_of, who, record_id)
    return {member.record for member in found.members}


def test_records_judged_the_same_are_one_file(made):
    """Through each other too, and whichever of them is asked for."""
    a, b, c, d = (report(made, owner) for owner in ("xar", "xbo", "xca", "xca"))
    judge(made, a, b)
    judge(made, c, b)

    files = [do(made, person_files.file_of, ANALYST, name) for name in (a, b, c)]
    assert len({file.id for file in files}) == 1
    assert [{m.record for m in file.members} for file in files] == [{a, b, c}] * 3
    assert members(made, d) == {d}


def test_unsure_joins_nothing_and_is_remembered(made):
    """It stays in the history of both."""
    a, b = report(made, "xar"), report(made, "xbo")
    pair = judge(made, a, b, UNSURE)

    file = do(made, person_files.file_of, ANALYST, b)
    assert ({m.record for m in file.members}, file.judgements) == ({b}, (pair,))


def test_what_one_owner_says_differently_stays_visible(made):
    """Value by value, with its owner, its evaluation and the day it was verified (PR-24)."""
    a = report(made, "xar", person("Zahra Karimzadeh", birthDate="1971-05-02"))
    b = report(
        made, "xbo", person("Zahra Karimzadeh", birthDate="1972-05-02"),
        source_evaluation="A", information_evaluation="1",
    )  # fmt: skip
    c = report(made, "xca", person("Zahra Karimzade", birthDate="1971-05-02"))
    judge(made, a, b)
    judge(made, b, c)

    file = do(made, person_files.file_of, ANALYST, a)
    born = {v.owner: (v.value, v.source_evaluation, v.information_evaluation)
            for v in file.values if v.name == "birthDate"}  # fmt: skip
    assert born == {
        "xar": ("1971-05-02", "X", "4"),
        "xbo": ("1972-05-02", "A", "1"),
        "xca": ("1971-05-02", "X", "4"),
    }
    assert all(value.verified_on is not None for value in file.values)
    assert {"birthDate", "name"} <= set(file.disagreements)


def test_a_disagreement_outlives_the_withdrawal_of_a_third_record(made):
    """What is withdrawn is gone from the file; what the others say differently is not."""
    a = report(made, "xar", person("Zahra Karimzadeh", birthDate="1971-05-02"))
    b = report(made, "xbo", person("Zahra Karimzadeh", birthDate="1972-05-02"))
    c = report(made, "xca")
    for one, other in ((a, b), (b, c), (a, c)):
        judge(made, one, other)
    do(
        made, bank.withdraw, actor("xca"), c, expected=1, ground=Ground.ERROR, reason="mistaken"
    )  # fmt: skip

    file = do(made, person_files.file_of, ANALYST, a)
    assert {m.record for m in file.members} == {a, b}
    assert "birthDate" in file.disagreements
    assert all(c not in pair.ends for pair in file.judgements)
    with pytest.raises(NotFound):
        do(made, person_files.file_of, ANALYST, c)


def test_an_erased_record_leaves_no_judgement_behind(made):
    """Its judgements go with it, and the rest of the file is what it would be without."""
    a, b, c = report(made, "xar"), report(made, "xbo"), report(made, "xca")
    judge(made, a, b)
    judge(made, b, c)
    with made.begin() as tx:
        erasure.erase(tx, b, ErasureReason.RETENTION_ENDED, clock.now())

    assert (members(made, a), members(made, c)) == ({a}, {c})
    with made.begin() as tx:
        assert tx.execute(select(judged_pair)).all() == []


@pytest.mark.parametrize(
    ("schema", "other", "fits"),
    [
        ("Vehicle", "Vessel", True),
        ("Organization", "LegalEntity", True),
        ("Vehicle", "Person", False),
        ("Organization", "Person", False),
    ],
)
def test_files_are_for_things_too(made, schema, other, fits):
    """Of one kind, or of one that an owner said less exactly."""

    def thing(kind: str) -> Record:
        named = {"name": ("Blue Heron",), "registrationNumber": ("UTO-4711",)}
        return Record(id=f"rec_{kind}", schema=kind, caption="Blue Heron", properties=named)

    a, b = report(made, "xar", thing(schema)), report(made, "xbo", thing(other))
    if fits:
        judge(made, a, b)
        assert members(made, a) == {a, b}
    else:
        with pytest.raises(InvalidInput, match="not one thing"):
            judge(made, a, b)


def test_contradictions_are_refused_in_words(made):
    """Nothing is the same as what it was judged different from, through however many records."""
    a, b, c, d = (report(made) for _ in range(4))
    judge(made, a, b)
    judge(made, b, c)
    with pytest.raises(Conflict, match=f"in one file .{a} = {b} = {c}."):
        judge(made, a, c, DIFFERENT)

    apart = judge(made, c, d, DIFFERENT)
    with pytest.raises(Conflict, match=apart.id):
        judge(made, d, a)
    do(made, person_files.undo, ANALYST, apart.id, "the photo is of another person")
    judge(made, d, a)
    assert members(made, c) == {a, b, c, d}


def test_one_judgement_about_a_pair_stands(made):
    """Who thinks otherwise takes it back first; the history tells both."""
    a, b = report(made), report(made)
    first = judge(made, a, b, UNSURE)
    with pytest.raises(Conflict, match="take it back first"):
        judge(made, b, a)

    do(made, person_files.undo, OTHER, first.id, "a better photo came in")
    judge(made, b, a)
    with pytest.raises(Conflict, match="taken back already"):
        do(made, person_files.undo, ANALYST, first.id, "again")
    kept = do(made, person_files.file_of, ANALYST, a).judgements
    assert [(p.judgement, p.undone_by, p.undone_reason) for p in kept] == [
        (UNSURE, OTHER.user, "a better photo came in"), (SAME, None, ""),
    ]  # fmt: skip


def test_a_judgement_needs_a_reason_and_a_permission(made):
    """Not every desk judges."""
    a, b = report(made), report(made)

    with pytest.raises(InvalidInput, match="reason"):
        do(made, person_files.judge, ANALYST, a, b, SAME, "  ")
    with pytest.raises(InvalidInput):
        judge(made, a, a)
    with pytest.raises(NotPermitted):
        judge(made, a, b, who=actor("xar", "second_line"))


class Everything:
    """A matcher over all records, as the live index is one."""

    def __init__(self, database) -> None:
        with database.begin() as tx:
            rows = tx.execute(select(record_table.c.entity, record_table.c.visibility)).all()
        self._rows = rows

    def match(self, query, *, open_to, limit, threshold, mode):
        """Search what is open."""
        from didban.match.index.candidates import Scope

        records = [Record.from_json(row.entity) for row in self._rows if row.visibility in open_to]
        search = Search([Layer.of_records(records)])
        return search.match(Scope(query=query, mode=mode, datasets=None), limit=limit,
                            threshold=threshold)  # fmt: skip


def test_the_matcher_suggests_what_nobody_judged_yet(made):
    """Most likely first, with its evidence; judged ones and members are left out."""
    a, b, c = report(made, "xar"), report(made, "xbo"), report(made, "xca")
    report(made, "xca", person("Omar Vantaa", birthDate="1990-01-01"))
    hidden = report(made, "xbo", audience=("node:xca",))

    first = do(made, person_files.suggest, ANALYST, Everything(made), a, threshold=0.0)
    assert {s.record for s in first} == {b, c}
    assert all(piece.feature in {"name", "birth_date"} for s in first for piece in s.evidence)
    judge(made, a, b)
    judge(made, a, c, DIFFERENT)
    assert do(made, person_files.suggest, ANALYST, Everything(made), a, threshold=0.0) == []
    with pytest.raises(NotFound):
        do(made, person_files.suggest, ANALYST, Everything(made), hidden)


# ----------------------------------------------------------------------- what is not open


def seen_of(database, who, names):
    """Return everything that somebody can learn of files."""
    files = [do(database, person_files.file_of, who, name) for name in names]
    suggested = [
        do(database, person_files.suggest, who, Everything(database), name, threshold=0.0)
        for name in names
    ]
    return files, [[(s.record, s.owner) for s in each] for each in suggested]


def test_pr_09_a_member_that_is_not_open_is_not_there(made):
    """Files, identifiers, counts, history, suggestions: all as if it had never been (PR-09)."""
    a, b, c = report(made, "xar"), report(made, "xca"), report(made, "xca")
    judge(made, b, c)
    before = seen_of(made, ANALYST, (a, b, c))

    hidden = report(made, "xbo", excluded=("node:xar",))
    judge(made, hidden, a, who=OTHER)
    judge(made, hidden, b, who=OTHER)

    assert members(made, a, OTHER) == {a, b, c, hidden}
    assert seen_of(made, ANALYST, (a, b, c)) == before


def test_pr_09_what_contradicts_behind_a_hidden_record_is_not_told(made):
    """Who cannot see the chain may judge; who sees it, sees the contradiction."""
    a, b = report(made, "xar"), report(made, "xca")
    hidden = report(made, "xbo", excluded=("node:xar",))
    judge(made, hidden, a, who=OTHER)
    judge(made, hidden, b, who=OTHER)

    pair = judge(made, a, b, DIFFERENT)

    assert do(made, person_files.file_of, ANALYST, a).contradictions == ()
    assert do(made, person_files.file_of, OTHER, a).contradictions == (pair,)


def test_pr_09_guessing_brings_the_answer_of_nothing_there(made):
    """A hidden record and one that never was; a judgement about it and one that never was."""
    a = report(made, "xar")
    hidden = report(made, "xbo", excluded=("node:xar",))
    pair = judge(made, a, hidden, who=OTHER)

    def words(verb, *args):
        with pytest.raises(NotFound) as error:
            do(made, verb, ANALYST, *args)
        return str(error.value)

    file_of, undo = person_files.file_of, person_files.undo
    assert words(file_of, hidden) == words(file_of, "rec_never")
    assert words(undo, pair.id, "why") == words(undo, "jdg_never", "why")
    assert words(person_files.judge, a, hidden, SAME, "why") == words(
        person_files.judge, a, "rec_never", SAME, "why"
    )


# ------------------------------------------------------------------------- a slow twin


class Twin:
    """The obvious way: a list of judgements, and everything worked out anew each time."""

    def __init__(self, hidden: set[int]) -> None:
        self.hidden = hidden
        self.pairs: list[tuple[int, int, Judgement, bool]] = []

    def component(self, start: int, *, sees_all: bool) -> set[int]:
        """Return what is connected with one record, for somebody."""
        gone = set() if sees_all else self.hidden
        found = {start}
        for _ in range(len(self.pairs) + 1):
            for one, other, judgement, stands in self.pairs:
                joins = judgement is SAME and stands and not {one, other} & gone
                if joins and {one, other} & found:
                    found |= {one, other}
        return found

    def refuses(self, one: int, other: int, judgement: Judgement) -> bool:
        """Return whether a judgement of somebody who sees all has to be refused."""
        if any({one, other} == {a, b} and stands for a, b, _, stands in self.pairs):
            return True
        mine = self.component(one, sees_all=True)
        if judgement is DIFFERENT:
            return other in mine
        if judgement is SAME:
            both = mine | self.component(other, sees_all=True)
            theirs = self.component(other, sees_all=True)
            return any(
                kind is DIFFERENT and stands and {a, b} <= both
                and ({a, b} & mine and {a, b} & theirs)
                for a, b, kind, stands in self.pairs
            )  # fmt: skip
        return False


@pytest.fixture(scope="module")
def shared(postgres):
    """Return a bank with six records, two of them hidden from Arvand."""
    with fresh_bank(postgres) as database:
        with database.begin() as tx:
            for code in ("xar", "xbo", "xca"):
                authority(tx, code)
        names = [
            report(database, "xca", excluded=("node:xar",) if n in {1, 4} else ()) for n in range(6)
        ]
        yield database, names


_RECORD = st.integers(0, 5)
_STEP = st.one_of(
    st.tuples(_RECORD, _RECORD, st.sampled_from([SAME, SAME, DIFFERENT, UNSURE])),
    st.integers(0, 30),
)


@given(steps=st.lists(_STEP, max_size=14))
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_pr_24_judging_and_taking_back_is_exact(shared, steps):
    """Any sequence: the files are the twin's, for who sees all and who does not, and records stay.

    And when everything is taken back, in any order, everything is as it was in the beginning.
    """
    database, names = shared
    with database.begin() as tx:
        tx.execute(delete(judged_pair))
        untouched = tx.execute(select(record_table).order_by(record_table.c.number)).all()
    twin = Twin({1, 4})
    ids: list[str] = []

    for step in steps:
        if isinstance(step, tuple):
            try_to_judge(database, names, twin, ids, step)
        elif ids:
            take_back(database, twin, ids, step % len(ids))
        check(database, names, twin)

    for at in range(len(ids)):
        take_back(database, twin, ids, at)
    with database.begin() as tx:
        for name in names:
            assert store.connected(tx, name, frozenset(range(100))) == {name}
        assert tx.execute(select(record_table).order_by(record_table.c.number)).all() == untouched


def try_to_judge(database, names, twin, ids, step) -> None:
    """Judge, in the bank and beside it; both must agree whether it can be."""
    one, other, judgement = step
    refused = one == other or twin.refuses(one, other, judgement)
    try:
        ids.append(judge(database, names[one], names[other], judgement, OTHER).id)
    except DidbanError:
        assert refused
    else:
        assert not refused
        twin.pairs.append((one, other, judgement, True))


def take_back(database, twin, ids, at) -> None:
    """Take one judgement back, in the bank and beside it."""
    one, other, judgement, stands = twin.pairs[at]
    if stands:
        do(database, person_files.undo, OTHER, ids[at], "no")
        twin.pairs[at] = (one, other, judgement, False)


def check(database, names, twin) -> None:
    """Compare every file with the twin's, for both analysts."""
    from didban.store.visibility import open_to

    for who, sees_all in ((OTHER, True), (ANALYST, False)):
        with database.begin() as tx:
            seen = open_to(tx, who)
            for at, name in enumerate(names):
                if sees_all or at not in twin.hidden:
                    expected = {names[n] for n in twin.component(at, sees_all=sees_all)}
                    assert store.connected(tx, name, seen) == expected
