"""One process for each data directory: on SQLite a second one would only be slower, and could overtake the first."""

import fcntl
import os
from pathlib import Path

from dezhi.core.errors import Problem
from dezhi.core.text import N_

FILE = "dezhi.lock"


def holder(folder: Path) -> str | None:
    """The number of the process that holds a data directory now; None if nobody does. Takes and makes nothing."""
    try:
        file = os.open(folder / FILE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        # Shared, and given back at once: two who only ask do not meet each other.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(file, 20).decode(errors="replace").strip() or "?"
    finally:
        os.close(file)
    return None


class DataLock:
    """The right to write to a data directory, held from construction until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises `Problem` (`in_use`, 503) when another process holds it, with its number, `OSError` when the directory
        cannot be written.
        """
        # The file stays when it is released: removing it would let two processes lock two files of the same name.
        self._file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # The kernel lets go of it however the process ends, kill -9 included.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            pid = os.read(self._file, 20).decode(errors="replace").strip()
            os.close(self._file)
            raise Problem(
                "in_use",
                N_(
                    "数据目录 %(folder)s 正在被另一个德治程序使用（进程号 %(pid)s），没有启动。"
                    "账没有动。请先停掉那个程序，或换一个数据目录。"
                ),
                status=503,
                folder=str(folder),
                pid=pid or "?",
            ) from taken
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another process in. A second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
