"""Looking at a database without changing anything: no lock is taken, nothing is made or migrated."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.programmes import Document
from dezhi.core.text import N_
from dezhi.store import grants, migrations, snapshots
from dezhi.store.database import FILE
from dezhi.store.postgres import CONNECTIONS, POSTING_CONNECTIONS, PooledEngine
from dezhi.store.snapshots import Snapshot

SQLITE = sqlite3.sqlite_version
SQLITE_IS_OLD = sqlite3.sqlite_version_info < (3, 37)
"""Before 3.37 there are no STRICT tables."""

CONNECTIONS_EACH = CONNECTIONS + POSTING_CONNECTIONS
"""What one serving process may open at a server."""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What any database of Dezhi's tells of itself. `last_posted_at`: microseconds since 1970, 0 before any entry."""

    version: str
    ran: tuple[str, ...]
    last_posted_at: int = 0
    cards: int = 0


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """What only a server tells. `careless` names settings that give up acknowledged entries at a power cut."""

    now: datetime
    careless: tuple[str, ...]
    connections_max: int
    wrong_grants: tuple[Problem, ...]


def known() -> Sequence[str]:
    """The ids of the migrations this release brings, oldest first; each begins with the day it was written."""
    return list(migrations.known())


async def look_at_file(data_dir: Path) -> Looked | None:
    """The SQLite file of a data directory; None where there is none. Raises `Problem` (`database-broken`)."""
    if not (data_dir / FILE).exists():
        return None
    try:
        async with snapshots.of_file(data_dir / FILE) as snapshot:
            return await _look(snapshot, f"SQLite {SQLITE}")
    except Problem as trouble:
        text = N_("数据库文件 %(file)s 打不开，或者坏了（%(reason)s）")
        raise Problem(
            "database-broken", text, 503, file=str(data_dir / FILE), reason=str(trouble.__cause__)
        ) from trouble


async def look_at_server(url: str) -> tuple[Looked, Server]:
    """The PostgreSQL of an address, as its role sees it. Raises `Problem` when it cannot be used."""
    async with snapshots.of_server(url) as snapshot:
        (about,) = await snapshot.ask(
            "SELECT current_setting('server_version') AS version, clock_timestamp() AS now,"
            " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,"
            " array(SELECT name || ' = off' FROM pg_settings WHERE setting = 'off'"
            " AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name) AS careless"
        )
        ran = tuple(await snapshot.migrations())
        wrong = await _wrong_grants(url) if ran else ()
        # A role that may not even read is told so, and nothing else can be asked of the rows.
        readable = not any(one.code == "grant_missing" for one in wrong)
        version = f"PostgreSQL {about['version'].split()[0]}"
        looked = await _look(snapshot, version) if readable else Looked(version=version, ran=ran)
    server = Server(
        now=about["now"],
        careless=tuple(about["careless"]),
        connections_max=about["most"],
        wrong_grants=tuple(wrong),
    )
    return looked, server


async def _look(snapshot: Snapshot, version: str) -> Looked:
    there = {table.name for table in await snapshot.tables()}
    last = (await snapshot.ask("SELECT max(last_posted_at) AS at FROM book"))[0]["at"] if "book" in there else 0
    return Looked(
        version=version,
        ran=tuple(await snapshot.migrations()),
        last_posted_at=last or 0,
        cards=await snapshot.count("card") if "card" in there else 0,
    )


async def _wrong_grants(url: str) -> Sequence[Problem]:
    engine = PooledEngine(url)
    await engine.open()
    try:
        return await grants.wrong(engine)
    finally:
        await engine.close()


# ── plugins ──


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that a village's programme names, today or from a later day on."""

    village: str
    plugin: str
    version: str


async def plugins_in_use(data_dir: Path, url: str, on: date) -> Sequence[Use]:
    """What the programmes that rule on a day, or later, name. Empty where there is no database yet."""
    sql = (
        "SELECT r.name, p.village, p.effective_from, p.document FROM programme p JOIN region r ON r.id = p.village"
        # A version adopted later that begins no later took its place.
        " WHERE NOT EXISTS (SELECT 1 FROM programme l WHERE l.village = p.village AND l.version > p.version"
        " AND l.effective_from <= p.effective_from) ORDER BY p.village, p.effective_from"
    )
    ruling: dict[tuple[int, str], tuple[str, str]] = {}
    for row in await _ask(data_dir, url, sql):
        # What ruled before is overwritten by what rules now; each later day has its own.
        day = max(str(row["effective_from"])[:10], on.isoformat())
        ruling[row["village"], day] = row["name"], row["document"]
    return [
        Use(village=village, plugin=name, version=one.version)
        for village, document in ruling.values()
        for name, one in msgspec.json.decode(document, type=Document).plugins.items()
    ]


async def plugins_held(data_dir: Path, url: str) -> Sequence[tuple[str, str, str]]:
    """Which plugins are in quarantine: name, version and the code of what happened."""
    rows = await _ask(data_dir, url, "SELECT plugin, version, reason FROM quarantine WHERE released_at IS NULL")
    return sorted({(row["plugin"], row["version"], row["reason"]) for row in rows})


async def _ask(data_dir: Path, url: str, sql: str) -> Sequence[Mapping[str, Any]]:
    """Rows of a database as it stands; none where its tables are not there yet."""
    if not url and not (data_dir / FILE).exists():
        return []
    async with snapshots.of_server(url) if url else snapshots.of_file(data_dir / FILE) as snapshot:
        there = {table.name for table in await snapshot.tables()}
        return await snapshot.ask(sql) if "quarantine" in there else []
