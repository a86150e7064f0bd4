"""Access at a desk: a user is added, changed, closed; recovered by two; a token is issued."""

from __future__ import annotations

import re

from bank_help import authority
from didban import clock
from didban.store import node as node_row
from didban.store.node import NodeRow


def test_access_is_given_changed_recovered_by_two_and_closed(pages):
    """The secret is shown once; nobody is their own second person; a reader may not give access."""
    with pages.api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    desk = pages.as_("xar", "administrator", language="ar")
    second = pages.as_("xar", "supervisor")
    new = {"login": "z.karimi", "authority": "xar", "clearance": "1", "language": "fa"}

    assert desk.get("/access/users/new").status == 200
    assert desk.send("/access/users", **new).status == 422
    assert desk.send("/access/users", roles=["analyst", "inspector"], **new).status == 422
    made = desk.send("/access/users", roles=["analyst"], **new)
    assert re.search(r"enr_[\w-]+", made.text)
    [mine] = {link for link in desk.get("/access").links() if "usr_xar" not in link} & {
        link for link in desk.get("/access").links() if "/users/usr_" in link
    }
    path = mine.removeprefix("/desk")
    user = path.rpartition("/")[2]
    changed = desk.send(path, roles=["analyst", "second_line"], clearance="0", language="ar")
    assert changed.status == 303
    assert desk.send(f"{path}/subject", subject="who").status == 303
    assert desk.send(f"{path}/end", last_day="2020-01-01").status == 422
    last = f"{clock.now().year + 1}-01-31"
    assert last in desk.follow(desk.send(f"{path}/end", last_day=last)).text
    assert desk.send(f"/access/users/{desk.who.user}/end", last_day=last).status == 403
    assert "صلاحيات" in desk.get("/access/roles").text
    assert second.get("/access/roles").status == 200

    assert desk.send("/recoveries", user=user).status == 303
    assert desk.send(f"/recoveries/{user}/confirmation").status == 403
    assert "z.karimi" in second.get("/recoveries").text
    assert "enr_" in second.send(f"/recoveries/{user}/confirmation").text
    assert second.get("/access").status == 403

    assert desk.get(f"{path}/deactivation").status == 200
    assert f"{path}/activation" in "".join(desk.follow(desk.send(f"{path}/deactivation")).links())
    assert desk.send(f"{path}/activation").status == 303


def test_authorities_are_registered_and_tokens_issued_and_revoked(pages):
    """A program has its token until somebody takes it away."""
    with pages.api.database.begin() as tx:
        authority(tx, "xar", country="XAR")
        node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
    desk = pages.as_("xar", "administrator")

    body = {"code": "xca", "name": "Caspia", "kind": "police", "country": "XCA", "groups": "east"}
    assert "Caspia" in desk.follow(desk.send("/access/authorities", **body)).text
    assert desk.send("/access/authorities/xca/groups", groups="west east").status == 303

    token = {"label": "Gate 4", "authority": "xar", "roles": "first_line", "place": "Gate 4"}
    until = f"{clock.now().year + 1}-01-01"
    issued = desk.send(
        "/access/tokens", purpose="border_control", until=until, clearance="0", **token
    )
    assert issued.status == 200, issued.text
    [revoke] = [link for link in desk.get("/access/tokens").links() if "revocation" in link]
    assert desk.get(revoke.removeprefix("/desk")).status == 200
    gone = desk.follow(desk.send(revoke.removeprefix("/desk")))
    assert revoke not in gone.links()
