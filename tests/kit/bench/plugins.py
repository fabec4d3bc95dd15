"""What it costs to reach the plugins of one programme, with few and with many others installed."""

import gc
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, figure, middle, ratio
from dezhi.host import Directory, Roster, Rosters
from dezhi.testing import a_deed, a_programme
from parcels import keep, parcel
from workshop import Workshop

NAMES = (
    "plugins-300-to-3",
    "plugins-3000-to-3",
    "plugins-3-us",
    "plugins-300-us",
    "plugins-3000-us",
    "plugins-apart-us",
)
ENABLED, SOME, MANY = 3, 300, 3_000
ROUNDS, ASKS = 31, 2_000


def figures() -> Sequence[Figure]:
    """Ask three enabled plugins to score a deed, through the roster of their programme's version; and one apart."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        workshop = Workshop(Path(folder))
        packages = [workshop.write(f"bench_plugin_{number:04}") for number in range(MANY)]
        try:
            rosters = [_rosters(packages[:installed]) for installed in (ENABLED, SOME, MANY)]
        finally:
            workshop.forget()
            sys.path.remove(folder)
        apart = _apart(Path(folder))
    took: list[list[float]] = [[], [], []]
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for which, kept in zip(took, rosters, strict=True):
                which.append(_ask(kept))
    finally:
        gc.enable()
    few, some, many = took
    return [
        figure("plugins-300-to-3", ratio(some, few), "× with 3 installed", "<= 1.2"),
        figure("plugins-3000-to-3", ratio(many, few), "× with 3 installed", "<= 1.2"),
        figure("plugins-3-us", middle(few), "µs an ask, 3 installed and enabled"),
        figure("plugins-300-us", middle(some), "µs an ask, 300 installed, 3 enabled"),
        figure("plugins-3000-us", middle(many), "µs an ask, 3,000 installed, 3 enabled"),
        figure("plugins-apart-us", apart, "µs to ask one plugin in its chamber"),
    ]


def _apart(folder: Path) -> float:
    """Microseconds to ask one plugin that was installed from a file."""
    keep(folder / "plugins", parcel(folder, name="bench-apart"))
    directory = Directory(store=folder / "plugins")
    roster = Roster(directory, {"bench-apart": {}})
    asked = {"programme": a_programme(), "deed": a_deed("bench-apart/thing"), "facts": {}}
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(ASKS // 10):
            roster.ask_each("score", **asked)
        took.append((time.perf_counter() - began) / (ASKS // 10) * 1_000_000)
    directory.close()
    return middle(took)


def _rosters(packages: Sequence[str]) -> Rosters:
    directory = Directory(modules=packages)
    if len(directory.plugins) != len(packages):
        raise RuntimeError("a plugin of the bench was refused")
    return Rosters(directory)


def _ask(rosters: Rosters) -> float:
    """Microseconds for finding the roster and asking every plugin of it once."""
    enabled: dict[str, dict[str, object]] = {f"bench-plugin-{number:04}": {} for number in range(ENABLED)}
    programme, deed = a_programme(), a_deed("bench-plugin-0001/thing")
    began = time.perf_counter()
    for _ in range(ASKS):
        answers = rosters.of(1, enabled).ask_each("score", programme=programme, deed=deed, facts={})
    took = (time.perf_counter() - began) / ASKS
    if len(answers) != ENABLED:
        raise RuntimeError("not every enabled plugin was asked")
    return took * 1_000_000
