"""Bytes from outside become lines and rows, whatever is in them, and nothing is lost in silence."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from didban.errors import InvalidFile
from didban.intake.readers import streams
from didban.intake.readers.base import LastLine, Reject
from didban.intake.readers.streams import check_width, read_lines, read_rows


@pytest.fixture
def told():
    """Return the list that rejects and notes go to."""
    return []


@pytest.fixture
def lines(tmp_path, told):
    """Return a function from bytes to lines."""

    def read(data, **options):
        path = tmp_path / "file"
        path.write_bytes(data)
        return list(read_lines(path, "file", told.append, **options))

    return read


@pytest.fixture
def rows(tmp_path, told):
    """Return a function from bytes to CSV rows."""

    def read(data, **options):
        path = tmp_path / "file"
        path.write_bytes(data)
        return list(read_rows(path, "file", told.append, **options))

    return read


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_unicode_encoding_is_recognised(lines, told, encoding):
    """By its mark, or by the zeros of UTF-16."""
    text = "name,born\nNadir Arvandi,1965\nنادر,1970\n"

    assert [line for _, line in lines(text.encode(encoding))] == text.splitlines()
    assert told == []


def test_a_line_of_zeros_does_not_make_a_file_utf_16(lines):
    """However regular its zeros are: the other lines end with one byte."""
    data = b"name,born\n" + b"\x00\x01" * 60 + b"\nNadir Arvandi,1965\n"

    assert [line for _, line in lines(data)][::2] == ["name,born", "Nadir Arvandi,1965"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised_in_mostly_arabic_text(lines, told, encoding):
    """Only the separators and the header have zeros there."""
    text = "no,name\n" + "1,نادر اروندی\n2,کیوان بهروزی\n" * 50

    assert [line for _, line in lines(text.encode(encoding))] == text.splitlines()
    assert told == []


def test_zeros_that_are_damage_do_not_make_utf_16(lines):
    """They lie at even and odd places."""
    assert lines(b"no,na\0me\n1,A\0\0nna\n2,B\0\0oris\n3,C\0\0yrus\n4,D\0\0ora\n")[1] == (
        2,
        "1,Anna",
    )


def test_a_line_that_is_not_utf_8_is_read_as_windows_1252_and_noted_once(lines, told):
    """The other lines stay what they are."""
    data = "Müller\nAndré\n".encode("cp1252") + "Żółw\n".encode()

    assert [text for _, text in lines(data)] == ["Müller", "André", "Żółw"]
    assert [(note.line, note.is_note) for note in told] == [(1, True)]
    assert "Windows-1252" in told[0].reason


def test_a_known_encoding_can_be_stated(lines, told):
    """Arabic Windows text looks like any other bytes."""
    assert lines("نادر\n".encode("cp1256"), encoding="cp1256") == [(1, "نادر")]
    assert told == []


def test_nul_and_other_controls_are_taken_out_and_noted(lines, told):
    """They come from broken exports and mean nothing."""
    assert lines(b"a\x00b\x1a\nc\n") == [(1, "ab"), (2, "c")]
    assert "control characters" in told[0].reason


def test_both_kinds_of_line_end_are_cut(lines):
    """And a last line needs none."""
    assert lines(b"a\r\nb\nc") == [(1, "a"), (2, "b"), (3, "c")]


def test_gzip_is_recognised_by_content(lines):
    """Whatever the file is called."""
    assert lines(gzip.compress(b"a\nb\n")) == [(1, "a"), (2, "b")]


def test_a_truncated_archive_gives_what_it_can(lines, told):
    """The lines before the damage are kept, and the damage is told."""
    packed = gzip.compress(b"".join(b"line %d\n" % n for n in range(50_000)))

    found = lines(packed[: len(packed) // 2])

    assert len(found) > 1000
    assert "damaged or cut off" in told[-1].reason


def test_a_line_over_the_limit_is_refused_and_the_next_is_read(lines, told, monkeypatch):
    """Even if it spans many pieces of the file."""
    monkeypatch.setattr(streams, "MAX_LINE_BYTES", 1000)

    assert lines(b"first\n" + b"x" * 900_000 + b"\nlast\n") == [(1, "first"), (3, "last")]
    assert [(reject.line, reject.is_note) for reject in told] == [(2, False)]
    assert "longer than" in told[0].reason
    assert len(told[0].row) < 3000


def test_a_huge_line_does_not_fill_the_memory(tmp_path, told):
    """A line of 400 MB, packed small, is skipped in pieces."""
    path = tmp_path / "huge.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(400):
            file.write(b"x" * 1_000_000)
        file.write(b"\nafter\n")

    tracemalloc.start()
    found = list(read_lines(path, "huge", told.append))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == [(2, "after")]
    assert peak < 5 * streams.MAX_LINE_BYTES


def test_a_quoted_cell_may_hold_line_ends(rows):
    """Addresses do."""
    assert rows(b'a,b\n1,"x\ny"\n3,4\n') == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (4, ["3", "4"])]


def test_a_quote_that_is_never_closed_costs_one_line(rows, told):
    """Not the rest of the file."""
    assert rows(b'a,b\n1,"x\n3,4\n5,6\n') == [(1, ["a", "b"]), (3, ["3", "4"]), (4, ["5", "6"])]
    assert [(reject.line, reject.row) for reject in told] == [(2, '1,"x')]


def test_an_open_quote_in_a_long_table_costs_one_line(rows, told):
    """The search for its end is bounded."""
    table = b"a,b\n" + b'0,"open\n' + b"".join(b"%d,y\n" % n for n in range(1, 5000))

    found = rows(table)

    assert len(found) == 5000
    assert [reject.line for reject in told] == [2]


def test_two_open_quotes_do_not_swallow_what_stands_between_them(rows, told):
    """The second one would close the first; what follows it gives it away."""
    found = rows(b'a,b,c\n1,"x,2\n3,4,5\n6,"z,7\n8,9,0\n')

    assert [line for line, _ in found] == [1, 3, 5]
    assert [reject.line for reject in told] == [2, 4]


def test_in_a_table_a_misshapen_row_of_several_lines_is_an_open_quote(rows, told):
    """Here the second quote closes well, but the number of cells is wrong."""
    found = rows(b'a,b,c\n1,"x,2\n3,4,5\n6,x",7,8\n8,9,0\n', is_table=True)

    assert [line for line, _ in found] == [1, 3, 4, 5]
    assert [reject.line for reject in told] == [2]


def test_a_file_that_is_not_there_is_said_by_name(tmp_path, told):
    """Without its folder, which may be telling."""
    with pytest.raises(InvalidFile, match=r"^gone\.csv: cannot be read"):
        list(read_lines(tmp_path / "gone.csv", "gone", told.append))


def test_a_folder_is_no_file(tmp_path, told):
    """It is refused, not crashed on."""
    with pytest.raises(InvalidFile, match="cannot be read"):
        list(read_lines(tmp_path, "folder", told.append))


def test_a_refused_last_line_without_a_line_feed_is_where_the_file_breaks_off(lines):
    """A whole file may end so too; then nobody refuses the line."""
    (first, _), (last, text) = lines(b"one\ntwo")
    ends = [
        Reject(source="file", line=line, reason="no", row=text, is_note=is_note).is_end
        for line, is_note in ((first, False), (last, False), (last, True))
    ]

    assert ends == [False, True, False]
    assert not isinstance(lines(b"one\ntwo\n")[-1][0], LastLine)


def test_a_last_row_of_several_lines_is_a_last_line(rows):
    """The number is that of its first line."""
    (number, _) = rows(b'a,b\n1,"2\n3"')[-1]

    assert isinstance(number, LastLine)
    assert number == 2


def test_half_an_entry_does_not_take_the_place_of_the_whole_one():
    """Rows of hand-made tables may be short; a last one without a line feed was cut."""
    check_width(2, ["1"], ["no", "name"])
    with pytest.raises(ValueError, match="break off"):
        check_width(LastLine(2), ["1"], ["no", "name"])
