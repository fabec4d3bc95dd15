"""A migrated database in a file of its own for every test."""

import sys
import types
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.engine.sqlite import SQLiteEngine

from dezhi.store.piccolo_app import APP_CONFIG
from dezhi.store.tables import TABLES


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SQLiteEngine]:
    engine = SQLiteEngine(path=str(tmp_path / "dezhi.sqlite"))
    conf = types.ModuleType("piccolo_conf")
    conf.DB = engine  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "piccolo_conf", conf)
    for table in (*TABLES, Migration):
        monkeypatch.setattr(table._meta, "_db", engine)
    await Migration.create_table(if_not_exists=True)
    result = await ForwardsMigrationManager(app_name="dezhi").run_migrations(APP_CONFIG)
    assert result.success
    yield engine
