"""`dezhi import`: a file of deeds is booked once, and what could not be is said and kept beside it."""

import asyncio
import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dezhi.app import build
from dezhi.cli import main
from homes import Home
from villages import YINGER, build_village

HEAD = "村代码,户号,条目,日期,姓名,分钟,备注\n"
VILLAGE = "620902101201"


async def prepare(home: Home) -> dict[str, Any]:
    """A village, with what its lines are made of."""
    house, _ = await build(home.settings())
    try:
        village = await build_village(house)
        return {"day": village.today.isoformat(), "family": village.family.id, "wife": village.family.members[1].name}
    finally:
        await house.close()


@pytest.fixture
def known(home: Home, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    return asyncio.run(prepare(home))


def run(file: Path, *more: str, login: str = "wang") -> Result:
    return CliRunner().invoke(main, ["import", str(file), "--as", login, *more])


def booked(home: Home) -> int:
    return int(home.rows("SELECT count(*) FROM txn")[0][0])


@pytest.fixture
def file(tmp_path: Path, known: dict[str, Any]) -> Path:
    """Five lines, of which three are sound."""
    lines = [
        f"{VILLAGE},012,{YINGER}/neighbour-help,{known['day']},,,送医",
        f"{VILLAGE},099,{YINGER}/neighbour-help,{known['day']},,,",
        "",
        f",012,{YINGER}/neighbour-help,{known['day']},,,",
        f"{VILLAGE},012,{YINGER}/street-cleaning,{known['day'].replace('-', '/')},{known['wife']},,",
        f"{VILLAGE},013,{YINGER}/neighbour-help,{known['day']},,,自己家",
        f"{VILLAGE},012,{YINGER}/street-cleaning,昨天,,,",
    ]
    path = tmp_path / "事迹.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="gb18030")
    return path


@pytest.mark.row("AW-11")
def test_a_file_is_booked_once_and_its_bad_lines_are_kept(home: Home, file: Path) -> None:
    dry = run(file, "--dry-run")
    assert (dry.exit_code, booked(home)) == (1, 0), dry.output
    assert "会记2条（道德积分加" in dry.output
    done = run(file)
    assert done.exit_code == 1
    assert "记好了2条" in done.output
    assert "以前已经记过0条，有问题4条" in done.output
    assert [line[:4] for line in done.output.splitlines() if line.startswith("第")] == [
        "第3行：",
        "第5行：",
        "第7行：",
        "第8行：",
    ]
    assert booked(home) == 2
    again = run(file)
    assert "记好了0条" in again.output
    assert "以前已经记过2条" in again.output
    assert booked(home) == 2
    bad = file.with_name("事迹.bad.csv")
    rows = list(csv.DictReader(bad.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["line"], row["field"]) for row in rows] == [("3", ""), ("5", "village"), ("7", ""), ("8", "day")]
    # Mended, the file of bad lines is a file like any other.
    mended = bad.read_text(encoding="utf-8-sig").replace("昨天", "20261101").replace(",099,", ",012,")
    bad.write_text(mended, encoding="utf-8")
    again = run(bad, "--village", VILLAGE)
    assert "记好了3条" in again.output, again.output
    assert booked(home) == 5


def test_columns_without_a_title_as_spreadsheets_leave_them(home: Home, file: Path) -> None:
    lines = file.read_text(encoding="gb18030").splitlines()
    file.write_text("\n".join(f"{line},,x" if at else f"{line},," for at, line in enumerate(lines)), encoding="utf-8")
    done = run(file)
    assert "记好了2条" in done.output, done.output
    assert booked(home) == 2


def test_lines_of_json_and_keys_of_their_own(home: Home, tmp_path: Path, known: dict[str, Any]) -> None:
    line = {"household": known["family"], "item": f"{YINGER}/neighbour-help", "day": known["day"], "key": "k-1"}
    path = tmp_path / "deeds.ndjson"
    lines = [json.dumps(line), "{", json.dumps({**line, "key": "k-2", "minutes": 5}), json.dumps({**line, "nose": "1"})]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run(path)
    assert (done.exit_code, booked(home)) == (1, 1), done.output
    bad = [json.loads(text) for text in path.with_name("deeds.bad.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [(one["line"], one["field"]) for one in bad] == [(2, ""), (3, "minutes"), (4, "nose")]
    # Another file with the same key is the same deed.
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(line) + "\n" + json.dumps({**line, "key": "k-3"}) + "\n", encoding="utf-8")
    again = run(other)
    assert (again.exit_code, booked(home)) == (0, 2), again.output
    assert not other.with_name("other.bad.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "login", "why"),
    [
        ("户号,条目\n", "wang", "缺少“day”"),
        ("户号,条目,日期,鼻子\n", "wang", "没有“鼻子”这一栏"),
        ("户号,户号,条目,日期\n", "wang", "有两列"),
        (HEAD, "nobody", "没有这位工作人员"),
        (HEAD, "zhao", "不能记分"),
        (HEAD + f'{VILLAGE},012,"' + "x" * 5_000, "wang", "引号没有成对"),
    ],
)
def test_what_cannot_be_imported_at_all_is_said(
    home: Home, tmp_path: Path, known: dict[str, Any], text: str, login: str, why: str
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text, encoding="utf-8")
    refused = run(path, login=login)
    assert refused.exit_code == 1
    assert why in refused.output
    assert booked(home) == 0


@pytest.mark.row("IM-02")
def test_opening_balances_are_entries_of_their_own(home: Home, tmp_path: Path, known: dict[str, Any]) -> None:
    path = tmp_path / "book.csv"
    lines = [
        f"{VILLAGE},012,{known['day']},,,120,",
        f"{VILLAGE},012,{known['day']},honour,,5,",
        f"{VILLAGE},012,{known['day']},志愿时,{known['wife']},,90",
        f"{VILLAGE},012,{known['day']},志愿时,,,90",
        f"{VILLAGE},013,{known['day']},,,7,",
        f"{VILLAGE},012,{known['day']},gold,,7,",
        f"{VILLAGE},012,{known['day']},,,,",
    ]
    path.write_text("village,number,day,asset,person,points,minutes\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert "会记3条" in run(path, "--opening", "--dry-run").output
    for again in (False, True):
        done = run(path, "--opening")
        assert f"记好了{0 if again else 3}条" in done.output, done.output
        assert "有问题4条" in done.output
        assert home.rows("SELECT asset, amount, kind FROM posting ORDER BY asset") == [
            (1, 120, 13),
            (2, 5, 13),
            (3, 90, 13),
        ]
    source = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    day = int(known["day"].replace("-", ""))
    kept = home.rows("SELECT event_day, note FROM deed ORDER BY note")
    assert kept == [(day, f"{source}:{line}") for line in (2, 3, 4)]
    # A file of deeds is no file of balances, nor the other way round.
    assert "这一栏不该有" in run(path).output
