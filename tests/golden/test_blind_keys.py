"""The keys by which nodes ask each other blind do not change: both sides must make the same.

`tests/golden/blind_keys.json` is for whoever writes another implementation: keys, the inputs of the
function, and the tags under a fixed key. After a deliberate change of the rules: raise
`didban.match.blind_keys.VERSION`, and write the file anew with
`python tests/golden/test_blind_keys.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from didban.exchange.blind import oprf
from didban.exchange.blind.looking_up import input_of
from didban.match.blind_keys import VERSION, keys_of
from didban.model.documents import Document
from didban.model.records import Record

GOLDEN = Path(__file__).with_name("blind_keys.json")
SECRET, SALT, CONTEXT = (
    b"golden secret of 32 bytes, fixed",
    bytes(32),
    b"didban/blind/xbo/persons/7",
)
OWNER, EPOCH = "xar", 7

ASKED: dict[str, dict[str, Any]] = {
    "a passport": {"documents": [{"number": "a 123-456.78", "issuer": "XAR"}]},
    "a passport by an old code": {"documents": [{"number": "C01X0000", "issuer": "D"}]},
    "digits of another script": {"documents": [{"number": "۱۲۳۴۵۶۷۸", "issuer": "xbo"}]},
    "letters that look the same": {"documents": [{"number": "АВ123456", "issuer": "xca"}]},
    "stolen blanks": {"documents": [{"number": "B00998", "number_to": "B01001", "issuer": "xar"}]},
    "too many blanks": {"documents": [{"number": "B0000", "number_to": "B9999", "issuer": "xar"}]},
    "no state": {"documents": [{"number": "A1234567"}]},
    "a number of two": {"documents": [{"number": "A1", "issuer": "xar"}]},
    "a whole birth date": {"name": "Zahra Karimzadeh", "birthDate": "1971-05-02"},
    "in another script": {"name": "زهرا کریم زاده", "birthDate": "1971-05-02"},
    "the other way round": {"name": "Karimzadeh, Zahra", "birthDate": "1971-05-02"},
    "three names": {"name": "Mohammad Reza Tehrani", "birthDate": "1965-11-30"},
    "year and nationality": {
        "name": "Zahra Karimzadeh", "birthDate": "1971", "nationality": "xar",
    },
    "about a year": {"name": "Zahra Karimzadeh", "birthDate": "1971~", "nationality": "xar"},
    "years": {"name": "Zahra Karimzadeh", "birthDate": "1970/1972", "nationality": "xar"},
    "one short name": {"name": "Ali", "birthDate": "1971-05-02", "nationality": "xar"},
    "one long name": {"name": "Suharmanto", "birthDate": "1971-05-02"},
    "a name alone": {"name": "Zahra Karimzadeh", "nationality": "xar"},
}  # fmt: skip


def record_of(given: dict[str, Any]) -> Record:
    """Return what is asked about."""
    properties = {name: (value,) for name, value in given.items() if name != "documents"}
    papers = tuple(Document(**paper) for paper in given.get("documents", ()))
    return Record(id="golden", schema="Person", properties=properties, documents=papers)


def made() -> dict[str, Any]:
    """Return everything that is held fast."""
    key = oprf.OwnerKey(SECRET, SALT, CONTEXT)
    cases = []
    for what, given in ASKED.items():
        rows = [
            {
                "list": of,
                "key": text,
                "input": input_of(OWNER, of, EPOCH, text).decode(),
                "tag": oprf.packed([key.tag(input_of(OWNER, of, EPOCH, text))]).hex(),
            }
            for of, keys in keys_of(record_of(given)).items()
            for text in keys
        ]
        cases.append({"what": what, "asked": given, "keys": rows})
    about = {"version": VERSION, "owner": OWNER, "epoch": EPOCH, "public": key.public.hex()}
    return {**about, "cases": cases}


@pytest.mark.parametrize("what", ASKED)
def test_the_keys_are_the_same_as_ever(what: str):
    """Key, input and tag of each case."""
    kept = json.loads(GOLDEN.read_text(encoding="utf-8"))
    now = made()
    [before] = [case for case in kept["cases"] if case["what"] == what]
    [after] = [case for case in now["cases"] if case["what"] == what]
    assert after == before
    assert {k: v for k, v in now.items() if k != "cases"} == {
        k: v for k, v in kept.items() if k != "cases"
    }


if __name__ == "__main__":
    text = json.dumps(made(), ensure_ascii=False, indent=1)
    GOLDEN.write_text(text + "\n", encoding="utf-8")
