"""What it costs to reach the plugins of one programme, with few and with many others installed."""

import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, figure, middle, ratio
from dezhi.host import Directory, Rosters
from dezhi.testing import a_deed, a_programme
from workshop import Workshop

NAMES = ("plugins-300-to-3", "plugins-3-us", "plugins-300-us")
INSTALLED, ENABLED = 300, 3
ROUNDS, ASKS = 31, 2_000


def figures() -> Sequence[Figure]:
    """Ask three enabled plugins to score a deed, through the roster of their programme's version."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        workshop = Workshop(Path(folder))
        packages = [workshop.write(f"bench_plugin_{number:03}") for number in range(INSTALLED)]
        try:
            few, many = _rosters(packages[:ENABLED]), _rosters(packages)
        finally:
            workshop.forget()
            sys.path.remove(folder)
    took_few: list[float] = []
    took_many: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            took_few.append(_ask(few))
            took_many.append(_ask(many))
    finally:
        gc.enable()
    return [
        figure("plugins-300-to-3", ratio(took_many, took_few), "× with 3 installed", "<= 1.2"),
        figure("plugins-3-us", middle(took_few), "µs an ask, 3 installed and enabled"),
        figure("plugins-300-us", middle(took_many), "µs an ask, 300 installed, 3 enabled"),
    ]


def _rosters(packages: Sequence[str]) -> Rosters:
    directory = Directory(modules=packages)
    if len(directory.plugins) != len(packages):
        raise RuntimeError("a plugin of the bench was refused")
    return Rosters(directory)


def _ask(rosters: Rosters) -> float:
    """Microseconds for finding the roster and asking every plugin of it once."""
    enabled: dict[str, dict[str, object]] = {f"bench-plugin-{number:03}": {} for number in range(ENABLED)}
    programme, deed = a_programme(), a_deed("bench-plugin-001/thing")
    began = time.perf_counter()
    for _ in range(ASKS):
        answers = rosters.of(1, enabled).ask_each("score", programme=programme, deed=deed, facts={})
    took = (time.perf_counter() - began) / ASKS
    if len(answers) != ENABLED:
        raise RuntimeError("not every enabled plugin was asked")
    return took * 1_000_000
