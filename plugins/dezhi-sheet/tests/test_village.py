"""Sheets in a real village: through the host, the core's judgement and the ledger."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from dezhi.core.calendar import today
from dezhi.core.precedents import proposed_rows
from dezhi.core.programme_files import read_programme_file
from dezhi.plugin import Asset, HolderKind
from dezhi.testing.village import Village
from dezhi_sheet import NAME
from dezhi_sheet.model import Sheet
from shapes import toml_of

pytestmark = pytest.mark.sqlite


def all_shapes() -> dict[str, object]:
    """One sheet with the rows of many shapes; codes are made unlike where two shapes share one."""
    lists: dict[str, list[dict[str, object]]] = {"items": [], "bases": [], "milestones": []}
    for shape in ("R1", "R5", "R6", "R7", "R11", "R12", "R20", "R21", "R24", "R26"):
        settings = read_programme_file(toml_of(shape)).plugins[NAME].settings
        for name, rows in lists.items():
            known = {row["code"] for row in rows}
            rows += [row for row in settings.get(name, []) if row["code"] not in known]
    lists["items"] += [
        {"code": "plant", "title": "参加植树", "category": "good", "points": 8, "event": "green", "before": ["water"]},
        {"code": "water", "title": "浇树", "category": "good", "points": 3, "event": "green"},
        {
            "code": "carry",
            "title": "送水上山",
            "category": "good",
            "points": 1,
            "per": "quantity",
            "unit": "桶",
            "caps": [{"window": "week", "points": 60}],
        },
    ]
    lists["milestones"] += [
        {"code": "silver", "title": "银星户", "category": "good", "least": 16, "points": 10, "rows": ["plant"]},
    ]
    return {"categories": [{"code": "good", "title": "好事"}], **lists}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("village")


@pytest.fixture(scope="module")
def village(folder: Path) -> Iterator[Village]:
    with Village(folder, "dezhi_sheet", settings={NAME: all_shapes()}) as opened:
        yield opened


def item(code: str) -> str:
    return f"{NAME}/{code}"


@pytest.mark.row("RU-10")
def test_a_range_needs_a_reason(village: Village) -> None:
    home = village.family()
    assert village.refusal(item("lost-property"), home, points=7).field == "note"
    entry = village.record(item("lost-property"), home, points=7, note="捡到钱包交还")
    assert entry.points == 7


@pytest.mark.row("RU-01")
def test_r06_what_a_filling_cap_leaves_is_given_and_then_refused(village: Village) -> None:
    home = village.family()
    for amount, points in ((800, 8), (700, 2)):
        assert village.record(item("blood"), home, answers={"quantity": amount}).points == points
    assert village.refusal(item("blood"), home, answers={"quantity": 100}).code == "cap-reached"
    assert village.balance(home) == 10


@pytest.mark.row("RU-05")
def test_r07_the_61st_point_of_60_is_refused(village: Village) -> None:
    home = village.family()
    monday = date(2026, 10, 12)
    for day in range(3):
        village.record(item("meeting"), home, person=home.people[0], on=monday - timedelta(days=7 - day))
    last = monday - timedelta(days=1)
    assert village.refusal(item("meeting"), home, person=home.people[0], on=last).code == "cap-reached"
    village.record(item("meeting"), home, person=home.people[0], on=monday)


@pytest.mark.row("RU-05")
def test_what_is_left_of_60_is_told_before_and_the_61st_point_is_refused_with_the_reason(village: Village) -> None:
    home = village.family()
    village.record(item("carry"), home, answers={"quantity": 59})
    assert village.left(item("carry"), home, answers={"quantity": 1}) == ["本周还能记1分（最多60分）"]
    village.record(item("carry"), home, answers={"quantity": 1})
    refused = village.refusal(item("carry"), home, answers={"quantity": 1})
    assert refused.say() == "没有记上：“送水上山”本周最多60分，已经有60分，还剩0分。"
    assert village.balance(home) == 60


@pytest.mark.row("RU-01")
def test_r11_the_highest_counts_whatever_came_before_or_was_taken_back(village: Village) -> None:
    home = village.family()
    first = village.record(item("honour"), home, answers={"level": "town"})
    second = village.record(item("star"), home)
    assert (first.points, second.points, village.balance(home)) == (10, 10, 20)
    nothing = village.record(item("honour"), home, answers={"level": "county"})
    assert nothing.amounts == ((HolderKind.HOUSEHOLD, Asset.COUNT, 1),)
    village.reverse(second)
    assert village.record(item("honour"), home, answers={"level": "county"}).points == 5
    assert village.balance(home) == 15


@pytest.mark.row("RU-18")
def test_r12_reminders_lessen_the_base_and_nothing_that_can_be_spent(village: Village) -> None:
    home = village.family()
    village.record(item("sweep"), home)
    for _ in range(3):
        village.record(item("litter"), home)
        assert village.refusal(item("litter"), home).code == "cap-reached", "twice on a day is one reminder"
        village.today += timedelta(days=1)
    assert village.balance(home) == 5
    assert village.record(item("base"), home).amounts == ((HolderKind.HOUSEHOLD, Asset.HONOUR, 80),)


@pytest.mark.row("RU-12")
def test_r20_mediator_and_both_parties(village: Village) -> None:
    home, one, other = village.family(), village.family(), village.family()
    village.record(item("mediate"), home, helped=(one, other))
    assert [village.balance(each) for each in (home, one, other)] == [10, 3, 3]


@pytest.mark.row("RU-13")
def test_r21_a_second_winner_of_the_grid_is_refused(village: Village) -> None:
    village.record(item("finest"), village.family())
    assert village.refusal(item("finest"), village.family()).code == "cap-reached"
    village.record(item("finest"), village.family(grid=1))


@pytest.mark.row("RU-19")
def test_r24_an_analogy_is_recorded_and_becomes_a_proposal_for_a_rule(village: Village, folder: Path) -> None:
    home = village.family()
    assert village.refusal(item("alike"), home, answers={"like": "sweep"}).field == "why"
    for why in ("帮着清渠", "替村里看机井", "帮着清渠"):
        entry = village.record(item("alike"), home, answers={"like": "sweep", "why": why})
        assert "参照“参加环境清扫”" in entry.reason
    taken_back = village.record(item("alike"), home, answers={"like": "sweep", "why": "记错了"})
    village.reverse(taken_back)
    precedents = village.precedents()
    assert [(one.like_title, one.why, one.points) for one in precedents] == [
        ("参加环境清扫", "帮着清渠", 5),
        ("参加环境清扫", "替村里看机井", 5),
        ("参加环境清扫", "帮着清渠", 5),
    ]
    rows = proposed_rows(precedents)
    assert [(row["title"], row["points"]) for row in rows] == [("帮着清渠", 5), ("替村里看机井", 5)]
    adopted = msgspec.convert({"categories": [{"code": "good", "title": "好事"}], "items": rows}, Sheet)
    assert adopted.items[0].hint == f"照“参加环境清扫”定过2次，头一次是{village.today.isoformat()}"
    command = [
        sys.executable,
        "-m",
        "dezhi",
        "sheet",
        "precedents",
        "620902101201",
        "--toml",
        "--data-dir",
        str(folder),
    ]
    days = ["--from", "2026-10-01", "--to", "2026-10-31"]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run([*command, *days], env=here, capture_output=True, check=True, timeout=120).stdout
    assert read_programme_file(printed).plugins[NAME].settings["items"] == rows


@pytest.mark.row("RU-01")
def test_r26_a_grid_shares_what_can_be_divided(village: Village) -> None:
    village.today += timedelta(days=1)
    before = [village.family(grid=1) for _ in range(3)]
    entry = village.record(item("prize"), before[0])
    shares = {village.balance(home) for home in before}
    assert len(shares) == 1
    assert "平分给" in entry.reason
    assert shares.pop() * (100 // village.balance(before[0])) <= 100


@pytest.mark.row("RU-06")
def test_one_deed_told_under_two_rows_gives_what_the_first_of_them_gives(village: Village) -> None:
    home, other = village.family(), village.family()
    assert [village.record(item(code), home).points for code in ("water", "plant")] == [3, 5]
    assert village.record(item("plant"), other).points == 8
    assert village.record(item("water"), other).amounts == ((HolderKind.HOUSEHOLD, Asset.COUNT, 1),)
    assert village.record(item("plant"), other).amounts == ((HolderKind.HOUSEHOLD, Asset.COUNT, 1),)
    assert (village.balance(home), village.balance(other)) == (8, 8)


@pytest.mark.row("RU-01")
def test_r16_the_deed_that_reaches_the_sum_brings_the_tier_once(village: Village) -> None:
    home = village.family()
    for back in (3, 2, 1):
        village.record(item("plant"), home, on=village.today - timedelta(days=back))
    assert (village.balance(home), village.balance(home, Asset.HONOUR)) == (24, 10)
    assert village.refusal(item("silver"), home).code == "no-award"


class Night(Village):
    """A village whose clock stands at one moment."""

    moment = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)

    def _now(self) -> datetime:
        return self.moment


def of_shape(shape: str, **changes: object) -> dict[str, dict[str, object]]:
    return {NAME: {**read_programme_file(toml_of(shape)).plugins[NAME].settings, **changes}}


@pytest.mark.row("RU-09")
def test_r19_a_campaign_ends_at_midnight_of_the_village(tmp_path: Path) -> None:
    with Night(tmp_path, "dezhi_sheet", settings=of_shape("R19")) as village:
        home, evening = village.family(), village.moment
        village.today = today(evening)
        assert village.record(item("sort"), home).points == 45
        tomorrow = village.today + timedelta(days=1)
        assert village.refusal(item("sort"), home, on=tomorrow).field == "on"
        village.moment = evening + timedelta(seconds=1)
        village.today = today(village.moment)
        assert village.today == tomorrow
        assert village.record(item("sort"), home).points == 30
        assert village.record(item("sort"), home, on=today(evening)).points == 45, "written down a day late"


@pytest.mark.row("RU-17")
@pytest.mark.row("RU-02")
def test_a_deed_is_scored_by_the_version_of_its_day_and_its_entry_says_which(tmp_path: Path) -> None:
    with Village(tmp_path, "dezhi_sheet", settings=of_shape("R1")) as village:
        home, before = village.family(), village.today - timedelta(days=1)
        early = village.record(item("sweep"), home)
        three = {"code": "sweep", "title": "参加环境清扫", "category": "good", "points": 3}
        village.adopt(of_shape("R1", items=[three]))
        late = village.record(item("sweep"), home, on=before)
        new = village.record(item("sweep"), home)
        assert [entry.points for entry in (early, late, new)] == [5, 5, 3]
        assert [entry.version for entry in (early, late, new)] == [1, 1, 2]
        assert [entry.reason for entry in (late, new)] == ["参加环境清扫：记5分", "参加环境清扫：记3分"]
        village.reverse(late)
        assert village.balance(home) == 8
