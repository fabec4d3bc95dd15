"""Which migrations have run, and running those that have not.

Piccolo's own manager is loaded only when something is pending: with what it brings along (a source formatter among it)
it would double the time to the first answer of every start.
"""

import contextlib
import importlib.util
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from piccolo.apps.migrations.tables import Migration

from dezhi.store.engine import KeptEngine

APP = "dezhi"

_PACKAGED = Path(__file__).resolve().parents[1] / "_migrations"
_CHECKOUT = Path(__file__).resolve().parents[3] / "migrations"
FOLDER = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
"""Inside the package when installed from a wheel, at the top of the repository in a checkout."""

_ID = re.compile(r'^ID = "([^"]+)"$', re.MULTILINE)


def known() -> Mapping[str, Path]:
    """Every migration by its id, oldest first."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        named = _ID.search(path.read_text(encoding="utf-8"))
        if named is not None:
            found[named[1]] = path
    return dict(sorted(found.items()))


async def pending() -> Sequence[str]:
    """The ids of migrations that have not run on the open database, oldest first."""
    if not await Migration.table_exists():
        await Migration.create_table()
    done = set(await Migration.get_migrations_which_ran(app_name=APP))
    return [name for name in known() if name not in done]


async def migrate(engine: KeptEngine) -> Sequence[str]:
    """Run what is pending and return its ids. Each migration and the note that it ran are one transaction."""
    waiting = await pending()
    files = known()
    for name in waiting:
        # Piccolo prints its progress; ours is the caller's to show.
        with contextlib.redirect_stdout(io.StringIO()):
            async with engine.transaction():
                await _run(files[name])
                await Migration.insert(Migration(name=name, app_name=APP))
    return waiting


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
