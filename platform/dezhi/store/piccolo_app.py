"""Registers the one Piccolo app and where its migrations live.

``table_classes`` stays empty on purpose: our migrations are SQL, because Piccolo can
neither express composite keys nor put a CHECK on SQLite, and an auto-migration would
create every registered table a second time. A test compares the tables with what the
migrations build instead.
"""

from pathlib import Path

from piccolo.conf.apps import AppConfig

_PACKAGED = Path(__file__).resolve().parents[1] / "_migrations"
_CHECKOUT = Path(__file__).resolve().parents[3] / "migrations"

APP_CONFIG = AppConfig(
    app_name="dezhi",
    migrations_folder_path=str(_PACKAGED if _PACKAGED.is_dir() else _CHECKOUT),
    table_classes=[],
)
