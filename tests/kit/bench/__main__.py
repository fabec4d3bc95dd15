"""Run the bench: `python -m bench [NAME …]`, a name being that of a figure or of a group."""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from bench import auditing, backtesting, closing, doors, ledger, loads, pages, plugins, posting, starting
from bench.figures import Figure

ROOT: Final = Path(__file__).resolve().parents[3]
RESULT: Final = ROOT / "build" / "bench.json"

BUSY: Final = 0.5
"""From this load on others take so much of the machine that answers which wait for several processes suffer most."""

GROUPS: Final[dict[str, Callable[[], Sequence[Figure]]]] = {
    "plugins": plugins.figures,
    "start": starting.figures,
    "pages": pages.figures,
    "ledger": ledger.figures,
    "poster": posting.figures,
    "notice": closing.figures,
    "audit": auditing.figures,
    "backtest": backtesting.figures,
    "http": doors.figures,
    "loads": loads.figures,
}
FIGURES: Final = {
    "plugins": plugins.NAMES,
    "start": starting.NAMES,
    "pages": pages.NAMES,
    "ledger": ledger.NAMES,
    "poster": posting.NAMES,
    "notice": closing.NAMES,
    "audit": auditing.NAMES,
    "backtest": backtesting.NAMES,
    "http": doors.NAMES,
    "loads": loads.NAMES,
}


def main() -> None:
    """Measure, print the table, write `build/bench.json`. Ends with 2 for an unknown name, 1 for a goal not met."""
    wanted = set(sys.argv[1:])
    unknown = wanted - set(FIGURES) - {name for names in FIGURES.values() for name in names}
    if unknown:
        print(f"no figure or group is called {', '.join(sorted(unknown))}; there are:", file=sys.stderr)
        for group, names in FIGURES.items():
            print(f"  {group}: {', '.join(names)}", file=sys.stderr)
        sys.exit(2)
    began, busy, found = time.monotonic(), os.getloadavg()[0], []
    for group, measure in GROUPS.items():
        chosen = set(FIGURES[group])
        if wanted and group not in wanted:
            chosen &= wanted
        if chosen:
            print(f"measuring: {group} …", file=sys.stderr, flush=True)
            found += [one for one in measure() if one.name in chosen]
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([msgspec.to_builtins(one) for one in found], indent=1) + "\n", encoding="utf-8")
    print(table(found))
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}, {time.monotonic() - began:.0f} s")
    if busy > BUSY:
        print(f"The machine had other work before it began (load {busy:.1f}): trust only what nobody waits for.")
    sys.exit(any(one.met is False for one in found))


def table(found: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [("figure", "value", "unit", "goal", "met")]
    said = {None: "", True: "yes", False: "NO"}
    rows += [(one.name, _number(one.value), one.unit, one.goal, said[one.met]) for one in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


if __name__ == "__main__":
    main()
