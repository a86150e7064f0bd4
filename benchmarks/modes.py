"""Each mode's recall per script and alarms per crowd: measured, told, and kept beside the modes.

    python -m benchmarks modes

Writes `didban/match/modes.json`, which the service shows with its algorithms. The rule by which the
threshold of `border` is set is checked here, on each list by itself and on all together.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from benchmarks import alterations, crowds, real_lists, un_list
from benchmarks.cross_script import as_record
from benchmarks.figures import Table, percent
from benchmarks.material import ROOT
from benchmarks.snapshots import opened
from didban.clock import now
from didban.match.modes import MEASURED, Mode
from didban.match.query import query_from_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from didban.match.snapshot import Snapshot
    from didban.model.records import Record

CROWD: Final = 1_000
LISTS: Final = ("un-sc", "ofac-sdn", "uk-ofsi", "")
"""Lists whose alarms are measured one by one; the last is all of them together."""
PATH: Final = ROOT / "src" / "didban" / "match" / MEASURED
MATERIAL: Final = (
    "UN list of 2020-03-20 with Latin names only, persons asked by name alone: their names in Arabic "
    "and Cyrillic script, and their Latin ones with one typing error; alarms: the highest over the "
    f"UN, OFAC and UK lists and all public lists together, {CROWD:,} persons of each crowd"
)
_TIGHTEST: Final = "namesakes, name only"
_MOST: Final = 0.01

Shares = dict[str, float]


def measure() -> Iterator[Table]:
    """Measure all modes, keep what they find and whom they alarm about, and tell it."""
    recall = _recall()
    alarms = {mode: _no_alarms() for mode in Mode}
    rows = []
    for name in LISTS:
        with opened(real_lists.records((name,) if name else ())) as snapshot:
            for mode in Mode:
                own = _alarms(snapshot, mode)
                rows.append((f"`{mode.value}`, {name or 'all lists'}", *_percents(own)))
                alarms[mode] = {
                    crowd: max(share, own[crowd]) for crowd, share in alarms[mode].items()
                }
    _keep(recall, alarms)
    yield _recall_table(recall, alarms)
    yield Table(
        name="mode-alarms",
        command="python -m benchmarks modes",
        columns=("alarms", *alarms[Mode.BORDER]),
        rows=tuple(rows),
        note=f"{CROWD:,} persons of each crowd, asked of each list by itself and of all together.",
    )


def _recall() -> dict[Mode, Shares]:
    kept, questions = un_list.hide_original_scripts(un_list.records(un_list.EDITIONS[0]))
    asked = [(as_record(q), q.target, q.script) for q in questions if q.kind == "name"]
    source = random.Random(1)
    asked += [
        (_mistyped(record, source), record.id, "Latin")
        for record in kept
        if record.schema == "Person"
    ]
    with opened(kept) as snapshot:
        return {mode: _told(snapshot, mode, asked) for mode in Mode}


def _mistyped(record: Record, source: random.Random) -> Record:
    name = alterations.one_typo(record.first("name") or "", source)
    return replace(record, properties={"name": (name,)}, documents=())


def _told(snapshot: Snapshot, mode: Mode, asked: Sequence[tuple[Record, str, str]]) -> Shares:
    found: dict[str, list[bool]] = {}
    for query, target, script in asked:
        matches = snapshot.match(query_from_record(query), limit=10, mode=mode)
        told = any(match.match and match.id == target for match in matches)
        found.setdefault(script, []).append(told)
    return {script: round(sum(own) / len(own), 4) for script, own in sorted(found.items())}


def _alarms(snapshot: Snapshot, mode: Mode) -> Shares:
    return {
        name: round(len(crowds.alarms(snapshot, crowd, mode)) / len(crowd), 4)
        for name, crowd in crowds.crowds(CROWD).items()
    }


def _no_alarms() -> Shares:
    return dict.fromkeys(crowds.crowds(0), 0.0)


def _keep(recall: dict[Mode, Shares], alarms: dict[Mode, Shares]) -> None:
    """Write what the package ships. Raises ValueError where the rule of `border` does not hold."""
    if alarms[Mode.BORDER][_TIGHTEST] >= _MOST:
        raise ValueError(f"the threshold of `border` is too low: {alarms[Mode.BORDER]}")
    modes = {mode.value: {"recall": recall[mode], "alarms": alarms[mode]} for mode in Mode}
    kept = {"measured_on": f"{now():%Y-%m-%d}", "material": MATERIAL, "modes": modes}
    PATH.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _recall_table(recall: dict[Mode, Shares], alarms: dict[Mode, Shares]) -> Table:
    rows = [
        (
            f"`{mode.value}`",
            f"{mode.threshold:.2f}",
            *_percents(recall[mode]),
            *_percents(alarms[mode]),
        )
        for mode in Mode
    ]
    return Table(
        name="modes",
        command="python -m benchmarks modes",
        columns=(
            *("mode", "match from"),
            *(f"told, {script}" for script in recall[Mode.BORDER]),
            *alarms[Mode.BORDER],
        ),
        rows=tuple(rows),
        note=f"{MATERIAL}. Told: in ten and called a match.",
    )


def _percents(shares: Shares) -> list[str]:
    return [percent(share, places=2) for share in shares.values()]


if __name__ == "__main__":
    for _measured in measure():
        print(_measured.text())
