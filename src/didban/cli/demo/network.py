"""The second story: three nodes of three states, who trust signatures and not each other."""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from didban.cli.demo.bureau import Bureau, Person
from didban.cli.demo.reports import (
    NAMESAKE_QUESTION,
    PASSPORT,
    WANTED,
    WANTED_QUESTION,
    ZONE,
)
from didban.cli.demo.telling import load, say, succeeded
from didban.cli.exits import Exit
from didban.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATES: Final = (("xar", "Arvand"), ("xbo", "Boreland"), ("xca", "Caspia"))
_PATIENCE: Final = 240.0  # seconds: a busy machine is slow
_HARD_LIMIT: Final = 30.0 * min(6.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
"""Seconds after which the demo's device knows nothing any more: more where each step takes longer."""
_SETTINGS: Final = f"""
[devices]
soft_limit_hours = {_HARD_LIMIT / 4 / 3600:.6f}
hard_limit_hours = {_HARD_LIMIT / 3600:.6f}
"""
_USED: Final = (
    "httpx",
    "didban.exchange.network",
    "didban.guard.tokens",
    "didban.node.making",
    "didban.node.parts",
    "didban.node.running",
    "didban.screening.devices.frames",
)
"""What the commands of this story load: once for all of them."""
PEOPLE: Final = {
    code: tuple(
        Person(login=login, authority=code, role=role, purpose=purpose, reference=reference)
        for login, role, purpose, reference in people
    )
    for code, people in {
        "xar": (
            ("farid", "first_line", "border_control", "Gate 4"),
            ("golnar", "second_line", "border_control", "Bureau, night desk"),
            ("hamid", "supervisor", "border_control", "Bureau, night desk"),
            ("laleh", "reviewer", "wanted_or_missing_person", "Bureau, legal desk"),
        ),
        "xbo": (
            ("boris", "recorder", "document_fraud", "Case B-114"),
            ("banu", "second_line", "document_fraud", "Bureau, night desk"),
        ),
        "xca": (("kamran", "recorder", "wanted_or_missing_person", "Case C-9"),),
    }.items()
}


def tell(parent: Path) -> None:
    """Start three nodes in folders of their own, let them trust each other, and walk through it."""
    load(_USED)
    say(
        "Now three nodes: the bureaus of Arvand, Boreland and Caspia. Each has its own database,"
        " keys and people, and none of them has an account with another."
    )
    bureaus = {
        code: Bureau.at(parent / name.lower(), code, f"Police Bureau of {name}", settings=_SETTINGS)
        for code, name in STATES
    }
    with ExitStack() as stack:
        _make(list(bureaus.values()), stack)
        for bureau in bureaus.values():
            bureau.let_in(*PEOPLE[bureau.code])
        _introduce(bureaus)
        arvand, boreland, caspia = bureaus.values()
        reported = _reported(arvand, boreland)
        hit = _met(arvand)
        _confirmed(arvand, boreland, hit)
        _alert_on_a_person(arvand, caspia)
        _namesake(arvand)
        filled = _device_goes_out(arvand)
        _withdrawn(arvand, boreland, reported)
        _device_comes_back(arvand, filled)
        arvand.play("How it stands with the other nodes:", "network status")
        arvand.play(
            "Every search, view and step is an entry in a log that can be recomputed from its first"
            " line: a changed bit would be found, and named. The other nodes cosign it.",
            "audit verify --reference 'Demo, weekly look'",
        )


def _make(bureaus: list[Bureau], stack: ExitStack) -> None:
    """Make and start nodes, at once. The first one's making is told, the others are made alike."""
    first, *others = bureaus
    begun = [bureau.begin(_init(bureau)) for bureau in others]
    first.play("", _init(first))
    for each in begun:
        succeeded(each)
    stack.callback(_at_once, bureaus, "down")
    _at_once(bureaus, "up --detach")
    for bureau in bureaus:
        run = bureau.play if bureau is first else bureau.untold
        run(
            "Its root key belongs on a medium in a safe. It signs who the node is: where it"
            " listens, with which keys it works, and for whom it speaks.",
            f"identity make --root-key ../root-key-of-{bureau.code} --endpoint {bureau.address}",
        )


def _init(bureau: Bureau) -> str:
    name = f"init --authority {bureau.code} --name '{bureau.name}' --country {bureau.country}"
    return f"{name} --environment training"


def _at_once(bureaus: list[Bureau], command: str) -> None:
    """Run a command at every node, and wait for all."""
    for each in [bureau.begin(command) for bureau in bureaus]:
        succeeded(each)


def _introduce(bureaus: dict[str, Bureau]) -> None:
    """Let each know the others, by the words of their root keys."""
    words = {code: _words_of(bureau) for code, bureau in bureaus.items()}
    first = True
    for bureau in bureaus.values():
        for other in bureaus:
            if other == bureau.code:
                continue
            run = bureau.play if first else bureau.untold
            run(
                "The nodes are introduced: each takes in what another says of itself ...",
                f"peer add ../{other}.descriptor",
            )
            run(
                "... and trusts it after two people compared the words of its root key over the"
                " telephone. Who was not compared gets no answer at all.",
                f"peer pin {other} --words",
                words[other],
            )
            first = False


def _words_of(bureau: Bureau) -> str:
    """Return the words of a node's root key, and leave the file that others take in."""
    shown = bureau.quietly(f"identity show --out ../{bureau.code}.descriptor --json")
    return str(json.loads(shown)["words"])


def _reported(arvand: Bureau, boreland: Bureau) -> str:
    """Let one node report a passport, and wait until it is found at another's gates."""
    boreland.write("stolen_passport.json", PASSPORT)
    reported = boreland.desk(
        "boris",
        "A passport of Boreland was stolen. Its own police reports it, at its own"
        " node; only they can change or withdraw that.",
        "report stolen_passport.json",
    )
    began = time.monotonic()
    _until(lambda: _is_found(arvand))
    say(f"It was found at the gates of Arvand {time.monotonic() - began:.1f} seconds later.")
    return reported


def _met(arvand: Bureau) -> str:
    """Let the passport be read at a gate, and come before the second line; return the hit."""
    seen = arvand.desk(
        "farid",
        "It is read at gate 4 of Arvand. The officer sees that there is a"
        " match and what to do; not the file.",
        "check --mrz",
        ZONE[0],
        "--mrz",
        ZONE[1],
        ends=Exit.POSSIBLE_MATCH,
    )
    match = next(line for line in seen.splitlines() if line.startswith("mat_"))
    taken = arvand.desk(
        "farid", "The officer takes it up, and gives it to the second line.", "hit take-up", match
    )
    hit = taken.partition(":")[0]
    arvand.desk("farid", "", f"hit refer {hit} --held")
    arvand.desk("golnar", "The bureau opens it, and compares value by value.", f"hit show {hit}")
    arvand.desk("golnar", "", f"hit compare {hit} --seen all")
    return hit


def _confirmed(arvand: Bureau, boreland: Bureau, hit: str) -> None:
    """Let the owner confirm from its own node, a second person decide, and the hit end."""
    arvand.desk(
        "golnar",
        "A match is no ground to act. Boreland, which owns the record, is asked: ten"
        " minutes to answer. First the gate: is this somebody who must be protected from the"
        " state that asks?",
        f"hit ask {hit} --urgency U --no-claim-for-protection --no-refugee-papers --no-flagged",
    )
    _until(lambda: boreland.ask("banu", "GET", "/questions")["items"])
    asked = boreland.desk(
        "banu",
        "The desk of Boreland sees the question at its own node, and answers.",
        "question list",
    )
    boreland.desk("banu", "", "question answer", asked.partition(":")[0], "confirmed")
    _until(lambda: arvand.ask("golnar", "GET", f"/hits/{hit}")["hit"]["state"] == "confirmed")
    arvand.desk(
        "golnar",
        "Who asked may not decide.",
        f"hit decide {hit} --action seize --legal-basis 'Border Act, s. 9'",
        ends=Exit.REFUSED,
    )
    arvand.desk_quietly("hamid", f"hit compare {hit} --seen all")
    arvand.wait_to_read()
    arvand.desk(
        "hamid",
        "A second person, who has read the evidence, decides and says by which provision.",
        f"hit decide {hit} --action seize --legal-basis 'Border Act, s. 9'",
    )
    arvand.desk(
        "golnar",
        "What became of it is recorded, and the owner is told.",
        f"hit outcome {hit} document_seized",
    )
    arvand.desk("golnar", "", f"hit feedback {hit}")


def _alert_on_a_person(arvand: Bureau, caspia: Bureau) -> None:
    """Let an alert on a person wait for the receiving side."""
    caspia.write("wanted.json", WANTED)
    caspia.desk(
        "kamran", "Caspia looks for a man, and says by which warrant.", "report wanted.json"
    )
    _until(lambda: arvand.ask("laleh", "GET", "/alert-reviews")["items"])
    _until(lambda: _wanted(arvand))
    arvand.desk(
        "farid",
        "At the gates of Arvand he is found, and nothing is asked: an alert on a"
        " person waits until somebody here has looked at it. No state makes another its arm.",
        "check",
        *WANTED_QUESTION,
        ends=Exit.POSSIBLE_MATCH,
    )
    told = arvand.desk(
        "laleh", "The bureau reviews it, with what its sender attached ...", "review list"
    )
    review = told.split()[0].rstrip(":")
    arvand.desk("laleh", "", f"review show {review}")
    shown = json.loads(arvand.desk_quietly("laleh", f"review show {review} --json"))
    arvand.desk(
        "laleh",
        "... and accepts it under its own law. Caspia is not told.",
        f"review accept {review} --no-claim --no-rights --no-political --digest",
        shown["review"]["digest"],
    )
    _until(lambda: any(match["action"] for match in _wanted(arvand)))
    arvand.desk(
        "farid",
        "From now on the gates are asked for something.",
        "check",
        *WANTED_QUESTION,
        ends=Exit.POSSIBLE_MATCH,
    )


def _namesake(arvand: Bureau) -> None:
    """Let an innocent namesake go, once."""
    seen = arvand.desk(
        "farid",
        "A traveller of the same name and year. The document is another, and so is he.",
        "check",
        *NAMESAKE_QUESTION,
        ends=Exit.POSSIBLE_MATCH,
    )
    match = next(line for line in seen.splitlines() if line.startswith("mat_"))
    hit = arvand.desk_quietly("farid", f"hit take-up {match}").partition(":")[0]
    arvand.desk_quietly("farid", f"hit refer {hit}")
    arvand.desk_quietly("golnar", f"hit show {hit}")
    arvand.desk_quietly("golnar", f"hit compare {hit} --seen all")
    arvand.desk(
        "golnar",
        "The second line compares, and says why it is not he.",
        f"hit refute {hit} --reason namesake --words 'Born in Arvand, by his birth certificate'",
    )
    arvand.desk("farid", "He is not stopped for it again.", "check", *NAMESAKE_QUESTION)


def _device_goes_out(arvand: Bureau) -> float:
    """Let a device be filled for a train without a link; return when."""
    arvand.device(
        "A device checks on a train, where there is no link. Its keys are made on it and never"
        " leave it; two persons register it.",
        "new 'Train 41' --out train41.json",
    )
    made = json.loads(
        arvand.quietly(
            "device enrol train41.json --place 'Train 41' --purpose border_control --json"
        )
    )
    device = made["id"]
    arvand.desk_quietly("hamid", f"device confirm {device}")
    arvand.play(
        "What it carries is signed, sealed for this one device, and holds what an answer"
        " needs and no more.",
        f"device make {device} --out train41.package",
    )
    words = _words_of(arvand)
    filled = time.monotonic()
    arvand.device("", "open train41.package --words", words)
    arvand.device(
        "On the train:",
        "check --reference 'Train 41' --mrz",
        "\n".join(ZONE),
        ends=Exit.POSSIBLE_MATCH,
    )
    arvand.device("It always says how old its data are.", "status")
    return filled


def _withdrawn(arvand: Bureau, boreland: Bureau, reported: str) -> None:
    """Let a withdrawal reach every copy."""
    [record] = [line.split(":")[0] for line in reported.splitlines() if line.startswith("rec_")]
    boreland.desk(
        "boris",
        "The passport was found and handed in. Boreland takes its report back.",
        f"withdraw {record} --ground recovered --reason 'Found, and handed in'",
    )
    began = time.monotonic()
    _until(lambda: not _is_found(arvand))
    took = time.monotonic() - began
    say(f"It was gone from the gates of Arvand {took:.1f} seconds later.")
    _until(lambda: not boreland.quietly("exchange withdrawals --json").strip())
    boreland.play(
        "Each node that had a copy owes a receipt. Nobody owes one any more:",
        "exchange withdrawals",
    )


def _device_comes_back(arvand: Bureau, filled: float) -> None:
    """Let a device that nobody can call say how old it is, and then say nothing."""
    time.sleep(max(0.0, filled + _HARD_LIMIT - time.monotonic()))
    arvand.device(
        "The device on the train has heard nothing of it. Beyond its limit it does not say 'nothing"
        " found' any more: it says that it does not know.",
        "check --name 'Vera Orlovskaya' --reference 'Train 41'",
        ends=Exit.UNKNOWN,
    )
    arvand.device(
        "Back at the bureau it hands in its checks, signed one after the other.",
        "return train41.return",
    )
    arvand.play("", "device receive train41.return")
    arvand.device("Closed, it keeps no key in memory: the passphrase opens it again.", "close")


def _is_found(bureau: Bureau) -> bool:
    answer = bureau.ask("farid", "POST", "/checks", {"mrz": ["\n".join(ZONE)]})
    return bool(answer["matches"])


def _wanted(bureau: Bureau) -> list[dict[str, Any]]:
    """Return the matches of the man who is looked for: the gates hear of a change a little later."""
    _, name, _, birth_date = WANTED_QUESTION
    asked = {"names": [name], "birth_date": birth_date}
    matches: list[dict[str, Any]] = bureau.ask("farid", "POST", "/checks", asked)["matches"]
    return matches


def _until(is_so: Callable[[], object]) -> None:
    """Wait until something came over from another node."""
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise Unavailable("what one node published did not come to the other in time")
        time.sleep(0.1)
