"""The answer to a check, for an officer at a desk and for a program."""

from __future__ import annotations

import json
import math

from didban.cli.age_words import age_in_words
from didban.cli.occasion import Occasion
from didban.cli.output import banner, isolated, printable, table
from didban.match.search import Match
from didban.match.spelling.scripts import Script, script_of
from didban.model.records import Record
from didban.screening.answers import answer_data
from didban.screening.check import Answer, Below, Found, Verdict

_HEADLINES = {
    Verdict.POSSIBLE_MATCH: "POSSIBLE MATCH",
    Verdict.NO_MATCH: "NO MATCH",
    Verdict.UNKNOWN: "UNKNOWN",
}
_NEXT_STEPS = {
    Verdict.POSSIBLE_MATCH: "A computed similarity, not a hit: compare the person with the list's"
    " own entry. A person decides; no machine does.",
    Verdict.UNKNOWN: "The data is past its hard limit, so nothing may be concluded, neither that"
    " the person is listed nor that they are not. Renew the snapshot, or ask the second line.",
}
_FEATURES = {
    "name": "name",
    "birth_date": "birth date",
    "sex": "sex",
    "country": "country",
    "document": "document",
    "name_order": "order of names",
}
_NAMES = ("name", "alias", "weakAlias", "previousName")
_FACTS = {
    "birthDate": "born",
    "birthPlace": "birth place",
    "nationality": "nationality",
    "gender": "sex",
    "position": "position",
    "status": "status",
    "reportedAt": "reported",
    "program": "programme",
    "topics": "topics",
    "createdAt": "listed on",
    "modifiedAt": "last changed",
    "unscId": "UN reference",
    "listReference": "list reference",
    "sourceUrl": "source",
}
_MOST_NAMES = 6
_MOST_CHARACTERS = 160


def answer_json(answer: Answer, run: Occasion) -> str:
    """Return the answer for programs. Only what the clock does not change is in it."""
    return json.dumps(answer_data(answer, run.reason), ensure_ascii=False, indent=2)


def answer_in_words(answer: Answer, run: Occasion, below: Below) -> str:
    """Return the answer for people: one large line, the data's age, then why.

    `below` is told where nothing matched; otherwise it may be empty.
    """
    lines = [
        banner(_HEADLINES[answer.verdict]),
        age_in_words(answer.freshness),
        f"Mode {answer.depth.mode.value}: a match from score {answer.depth.mode.threshold} on."
        f" Purpose {run.reason.purpose}"
        + (f", reference {run.reason.reference}." if run.reason.reference else "."),
        "",
        *_asked(answer),
    ]
    for number, found in enumerate(answer.found, start=1):
        lines += ["", *_found(found, number, zones=len(answer.asked))]
    lines += ["", _NEXT_STEPS.get(answer.verdict) or _nothing(answer, below)]
    return "\n".join(lines)


def _nothing(answer: Answer, below: Below) -> str:
    """Say what was not found, and no more than that: a namesake may stand below the threshold."""
    mode = answer.depth.mode
    said = (
        f"Nothing in these lists reaches the threshold of mode {mode.value}, score"
        f" {mode.threshold}."
    )
    if answer.found:
        return f"{said} What is shown lies below it."
    if not below.count:
        return said
    if below.count == 1:
        score = f"{below.nearest:.3f}"
        return f"{said}\n1 candidate lies below it, with score {score}: --threshold 0 shows it."
    option = f" --limit {below.count}" if below.count > answer.depth.limit else ""
    return (
        f"{said}\n{below.count:,} candidates lie below it, the nearest with score"
        f" {below.nearest:.3f}: --threshold 0{option} shows them."
    )


def _asked(answer: Answer) -> list[str]:
    lines = []
    for asked in answer.asked:
        record = asked.record
        parts = [isolated(printable(name)) for name in record.values("name")[:2]]
        if born := record.values("birthDate"):
            parts.append(f"born {' or '.join(born)}")
        parts += [code.upper() for code in record.values("nationality")]
        parts += [str(sex) for sex in record.values("gender")]
        parts += [f"document {d.issuer or '?'} {d.number}".upper() for d in record.documents[:1]]
        lines.append(f"Asked ({asked.origin}): {', '.join(parts)}")
        lines += [f"  NOTE: {note}" for note in asked.notes]
    return lines


def _found(found: Found, number: int, *, zones: int) -> list[str]:
    match, record = found.match, found.match.record
    kind = "POSSIBLE MATCH" if match.match else "below the threshold"
    lines = [
        f"{number}. {isolated(printable(_caption(record)))}   score {match.score:.3f}   {kind}",
        f"   {record.id}, {record.schema}, in {', '.join(record.datasets)}",
    ]
    if zones > 1:
        lines.append(f"   found by: {found.origin}")
    lines += _names(record)
    for name, label in _FACTS.items():
        values = "; ".join(printable(value) for value in record.values(name))
        if values:
            lines.append(f"   {label}: {_cut(values)}")
    lines += [f"   document: {_paper(record, i)}" for i in range(min(3, len(record.documents)))]
    return [*lines, *_evidence(match)]


def _caption(record: Record) -> str:
    return record.caption or record.id


def _names(record: Record) -> list[str]:
    """Show names in their original script beside the Latin ones; never a transliteration alone."""
    names = [name for name in record.values(*_NAMES) if name != record.caption]
    original = [name for name in names if script_of(name) is not Script.LATIN]
    latin = [name for name in names if script_of(name) is Script.LATIN]
    lines = []
    if original:
        lines.append(f"   original script: {_listed(original)}")
    if latin:
        lines.append(f"   also: {_listed(latin)}")
    return lines


def _listed(names: list[str]) -> str:
    shown = "; ".join(isolated(printable(name)) for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown}; and {more} more" if more > 0 else shown


def _paper(record: Record, number: int) -> str:
    paper = record.documents[number]
    text = f"{(paper.issuer or '?').upper()} {paper.type or ''} {paper.number}"
    if paper.number_to:
        text += f" to {paper.number_to}"
    return printable(" ".join(f"{text} {paper.status or ''}".split()))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _evidence(match: Match) -> list[str]:
    """Return the table of evidence, which adds up to the score."""
    rows = [
        ["before any evidence", "", "", "", f"{match.prior:+.2f}", "one listed among all records"]
    ]
    total = match.prior
    for feature, said in match.explanations.items():
        total += said.weight
        rows.append(
            [
                _FEATURES.get(feature, feature),
                _cell(said.query),
                _cell(said.candidate),
                f"{said.similarity:.2f}",
                f"{said.weight:+.2f}",
                said.detail,
            ]
        )
    share = 1 / (1 + math.exp(-total))
    rows.append(["together", "", "", "", f"{total:+.2f}", f"as a share of one: {share:.3f}"])
    head = ("evidence", "asked", "listed", "alike", "weight", "why")
    return [table(head, rows, indent="   ")]


def _cell(text: str) -> str:
    most = 32
    return text if len(text) <= most else text[: most - 1] + "…"
