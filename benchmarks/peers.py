"""The peers, each in an environment that is not ours, reached by files of JSON lines.

nomenklatura brings scientific libraries that Didban never loads; so `requirements/peers.txt` is
installed into `.benchmarks/peers`, and the scripts of `in_peers/` run there. Their answers are kept
in `.benchmarks/`, named for the question, because a run of logic-v2 over a list takes minutes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from benchmarks.material import ROOT, SCRATCH, json_lines, scratch, write_json_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from didban.model.records import Record

_REQUIREMENTS = ROOT / "requirements" / "peers.txt"
_SCRIPTS = ROOT / "benchmarks" / "in_peers"
_COMPARED = (
    *("name", "alias", "weakAlias", "previousName"),
    *("birthDate", "nationality", "country", "gender"),
)
"""The properties that logic-v2 scores, beside documents."""
LOGIC_V2_THRESHOLD = 0.70

Ranking = list[tuple[str, float]]
"""Ids of the list with their scores, best first."""


def interpreter() -> Path:
    """Return the interpreter of the peers' environment; install the environment if need be.

    - It is rebuilt when `requirements/peers.txt` has changed.
    - `uv` is used where it is on the path, `pip` otherwise. Dependencies are complete and hashed in
      the file, so that none is looked up: PyICU is left out of it on purpose, `pyicu-wheels` holds
      the same module without a compiler.
    """
    python = SCRATCH / "peers" / "bin" / "python"
    stamp = scratch("peers.sha256")
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    _install(python)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _install(python: Path) -> None:
    folder = python.parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    print("installing the peers' environment ...", file=sys.stderr)
    hashed = ["--require-hashes", "--quiet"]
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)])
        _run([uv, "pip", "sync", *hashed, "--python", str(python), str(_REQUIREMENTS)])
    else:
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(python), "-m", "pip", "install", *hashed, "--no-deps", "-r", str(_REQUIREMENTS)])


def logic_v2(name: str, listed: Sequence[Record], asked: Sequence[Record]) -> dict[str, Ranking]:
    """Return logic-v2's ten best of the whole list for each query, by query id."""
    return _ask("logic_v2.py", f"logic-v2 {name}", listed, asked)


def logic_v2_pairs(name: str, pairs: Sequence[tuple[Record, Record]]) -> list[float]:
    """Return logic-v2's score of each pair, in order."""
    left = [replace(record, id=f"{number}") for number, (record, _) in enumerate(pairs)]
    right = [replace(record, id=f"{number}") for number, (_, record) in enumerate(pairs)]
    answers = _ask("pairs.py", f"logic-v2 pairs {name}", left, right)
    return [answers[f"{number}"][0][1] for number in range(len(pairs))]


def transliterated(
    name: str, listed: Sequence[Record], asked: Sequence[Record], library: str, scorer: str
) -> dict[str, Ranking]:
    """Return rapidfuzz's ten best over names written in ASCII by `icu` or `anyascii`."""
    label = f"rapidfuzz {library} {scorer} {name}"
    return _ask("transliterated.py", label, listed, asked, library, scorer)


def _ask(
    script: str, label: str, listed: Sequence[Record], asked: Sequence[Record], *options: str
) -> dict[str, Ranking]:
    """Run a peer's script, or read what the same question gave before."""
    has_documents = any(record.documents for record in asked)
    question = [
        _plain(listed, has_documents=has_documents),
        _plain(asked, has_documents=has_documents),
        (_SCRIPTS / script).read_text(encoding="utf-8"),
    ]
    mark = hashlib.sha256(json.dumps([question, options], sort_keys=True).encode()).hexdigest()[:12]
    name = label.replace(",", "").replace(" ", "-")
    answers = scratch(f"peer-answers/{name}-{mark}/answers.jsonl")
    folder, done = answers.parent, answers.with_name("complete")
    if not done.exists():
        write_json_lines(folder / "list.jsonl", question[0])
        write_json_lines(folder / "queries.jsonl", question[1])
        files = [str(folder / f) for f in ("list.jsonl", "queries.jsonl", "answers.jsonl")]
        _run([str(interpreter()), str(_SCRIPTS / script), *files, *options], is_polite=True)
        done.touch()
    return {line["id"]: [(i, s) for i, s in line["results"]] for line in json_lines(answers)}


def _plain(records: Iterable[Record], *, has_documents: bool) -> list[dict[str, Any]]:
    """Return what the peers compare of each record: a change of anything else asks nobody again.

    Documents are compared only where the queries have any.
    """
    return [
        {
            "id": record.id,
            "schema": record.schema,
            "properties": {n: v for n in _COMPARED if (v := record.properties.get(n))},
            "documents": [{"number": d.number} for d in record.documents if has_documents],
        }
        for record in records
    ]


def _run(command: Sequence[str], *, is_polite: bool = False) -> None:
    """Run a command to its end; a failure raises. Polite ones leave the machine to others."""
    nice = shutil.which("nice") if is_polite else None
    subprocess.run([*([nice, "-n", "19"] if nice else []), *command], check=True)
