"""A carrier is told to let somebody board, or to refer them, and nothing else."""

from __future__ import annotations

import pytest

from api_help import Api
from bank_help import alert, marking, passport, person
from didban import clock
from didban.guard.secrets import Secrets
from didban.model.bank import BankRecord, RecordState
from didban.model.permissions import GRANTS, Permission, Role
from didban.screening.live import LiveIndex
from didban.store import records


@pytest.fixture
def bank(database, tmp_path):
    """Return an interface, and a function that puts records into its bank."""
    secrets = Secrets(tmp_path / "secrets")
    secrets.make()
    with LiveIndex.open(database, tmp_path / "index", follow=False) as index:
        api = Api(database, secrets, index=index)
        api.as_("xar", "second_line")

        def keep(entity, told=None):
            new = BankRecord(
                entity=entity,
                marking=marking("xar", verified_on=clock.today()),
                alert=told,
                state=RecordState.ACTIVE,
                version=1,
                recorded_at=clock.now(),
                recorded_by="usr_test",
            )
            with database.begin() as tx:
                records.insert_record(tx, new)
            index.catch_up()

        yield api, keep


def paper(number: str) -> dict[str, list[dict[str, str]]]:
    """Return a question about a passport of Arvand."""
    return {"documents": [{"number": number, "issuer": "xar"}]}


def test_pr_45_a_carrier_is_told_to_proceed_or_to_refer_and_nothing_else(bank):
    """Whatever is listed; the answer has one member and two values."""
    api, keep = bank
    keep(passport("A12345678"))
    keep(passport("B12345678", status="revoked"))
    carrier = api.as_("xar", "carrier")
    told = {
        n: carrier.post("/carrier-checks", paper(n)) for n in ("A12345678", "B12345678", "C1234567")
    }
    assert {number: one.json() for number, one in told.items()} == {
        "A12345678": {"advice": "refer"},
        "B12345678": {"advice": "proceed"},
        "C1234567": {"advice": "proceed"},
    }


def test_pr_45_nobody_learns_from_a_carrier_that_they_are_watched(bank):
    """A discreet check is for the border alone."""
    api, keep = bank
    for name, action in (("Zahra Karimzadeh", "discreet_check"), ("Omid Tehrani", "arrest")):
        status = "charged"
        keep(person(name, birthDate="1971-05-02", nationality="xar"), alert(action, status))
    carrier = api.as_("xar", "carrier")
    asked = {"birth_date": "1971-05-02", "nationalities": ["xar"]}
    advice = [
        carrier.post("/carrier-checks", {**asked, "names": [name]}).json()["advice"]
        for name in ("Zahra Karimzadeh", "Omid Tehrani")
    ]
    assert advice == ["proceed", "refer"]


def test_pr_45_a_carrier_may_do_nothing_else(bank):
    """It holds one permission beside its session, and reads no check."""
    assert GRANTS[Role.CARRIER] == {
        Permission.SCREENING_CARRIER_ASK, Permission.ACCESS_SESSION_HOLD,
    }  # fmt: skip
    api, _ = bank
    carrier = api.as_("xar", "carrier")
    assert carrier.post("/checks", paper("A12345678")).status_code == 403
    assert carrier.get("/checks").status_code == 403
    assert (
        api.as_("xar", "first_line").post("/carrier-checks", paper("A1234567")).status_code == 403
    )
