"""The control desk: whoever supervises the node tries its protection rules, and keeps proof (PR-50).

A run tries every check of `guard.control_checks` against the bank as it is, in a transaction within
that is undone, and gives a report that the node signs with the key of its audit log. A rule that is
not among the checks is tried by the tests of the software, not by a running node.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from didban import clock
from didban.errors import DidbanError
from didban.guard import access, audit
from didban.guard.control_checks import CHECKS, Check, Trial
from didban.model.deeds import Deed
from didban.model.permissions import Permission
from didban.store import node as node_row
from didban.store.probes import undone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from didban.guard.checkpoints import Signer, Verifier
    from didban.model.actors import Actor
    from didban.model.retention import RetentionPolicy
    from didban.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One rule that was tried. `holds`: whether its claim was found true here and now."""

    rule: str
    claim: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReport:
    """What a run found; `note` is the same as signed text, bound to `to_json` by its digest."""

    data: dict[str, Any]
    results: tuple[Result, ...]
    note: str

    @property
    def is_whole(self) -> bool:
        """Whether every claim holds."""
        return all(result.holds for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {**self.data, "note": self.note}


def run(
    tx: Transaction,
    actor: Actor,
    signer: Signer,
    policy: RetentionPolicy,
    *,
    software: str,
    earlier: Sequence[Verifier] = (),
) -> ControlReport:
    """Try every rule, and return the signed report. Raises NotPermitted.

    - `software`: the version that the report names.
    - `earlier`: keys that signed the audit log before the present one.
    """
    access.require(actor, Permission.OVERSIGHT_CONTROL_RUN)
    here = node_row.get(tx)
    trial = Trial(
        tx=tx,
        actor=actor,
        host=here.host if here else actor.authority,
        now=clock.now(),
        policy=policy,
        verifiers=(signer.verifier, *earlier),
    )
    results = tuple(_tried(trial, check) for check in CHECKS)
    failed = [result.rule for result in results if not result.holds]
    facts: audit.Facts = {"tried": len(results), "failed": ",".join(failed)}
    audit.enter(tx, actor, Deed.CONTROL_RUN, facts=facts)
    return _report(trial, signer, results, software)


def _tried(trial: Trial, check: Check) -> Result:
    """Return what one check finds; an error of ours on the way is a claim that does not hold."""
    with undone(trial.tx):
        try:
            holds = check.holds(trial)
        except DidbanError:
            holds = False
    return Result(rule=check.rule, claim=check.claim, holds=holds)


def _report(
    trial: Trial, signer: Signer, results: tuple[Result, ...], software: str
) -> ControlReport:
    data = {
        "node": signer.origin,
        "at": trial.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": software,
        "run_by": trial.actor.user,
        "results": [
            {"rule": result.rule, "claim": result.claim, "holds": result.holds}
            for result in results
        ],
    }
    packed = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    lines = [
        f"control desk report of {signer.origin}",
        f"time {data['at']}",
        f"software {data['software']}",
        f"run by {data['run_by']}",
        *(
            f"{'holds' if result.holds else 'FAILS'} {result.rule} {result.claim}"
            for result in results
        ),
        f"sha256 {hashlib.sha256(packed.encode()).hexdigest()}",
    ]
    note = signer.sign_text("".join(f"{line}\n" for line in lines))
    return ControlReport(data=data, results=results, note=note)
