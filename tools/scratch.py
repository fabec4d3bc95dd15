"""Make a folder for what the tests write, and print it: in memory where there is plenty, else where temporary files go.

The tests make some thousands of small databases, each thrown away a second later; a disk takes minutes longer over it.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of our own in it
MEMORY_INFO = Path("/proc/meminfo")
NEEDED = 3 * 2**30
"""Bytes that must be free, both of the file system and of the machine's memory; a run takes a quarter of it."""


def main() -> None:
    """Make it, open to the user whom PostgreSQL runs as."""
    folder = Path(tempfile.mkdtemp(prefix="dezhi-tests-", dir=MEMORY if is_roomy() else None))
    folder.chmod(0o711)
    print(folder)


def is_roomy() -> bool:
    """Whether files can lie in memory, and programs among them be started."""
    try:
        words = dict(line.split(":", 1) for line in MEMORY_INFO.read_text().splitlines())
        kib = int(words["MemAvailable"].split()[0])
        return min(kib * 1024, shutil.disk_usage(MEMORY).free) >= NEEDED and runs_programs()
    except (OSError, KeyError, ValueError):
        return False


def runs_programs() -> bool:
    """Whether a program there starts: containers often forbid it, and PostgreSQL may be copied there."""
    return not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC


if __name__ == "__main__":
    main()
