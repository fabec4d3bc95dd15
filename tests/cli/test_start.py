"""What a start loads: only what it needs, because a village's small machine pays for every module in seconds."""

import subprocess
import sys
from pathlib import Path

import pytest
import rich_click as click
from click.testing import CliRunner

from dezhi.cli import COMMANDS, main, serve
from dezhi.settings import Settings

SERVED = """
import asyncio, sys
from pathlib import Path
from dezhi.cli.serve import build
from dezhi.cli.terminal import settings_with

async def start():
    house, _ = await build(settings_with(data_dir=Path(sys.argv[1])))
    await house.close()

asyncio.run(start())
"""


def modules_after(program: str, *arguments: object) -> set[str]:
    """The modules that a fresh interpreter has after a program."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return set(ran.stdout.split())


def test_a_command_is_read_when_it_is_asked_for() -> None:
    loaded = modules_after("import dezhi.cli")
    assert "dezhi.cli" in loaded
    assert not {f"dezhi.cli.{file}" for file in COMMANDS.values()} & loaded
    assert "litestar" not in loaded


def test_serving_a_village_loads_nothing_it_does_not_use(tmp_path: Path) -> None:
    loaded = modules_after(SERVED, tmp_path)
    assert "litestar" in loaded
    for needless in ("pydantic", "redis", "prometheus_client", "babel", "openpyxl", "dezhi.cli.doctor"):
        assert needless not in loaded


def test_every_command_is_where_it_is_said_to_be() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name


@pytest.mark.row("PL-06")
@pytest.mark.parametrize(
    ("words", "environment", "safe"),
    [(["--safe"], {}, True), ([], {"DEZHI_SAFE_MODE": "1"}, True), ([], {}, False)],
)
def test_a_start_is_safe_where_the_operator_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], environment: dict[str, str], safe: bool
) -> None:
    started = list[Settings]()
    monkeypatch.setattr(serve, "open_doors", lambda settings, _welcome: started.append(settings))
    done = CliRunner(env=environment).invoke(main, ["serve", "--data-dir", str(tmp_path), *words])
    assert done.exit_code == 0, done.output
    assert [one.safe_mode for one in started] == [safe]
