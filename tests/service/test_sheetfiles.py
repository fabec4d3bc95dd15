"""A sheet as a file, taken as a whole programme: bare, whole, a written workbook, and a village's own."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from dezhi.core.errors import Problem
from dezhi.core.programme_files import read_programme_file
from dezhi.core.programmes import Document, Programme
from dezhi.host import Directory, Roster
from dezhi.service.backtest_rules import Whole, draft_of
from dezhi.service.offers import offer_of
from dezhi.service.sheetbooks import write_sheet_book
from dezhi.service.sheetfiles import context_of, lint_file, programme_of
from dezhi_sheet.model import Sheet

pytestmark = pytest.mark.sqlite

BARE = """\
[[categories]]
code = "good"
title = "好事"
symbol = "好"

[[items]]
code = "sweep"
title = "扫路"
category = "good"
points = 5
"""
NOW = Programme(
    id=1,
    lineage=1,
    village=1,
    version=1,
    title="现在的",
    effective_from=date(2026, 1, 1),
    document=Document(),
    items=(),
    derived_from=None,
    resolution=None,
    created_by=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(modules=["dezhi_sheet"])


@pytest.mark.row("B-01")
def test_a_bare_sheet_is_played_with_the_plugin_that_is_here(directory: Directory) -> None:
    whole = draft_of(directory, Whole.of_file(BARE.encode()), NOW)
    assert whole.document.plugins["dezhi-sheet"].version == "0.1.0"
    assert not Roster(directory, whole.document.plugins).absent
    assert programme_of(directory, ".toml", BARE.encode()).plugins["dezhi-sheet"].version == "0.1.0"


@pytest.mark.row("B-08")
def test_a_written_workbook_is_the_programme_and_a_village_s_own_says_the_way_on(directory: Directory) -> None:
    file = read_programme_file(BARE.encode())
    read = programme_of(directory, ".xlsx", write_sheet_book(file, Sheet))
    assert read.plugins["dezhi-sheet"].settings == file.plugins["dezhi-sheet"].settings
    with pytest.raises(Problem, match="sheet-foreign") as refused:
        programme_of(directory, ".csv", "项目,分值\n扫路,5\n".encode())
    assert "dezhi sheet read" in refused.value.say()


def test_faults_are_told_with_their_lines(directory: Directory) -> None:
    with pytest.raises(Problem, match="settings-faults") as refused:
        programme_of(directory, ".toml", BARE.replace("points", "pionts").encode())
    assert "第10行" in refused.value.say()


@pytest.mark.parametrize("head", ["[programme]\ntitle = '方案'\n", "[plugins.dezhi-store.settings]\n"])
def test_rows_beside_a_programme_are_told_where_to_go(head: str) -> None:
    with pytest.raises(Problem, match="file-wrong") as refused:
        read_programme_file((head + BARE).encode())
    assert refused.value.row == head.count("\n") + 1
    assert "[[plugins.dezhi-sheet.settings.categories]]" in refused.value.say()


RANGE = """\
[[items]]
code = "rescue"
title = "见义勇为、抢险救灾"
category = "good"
least = 10
most = 30

[[items]]
code = "show"
title = "文艺汇演获奖"
category = "good"
levels = [{ code = "one", title = "一等奖", points = 5 }, { code = "two", title = "二等奖", points = 3 }]
"""


@pytest.mark.row("RU-14")
async def test_lint_reads_the_very_sentences_awards_would_be_explained_with(directory: Directory) -> None:
    data = (BARE + RANGE).encode()
    looked = await lint_file(directory, ".toml", data, date(2026, 11, 22))
    assert [one.at for one in looked.lines if one.findings] == []
    document = programme_of(directory, ".toml", data).document
    offered = offer_of(directory, document, context_of(date(2026, 11, 22)))
    assert offered.said["dezhi-sheet/rescue"] == (
        "见义勇为、抢险救灾：在10到30分里定为10分，理由见记录；记10分",
        "见义勇为、抢险救灾：在10到30分里定为30分，理由见记录；记30分",
    )
    assert len(offered.said["dezhi-sheet/show"]) == 2
    worse = msgspec.structs.replace(offered, said={"dezhi-sheet/show": ("文艺汇演获奖：跟着不爱护集体荣誉的扣5分",)})
    (found,) = worse.findings({})
    assert (found.at, found.level) == ("dezhi-sheet/show", "block")


@pytest.mark.row("RU-14")
async def test_a_workbook_is_found_against_what_the_sheet_made_of_it_is(directory: Directory) -> None:
    rows = "扫路,5分/次\n未按时缴纳城乡居民医保,扣5分/次\n好事名额,5分/次,每年全村限评5户\n黑榜上墙,2分/次\n"
    looked = await lint_file(directory, ".csv", f"项目,分值,备注\n{rows}".encode(), date(2026, 11, 22))
    found = [(one.text, [finding.code for finding in one.findings]) for one in looked.lines if one.findings]
    assert found == [("未按时缴纳城乡居民医保", ["RL-5"]), ("黑榜上墙", ["RL-13"])]


@pytest.mark.row("RU-14")
async def test_rows_that_wait_are_told_and_headings_are_no_rows(directory: Directory) -> None:
    waiting = '#~ [[items]]\n#~ title = "上访一次"\n'
    looked = await lint_file(directory, ".toml", (BARE + waiting).encode(), date(2026, 11, 22))
    (said,) = looked.passed_over
    assert not isinstance(said, str)
    assert said.values["n"] == 1
    wrong = BARE.replace('category = "good"', 'category = "nowhere"').encode()
    faulty = await lint_file(directory, ".toml", wrong, date(2026, 11, 22))
    assert (faulty.fault is not None, [one.text for one in faulty.lines]) == (True, ["扫路"])
