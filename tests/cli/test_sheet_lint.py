"""`dezhi sheet lint` and `dezhi sheet diff`, as an administrator types them (RU-14, B-14)."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dezhi.cli import main

pytestmark = pytest.mark.sqlite  # no database in it: once is enough


def ask(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["sheet", *map(str, words)])
    return done.exit_code, done.output


@pytest.mark.row("RU-14")
def test_a_text_is_read_line_by_line_and_a_block_is_told_by_the_status(tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_text("参加清扫，5分\n\n酒驾扣10分\n黑榜上墙\n", encoding="utf-8")

    status, output = ask("lint", file, "--json")

    assert status == 1
    told = json.loads(output)
    assert told["blocked"] == 1
    assert [(one["at"], one["codes"]) for one in told["lines"]] == [("1", []), ("3", ["RL-9"]), ("4", ["RL-13"])]
    assert told["lines"][1]["findings"][0]["level"] == "warn"
    assert "1034" in told["lines"][2]["findings"][0]["article"]


@pytest.mark.row("RU-14")
def test_a_clean_sheet_is_let_through_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_text("参加清扫，5分\n", encoding="utf-8")
    assert ask("lint", file)[0] == 0
    file.write_bytes(b"\xff\xfe\x00")
    status, output = ask("lint", file)
    assert status == 1
    assert "UTF-8" in output


@pytest.mark.row("B-14")
def test_two_programmes_are_compared_in_sentences(tmp_path: Path) -> None:
    files = []
    for name, days, late in (("a", 3, 0), ("b", 7, 5)):
        files.append(tmp_path / f"{name}.toml")
        files[-1].write_text(
            f'[programme]\ntitle = "村"\nnotice_days = {days}\n[plugins.dezhi-yinger.settings]\nlate_days = {late}\n',
            encoding="utf-8",
        )

    status, output = ask("diff", *files, "--json")

    assert status == 0
    assert [(one["field"], one["before"][0], one["after"][0]) for one in json.loads(output)] == [
        ("settings.late_days", "0", "5"),
        ("notice_days", "3", "7"),
    ]
    assert ask("diff", files[0], files[0])[0] == 0
