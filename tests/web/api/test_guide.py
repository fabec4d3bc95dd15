"""The guide's own programs, run against a running Dezhi."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calling import make_token
from dezhi.app import build
from homes import Home, Homes
from running import dezhi
from villages import build_village

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "api.md"


def blocks(language: str) -> list[str]:
    """The guide's blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


async def prepare(home: Home) -> dict[str, str]:
    """Build a village, and return what the guide's programs are told of it."""
    house, _ = await build(home.settings())
    try:
        village = await build_village(house)
        return {
            "TOKEN": await make_token(house, village.clerk),
            "HOUSEHOLD": str(village.family.id),
            "TODAY": village.today.isoformat(),
        }
    finally:
        await house.close()


@pytest.fixture(scope="module")
def environment(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start a Dezhi, and say in variables where it is and what is in it."""
    with homes.home(tmp_path_factory.mktemp("guide") / "data") as home:
        told = asyncio.run(prepare(home))
        with dezhi("serve", home.data_dir, **home.environment) as running:
            yield {**os.environ, **told, "DEZHI": running.url}


@pytest.mark.row("IM-04")
def test_the_python_program_runs(environment: dict[str, str]) -> None:
    [program] = blocks("python")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "邻里帮扶 10 →" in done.stdout
    assert re.search(r"^1 201 \['\d+-\d+'\]\n2 422 \w", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", blocks("bash"), ids=["villages", "search", "award"])
def test_the_curl_commands_answer(environment: dict[str, str], command: str) -> None:
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer.keys() & {"items", "entries"}, answer
