"""`didban serve`: checks over HTTP on the loopback address, for programs on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from didban.cli import options
from didban.errors import Unavailable


def serve(
    *,
    snapshot: options.Snapshot = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, metavar="N", help="Where to listen [default: 8000]; 0: any."
        ),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="A web origin whose pages may ask (CORS); repeats. None by default.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A further Host name to answer to, for a proxy in front; repeats."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=256,
            metavar="N",
            help="Processes that answer on the port [default: 1]; 0: one for each core.",
        ),
    ] = None,
    mode: options.ModeName = None,
    purpose: options.Purpose = None,
    reference: options.Reference = None,
) -> None:
    """Answer checks over HTTP.

    The shapes are those that clients of the OpenSanctions API speak. Every request is made for the purpose and reference given here, and entered in the check log.
    """
    from didban.cli.occasion import occasion
    from didban.screening.workers import cores

    run = occasion("serve", snapshot, purpose, reference)
    try:
        from didban.api.server import Plan, serve_on_loopback
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"{error.name} is missing: install Didban with its service, didban[serve]"
        ) from error
    config = run.settings.serving
    plan = Plan(
        snapshot=run.snapshot,
        settings=run.settings,
        reason=run.reason,
        log=run.log,
        mode=mode or run.settings.screening.mode,
        hosts=(*config.hosts, *(allow_host or ())),
        origins=(*config.origins, *(allow_origin or ())),
    )
    serve_on_loopback(
        plan,
        config.port if port is None else port,
        _tell,
        workers=(config.workers if workers is None else workers) or cores(),
    )


def _tell(address: str) -> None:
    """Say where it answers; on standard error, for standard output is for answers."""
    print(f"Didban answers on {address} (stop with Ctrl-C)", file=sys.stderr, flush=True)
