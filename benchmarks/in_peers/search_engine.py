"""A search engine as peer: tantivy finds, by letters and by sounds, and rapidfuzz puts in order.

Runs inside the peers' environment. Each word of a name, in ASCII, stands in the index as it is
written and by its Metaphone; a query's word is looked up with one error of typing (Levenshtein,
transpositions counted once) and by its Metaphone. The names that the engine ranks highest are put
in order by `token_sort_ratio`, which does not mind the order of words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jellyfish
import tantivy
from anyascii import anyascii
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CANDIDATES = 50
_HEAP = 256 * 2**20
"""Bytes that the engine may use to write."""
_FUZZY_FROM = 3
"""Words shorter than this are looked up as they are."""
_WRITTEN_WEIGHT = 3.0
"""How much more a word counts that is written alike than one that merely sounds alike."""


def words(name: str) -> list[str]:
    """Return the words of a name in lower-case ASCII."""
    return [word for word in anyascii(name).casefold().replace("-", " ").split() if word]


class EngineRanking:
    """tantivy over every name of the list."""

    def __init__(self, path: Path) -> None:
        """Read lines of `record id TAB name`."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("row", stored=True)
        builder.add_text_field("written", tokenizer_name="whitespace")
        builder.add_text_field("sounded", tokenizer_name="whitespace")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._ids: list[str] = []
        self._names: list[str] = []
        with path.open(encoding="utf-8") as lines:
            self._fill(line.rstrip("\n").partition("\t") for line in lines)
        self._searcher = self._index.searcher()

    def _fill(self, rows: Iterable[tuple[str, str, str]]) -> None:
        writer = self._index.writer(_HEAP, 1)
        for number, (record, _, name) in enumerate(rows):
            parts = words(name)
            self._ids.append(record)
            self._names.append(" ".join(parts))
            sounds = " ".join(jellyfish.metaphone(part) for part in parts)
            facts = {"row": number, "written": self._names[-1], "sounded": sounds}
            writer.add_document(tantivy.Document(**facts))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def rank(self, name: str, most: int) -> tuple[list[str], float]:
        """Return the ids of the most similar names, best first, and the best similarity (0..1)."""
        parts = words(name)
        clauses = [clause for part in parts for clause in self._clauses(part)]
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), _CANDIDATES).hits
        rows = [self._searcher.doc(address)["row"][0] for _, address in found]
        if not rows:
            return [], 0.0
        ranked = process.extract(
            " ".join(parts), [self._names[row] for row in rows], scorer=fuzz.token_sort_ratio,
            limit=None,
        )  # fmt: skip
        ids = list(dict.fromkeys(self._ids[rows[at]] for _, _, at in ranked))
        return ids[:most], ranked[0][1] / 100

    def _clauses(self, part: str) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        if len(part) < _FUZZY_FROM:
            written = tantivy.Query.term_query(self._schema, "written", part)
        else:
            written = tantivy.Query.fuzzy_term_query(
                self._schema, "written", part, distance=1, transposition_cost_one=True
            )
        queries = [tantivy.Query.boost_query(written, _WRITTEN_WEIGHT)]
        if sound := jellyfish.metaphone(part):
            queries.append(tantivy.Query.term_query(self._schema, "sounded", sound))
        return [(tantivy.Occur.Should, query) for query in queries]
