"""For Piccolo's own command line (`piccolo migrations check`, `piccolo playground run`), on this installation's data.

Dezhi itself does not read this file: `dezhi.store.database.connect` opens the database and sets the same global.
"""

from piccolo.conf.apps import AppRegistry

from dezhi.settings import read
from dezhi.store import conf
from dezhi.store.database import FILE
from dezhi.store.engine import KeptEngine

DB = conf.DB = KeptEngine(str(read().data_dir / FILE))
APP_REGISTRY = AppRegistry(apps=["dezhi.store.piccolo_app"])
