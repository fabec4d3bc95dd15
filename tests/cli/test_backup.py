"""`dezhi backup` and `dezhi restore` as an operator runs them: beside a server, with statuses for scripts."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import releases
import running
from booking import NOW, asking, award
from copies import RELEASE, names_in, rows_of
from dezhi.store.books import open_book
from dezhi.store.database import FILE, connect
from dezhi.store.poster import Poster
from parcels import keep, parcel

ENTRIES = 100_000


def run(*arguments: object, lang: str = "C") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dezhi", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": running.SOURCES, "LANG": lang, "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.row("SE-08")
def test_beside_a_running_server_and_back(tmp_path: Path) -> None:
    data, new = tmp_path / "data", tmp_path / "new"
    file, keys = tmp_path / "village.dezhi", tmp_path / "village.keys"
    releases.unpack(RELEASE, data)
    keep(data / "plugins", parcel(tmp_path))
    other = keep(data / "plugins", parcel(tmp_path, version="1.1.0"))
    (other.folder / "plugin.toml").write_text("")
    with running.dezhi("serve", data):
        done = run("backup", file, "--data-dir", data)
        assert (done.returncode, done.stderr) == (0, "")
        assert "从文件安装的插件：trial 1.0.0\n" in done.stdout
        assert "没有放进备份：插件 trial 没有装上：1.1.0 版" in done.stdout
        assert re.search(r"账簿1：209 笔，账本的印 [0-9a-f]{16}", done.stdout)
        assert run("backup-keys", keys, "--data-dir", data).returncode == 0
        refused = run("restore", file, "--data-dir", data)
        assert (refused.returncode, "进程号" in refused.stderr) == (1, True)
        assert run("restore", "--check", file).returncode == 0
    done = run("restore", file, "--keys", keys, "--data-dir", new, lang="en_US.UTF-8")
    assert done.returncode == 0
    assert "Restored from" in done.stdout
    report = done.stdout.partition("Drill report")[2]
    for told in ("The backup is of SQLite", "209 entries, 210 postings", "The seals of all 1 books", "It took"):
        assert told in report
    assert "key" not in done.stdout
    assert names_in(new / "plugins" / "trial") == ["1.0.0"]
    assert rows_of(new / FILE) == rows_of(data / FILE)
    with running.dezhi("serve", new):
        pass
    assert "PIN 都不能用" in run("restore", file, "--data-dir", tmp_path / "bare").stdout


def test_statuses_and_words(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "village.dezhi"
    releases.unpack(RELEASE, data)
    assert run("backup").returncode == run("restore").returncode == run("restore", file).returncode == 2
    assert run("backup", file, "--data-dir", data).returncode == 0
    again = run("backup", file, "--data-dir", data, lang="en_US.UTF-8")
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
    assert run("backup", tmp_path / "none" / "x", "--data-dir", data).returncode == 1
    assert run("backup", tmp_path / "x", "--data-dir", tmp_path / "none").returncode == 1
    file.write_bytes(file.read_bytes()[:-1])
    for arguments in (("--check",), ("--data-dir", tmp_path / "new")):
        cut = run("restore", file, *arguments)
        assert (cut.returncode, "不完整" in cut.stderr) == (1, True)
    db = sqlite3.connect(data / FILE)
    db.execute("UPDATE account SET held = held + 1 WHERE account_id = 2")
    db.commit()
    db.close()
    wrong = run("backup", tmp_path / "wrong", "--data-dir", data)
    assert (wrong.returncode, "account_id=2）的 held 是" in wrong.stdout) == (1, True)
    assert names_in(tmp_path) == ["data", "village.dezhi", "wrong"]


MEASURED = """
import atexit, pathlib, sys
from dezhi.cli import main
def told():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    sys.stderr.write(next(line for line in lines if line.startswith("VmHWM")).split()[1])
atexit.register(told)
main()
"""


def measured(*arguments: object) -> tuple[float, int]:
    """Run a command; return its seconds and the most memory it took, in kilobytes.

    It says so itself: what the kernel tells its parent includes the parent's own memory at the start.
    """
    begin = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": running.SOURCES}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - begin, int(done.stderr)


@pytest.mark.alone
async def test_a_hundred_thousand_entries_take_no_more_memory_than_a_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    big, few, new = tmp_path / "big", tmp_path / "few", tmp_path / "new"
    releases.unpack(RELEASE, few)
    database = await connect(big)
    book = await open_book(database, 520)
    poster = Poster(database.engine, lambda: NOW)
    for first in range(0, ENTRIES, 4_000):
        await poster.post_many(book, [asking(award(2_000 + n % 500, 5)) for n in range(first, first + 4_000)])
    await poster.close()
    await database.close()
    files = {place: tmp_path / f"{place.name}.dezhi" for place in (big, few)}
    _, little = measured("backup", files[few], "--data-dir", few)
    took = {
        "backup": measured("backup", files[big], "--data-dir", big),
        "check": measured("restore", "--check", files[big]),
        "restore": measured("restore", files[big], "--data-dir", new),
    }
    with capsys.disabled():
        size = f"{files[big].stat().st_size / ENTRIES:.0f} bytes an entry"
        words = ", ".join(f"{name} {seconds:.1f} s, {memory // 1024} MB" for name, (seconds, memory) in took.items())
        sys.stdout.write(f"\n{ENTRIES:,} entries, {size}: {words}; a few: {little // 1024} MB\n")
    assert max(memory for _, memory in took.values()) < little + 40_000
    assert rows_of(new / FILE) == rows_of(big / FILE)
