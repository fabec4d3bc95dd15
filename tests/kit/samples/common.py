"""Invented people and the frame their pages stand in."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import segno
from markupsafe import Markup

from dezhi.plugin import Asset
from dezhi.web.views import frame

TODAY = date(2026, 11, 22)

NOW = datetime(2026, 11, 22, 2, 32, tzinfo=UTC)

VILLAGE = "620902108201"


class Shown(NamedTuple):
    """A template with what it is given."""

    template: str
    view: Any
    page: frame.Page


def amount(value: int, asset: Asset = Asset.MORAL) -> frame.Amount:
    return frame.Amount(asset=asset, value=value)


def qr(text: str) -> Markup:
    drawn = segno.make(text, micro=False).svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - our own drawing


def page(path: str, actor: frame.Actor | None = None, **more: Any) -> frame.Page:
    given = {"place": "营尔村", "town": "上坝镇", "demo": True, "csrf": "sample-token", **more}
    return frame.Page(today=TODAY, path=path, actor=actor, **given)


RESIDENT = frame.Actor(name="陈×芳家", role="村民", home="/me")

CLERK = frame.Actor(name="马小兰", role="记分员", home="/round")

SUPERVISOR = frame.Actor(name="杨守正", role="监督", home="/journal")

TOWNSHIP = frame.Actor(name="何静", role="乡镇", home="/township")


def tabs(*names: tuple[str, str], current: str) -> tuple[frame.Link, ...]:
    return tuple(frame.Link(href=href, text=text, current=href == current) for href, text in names)


WORK_TABS = (("/round", "今天"), ("/round/many", "多户记分"), ("/round/hand-over", "发奖品"), ("/desk", "服务台"))

TOWN_TABS = (("/township", "各村"), ("/township/staff", "工作人员"), ("/journal", "监督账"))


def working(path: str, **more: Any) -> frame.Page:
    return page(path, CLERK, tabs=tabs(*WORK_TABS, current=path), **more)


def at_town(path: str, actor: frame.Actor = TOWNSHIP, **more: Any) -> frame.Page:
    return page(path, actor, place="上坝镇", town="", tabs=tabs(*TOWN_TABS, current=path), **more)
