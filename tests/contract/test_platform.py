"""The standard library's module `platform` stays what it is, although the sources lie in a folder of that name."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STDLIB = str(Path(sysconfig.get_path("stdlib"), "platform.py"))


@pytest.mark.parametrize("folder", [".", "platform", "platform/dezhi", "tests", "plugins", "docs"])
def test_platform_is_the_standard_librarys_from_every_folder(folder: str) -> None:
    # Arrange what a developer's shell might have: the source root on the path, and the folder first of all (-c).
    command = [sys.executable, "-c", "import platform; print(platform.__file__)"]
    printed = subprocess.run(
        command, cwd=ROOT / folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == STDLIB


def test_source_root_is_not_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
