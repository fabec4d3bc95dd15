"""No clock and no chance in a chamber: what would tell plugin code the time, or throw dice, raises instead.

Imports and plain calls are found in a plugin's source (`dezhi.host.sources`); this is for what hides from reading. The
house's own code in a chamber needs neither, and gets no way around: there is none that a plugin could not take.
"""

import gc
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from dezhi.host.trouble import ClockOrChance

_CLOCKS: Final = (
    "clock_gettime",
    "clock_gettime_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
    "thread_time",
    "thread_time_ns",
    "time",
    "time_ns",
)
_OF_A_MOMENT: Final = {"asctime": 1, "ctime": 1, "gmtime": 1, "localtime": 1, "strftime": 2}
"""With so many arguments these are told the moment; with fewer they take now."""
_UNLIKE: Final = ("getnode", "uuid1", "uuid4")


def still() -> None:
    """Take the clock and chance away from this process: from then on they raise `ClockOrChance`.

    To be called once, before any plugin is read in.
    """
    _stop_clocks()
    for name in ("getrandbits", "random"):
        setattr(random.Random, name, _refusing(f"random.{name}"))
    for module, names in ((os, ("urandom", "getrandom")), (random, random.__all__), (uuid, _UNLIKE)):
        for name in names:
            setattr(module, name, _refusing(f"{module.__name__}.{name}"))


def _stop_clocks() -> None:
    for name in _CLOCKS:
        setattr(time, name, _refusing(f"time.{name}"))
    for name, needed in _OF_A_MOMENT.items():
        setattr(time, name, _told(getattr(time, name), needed, _refusing(f"time.{name}")))
    # date.today and datetime.today ask time.time. These two do not, and a type of C is changed in no other way.
    [methods] = gc.get_referents(vars(datetime))
    for name in ("now", "utcnow"):
        methods[name] = _refusing(f"datetime.{name}")
    sys._clear_type_cache()  # noqa: SLF001 - where the type's methods were remembered


def _refusing(name: str) -> Callable[..., Any]:
    """A function that stands for the one of this name, and raises."""

    def refuse(*_: object, **__: object) -> Any:
        raise ClockOrChance(name)

    return refuse


def _told(call: Callable[..., Any], needed: int, refuse: Callable[..., Any]) -> Callable[..., Any]:
    """The same function for whoever says which moment is meant."""

    def of_a_moment(*given: Any) -> Any:
        return call(*given) if len(given) >= needed and given[-1] is not None else refuse()

    return of_a_moment
