"""What several datasets say of one thing is searched together and kept apart."""

from __future__ import annotations

from didban.model.records import Record
from didban.screening.parts import joined, parts_of
from specimens import passport


def _part(dataset: str, *names: str, **more: object) -> Record:
    properties = {"name": names}
    return Record(id="x", schema="Person", properties=properties, datasets=(dataset,), **more)  # type: ignore[arg-type]


_ONE = _part("one", "Xenia", "Xena", caption="Xenia", referents=("x-1",))
_TWO = _part("two", "Xenia Blake", "Xenia", caption="Xenia Blake", documents=(passport(),))


def test_a_joined_record_has_the_values_of_all_parts_once():
    """The first part's come first, and its caption stands."""
    both = joined([_ONE, _TWO])

    assert both.values("name") == ("Xenia", "Xena", "Xenia Blake")
    assert (both.caption, both.datasets, both.referents) == ("Xenia", ("one", "two"), ("x-1",))
    assert both.documents == (passport(),)


def test_parts_come_back_as_they_were_also_from_json():
    """So that one dataset can be corrected without the other."""
    both = Record.from_json(joined([_ONE, _TWO]).to_json())

    assert parts_of(both) == {"one": _ONE, "two": _TWO}
    assert joined(parts_of(both).values()) == both


def test_a_record_of_one_dataset_is_its_own_part():
    """And holds nothing twice."""
    assert joined([_ONE]) is _ONE
    assert parts_of(_ONE) == {"one": _ONE}


def test_where_the_parts_were_never_kept_apart_each_dataset_says_all():
    """As in a snapshot of an older version: rather too much than somebody lost."""
    both = _part("one", "Xenia", "Xenia Blake", caption="Xenia")
    both = Record.from_json(both.to_json() | {"datasets": ["one", "two"]})

    assert {name: part.values("name") for name, part in parts_of(both).items()} == {
        "one": ("Xenia", "Xenia Blake"),
        "two": ("Xenia", "Xenia Blake"),
    }
