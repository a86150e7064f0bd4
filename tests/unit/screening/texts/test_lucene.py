from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from didban.errors import InvalidInput
from didban.screening.texts.lucene import (
    AUTO,
    Both,
    Either,
    Everything,
    Not,
    Phrase,
    Range,
    Word,
    parse,
    parse_simple,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("*:*", Everything()),
        ("zahra", Word(text="zahra")),
        ("zahra karimi", Both(parts=(Word(text="zahra"), Word(text="karimi")))),
        ("zahra && karimi", Both(parts=(Word(text="zahra"), Word(text="karimi")))),
        ("a OR b", Either(parts=(Word(text="a"), Word(text="b")))),
        ("a || b c", Either(parts=(Word(text="a"), Both(parts=(Word(text="b"), Word(text="c")))))),
        (
            "(a OR b) c",
            Both(parts=(Either(parts=(Word(text="a"), Word(text="b"))), Word(text="c"))),
        ),
        ("-a", Not(part=Word(text="a"))),
        ("!a", Not(part=Word(text="a"))),
        ("NOT a", Not(part=Word(text="a"))),
        ("+a", Word(text="a")),
        ("karim*", Word(text="karim*", is_pattern=True)),
        ("tehrani~", Word(text="tehrani", distance=AUTO)),
        ("tehrani~1", Word(text="tehrani", distance=1)),
        ("tehrani~0.8", Word(text="tehrani", distance=AUTO)),
        ('"two words"~3', Phrase(text="two words", slop=3)),
        ("name:zahra^2", Word(text="zahra", field="name")),
        ("names:(a b)", Both(parts=(Word(text="a", field="names"), Word(text="b", field="names")))),
        ("dates:[1970 TO 1980}", Range(field="dates", low="1970", high="1980", with_high=False)),
        ("dates:[1970 TO *]", Range(field="dates", low="1970", high=None)),
        ("dates:>=1970", Range(field="dates", low="1970", high=None)),
        ("O'Neil al-Qasim", Both(parts=(Word(text="O'Neil"), Word(text="al-Qasim")))),
        (r"a\/b", Word(text="a/b")),
        ("زهرا کریمی", Both(parts=(Word(text="زهرا"), Word(text="کریمی")))),
        ("ANDREW ORson", Both(parts=(Word(text="ANDREW"), Word(text="ORson")))),
    ],
)
def test_a_query_is_read_as_lucene_reads_it(text, tree):
    """Words beside each other must all occur."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    ["invalid/query", "/a.*/", "(a", "a)", "a AND", "OR a", '"open', "a:", ":a", "a:b:c", "()",
     "[a TO", "-", "~", "\\", "(" * 40 + "a" + ")" * 40, " ".join("a" * 257)],
)  # fmt: skip
def test_a_broken_query_is_refused(text):
    """So is a regular expression, one that is nested too deep, and one of too many parts."""
    with pytest.raises(InvalidInput):
        parse(text)


@given(st.text(alphabet=st.sampled_from('ab *?:()[]{}"~^+-!&|/\\0.ANDORTO')))
def test_any_text_is_a_query_or_refused(text):
    """Nothing else is raised."""
    with contextlib.suppress(InvalidInput):
        parse(text)


@given(st.text())
def test_every_text_is_a_simple_query(text):
    """People write what they like."""
    parse_simple(text)


def test_a_distance_without_bounds_is_the_largest():
    """And what only looks like a figure is none."""
    endless = "9" * 400

    assert parse(f"a~{endless}") == Word(text="a", distance=2)
    assert isinstance(parse(f'"a b"~{endless}'), Phrase)
    assert parse_simple("x~²") == Both(parts=(Word(text="x~²"),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("invalid/query", Both(parts=(Word(text="invalid/query"),))),
        ("a -b", Both(parts=(Word(text="a"), Not(part=Word(text="b"))))),
        ("a | b", Both(parts=(Either(parts=(Word(text="a"), Word(text="b"))),))),
        ('"a b" (c', Both(parts=(Phrase(text="a b"), Word(text="c")))),
        (
            "karim* x~1",
            Both(parts=(Word(text="karim*", is_pattern=True), Word(text="x", distance=1))),
        ),
    ],
)
def test_a_simple_query_has_a_few_signs(text, tree):
    """Quotation marks, minus, bar, a last star, a tilde."""
    assert parse_simple(text) == tree
