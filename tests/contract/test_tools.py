"""Style, types and floors are promises too: what `make check` says is part of `make test`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "--diff", "."],
        ["ruff", "check", "."],
        ["mypy", "--no-error-summary"],
        ["lint-imports", "--no-logo"],
    ],
    ids=["format", "lint", "types", "floors"],
)
def test_tool_finds_nothing(command: list[str]) -> None:
    # These sources, whatever else is installed: import-linter looks for the package as Python would.
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    program = [BIN / command[0], *command[1:]]
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_floors_have_no_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
