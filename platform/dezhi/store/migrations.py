"""Which migrations have run, and running those that have not.

Piccolo's own manager is loaded only when something is pending: with what it brings along (a source formatter among it)
it would double the time to the first answer of every start.
"""

import contextlib
import importlib.util
import io
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from piccolo.apps.migrations.tables import Migration

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.store.ddl import dialect
from dezhi.store.postgres import Engine

APP = "dezhi"

_PACKAGED = Path(__file__).resolve().parents[1] / "_migrations"
_CHECKOUT = Path(__file__).resolve().parents[3] / "migrations"
FOLDER = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
"""Inside the package when installed from a wheel, at the top of the repository in a checkout."""

_ID = re.compile(r'^ID = "([^"]+)"$', re.MULTILINE)

# Piccolo asks a view that shows only tables one has rights on, in any schema. Not `to_regclass`: in a transaction that
# waited for its lock it may answer from before the wait.
_EXISTS = {
    "sqlite": "SELECT count(*) AS found FROM sqlite_master WHERE name = 'migration'",
    "postgres": "SELECT count(*) AS found FROM pg_class WHERE relname = 'migration' AND pg_table_is_visible(oid)",
}


def known() -> Mapping[str, Path]:
    """Every migration by its id, oldest first."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        named = _ID.search(path.read_text(encoding="utf-8"))
        if named is not None:
            found[named[1]] = path
    return dict(sorted(found.items()))


async def ran() -> frozenset[str]:
    """The ids of migrations that have run on the open database. Only reads."""
    (row,) = await Migration.raw(_EXISTS[dialect()])
    return frozenset(await Migration.get_migrations_which_ran(app_name=APP)) if row["found"] else frozenset()


async def pending() -> Sequence[str]:
    """The ids of migrations that have not run on the open database, oldest first. Only reads.

    Raises `Problem` (`database_newer`, 503) when one has run that this program does not know.
    """
    done, ours = await ran(), known()
    if unknown := sorted(done - ours.keys()):
        raise Problem(
            "database_newer",
            N_("数据库是更新版本的德治用过的（%(migration)s），这个版本不敢打开它，什么都没有改。请换回新版本的程序。"),
            status=503,
            migration=unknown[-1],
        )
    return [name for name in ours if name not in done]


async def migrate(engine: Engine, only: Collection[str] | None = None) -> Sequence[str]:
    """Run what is pending, of `only` if given, and return its ids. Each and the note that it ran are one transaction.

    A second one at the same time waits for the lock of that transaction and finds nothing left to do. Raises as
    `pending` does.
    """
    files = known()
    done = []
    for name in await pending():
        if only is not None and name not in only:
            continue
        # Piccolo prints its progress; ours is the caller's to show.
        with contextlib.redirect_stdout(io.StringIO()):
            async with engine.transaction():
                if name in await ran():
                    continue
                await Migration.create_table(if_not_exists=True)
                await _run(files[name])
                await Migration.insert(Migration(name=name, app_name=APP))
        done.append(name)
    return done


async def _run(path: Path) -> None:
    # late: see the head of this file
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager

    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be read as a migration")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    step = await module.forwards()
    if isinstance(step, MigrationManager):
        await step.run()
