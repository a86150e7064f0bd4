"""A snapshot that was interrupted, cut or altered is never taken for a whole one."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from didban.errors import DidbanError, IntegrityFailure, Unavailable
from didban.match.index.candidates import Scope
from didban.match.index.layers import Layer
from didban.match.index.manifest import MANIFEST, Manifest
from didban.match.index.segments import Segment
from didban.match.kernels import IMPLEMENTATION
from didban.match.modes import Mode
from didban.match.search import Search
from didban.match.snapshot import Snapshot, SnapshotBuilder
from specimens import BUILT_AT, build, crowd, person, question

TESTS = Path(__file__).resolve().parent.parent
HEADER = 48
KERNEL_SECTIONS = {
    "form_codes", "form_length", "form_mask", "form_token", "form_unvocalised", "form_weight",
    "key", "key_form", "length_start", "name_record", "name_start", "posting", "posting_start",
    "record_class", "record_years", "single_start", "token_class", "token_frequency",
    "token_initial", "token_rarity",
}  # fmt: skip
"""Those that the kernels read, but for `name_token`: another token has other words, no danger."""

WRITER = """
import sys
from itertools import count
from pathlib import Path
from didban.match.index.manifest import Manifest
from specimens import build, person

folder = Path(sys.argv[1])
update = sys.argv[2] == "update"
print("begun", flush=True)
for n in count(1):
    records = [person(f"Generation {n}", id=f"p{i}") for i in range(150)]
    build(folder, records, onto=Manifest.read(folder) if update and n % 4 else None)
"""
"""Replaces a snapshot again and again; each time all of its 150 records bear the time's number."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a snapshot that consists of two segments."""
    first = build(tmp_path, crowd(12))
    update = SnapshotBuilder(tmp_path, onto=first)
    update.withdraw("c00001")
    update.add(person("Piotr Kowalski", id="kowal"))
    update.commit(built_at=BUILT_AT)
    return tmp_path


def names(snapshot: Snapshot) -> list[str]:
    """Return the main names of all records."""
    return [record.properties["name"][0] for record in snapshot.records()]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["build", "update"])
def test_a_writer_that_is_killed_leaves_the_state_before_or_after(tmp_path, how):
    """At any moment, with SIGKILL: the snapshot opens, verifies, and is of one piece."""
    build(tmp_path, [person("Generation 0", id=f"p{i}") for i in range(150)])
    dice = random.Random(7)
    for _ in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), how],
            stdout=subprocess.PIPE,
            text=True,
            cwd=TESTS,
        )
        with writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begun\n"
            time.sleep(dice.uniform(0, 0.15))
            writer.kill()

        snapshot = Snapshot.open(tmp_path)
        snapshot.verify()
        assert len(names(snapshot)) == len(snapshot) == 150
        assert len(set(names(snapshot))) == 1
        assert len(snapshot.match(question("Generation"), limit=5)) == 5

    build(tmp_path, [person()])
    assert len(list(tmp_path.iterdir())) == 2


def test_two_builds_at_once_do_not_mix(tmp_path):
    """Whoever comes second is told so, and what the first published stays whole."""
    first, second = SnapshotBuilder(tmp_path), SnapshotBuilder(tmp_path)
    first.add(person("Piotr Kowalski", id="first"))
    second.add(person("Pavel Novak", id="second"))

    first.commit(built_at=BUILT_AT)
    with pytest.raises(Unavailable):
        second.commit(built_at=BUILT_AT)

    second.abandon()
    assert names(Snapshot.open(tmp_path)) == ["Piotr Kowalski"]


def test_an_update_onto_what_is_gone_is_refused(tmp_path):
    """A build took the place of the files that it was to add to."""
    update = SnapshotBuilder(tmp_path, onto=build(tmp_path, [person()]))
    build(tmp_path, [person("Piotr Kowalski")])

    with pytest.raises(Unavailable):
        update.commit(built_at=BUILT_AT)

    assert names(Snapshot.open(tmp_path)) == ["Piotr Kowalski"]


def test_a_file_that_was_cut_is_refused(folder):
    """Wherever it was cut, and also when it is gone."""
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        cuts = {0, 1, HEADER - 1, HEADER, len(whole) // 2, len(whole) - 1}
        for cut in cuts | set(range(0, len(whole), 97)):
            path.write_bytes(whole[:cut])
            with pytest.raises(IntegrityFailure):
                Snapshot.open(folder)
        path.unlink()
        with pytest.raises(DidbanError):
            Snapshot.open(folder)
        path.write_bytes(whole)
    assert len(Snapshot.open(folder)) == 12


def test_a_file_that_was_prolonged_is_refused(folder):
    """Appended bytes are not ours."""
    for path in folder.iterdir():
        whole = path.read_bytes()
        path.write_bytes(whole + b"\n{}")
        with pytest.raises(IntegrityFailure):
            Snapshot.open(folder)
        path.write_bytes(whole)


def test_a_manifest_of_which_one_byte_was_altered_is_refused(folder):
    """One digit of a withdrawn number would let a listed person go."""
    manifest = folder / MANIFEST
    whole = manifest.read_bytes()
    content = json.loads(whole)

    for at in range(0, len(whole), 2):
        altered = bytearray(whole)
        altered[at] ^= 1 << at % 7
        manifest.write_bytes(altered)
        try:
            Manifest.read(folder)
        except IntegrityFailure:
            continue
        assert json.loads(altered) == content  # white space between the values


@pytest.mark.parametrize("bit", [0, 7], ids=["lowest bit", "highest bit"])
def test_a_segment_whose_header_or_table_was_altered_is_refused(folder, bit):
    """Every byte of both is covered; nothing else tells where the sections are."""
    whole = next(folder.glob("segment-*")).read_bytes()
    table = int.from_bytes(whole[16:24], "little")

    for at in (*range(HEADER), *range(table, len(whole))):
        altered = bytearray(whole)
        altered[at] ^= 1 << bit
        with pytest.raises(IntegrityFailure):
            Segment(bytes(altered), "an altered segment")


# The kernels in Python look at nothing when they open; they notice when they get there.
_NOTICED = (IntegrityFailure,) if IMPLEMENTATION == "native" else (IntegrityFailure, IndexError)


@pytest.mark.parametrize("section", sorted(KERNEL_SECTIONS))
def test_an_altered_index_never_crashes_the_process(folder, section):
    """The compiled kernels read mapped memory: a number that points nowhere is refused at opening."""
    whole = min(folder.glob("segment-*")).read_bytes()
    table = json.loads(whole[int.from_bytes(whole[16:24], "little") :])
    start, size, _ = table["sections"][section]
    dice = random.Random(section)

    for _ in range(12):
        altered = bytearray(whole)
        altered[start + dice.randrange(size)] ^= 1 << dice.randrange(8)
        with contextlib.suppress(*_NOTICED):
            search = Search([Layer(Segment(bytes(altered), "an altered segment"))])
            for name in ("Dragan Nazarov", "D Nazarov", "Naz…", "Kostner"):
                scope = Scope(query=question(name), mode=Mode.THOROUGH, datasets=None)
                search.match(scope, limit=5, threshold=0.0)


def test_an_altered_section_is_found_by_verifying(folder):
    """The digest of the whole file stands in the manifest."""
    path = next(folder.glob("segment-*"))
    whole = bytearray(path.read_bytes())
    whole[HEADER + 20] ^= 1
    path.write_bytes(whole)

    with pytest.raises(IntegrityFailure):
        Snapshot.open(folder).verify()


@pytest.mark.parametrize(
    "content", ["", "null", "[]", "{}", '"manifest"', '{"format": 1}', '{"format": 999}', "\x00"]
)
def test_what_is_no_manifest_is_refused(folder, content):
    """Also that of another format, with words that say what to do."""
    (folder / MANIFEST).write_text(content, encoding="utf-8")

    with pytest.raises(IntegrityFailure, match=r"build the snapshot again|this version reads"):
        Snapshot.open(folder)


def test_a_file_of_something_else_is_no_segment():
    """A picture, an archive, an older format."""
    for content in (b"", b"PK\x03\x04" * 100, b"DIDBAN-SEGMENT\x00\x01" + bytes(100)):
        with pytest.raises(IntegrityFailure):
            Segment(content, "something else")
