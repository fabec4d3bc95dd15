"""The engine Piccolo's tables use: the one global of Dezhi, because Piccolo looks its engine up in a module.

`connect()` in `dezhi.store.database` sets it; `piccolo_conf.py` at the top of the repository sets it for Piccolo's
own command line.
"""

import os
from typing import Any

from piccolo.engine import Engine

os.environ.setdefault("PICCOLO_CONF", "dezhi.store.conf")

DB: Engine[Any] | None = None
