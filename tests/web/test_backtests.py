"""A backtest from the township's page and from the terminal: the same figures, and nothing written to any book."""

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar

from dezhi.cli.backtest import backtest as command_line
from dezhi.core.backtest_result import Backtest
from dezhi.core.errors import Problem
from dezhi.service.awards import Asked as Deed
from dezhi.service.backtest_rules import Change
from dezhi.service.backtests import Asked
from dezhi.service.house import House
from dezhi.store.backtests import heads
from dezhi.web.backtest_tables import HIDDEN, sentences_of, tables_of
from homes import Home
from links import text
from township import Hands
from villages import YINGER, Village
from visiting import Visit

CODE = "620902101201"
PAGE = f"/township/v/{CODE}/backtest"
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "guides"
GUIDES = [(FOLDER / f"backtest{language}.md").read_text(encoding="utf-8") for language in ("", ".zh-CN")]
SETTINGS = {
    "goal_title": "长椅", "goal_points": "3000", "board_size": "10", "board_counts": "三项储蓄一起算",
    "month_times_max": "1", "price_percent": "100", "thanks_times": "0", "late_days": "0",
}  # fmt: skip
TIGHT = {f"{YINGER}.set.{name}": value for name, value in SETTINGS.items()} | {"what": f"plugin:{YINGER}"}


def python(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python beside the house of a home."""
    environment = {**os.environ, **home.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=environment, check=False, timeout=120
    )


async def live(village: Village, hands: Hands) -> None:
    """Two months of nine of fourteen households: four deeds each, one of them by a person, one reversed afterwards."""
    homes = [await village.open_family(f"1{number:02}") for number in range(12)][:9]
    house = village.house
    for number, home in enumerate(homes):
        for turn, item in enumerate(["neighbour-help", "neighbour-help", "public-good", "clinic-company"]):
            on = date(2026, 10 - turn // 3, 20 - turn)  # months that are over
            person = home.members[0].person if item == "clinic-company" else None
            asked = Deed(
                household=home.id,
                item=f"{YINGER}/{item}",
                on=on,
                person=person,
                minutes=60 if person else None,
                points=8 if item == "public-good" else None,
                note="出钱修路" if item == "public-good" else "",
            )
            done = await house.awards.record(asked, village.actor, f"live-{number}-{turn}")
    book = await house.sheets.book(village.yinger.id)
    hands.pass_by(timedelta(minutes=1))
    await house.journal.reverse((await house.journal.at(book, done.seqs[0])).ref, "记错了", village.actor, "back")


def asked_of(village: Village, **settings: int) -> Asked:
    return Asked(
        villages=(village.yinger,),
        proposed=Change(plugin=YINGER, settings=settings),
        since=village.today - timedelta(days=90),
        until=village.today,
    )


@pytest.mark.row("B-01")
@pytest.mark.row("RU-07")
async def test_page_and_terminal_tell_the_same_and_no_book_moves(
    village: Village, hands: Hands, visit: Visit, home: Home
) -> None:
    await live(village, hands)
    house = village.house
    before = await heads(house.database)
    township = await visit("liu")
    assert "改几项设置试试" in (await township.get(PAGE)).text
    days = {"since": str(village.today - timedelta(days=90)), "until": str(village.today), "seed": ""}
    answer = await township.post(PAGE, {**TIGHT, **days})
    assert answer.status_code == 303, text(answer.text)
    await house.trials.finished()
    page = text((await township.get(answer.headers["location"])).text)

    [command] = {line for guide in GUIDES for line in re.findall(r"^dezhi (backtest .+)$", guide, re.MULTILINE)}
    words = shlex.split(re.sub(r"\d{12}", CODE, command))
    ran = python(home, "-m", "dezhi", *words, "--json", "--from", days["since"], "--to", days["until"])
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    found = msgspec.convert(told["result"], Backtest)

    # Nine that stop at a limit and lose, told in fives; the deed that was reversed is too few to tell of.
    assert (found.deeds, found.withdrawn, found.capped) == (35, 0, 10)
    assert (found.since, found.until) == (date(2026, 8, 1), date(2026, 10, 31))
    assert "试算只用过完的整月，用的是2026年8月1日到2026年10月31日。" in told["notes"][0]
    assert text(told["notes"][0]) in page
    assert (found.totals[0].before, found.totals[0].after) == (252, 162)
    assert (found.everybody.worse, found.everybody.better) == (10, 0)
    assert told["findings"] == list(sentences_of(found))
    for line in told["findings"]:
        assert text(line) in page
    for table in tables_of(found):
        assert table.title in page
        for row in table.rows:
            for cell in row.cells:
                assert cell == HIDDEN or text(cell) in page
    # The same figures, byte for byte, once more; and every book is as it was.
    again = await house.backtests.run(asked_of(village, month_times_max=1))
    assert msgspec.json.encode(again) == msgspec.json.encode(found)
    assert await heads(house.database) == before


@pytest.mark.sqlite
@pytest.mark.parametrize("guide", GUIDES, ids=["en", "zh"])
def test_the_guide_names_every_option(guide: str) -> None:
    table = "\n".join(line for line in guide.splitlines() if line.startswith("| `--"))
    options = {name for one in command_line.params for name in one.opts}
    assert set(re.findall(r"[` ](--[a-z]+)", table)) == options - {"--data-dir"}


@pytest.mark.row("PL-07")
@pytest.mark.row("RU-07")
async def test_with_the_same_rules_nobody_gains_or_loses(village: Village, hands: Hands) -> None:
    await live(village, hands)
    found = await village.house.backtests.run(asked_of(village))
    assert (found.everybody.worse, found.everybody.better) == (0, 0)
    assert all(one.before == one.after for one in found.totals)
    assert "没有一户多得，也没有一户少得" in sentences_of(found)[0]
    # A village without a programme is left out of a township's.
    wide = asked_of(village)._replace(villages=(village.yinger, village.xiaba))
    both = await village.house.backtests.run(wide)
    assert (both.villages, both.totals) == (("营尔村",), found.totals)


async def test_what_cannot_be_tried_says_why(village: Village, hands: Hands, visit: Visit) -> None:
    run = village.house.backtests.run
    with pytest.raises(Problem, match="no-deeds"):
        await run(asked_of(village))
    alone, day = await village.open_family("199"), date(2026, 8, 5)
    deed = Deed(household=alone.id, item=f"{YINGER}/neighbour-help", on=day)
    await village.house.awards.record(deed, village.actor, "alone")
    await live(village, hands)
    with pytest.raises(Problem, match="few-homes"):  # the totals of such a month would tell whose deed it was
        await run(asked_of(village)._replace(since=day, until=day))
    with pytest.raises(Problem, match="span-month"):
        await run(asked_of(village)._replace(since=village.today))
    with pytest.raises(Problem, match="plugin-settings"):
        await run(asked_of(village, month_times_max=0))
    with pytest.raises(Problem, match="plugin-missing"):
        await run(asked_of(village)._replace(proposed=Change(plugin="nobody")))
    with pytest.raises(Problem, match="span"):
        await run(asked_of(village)._replace(until=village.today - timedelta(days=100)))
    township = await visit("liu")
    for form, says in (
        ({"since": "2026", "until": "2026"}, "日期看不懂"),
        ({"since": "2026-01-01", "until": "2026-11-22", "what": "version", "version": "9"}, "没有这个方案"),
        ({"since": "2026-01-01", "until": "2026-11-22", "what": ""}, "请选要试算的办法"),
        ({"since": "2026-01-01", "until": "2026-11-22", **TIGHT, "seed": "x"}, "种子要写一个整数"),
    ):
        answer = await township.post(PAGE, form)
        assert answer.status_code in {404, 422}
        assert says in text(answer.text)
    assert (await township.get(f"{PAGE}/nobody")).status_code == 410


async def test_the_database_itself_refuses_to_write_beside_a_backtest(
    empty: tuple[House, Litestar], village: Village, home: Home
) -> None:
    """What `dezhi backtest` reads through can write nothing at all."""
    del village
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from dezhi.store.database import connect_beside\n"
        "async def main():\n"
        "    database = await connect_beside(Path(sys.argv[1]), sys.argv[2], read_only=True)\n"
        "    try:\n"
        "        await database.rows('UPDATE book SET closed_through = 1')\n"
        "    except Exception as error:\n"
        "        print('refused', error)\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    ran = python(home, "-c", code, str(home.data_dir), home.database_url)
    assert ran.stdout.startswith("refused"), ran.stderr
    assert home.rows("SELECT closed_through FROM book WHERE closed_through <> 0") == []
