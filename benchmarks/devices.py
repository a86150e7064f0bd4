"""What a device costs: bytes of a package, of an update, and how long each step takes.

    python -m benchmarks.devices --records 100000

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
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

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
from didban.store.tables.records import record as table
from didban.store.visibility import every_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from didban.store.database import Transaction

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


@contextmanager
def told(what: str) -> Iterator[None]:
    """Print how long something took."""
    begun = time.perf_counter()
    yield
    print(f"{what:52} {time.perf_counter() - begun:>9.2f} s")


def run(size: int, folder: Path) -> None:
    """Measure a device of so many records."""
    server = EmbeddedPostgres(folder / "postgres")
    server.start()
    database = Database(server.url)
    try:
        with database.begin() as tx:
            catalogue().create_all(tx)
            police = Authority(code="xar", name="Arvand", kind=AuthorityKind.POLICE, country="XAR")
            authorities.add(tx, police, now=clock.now())
            node_row.add(tx, NodeRow(host="xar", is_training=True, made_at=clock.now()))
        _measure(database, size, folder)
    finally:
        database.close()
        server.stop()


def _measure(database: Database, size: int, folder: Path) -> None:
    with told(f"records into the bank: {size:,}"):
        kept = _fill(database, size)
    _, dock = identity()
    in_memory = folder / "memory"
    in_memory.mkdir()
    vault = Vault.make(folder / "device", "benchmark", _PASSPHRASE)
    with database.begin() as tx:
        bound = {"authority": "xar", "purpose": Purpose.BORDER_CONTROL, "place": "Gate 4"}
        enrolment.register(tx, _OPERATOR, vault.request(), **bound)  # type: ignore[arg-type]
        enrolment.confirm(tx, _SECOND, vault.id)

    whole = _packed(database, dock, vault, folder, is_whole=True, what="a whole package")
    _opened(vault, in_memory, whole, "taken in and opened")
    _opened(vault, in_memory, None, "opened again, nothing new")
    with database.begin() as tx:
        for one in kept[:CHANGED]:
            records.replace_record(tx, one, expected=1)
    update = _packed(database, dock, vault, folder, is_whole=False, what="1,000 changed")
    _opened(vault, in_memory, update, "taken in and opened")
    with database.begin() as tx:
        for one in kept[CHANGED : 2 * CHANGED]:
            records.set_state(tx, one, RecordState.WITHDRAWN, at=clock.now(), by="usr_xar")
    update = _packed(database, dock, vault, folder, is_whole=False, what="1,000 withdrawn")
    _opened(vault, in_memory, update, "taken in and opened")
    _checked(vault, in_memory)
    at_rest = sum(path.stat().st_size for path in (folder / "device").iterdir())
    print(f"{'at rest on the device':52} {at_rest:>9,} bytes")


def _fill(database: Database, size: int) -> list[BankRecord]:
    made = [record(number) for number in range(size)]
    for start in range(0, size, 5_000):
        with database.begin() as tx:
            rows = [values_of(tx, one) for one in made[start : start + 5_000]]
            tx.execute(insert(table), rows)
    with database.begin() as tx:
        first = [one.id for one in made[: 2 * CHANGED]]
        return list(_present(tx, first).values())


def _present(tx: Transaction, which: list[str]) -> dict[str, BankRecord]:
    return records.many(tx, which, every_number(tx))


def _packed(
    database: Database,
    dock: packing.Dock,
    vault: Vault,
    folder: Path,
    *,
    is_whole: bool,
    what: str,
) -> Path:
    path = folder / "package"
    with told(f"{what}: made"), database.begin() as tx:
        made = packing.make(tx, dock, _OPERATOR, vault.id, whole=is_whole)
        path.write_bytes(made.package.to_bytes())
    print(f"{what + ': on the line':52} {path.stat().st_size:>9,} bytes")
    return path


def _opened(vault: Vault, in_memory: Path, package: Path | None, what: str) -> None:
    given = [package.read_bytes()] if package else []
    with told(f"   {what}"):
        installing.open_device(
            vault.folder,
            _PASSPHRASE,
            given,
            lambda _node, _root: True,
            now=clock.now(),
            in_memory=in_memory,
        )


def _checked(vault: Vault, in_memory: Path) -> None:
    took = []
    for number in range(CHECKS):
        session = memory.resume(vault.folder, in_memory)
        begun = time.perf_counter()
        asked = Question(documents=(f"XAR:P:A{(3_001 + number) * 7_919 % 10**8:08d}",))
        checking.check(session, asked, reference="", now=clock.now())
        took.append(time.perf_counter() - begun)
    took.sort()
    middle, late = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(
        f"{'a check, its entry on the disk: p50 and p99':52} {middle * 1e3:>6.1f} / {late * 1e3:.1f} ms"
    )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.devices", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, metavar="N")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="didban-devices-"))
    folder.chmod(0o755)
    try:
        run(options.records, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
