"""`make sim`: run seeds, or replay one with its trace, soundly or with a planted bug."""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from dezhi.store.books import open_book
from dezhi.store.database import FILE, connect
from sim.bugs import BUGS
from sim.world import simulate

SEEDS = 300
SEEDS_OF_A_BUG = 1_000
SECONDS_MAX = 300.0


def schema() -> bytes:
    """A database with two empty books, as the product's migrations make it, to start every seed from."""

    async def make(folder: Path) -> None:
        database = await connect(folder)
        for region in (520, 521):
            await open_book(database, region)
        await database.close()

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(make(Path(name)))
        db = sqlite3.connect(Path(name) / FILE)
        # One in memory has no write-ahead log.
        db.execute("PRAGMA journal_mode = DELETE")
        whole = db.serialize()
        db.close()
    return whole


def first_found(bug: int, tables: bytes, seeds: range = range(1, SEEDS_OF_A_BUG + 1)) -> tuple[int, str] | None:
    """The first seed that finds a planted bug, and what it found."""
    with BUGS[bug].plant():
        for seed in seeds:
            result = simulate(tables, seed)
            if result.finding:
                return seed, result.finding
    return None


def replay(seed: int, bug: int | None) -> int:
    """Run one seed and print all that happened."""
    with BUGS[bug].plant() if bug else nullcontext():
        result = simulate(schema(), seed, keep_trace=True)
    print("\n".join(result.lines))
    print(f"seed {seed}: digest {result.digest}")
    print(f"FOUND: {result.finding}" if result.finding else "every promise was kept")
    return int(bool(result.finding))


def hunt(bug: int) -> int:
    """Plant a bug and look for the first seed that finds it."""
    found = first_found(bug, schema())
    print(f"planted: {BUGS[bug].says}")
    if found is None:
        print(f"NOT FOUND in {SEEDS_OF_A_BUG} seeds")
        return 1
    print(f"found by seed {found[0]}: {found[1]}\n`make sim BUG={bug} SEED={found[0]}` replays it")
    return 0


def many(first: int, seeds: int) -> int:
    """Run many seeds without a bug; say how fast, and what went wrong in them."""
    tables, began, counts, done = schema(), time.monotonic(), Counter[str](), 0
    for seed in range(first, first + seeds):
        result = simulate(tables, seed)
        if result.finding:
            print(f"seed {seed} FOUND: {result.finding}\n`make sim SEED={seed}` replays it")
            return 1
        counts += result.counts
        done += 1
        if time.monotonic() - began > SECONDS_MAX:
            print(f"stopped after {SECONDS_MAX:.0f} s")
            break
    seconds = time.monotonic() - began
    for name, number in sorted(counts.items()):
        print(f"{number:9,}  {name}")
    print(f"{done} seeds in {seconds:.1f} s, {done / seconds:.1f} seeds/s: every promise was kept")
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make sim", description=__doc__)
    parser.add_argument("--seed", type=int, help="replay this one")
    parser.add_argument("--bug", type=int, choices=[*BUGS], help="plant this one")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--first", type=int, default=1)
    given = parser.parse_args()
    if given.seed is not None:
        return replay(given.seed, given.bug)
    return hunt(given.bug) if given.bug else many(given.first, given.seeds)


if __name__ == "__main__":
    sys.exit(main())
