"""A plugin whose items have the shapes of real sheets that need more than an item, a day and an amount."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from dezhi.core.programmes import Enabled
from dezhi.service.house import House
from workshop import MANIFEST, Workshop

TRIAL = "shapes-plugin"


@contextmanager
def trial_plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Write it into an empty folder and put it on the path; gives its package's name."""
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    workshop = Workshop(folder)
    manifest = MANIFEST.replace('"holder"]', '"holder", "history", "participants"]')
    yield workshop.write("shapes_plugin", TRIAL_ITEMS, manifest, permissions='["award", "reward"]')
    workshop.forget()


async def adopt_trial(house: House, village: int, on: date) -> None:
    """Have a village's programme from a day on be this plugin."""
    await house.programmes.adopt(village, {TRIAL: Enabled(version="1.0.0")}, title="试", effective_from=on, staff=None)


TRIAL_ITEMS = '''
from typing import Annotated

from msgspec import Meta

from dezhi.plugin import (
    Ask, Asset, Award, Cap, Category, Declaration, Event, Fact, Item, Line, Measure, Past, People, Reward, RewardKind,
    Quote, Role, Subject, Window, awards, hook, questions_of,
)


class Oil(Event, frozen=True):
    """Used oil, handed in."""

    millilitres: Annotated[int, Meta(title="数量", ge=100, le=600, extra_json_schema={"unit": "毫升"})]
    where: Annotated[str, Meta(title="在哪里", max_length=40)] = ""


def line(asset=Asset.MORAL, least=1, most=60):
    return (Line(asset=asset, amount_min=least, amount_max=most),)


def an_item(code, title, **more):
    told = {"category": "some", "asset": Asset.MORAL, "lines": line(), "how": title, **more}
    return Item(code=code, title=title, **told)


SHARED = (Cap(window=Window.WEEK, asset=Asset.MORAL, amount_max=60, share="talks"),)
ITEMS = {item.code: item for item in (
    an_item("oil", "回收废油", questions=questions_of(Oil), caps=(Cap(window=Window.YEAR, times_max=4),)),
    an_item("mediate", "调解纠纷", people=(
        People(role=Role.HELPED, title="两家", least=2, most=2),
        People(role=Role.WITNESS, title="谁在场", of=Subject.PERSON, least=0, most=3),
    ), caps=(Cap(window=Window.MONTH, asset=Asset.MORAL, amount_max=5),)),
    an_item("square", "一组的广场", people=(People(role=Role.GROUP, title="哪一组", of=Subject.GRID),)),
    an_item("best", "最美人家", caps=(Cap(window=Window.YEAR, times_max=1, of=Subject.GRID),)),
    an_item("talk", "会议", lines=line(least=20, most=20), caps=SHARED),
    an_item("lecture", "讲座", lines=line(least=20, most=20), caps=SHARED),
    an_item("gift", "捐款", ask=Ask.POINTS, lines=line(least=5, most=10)),
    an_item("came", "到场", asset=Asset.COUNT, lines=line(Asset.COUNT, 1, 1)),
    an_item("untidy", "门前不净", asset=Asset.COUNT, lines=line(Asset.COUNT, 1, 1), quiet=True),
    an_item("yard", "每月院净"),
    an_item("away", "外出", asset=Asset.COUNT, lines=line(Asset.COUNT, 1, 1)),
    an_item("thank", "谢谢帮过我家的"),
    an_item("group", "一组加油"),
    an_item("peacemaker", "劝过的人家"),
    an_item("buyer", "换过东西的"),
    an_item("wrong", "给错人", people=(People(role=Role.WITNESS, title="谁在场"),)),
)}
PLUGIN = Declaration(
    categories=(Category(code="some", title="试"),),
    facts=(
        Fact(name="months", measure=Measure.STREAK, items=("yard",), window=Window.MONTH, pause=("away",)),
        Fact(name="grid_sum", measure=Measure.SUM, asset=Asset.MORAL, window=Window.YEAR, of=Subject.GRID),
        Fact(name="village_count", measure=Measure.COUNT, window=Window.YEAR, of=Subject.VILLAGE),
        Fact(name="village_last", measure=Measure.LAST, of=Subject.VILLAGE),
        Fact(name="grid_months", measure=Measure.STREAK, window=Window.MONTH, of=Subject.GRID),
        Fact(name="soap", measure=Measure.COUNT, reward="soap", window=Window.YEAR),
        Fact(name="soap_points", measure=Measure.SUM, reward="soap"),
        Fact(name="helped", measure=Measure.DISTINCT, role=Role.HELPED, items=("mediate",), window_days=90),
    ),
    past=(
        Past(name="helpers", role=Role.HELPED, items=("mediate",), window_days=60),
        Past(name="mine", role=Role.DOER, window_days=60, most=3),
    ),
)


@hook
def items():
    return list(ITEMS.values())


@hook
def rewards():
    return [Reward(code="soap", title="肥皂", price=2, kind=RewardKind.GOOD)]


@hook
def score(deed, facts):
    item = ITEMS[deed.code]
    group = [one for one in deed.participants if one.role is Role.GROUP]

    def give(amount, to=None, asset=Asset.MORAL):
        return Award(item=item.code, asset=asset, amount=amount, reason=f"{item.title}：{amount}分", to=to)

    match deed.code:
        case "oil":
            event = deed.read(Oil)
            assert event.where == "", "no text is shown to a plugin"
            return [Award(item="oil", asset=Asset.MORAL, amount=event.millilitres // 100,
                          reason=f"回收废油{event.millilitres}毫升：道德积分加{event.millilitres // 100}分")]
        case "mediate":
            return [give(5), *(give(2, one) for one in deed.participants if one.role is Role.HELPED)]
        case "square":
            return [give(12 // len(group), one) for one in group]
        case "yard":
            return [give(1 + facts.months)]
        case "thank":
            return [give(3, past.doer) for past in facts.past("helpers")[:1]]
        case "group":
            lately = [past.item for past in facts.past("mine")]
            text = f"{facts.grid_sum} {facts.village_count} {facts.village_last} {facts.grid_months} {lately}"
            return [Award(item="group", asset=Asset.MORAL, amount=1, reason=text)]
        case "peacemaker":
            return [Award(item="peacemaker", asset=Asset.MORAL, amount=1, reason=f"{facts.helped}")]
        case "buyer":
            text = f"{facts.soap} {facts.soap_points}"
            return [Award(item="buyer", asset=Asset.MORAL, amount=1, reason=text)]
        case "wrong":
            return [give(1), give(2, deed.participants[0])]
        case "gift":
            return awards(item, {Asset.MORAL: deed.points})
    asset = item.asset
    return awards(item, {asset: item.line(asset).amount_min})
'''
