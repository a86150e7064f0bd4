"""A real PostgreSQL for tests: one server for each worker, one fresh database for each test."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest

from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres
from didban.store.tables import catalogue
from folders_help import new_folder
from node_help import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

_FAST = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=32MB",
    "max_wal_size=256MB",  # it may lie in memory
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """Return a running server with an empty database `template_bank` that has every table."""
    folder = new_folder("didban-pg-")
    server = EmbeddedPostgres(folder)
    server.start(*_FAST)
    _execute(server, "create database template_bank")
    made = Database(server.url.replace("/didban?", "/template_bank?"))
    with made.begin() as tx:
        catalogue().create_all(tx)
    made.close()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """Return a fresh bank."""
    with fresh_bank(postgres) as made:
        yield made


@contextlib.contextmanager
def fresh_bank(
    postgres: EmbeddedPostgres, made_by: str = "template template_bank strategy file_copy"
) -> Iterator[Database]:
    """Give a fresh bank, for a fixture that several tests share; or what `made_by` makes."""
    name = f"bank_{secrets.token_hex(5)}"
    _execute(postgres, f'create database "{name}" {made_by}')
    made = Database(postgres.url.replace("/didban?", f"/{name}?"))
    yield made
    made.close()
    _execute(postgres, f'drop database "{name}" with (force)')


def wait_for_the_dead(database: Database) -> None:
    """Wait until what a killed process had sent is done or undone: its server lives a little longer."""
    busy = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and backend_type = 'client backend' and state <> 'idle'"
    )

    def is_quiet() -> bool:
        with database.begin() as tx:
            return tx.exec_driver_sql(busy).scalar() == 0

    wait_until(is_quiet)


def _execute(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)


def authority(
    tx,
    code: str,
    *,
    kind: str = "police",
    groups: tuple[str, ...] = (),
    country: str | None = None,
) -> None:
    """Register an authority."""
    from sqlalchemy.dialects.postgresql import insert

    from didban import clock
    from didban.store.tables.records import authority as table

    values = {
        "code": code,
        "name": f"Authority {code}",
        "kind": kind,
        "country": country,
        "groups": list(groups),
        "created_at": clock.now(),
    }
    tx.execute(insert(table).values(values).on_conflict_do_nothing())


def actor(
    code: str = "xar",
    *roles: str,
    purpose: str | None = "fitting",
    kind: str = "police",
    user: str | None = None,
    **more,
):
    """Return who acts for an authority; with these roles, or as its recorder.

    The purpose is one that the roles may use, unless it is named.
    """
    from didban.model.actors import Actor, AuthorityKind
    from didban.model.permissions import Role, purposes_of
    from didban.model.purposes import Purpose

    if purpose == "fitting":
        fitting = purposes_of(map(Role, roles or ("recorder",)))
        purpose = next(purpose for purpose in Purpose if purpose in fitting)
    return Actor(
        user=user or f"usr_{code}",
        authority=code,
        kind=AuthorityKind(kind),
        roles=frozenset(Role(role) for role in (roles or ("recorder",))),
        purpose=Purpose(purpose) if purpose else None,
        **{"reference": "case-1", **more},
    )


def marking(owner: str = "xar", *, audience=("*",), excluded=(), confidentiality=0, **more):
    """Return a marking with sensible defaults."""
    from datetime import timedelta

    from didban import clock
    from didban.model.marking import Confidentiality, Marking, Visibility
    from didban.model.purposes import Purpose

    return Marking(
        visibility=Visibility(
            owner=owner,
            audience=tuple(sorted(audience)),
            excluded=tuple(sorted(excluded)),
            confidentiality=Confidentiality(confidentiality),
        ),
        **{
            "purpose": Purpose.WANTED_OR_MISSING_PERSON,
            "legal_basis": "Penal Code of Arvand, s. 12",
            "retention_until": clock.today() + timedelta(days=365),
            **more,
        },
    )


def person(name: str = "Zahra Karimzadeh", **properties: str):
    """Return an invented person as an entity."""
    from didban.ids import new_id
    from didban.model.records import Record

    return Record(
        id=new_id("rec"),
        schema="Person",
        caption=name,
        properties={"name": (name,), **{key: (value,) for key, value in properties.items()}},
    )


def alert(action: str = "locate", status: str | None = "suspect", **more):
    """Return an alert on a person with this status."""
    from didban.model.alerts import Action, Alert, PersonStatus

    person_status = PersonStatus(status) if status else None
    return Alert(action_requested=Action(action), person_status=person_status, **more)


def passport(number: str = "A12345678", *, status: str = "stolen", **more: str):
    """Return a passport of Arvand of which something became, as an entity."""
    from didban.ids import new_id
    from didban.model.documents import Document
    from didban.model.records import Record

    values = {"issuer": "xar", "type": "P", **more}
    paper = Document(number=number, status=status, **values)
    return Record(
        id=new_id("rec"),
        schema="Passport",
        caption=f"{values['issuer']} P {number}",
        properties={},
        documents=(paper,),
    )


def draft_of(kept, **changed):
    """Return the owner's part of a record, to be corrected."""
    from didban.intake.drafts import Draft

    names = ("entity", "marking", "alert", "sensitive", "valid_from", "valid_to")
    return Draft(**{**{name: getattr(kept, name) for name in names}, **changed})
