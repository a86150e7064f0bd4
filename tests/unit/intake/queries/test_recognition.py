"""The format of a file of queries is known by its content."""

from __future__ import annotations

import gzip

import pytest

from didban.errors import InvalidFile
from intake_help import read_asked

JSON_LINE = '{"id": "q1", "properties": {"name": ["Nadir Arvandi"]}}\n'
TABLE = "id,name\nq1,Nadir Arvandi\n"
MESSAGE = "UNH+1+PAXLST:D:02B:UN:IATA'NAD+FL+++ARVANDI:NADIR'UNT+3+1'"


@pytest.mark.parametrize("name", ["asked.txt", "asked", "asked.json", "asked.dat.gz"])
@pytest.mark.parametrize("content", [JSON_LINE, TABLE, MESSAGE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_any_name_encoding_and_packing_will_do(tmp_path, name, content, encoding, pack):
    """What counts is what is inside."""
    asked = read_asked(pack(content.encode(encoding)), tmp_path, name)

    assert [query.caption.casefold() for query in asked.queries] == ["nadir arvandi"]
    assert asked.rejects == []


@pytest.mark.parametrize("blank", [" ", "\n"])
def test_blanks_before_the_first_line_lose_nothing(tmp_path, blank):
    """However many: a file that only begins late is not an empty one."""
    asked = read_asked(blank * 200_000 + JSON_LINE, tmp_path)

    assert [query.id for query in asked.queries] == ["q1"]


def test_an_empty_file_asks_nothing(tmp_path):
    """That is no error."""
    assert read_asked("", tmp_path).queries == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[{"id": "q1"}]', "one object on each line"),
        ("\x00" * 4000, "no row of it can be read|no header|not even a header"),
        ("Nadir Arvandi\nSever Boreland\n", "no header that can be searched by"),
        ("\x89PNG\r\n\x1a\n\x00\x00", "no header|has not even a header|no row of it"),
        ('{\n  "id": "q1"\n}\n', "no row of it can be read"),
        ("UNH+1+PNRGOV:11:1:IA'UNT+2+1'", "holds no PAXLST message"),
    ],
)
def test_another_kind_of_file_is_refused_whole(tmp_path, content, complaint):
    """And told what would do."""
    with pytest.raises(InvalidFile, match=complaint):
        read_asked(content, tmp_path)


def test_an_empty_table_lacks_its_header(tmp_path):
    """A file called .csv promises one."""
    with pytest.raises(InvalidFile, match="not even a header"):
        read_asked("", tmp_path, "asked.csv")
