"""Registers the one Piccolo app and where its migrations live.

``table_classes`` stays empty on purpose: our migrations are SQL, because Piccolo can
neither express composite keys nor put a CHECK on SQLite, and an auto-migration would
create every registered table a second time. A test compares the tables with what the
migrations build instead.
"""

from piccolo.conf.apps import AppConfig

from dezhi.store.migrations import APP, FOLDER

APP_CONFIG = AppConfig(app_name=APP, migrations_folder_path=str(FOLDER), table_classes=[])
