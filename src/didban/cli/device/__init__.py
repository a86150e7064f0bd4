"""`didban device`: devices that check without a link.

At the node: enrol, make, update, receive, list, receipts, revoke. On the device: new, open, check,
status, return, close. What goes between them is files, by whatever way there is.
"""

from __future__ import annotations

import typer

from didban.cli.device import at_node, carried

app = typer.Typer(
    name="device",
    help="Devices that check without a link: made ready at the node, used on the spot.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("enrol")(at_node.enrol)
app.command("make")(at_node.make)
app.command("update")(at_node.update)
app.command("receive")(at_node.receive)
app.command("list")(at_node.list_devices)
app.command("receipts")(at_node.receipts)
app.command("revoke")(at_node.revoke)
app.command("new")(carried.new)
app.command("open")(carried.open_device)
app.command("check")(carried.check)
app.command("status")(carried.status)
app.command("return")(carried.bring_back)
app.command("close")(carried.close)
