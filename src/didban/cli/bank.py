"""`didban bank`: lists in the bank of this machine's node, how good they are, who contributes."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from didban.cli import node, options
from didban.cli.exits import Exit
from didban.cli.output import span, tell_rows
from didban.errors import InvalidInput

if TYPE_CHECKING:
    from didban.model.marking import Marking
    from didban.model.publications import PublicationReport
    from didban.model.sources import SourceStatus

app = typer.Typer(help="Lists in the bank of this node: taken in, refreshed, counted.")
sources_app = typer.Typer(help="Lists that refresh themselves.")
app.add_typer(sources_app, name="sources")

_PURPOSE = "sanctions_screening"

_Source = Annotated[
    str,
    typer.Argument(
        metavar="KIND=PLACE",
        help="As in un-sc=list.xml. Kinds: un-sc, ofac-sdn, us-csl, uk-ofsi, eu-fsf,"
        " stolen-documents, ftm:NAME, csv:NAME.",
    ),
]
_Owner = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Whose list it is [default: the format's publisher]."),
]
_PublisherName = Annotated[
    str | None, typer.Option("--publisher", metavar="TEXT", help="The owner's name in words.")
]
_Mapping = Annotated[
    Path | None, typer.Option(metavar="FILE", help="How to read a csv:NAME (TOML).")
]
_Purpose = Annotated[str, typer.Option(metavar="CODE", help="What the records are kept for.")]
_LegalBasis = Annotated[str | None, typer.Option(metavar="TEXT", help="The law it rests on.")]
_Audience = Annotated[
    list[str] | None,
    typer.Option(metavar="TOKEN", help="Who may see it: * (the default), node:CODE, group:CODE."),
]
_Since = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="From this month on [default: a year ago].")
]
_Dataset = Annotated[str, typer.Argument(metavar="NAME", help="The list's name.")]


@app.command("take-in")
def take_in_command(
    source: _Source,
    *,
    owner: _Owner = None,
    publisher: _PublisherName = None,
    mapping: _Mapping = None,
    purpose: _Purpose = _PURPOSE,
    legal_basis: _LegalBasis = None,
    audience: _Audience = None,
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write refused rows here, as JSON lines.")
    ] = None,
    allow_withdrawals: Annotated[
        bool,
        typer.Option(
            "--allow-withdrawals",
            help="Withdraw what the list does not name, even if it breaks off or rows were refused.",
        ),
    ] = False,
    data: node.DataFolder = None,
    as_json: options.Json = False,
) -> None:
    """Bring the bank to what a list says now: entries are added, changed and withdrawn."""
    from didban import clock
    from didban.cli.progress import Progress
    from didban.guard import retention, users
    from didban.intake.publications import Terms, take_in
    from didban.intake.rejects import Rejects
    from didban.node import parts as building
    from didban.screening.sources import read_sources

    kind, name, _ = _parted(source)
    mappings = [f"{name}={mapping}"] if mapping else []
    (file,) = read_sources([source], mappings)
    marking, in_words = _terms(kind, owner, publisher, purpose, legal_basis, audience)
    with closing(node.parts_of(data)) as built:
        parts, row = building.opened(built)
        shown = Progress(f"reading {file.name}")
        terms = Terms(
            marking=marking,
            publisher=in_words,
            policy=retention.policy_of(parts.settings.retention),
            allow_withdrawals=allow_withdrawals,
        )
        with Rejects(rejects) as refused:
            report = take_in(
                parts.database,
                users.operator(node.who_runs_this(), row.host),
                file,
                terms,
                rejects=refused,
                now=clock.now(),
                progress=lambda _name, count: shown.step(count),
            )
        shown.clear()
    _tell(report, as_json=as_json)


@sources_app.command("add")
def add_source(
    source: _Source,
    *,
    owner: _Owner = None,
    publisher: _PublisherName = None,
    mapping: _Mapping = None,
    purpose: _Purpose = _PURPOSE,
    legal_basis: _LegalBasis = None,
    audience: _Audience = None,
    every_hours: Annotated[
        float, typer.Option(min=0.02, help="How often it is looked at, in hours.")
    ] = 24.0,
    stale_after_hours: Annotated[
        float, typer.Option(min=0.02, help="How old it may get until somebody is told, in hours.")
    ] = 72.0,
    data: node.DataFolder = None,
) -> None:
    """Refresh a list from now on: from an https address, or the newest file of a folder."""
    from didban import ids
    from didban.intake import sources
    from didban.model.sources import ListSource

    kind, name, location = _parted(source)
    if "://" not in location:
        location = str(Path(location).absolute())
    marking, in_words = _terms(kind, owner, publisher, purpose, legal_basis, audience)
    new = ListSource(
        id=ids.new_id("src"),
        dataset=name,
        kind=kind,
        location=location,
        marking=marking,
        every=timedelta(hours=every_hours),
        stale_after=timedelta(hours=stale_after_hours),
        mapping=mapping.read_text(encoding="utf-8") if mapping else None,
    )
    with node.operating(data) as (tx, who, _):
        sources.add(tx, who, new, in_words)
    print(f"{name} is read within a minute, and then every {span(new.every)}.")


@sources_app.command("list")
def list_sources(*, data: node.DataFolder = None, as_json: options.Json = False) -> None:
    """List the lists that refresh themselves, and how that stands."""
    from didban.intake import sources

    with node.operating(data) as (tx, who, _):
        found = sources.listed(tx, who)
    tell_rows([_status_row(status) for status in found], as_json=as_json)


@sources_app.command("rest")
def rest_source(dataset: _Dataset, *, data: node.DataFolder = None) -> None:
    """Leave a list alone from now on."""
    from didban.intake import sources

    with node.operating(data) as (tx, who, _):
        sources.set_active(tx, who, dataset, is_active=False)
    print(f"{dataset} rests; its records stay.")


@sources_app.command("run")
def run_source(dataset: _Dataset, *, data: node.DataFolder = None) -> None:
    """Have a list looked at within a minute, also one that rested."""
    from didban.intake import sources

    with node.operating(data) as (tx, who, _):
        sources.set_active(tx, who, dataset, is_active=True)
    print(f"{dataset} is looked at within a minute, if the node is up.")


@sources_app.command("remove")
def remove_source(dataset: _Dataset, *, data: node.DataFolder = None) -> None:
    """Forget where a list comes from; its records stay until their time ends."""
    from didban.intake import sources

    with node.operating(data) as (tx, who, _):
        sources.remove(tx, who, dataset)
    print(f"{dataset} is not refreshed any more; its records stay.")


@app.command("quality")
def quality(
    *, since: _Since = None, data: node.DataFolder = None, as_json: options.Json = False
) -> None:
    """Tell what the monthly look at lists and owners' records found (PR-23)."""
    from didban.intake import quality_report

    with node.operating(data) as (tx, who, _):
        found = quality_report.reports(tx, who, since=_month(since))
    rows = [
        {
            "month": f"{report.month:%Y-%m}",
            "owner": report.owner,
            "list": report.dataset,
            "records": f"{report.records}",
            **{fault: f"{count}" for fault, count in report.faults.items()},
        }
        for report in found
    ]
    tell_rows(rows if as_json else [_only_faults(row) for row in rows], as_json=as_json)


@app.command("contributions")
def contributions(
    *, since: _Since = None, data: node.DataFolder = None, as_json: options.Json = False
) -> None:
    """Count what each owner entered, by kind and month."""
    from didban.intake import quality_report

    with node.operating(data) as (tx, who, _):
        found = quality_report.contributions(tx, who, since=_month(since))
    rows = [
        {
            "month": f"{one.month:%Y-%m}",
            "owner": one.owner,
            "kind": one.schema,
            "records": f"{one.count}",
        }
        for one in found
    ]
    tell_rows(rows, as_json=as_json)


def _parted(source: str) -> tuple[str, str, str]:
    """Return kind, name and place of `KIND[:NAME]=PLACE`."""
    left, equals, place = source.partition("=")
    kind, _, name = left.partition(":")
    if not equals or not place:
        raise InvalidInput(f"'{source}' is not a list; write KIND=PLACE, as in un-sc=list.xml")
    return kind, name or kind, place


def _terms(
    kind: str,
    owner: str | None,
    publisher: str | None,
    purpose: str,
    legal_basis: str | None,
    audience: list[str] | None,
) -> tuple[Marking, str]:
    """Return the marking of a list's records, and its owner's name in words."""
    from didban import clock
    from didban.intake.publishers import PUBLISHERS
    from didban.model.marking import EVERYONE, Marking, Visibility
    from didban.model.purposes import Purpose

    known = PUBLISHERS.get(kind)
    code = owner or (known.code if known else None)
    ground = legal_basis or (known.legal_basis if known else None)
    if code is None or ground is None:
        raise InvalidInput(f"anybody may publish '{kind}': give --owner and --legal-basis")
    if purpose not in set(Purpose):
        raise InvalidInput(f"--purpose: {', '.join(Purpose)}")
    marking = Marking(
        visibility=Visibility(owner=code, audience=tuple(sorted(set(audience or [EVERYONE])))),
        purpose=Purpose(purpose),
        legal_basis=ground,
        retention_until=clock.today(),
    )
    return marking, publisher or (known.name if known else code)


def _month(text: str | None) -> date:
    """Return the first day of a month, or of the month a year ago."""
    from didban import clock

    if text is None:
        return (clock.today() - timedelta(days=366)).replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise InvalidInput("--since: write YYYY-MM") from error


def _tell(report: PublicationReport, *, as_json: bool) -> None:
    """Say what a publication did, and leave with 4 if it could not be read well."""
    names = ("listed", "added", "changed", "unchanged", "withdrawn", "held_back", "barred")
    counts = {name: getattr(report, name) for name in (*names, "refused", "noted")}
    if as_json:
        told: dict[str, Any] = {"list": report.dataset, "is_repeated": report.is_repeated, **counts}
        print(json.dumps(told))
    elif report.is_repeated:
        refused = f" {report.refused:,} rows of it were refused then." if report.refused else ""
        print(f"{report.dataset}: the same as before; nothing was done.{refused}")
    else:
        said = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in counts.items() if n)
        print(f"{report.dataset}: {said}.")
    sys.exit(Exit.REJECTS if report.refused or report.is_cut else Exit.DONE)


def _status_row(status: SourceStatus) -> dict[str, str]:
    from didban import clock

    now = clock.now()
    state = "stale" if status.is_stale(now) else "fresh" if status.fresh_at else "new"
    return {
        "list": status.source.dataset,
        "kind": status.source.kind,
        "owner": status.source.owner,
        "state": state if status.source.is_active else "rests",
        "seen": f"{status.fresh_at:%Y-%m-%d %H:%M}" if status.fresh_at else "",
        "failures": f"{status.failures}",
        "last_error": status.last_error or "",
        "location": status.source.location,
    }


def _only_faults(row: dict[str, str]) -> dict[str, str]:
    """Return a report's row for people: the faults that there are, in one column."""
    kept = ("month", "owner", "list", "records")
    faults = [f"{name} {n}" for name, n in row.items() if name not in kept and n != "0"]
    return {**{name: row[name] for name in kept}, "faults": ", ".join(faults)}
