"""`dezhi serve --with`: what goes wrong with a plugin under development is a sentence with its place, no log line."""

import logging
from pathlib import Path

import pytest

from dezhi.cli.serve import tell_of_plugins
from dezhi.host import Directory, Roster
from dezhi.host.places import log
from dezhi.settings import Settings
from dezhi.testing import a_deed
from workshop import GOOD, Workshop

pytestmark = pytest.mark.sqlite


async def test_faults_are_sentences_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "propagate", True)
    file = tmp_path / Workshop(tmp_path).write("odd_one") / "__init__.py"
    tell_of_plugins(Settings(with_plugins=(tmp_path,)))
    assert "在用文件夹里的 odd-one 1.0.0" in capsys.readouterr().out

    directory = Directory(folders=[tmp_path])
    file.write_text(GOOD.replace("awards_as_declared(ITEM, deed)", "[1 / deed.nothing]"), encoding="utf-8")
    assert await directory.refresh()
    assert "重新读了 odd-one 1.0.0。" in capsys.readouterr().out
    Roster(directory, {"odd-one": {}}).ask_each("score", deed=a_deed("odd-one/thing"), facts={})
    said = capsys.readouterr().out
    assert "出错了，这一次没有算它的（score __init__.py:14 AttributeError）" in said
    assert "'Deed' object has no attribute 'nothing'" in said

    file.write_text(GOOD + "\n1 / 0\n", encoding="utf-8")
    assert await directory.refresh()
    assert "__init__.py:16 ZeroDivisionError" in capsys.readouterr().out
    assert logging.getLogger().handlers != log.handlers
