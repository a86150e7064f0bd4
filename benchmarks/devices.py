"""What a device costs: bytes of a package, of an update, and how long each step takes.

    python -m benchmarks.devices --records 100000
    python -m benchmarks devices                    the same, kept for the reference page

A PostgreSQL of its own in a temporary folder; a bank of stolen documents and wanted persons, all of
them for the device. Then a thousand of them change, and a thousand are withdrawn.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from benchmarks.figures import Table, milliseconds, quantile
from didban import clock
from didban.exchange import descriptors
from didban.exchange.identity import Identity
from didban.guard.crypto import dsse, hpke
from didban.ids import new_id
from didban.model.actors import Actor, Authority, AuthorityKind
from didban.model.alerts import Action, Alert, PersonStatus
from didban.model.bank import BankRecord, RecordState
from didban.model.documents import Document
from didban.model.exchange.descriptors import Descriptor, NodeRole, OnlineKey, SealingKey
from didban.model.marking import Marking, Visibility
from didban.model.permissions import Role
from didban.model.purposes import Purpose
from didban.model.records import Record
from didban.screening.devices import checking, enrolment, installing, memory, packing
from didban.screening.devices.vault import Vault
from didban.screening.question import Question
from didban.store import authorities, records
from didban.store import node as node_row
from didban.store.database import Database
from didban.store.embedded import EmbeddedPostgres
from didban.store.node import NodeRow
from didban.store.record_rows import values_of
from didban.store.tables import catalogue
from didban.store.tables.records import record as kept_records
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.figures import Row
    from didban.store.database import Transaction

SIZE: Final = 100_000
CHANGED: Final = 1_000
CHECKS: Final = 200
_PASSPHRASE: Final = "benchmark of a device"
_MARKING: Final = Marking(
    visibility=Visibility(owner="xar", audience=("*",)),
    purpose=Purpose.WANTED_OR_MISSING_PERSON,
    legal_basis="Penal Code of Arvand, s. 12",
    retention_until=clock.today() + timedelta(days=365),
)
_OPERATOR: Final = Actor(
    user="operator:bench",
    authority="xar",
    kind=AuthorityKind.POLICE,
    roles=frozenset({Role.ADMINISTRATOR}),
    purpose=Purpose.ADMINISTRATION,
    place="benchmark",
)
_SECOND: Final = Actor(
    user="usr_second",
    authority="xar",
    kind=AuthorityKind.POLICE,
    roles=frozenset({Role.SUPERVISOR}),
    purpose=Purpose.SUPERVISION,
    place="benchmark",
)


def record(number: int) -> BankRecord:
    """Return an invented stolen passport, or each tenth time a wanted person."""
    key = new_id("rec")
    if number % 10:
        paper = Document(
            number=f"A{number * 7_919 % 10**8:08d}", issuer="xar", type="P", status="stolen"
        )
        entity = Record(id=key, schema="Passport", properties={}, documents=(paper,))
        return _kept(entity, None)
    name = f"{_syllables(number * 31)} {_syllables(number * 17 + 5)}"
    born = f"{1950 + number % 55}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    properties = {"name": (name,), "birthDate": (born,), "nationality": ("xbo",)}
    entity = Record(id=key, schema="Person", properties=properties)
    return _kept(entity, Alert(action_requested=Action.LOCATE, person_status=PersonStatus.SUSPECT))


def _syllables(number: int) -> str:
    parts = ("ka", "ri", "mo", "vel", "tan", "shi", "dor", "ul", "beh", "zan", "per", "gha")
    return "".join(parts[number // 12**at % 12] for at in range(3)).capitalize()


def _kept(entity: Record, alert: Alert | None) -> BankRecord:
    return BankRecord(
        entity=entity,
        marking=_MARKING,
        alert=alert,
        state=RecordState.ACTIVE,
        version=1,
        recorded_at=clock.now(),
        recorded_by="usr_xar",
    )


def identity() -> tuple[Identity, packing.Dock]:
    """Return a node's keys, and what it serves devices with."""
    root, now = dsse.SigningKey.generate("root"), clock.now()
    signing, sealing = dsse.SigningKey.generate("sign"), hpke.PrivateKey.generate("seal")
    year = timedelta(days=365)
    me = Identity(node="xar", signing=signing, sealing={sealing.id: sealing})
    said = Descriptor(
        node="xar",
        version=1,
        role=NodeRole.MEMBER,
        root=root.public,
        made_at=now,
        expires_at=now + year,
        authorities=(Authority(code="xar", name="Arvand", kind=AuthorityKind.POLICE),),
        endpoints=(),
        online_keys=(
            OnlineKey(
                id="sign", public=signing.public, valid_from=now - year, valid_until=now + year
            ),
        ),
        sealing_keys=(
            SealingKey(
                id="seal",
                suite=sealing.suite,
                public=sealing.public.raw,
                valid_until=now + year,
            ),
        ),
        witness="xar/didban/audit+00000000+AAAA",
        log="xar/didban/audit+00000000+AAAA",
        is_training=True,
    )
    return me, packing.Dock(me=me, descriptor=descriptors.sign(said, root), key=bytes(32))


def measure(size: int = SIZE) -> Iterator[Table]:
    """Measure a device of so many records."""
    folder = Path(tempfile.mkdtemp(prefix="didban-devices-"))
    folder.chmod(0o755)
    try:
        rows: list[Row] = []
        _run(size, folder, rows)
    finally:
        shutil.rmtree(folder)
    yield Table(
        name="devices",
        command=f"python -m benchmarks.devices --records {size}",
        columns=("a device", "measured"),
        rows=tuple(rows),
        note=f"{size:,} records: stolen documents and wanted persons, all of them for the device."
        " One process of the node, one of the device; the passphrase's derivation is in each"
        f" opening. The check is one of {CHECKS} by a document's number.",
    )


@contextmanager
def _told(rows: list[Row], what: str) -> Iterator[None]:
    """Note how long something took."""
    begun = time.perf_counter()
    yield
    rows.append((what, f"{time.perf_counter() - begun:.2f} s"))


def _run(size: int, folder: Path, rows: list[Row]) -> None:
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    database = Database(server.url)
    try:
        with database.begin() as tx:
            catalogue().create_all(tx)
            police = Authority(code="xar", name="Arvand", kind=AuthorityKind.POLICE, country="XAR")
            authorities.add(tx, police, now=clock.now())
            node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        _measure(database, size, folder, rows)
    finally:
        database.close()
        server.stop()


def _measure(database: Database, size: int, folder: Path, rows: list[Row]) -> None:
    with _told(rows, f"{size:,} records into the bank"):
        kept = _fill(database, size)
    _, dock = identity()
    in_memory = folder / "memory"
    in_memory.mkdir()
    vault = Vault.make(folder / "device", "benchmark", _PASSPHRASE)
    with database.begin() as tx:
        bound = {"authority": "xar", "purpose": Purpose.BORDER_CONTROL, "place": "Gate 4"}
        enrolment.register(tx, _OPERATOR, vault.request(), **bound)  # type: ignore[arg-type]
        enrolment.confirm(tx, _SECOND, vault.id)

    packed = partial(_packed, database, dock, vault, folder / "package", rows)
    opened = partial(_opened, vault, in_memory, rows)
    whole = packed(is_whole=True, what="a whole package")
    opened(whole, "the whole package taken in, and the device opened")
    opened(None, "opened again, with nothing new")
    with database.begin() as tx:
        for one in kept[:CHANGED]:
            records.replace_record(tx, one, expected=1)
    update = packed(is_whole=False, what=f"an update, {CHANGED:,} changed")
    opened(update, "that update taken in, and the device opened")
    with database.begin() as tx:
        for one in kept[CHANGED : 2 * CHANGED]:
            records.set_state(tx, one, RecordState.WITHDRAWN, at=clock.now(), by="usr_xar")
    update = packed(is_whole=False, what=f"an update, {CHANGED:,} withdrawn")
    opened(update, "that update taken in, and the device opened")
    _checked(vault, in_memory, rows)
    at_rest = sum(path.stat().st_size for path in (folder / "device").iterdir())
    rows.append(("at rest on the device", f"{at_rest:,} bytes"))


def _fill(database: Database, size: int) -> list[BankRecord]:
    made = [record(number) for number in range(size)]
    for start in range(0, size, 5_000):
        with database.begin() as tx:
            new = [values_of(tx, one) for one in made[start : start + 5_000]]
            tx.execute(insert(kept_records), new)
    with database.begin() as tx:
        first = [one.id for one in made[: 2 * CHANGED]]
        return list(_present(tx, first).values())


def _present(tx: Transaction, which: list[str]) -> dict[str, BankRecord]:
    return records.many(tx, which, every_number(tx))


def _packed(  # noqa: PLR0913 - by whom, for which device, of what kind
    database: Database,
    dock: packing.Dock,
    vault: Vault,
    path: Path,
    rows: list[Row],
    *,
    is_whole: bool,
    what: str,
) -> Path:
    with _told(rows, f"{what}: made"), database.begin() as tx:
        made = packing.make(tx, dock, _OPERATOR, vault.id, whole=is_whole)
        path.write_bytes(made.package.to_bytes())
    rows.append((f"{what}: on the line", f"{path.stat().st_size:,} bytes"))
    return path


def _opened(
    vault: Vault, in_memory: Path, rows: list[Row], package: Path | None, what: str
) -> None:
    given = [package.read_bytes()] if package else []
    with _told(rows, what):
        installing.open_device(
            vault.folder,
            _PASSPHRASE,
            given,
            lambda _node, _root: True,
            now=clock.now(),
            in_memory=in_memory,
        )


def _checked(vault: Vault, in_memory: Path, rows: list[Row]) -> None:
    took = []
    for number in range(CHECKS):
        session = memory.resume(vault.folder, in_memory)
        begun = time.perf_counter()
        asked = Question(documents=(f"XAR:P:A{(3_001 + number) * 7_919 % 10**8:08d}",))
        checking.check(session, asked, reference="", now=clock.now())
        took.append(time.perf_counter() - begun)
    middle, late = (milliseconds(quantile(took, share)) for share in (0.5, 0.99))
    rows.append(("a check, its entry on the disk: p50 and p99", f"{middle}, {late}"))


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.devices", description=__doc__)
    parser.add_argument("--records", type=int, default=SIZE, metavar="N")
    for table in measure(parser.parse_args().records):
        print(table.text())


if __name__ == "__main__":
    main()
