"""`dezhi seal`, beside a running server and without one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from booking import asking, award
from dezhi.core import notes
from dezhi.store.books import open_book
from dezhi.store.poster import Poster
from homes import Home
from township import Hands


def seal(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **home.environment, "PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "200"}
    command = [sys.executable, "-m", "dezhi", "seal", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


async def test_a_seal_is_made_beside_whoever_serves_and_once(home: Home) -> None:
    database = await home.connect()
    poster = Poster(database.engine, Hands())
    book = await open_book(database, 520)
    await poster.post(book, asking(award()))
    made = seal(home, "--json")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)["seal"]
    assert (told["number"], told["new"], told["books"][0]["size"]) == (1, True, 1)
    assert notes.short_code(notes.read_note(told["note"]).text, told["key"]) == told["code"]
    # The server goes on booking.
    assert (await poster.post(book, asking(award()))).booked
    await poster.close()
    await database.close()
    shown = seal(home)
    assert "第 2 号封签做好了" in shown.stdout
    again = seal(home)
    assert "没有新账：第 2 号" in again.stdout
    assert "dezhi+" in again.stdout, "the public key"


@pytest.mark.sqlite
def test_where_nothing_is_there_is_nothing_to_seal(tmp_path: Path) -> None:
    found = seal(Home(tmp_path / "nowhere"))
    assert found.returncode == 1
    assert "没有德治的数据" in found.stderr
