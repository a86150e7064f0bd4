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
    assert "It has neither a name nor a document." in held.text
    [mended] = [one for one in held.all(".//textarea") if one.get("name") == "content"]
    assert mended.text.split("\n") == ["name,birthDate,nationality", ",1980-01-01,XAR"]
    (path,) = {link.removeprefix("/desk") for link in held.links() if "/passengers/" in link}
    seen = unit.get(path)
    assert "Tomas Oldrich" in seen.text
    assert "Almost every value that could be compared agrees." in seen.text
    assert b"0 of 1 are passed on" in unit.get(path, part=True).response.body

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


def test_who_was_found_is_passed_on_and_taken_out_by_a_colleague(api, pages):
    """The whole unit works on a list; a cell that would be computed is text where it is opened."""
    with api.database.begin() as tx:
        wanted = person("=Zahra Karimzadeh", birthDate="1971-05-02")
        bank.report(tx, actor("xar"), wanted, marking("xar"))
    api.services.index.catch_up()
    rows = LIST.replace(b"\nZahra", b"\n=Zahra")
    held = pages.as_("xar", "passenger_unit").upload(
        "/passengers", {"file": ("list.csv", rows)}, name="XB 124"
    )
    (path,) = {link.removeprefix("/desk") for link in held.links() if "/passengers/" in link}
    colleague = pages.as_("xar", "passenger_unit", user="usr_colleague")
    (refer,) = {
        one.get("action").removeprefix("/desk")
        for one in colleague.get(path).all(".//main//form")
        if "/refer" in one.get("action")
    }

    done = colleague.follow(colleague.send(refer, held="no", list=path.rpartition("/")[2]))
    assert "1 of 1 are passed on or dismissed" in done.text
    table = colleague.send(f"{path}/export").response.body.decode("utf-8-sig").split("\r\n")
    assert "'=Zahra Karimzadeh" in table[1]
    assert pages.as_("xar", "first_line").send(f"{path}/export").status == 403
