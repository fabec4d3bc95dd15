"""The two sample programmes can be adopted as they are, and hold no row that takes anything away."""

from pathlib import Path

import msgspec
import pytest

from dezhi.core.keeping import Lapse
from dezhi.core.programme_files import ProgrammeFile, read_programme_file, settings_problems, write_programme_file
from dezhi.core.redlines import lint_items
from dezhi_sheet import NAME, items
from dezhi_sheet.model import Sheet

pytestmark = pytest.mark.sqlite

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def sample(name: str) -> ProgrammeFile:
    content = (SAMPLES / f"{name}.toml").read_bytes()
    read = read_programme_file(content)
    assert settings_problems(Sheet, read.plugins[NAME].settings, toml=content) == ()
    assert read_programme_file(write_programme_file(read)) == read
    return read


def sheet(name: str) -> Sheet:
    return msgspec.convert(sample(name).plugins[NAME].settings, Sheet)


@pytest.mark.row("RU-18")
@pytest.mark.parametrize(("name", "rows"), [("luoyu", 22), ("households", 10)])
def test_a_sample_can_be_adopted_and_takes_nothing_away(name: str, rows: int) -> None:
    offered = items(sheet(name))
    assert (len(offered), sheet(name).bases) == (rows, ())
    assert [item.code for item in offered if item.quiet] == []
    assert [finding for finding in lint_items(offered) if finding.level == "block"] == []


def test_luoyu_keeps_two_balances_and_clears_one() -> None:
    file = sample("luoyu")
    assert (file.programme.notice_days, file.document.keeping.lapse) == (7, Lapse.YEAR)
    assert {line.asset.value for item in items(sheet("luoyu")) for line in item.lines} == {"moral", "honour"}


@pytest.mark.row("RU-16")
def test_every_row_has_a_plain_sentence_and_some_a_rhyme() -> None:
    by_code = {item.code: item for item in items(sheet("households"))}
    assert by_code["clean-up"].how == "每人次5分；你扫一段我扫一段，村里村外都好看。"
    assert by_code["praise"].how.startswith("国家级给50分；省级给30分；")
    assert all(item.how.endswith("。") for item in by_code.values())
