"""Deeds with answers and people through the API: asked for, refused by field, previewed and told again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from calling import CallAs
from dezhi.host import Directory
from dezhi.service.house import House
from sending import answered
from trial_items import TRIAL, adopt_trial, trial_plugin
from villages import Village, build_village

pytestmark = pytest.mark.sqlite


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    with trial_plugin(tmp_path / "plugins", monkeypatch) as package:
        yield Directory(["dezhi_yinger", package])


@pytest.fixture
async def village(empty: tuple[House, Litestar]) -> Village:
    built = await build_village(empty[0])
    await adopt_trial(empty[0], built.yinger.id, built.today)
    return built


def deed(village: Village, item: str, **more: Any) -> dict[str, Any]:
    return {
        "household": str(village.family.id),
        "item": f"{TRIAL}/{item}",
        "on": village.today.isoformat(),
        **more,
    }


@pytest.mark.row("RU-02")
@pytest.mark.row("RU-10")
async def test_answers_are_asked_for_given_and_told_again(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    sheet = (await program.get(f"/villages/{village.yinger.code}/sheet")).json()
    items = {one["code"].partition("/")[2]: one for one in sheet["items"]}
    assert items["oil"]["questions"]["properties"]["millilitres"] == {
        "title": "数量",
        "x-unit": "毫升",
        "type": "integer",
        "minimum": 100,
        "maximum": 600,
    }
    assert [one["role"] for one in items["mediate"]["people"]] == ["helped", "witness"]
    assert (items["gift"]["note_needed"], items["untidy"]["quiet"], items["best"]["caps"][0]["of"]) == (
        True,
        True,
        "grid",
    )
    answers = {"millilitres": 300, "where": "镇上"}
    done = (await program.post("/awards", key="a", json=deed(village, "oil", answers=answers))).json()
    entry = (await program.get(f"/entries/{done['entries'][0]['id']}")).json()
    assert (entry["answers"], entry["people"]) == (answers, [])
    assert entry["version"] == sheet["programme"]["version"] == 2
    assert (await program.post("/awards", key="a", json=deed(village, "oil", answers=answers))).json() == done
    for body, code, field in (
        (deed(village, "oil"), "answer-missing", "millilitres"),
        (deed(village, "oil", answers={"millilitres": 99}), "answer-range", "millilitres"),
        (deed(village, "gift", points=7), "note-missing", "note"),
    ):
        refused = (await program.post("/awards", key=f"no-{code}", json=body)).json()
        assert (refused["code"], refused["field"]) == (code, field)


@pytest.mark.row("RU-05")
@pytest.mark.row("RU-12")
async def test_everybody_credited_is_previewed_with_what_is_left(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    homes = [await village.open_family(number) for number in ("101", "102")]
    people = [{"role": "helped", "household": str(home.id)} for home in homes]
    body = deed(village, "mediate", people=people)
    everybody = [str(home.id) for home in (village.family, *homes)]
    for used in (0, 5):
        preview = (await program.post("/awards/preview", json=body)).json()
        assert [(one["household"], one["amounts"][0]["amount"]) for one in preview["credits"]] == list(
            zip(everybody, (5, 2, 2), strict=True)
        )
        assert [(one["household"], one["limit"], one["used"]) for one in preview["limits"]] == [
            (everybody[0], 5, used),
            (everybody[1], 5, 2 if used else 0),
            (everybody[2], 5, 2 if used else 0),
        ]
        booked = await program.post("/awards", key=f"m{used}", json=body)
    assert (booked.status_code, booked.json()["code"]) == (409, "cap-reached")
    lines = b"".join(
        [
            b'{"household":"%d","item":"shapes-plugin/oil","on":"%s","answers":{"millilitres":%d}}\n'
            % (homes[0].id, village.today.isoformat().encode(), much)
            for much in (200, 20)
        ]
    )
    told = answered(
        await program.post("/bulk", key="b", content=lines, headers={"Content-Type": "application/x-ndjson"})
    )
    assert [one["problem"] and one["problem"]["field"] for one in told] == [None, "millilitres"]
    entry = (await program.get(f"/entries/{told[0]['entries'][0]}")).json()
    assert entry["text"] == "回收废油200毫升：道德积分加2分"
