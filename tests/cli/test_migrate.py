"""`dezhi migrate` on a file; on a server see tests/store/test_upgrade.py."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dezhi.cli import main
from dezhi.store import migrations
from dezhi.store.lock import DataLock


@pytest.mark.sqlite
def test_a_file_is_migrated_once_and_told(tmp_path: Path) -> None:
    first, second = (CliRunner().invoke(main, ["migrate", "--data-dir", str(tmp_path)]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert [name in first.output for name in migrations.known()] == [True] * len(migrations.known())
    assert second.output.startswith("没有要做的")


@pytest.mark.sqlite
def test_a_file_in_use_is_left_alone(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    refused = CliRunner().invoke(main, ["migrate", "--data-dir", str(tmp_path)])
    lock.release()
    assert refused.exit_code == 1
    assert "正在被另一个德治程序使用" in refused.output
    assert [file.name for file in tmp_path.iterdir()] == ["dezhi.lock"]
