"""Passenger lists: screened, told once what was not read, masked, shown again by two."""

from __future__ import annotations

from datetime import timedelta

from bank_help import actor, marking, person
from didban import clock
from didban.intake import bank
from didban.screening import passengers

LIST = b"name,birthDate,nationality\nZahra Karimzadeh,1971-05-02,XAR\n,1980-01-01,XAR\nTomas Oldrich,,XCA\n"


def test_a_list_from_its_file_to_its_second_showing(api, pages):
    """Who is found leads to the answer; a masked list takes two people."""
    with api.database.begin() as tx:
        wanted = person("Zahra Karimzadeh", birthDate="1971-05-02")
        bank.report(tx, actor("xar"), wanted, marking("xar"))
    api.services.index.catch_up()
    unit = pages.as_("xar", "passenger_unit")

    assert unit.upload("/passengers", {}, name="XB 123").status == 422
    held = unit.upload("/passengers", {"file": ("list.csv", LIST)}, name="XB 123")
    assert "Zahra Karimzadeh" in held.text
    assert "Lines that could not be read" in held.text
    (path,) = {link.removeprefix("/desk") for link in held.links() if "/passengers/" in link}
    seen = unit.get(path)
    assert "Tomas Oldrich" in seen.text
    (check,) = [link for link in seen.links() if "/checks/" in link]
    assert "Possible match" in unit.get(check.removeprefix("/desk")).text

    later = clock.now() + timedelta(days=2)
    passengers.run_due(api.database, later)
    assert "Tomas Oldrich" not in unit.get(path).text
    assert unit.send(f"{path}/unmasking").status == 422
    asked = unit.follow(unit.send(f"{path}/unmasking", reason="a new description"))
    assert "Waits for another person" in asked.text
    head = pages.as_("xar", "supervisor").get(path)
    (confirm,) = [
        one.get("action").removeprefix("/desk")
        for one in head.all(".//main//form")
        if "/confirm" in one.get("action")
    ]
    assert unit.send(confirm).status == 403
    sitter = pages.as_("xar", "supervisor")
    assert "Tomas Oldrich" in sitter.follow(sitter.send(confirm)).text
    assert pages.as_("xbo", "supervisor").get(path).status == 404
    assert pages.as_("xar", "first_line").get(path).status == 403
