"""For Piccolo's own command line (`piccolo migrations check`, `piccolo playground run`), on this installation's data.

Dezhi itself does not read this file: `dezhi.store.database.connect` opens the database and sets the same global.
"""

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

from dezhi.settings import read
from dezhi.store import conf
from dezhi.store.database import FILE
from dezhi.store.engine import KeptEngine

_settings = read()
# Piccolo's own engine there: its commands run each in an event loop of their own, which a pool would not survive.
DB = conf.DB = (
    PostgresEngine({"dsn": _settings.migrate_url or _settings.database_url})
    if _settings.database_url
    else KeptEngine(str(_settings.data_dir / FILE))
)
APP_REGISTRY = AppRegistry(apps=["dezhi.store.piccolo_app"])
