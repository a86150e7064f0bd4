"""Blind lists and their keys, whatever is asked and whatever happens to the records."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_help import marking, passport
from didban import clock
from didban.exchange.blind import holding, oprf
from didban.match.blind_keys import BlindList, keys_of
from didban.model.bank import BankRecord, RecordState
from didban.model.documents import Document
from didban.model.exchange.peer_checks import Way
from didban.model.records import Record
from didban.store import records
from didban.store.exchange import blind
from questions_help import TERMS, Asking, paper

NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz -'ابتجحкмнорст", min_size=1, max_size=40)
NUMBERS = st.text(alphabet="ABC0123456789 -.", min_size=0, max_size=20)
STATES = st.sampled_from(["xar", "XBO", "xca", "uto", "d", "nowhere", ""])
DATES = st.sampled_from(["1971-05-02", "1971-05", "1971", "1971~", "1970/1972", "XXXX", "soon"])


@st.composite
def things(draw: st.DrawFn) -> Record:
    """Return anybody or anything that may be asked about."""
    properties = {"name": (draw(NAMES),), "birthDate": (draw(DATES),)}
    properties["nationality"] = (draw(STATES),)
    paper = Document(number=draw(NUMBERS), issuer=draw(STATES) or None)
    return Record(id="q", schema="Person", properties=properties, documents=(paper,))


@given(asked=things())
def test_keys_are_made_of_anything_and_always_the_same(asked: Record):
    """Each once, of one line of known length, so that the inputs of the function stay apart."""
    found = keys_of(asked)
    assert found == keys_of(replace(asked, id="other", caption="other"))
    for keys in found.values():
        assert len(set(keys)) == len(keys) <= 1_000
        assert all("\n" not in key and key == key.strip() for key in keys)


PARTS = st.lists(
    st.sampled_from(["Zahra", "Karimzadeh", "Tehrani", "Yusuf", "زهرا", "تهرانی", "Захар"]),
    min_size=2,
    max_size=3,
    unique=True,
)


@given(parts=PARTS, order=st.randoms(use_true_random=False))
def test_the_whole_name_has_one_key_in_any_order_of_its_parts(parts: list[str], order):
    """Papers put the family name first, people last."""

    def key(*names: str) -> list[str]:
        properties = {
            "name": (" ".join(names),), "birthDate": ("1971",), "nationality": ("xar",)
        }  # fmt: skip
        found = keys_of(Record(id="q", schema="Person", properties=properties))
        return list(found[BlindList.PERSONS])

    assert key(*parts) == key(*order.sample(parts, len(parts)))


@given(tags=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50))
def test_tags_come_back_as_they_were_sent_and_in_an_order_that_tells_nothing(tags):
    """Eight bytes each."""
    assert oprf.unpacked(oprf.packed(tags)) == sorted(tags)


DEEDS = st.lists(
    st.tuples(st.sampled_from(["offer", "withdraw", "hide", "show"]), st.integers(0, 19)),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rounds=st.lists(DEEDS, min_size=1, max_size=4))
def test_whatever_happens_the_reader_can_find_exactly_what_is_offered(asking: Asking, rounds):
    """After each round; the length of the list is a multiple of the step, whatever is in it."""
    run = len(_RUNS)
    _RUNS.append(run)
    numbers = [f"H{run:03}{at:05}" for at in range(20)]
    kept: dict[int, BankRecord] = {}
    for at in range(TERMS.blind_least):
        kept[at] = _offered(asking, numbers[at])
    for deeds in rounds:
        for deed, at in deeds:
            _do(asking, deed, at, numbers, kept)
        asking.offer("xar")
        which = asking["xbo"].do(holding.usable, "xar", BlindList.DOCUMENTS, clock.now())
        offered = {at for at, one in kept.items() if _is_offered(one)}
        # Those of earlier runs are still in the bank.
        assert (which is not None) == (asking["xar"].do(_count_offered) >= TERMS.blind_least)
        if which is None:
            continue
        assert asking["xbo"].do(blind.count_held, which) % TERMS.blind_step == 0
        asked = tuple(paper(number).asked[0] for number in numbers)
        draft = replace(paper(numbers[0], way=Way.BLIND, nodes=("xar",)), asked=asked)
        answer = asking.put("xbo", draft, user=f"usr_{run}_{id(deeds)}")["xar"]
        assert set(answer.found) == offered


_RUNS: list[int] = []


def _is_offered(one: BankRecord) -> bool:
    return one.state is RecordState.ACTIVE and "blind:xbo" in one.marking.visibility.audience


def _count_offered(tx) -> int:
    query = "select count(*) from record join visibility v on v.number = visibility"
    query += " where is_searchable and 'blind:xbo' = any(v.audience)"
    return int(tx.exec_driver_sql(query).scalar_one())


def _offered(asking: Asking, number: str) -> BankRecord:
    new = BankRecord(
        entity=passport(number),
        marking=marking("xar", audience=("blind:xbo",)),
        alert=None,
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=clock.now(),
        recorded_by="usr_test",
    )
    asking["xar"].do(records.insert_record, new)
    return new


def _do(
    asking: Asking, deed: str, at: int, numbers: list[str], kept: dict[int, BankRecord]
) -> None:
    xar = asking["xar"]
    if deed == "offer" and at not in kept:
        kept[at] = _offered(asking, numbers[at])
        return
    if at not in kept or kept[at].state is not RecordState.ACTIVE:
        return
    now = clock.now()
    if deed == "withdraw":
        kept[at] = xar.do(records.set_state, kept[at], RecordState.WITHDRAWN, at=now, by="usr_test")
    elif deed in {"hide", "show"}:
        audience = ("blind:xbo",) if deed == "show" else ("node:xbo",)
        new = replace(kept[at], marking=marking("xar", audience=audience), recorded_at=now)
        kept[at] = xar.do(records.replace_record, new, expected=kept[at].version)
