"""The services whose time is kept: who may record what, how long, and what comes beside the minutes.

`source` names the row of typical practice (K-…) or of a collected sheet (S-…) that a service follows.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from dezhi.plugin import (
    Ask,
    Asset,
    Award,
    Cap,
    Category,
    Deed,
    Item,
    Line,
    Question,
    QuestionKind,
    Window,
    awards,
)

from .settings import WHOLE, Choices

HOUR: Final = 60
SHORTEST: Final = 10  # minutes: less than that is a kindness, not an entry
PEOPLE_MAX: Final = 10

KINDS: Final = (
    Category(code="daily", title="便民互助", symbol="帮"),
    Category(code="care", title="陪护关爱", symbol="护"),
    Category(code="teach", title="传授辅导", symbol="教"),
    Category(code="guard", title="平安守护", symbol="守"),
    Category(code="urgent", title="应急救助", symbol="急"),
)


class Service(NamedTuple):
    """One kind of service.

    `hours` is the most of one person's day; `each` are the minutes of one visit where the clerk says how many people
    were served instead of how long it took; `safe` are credits for each full hour.
    """

    code: str
    title: str
    kind: str
    symbol: str
    source: str
    how: str
    hours: int = 8
    each: int = 0
    moral: int = 0
    safe: int = 0
    hint: str = ""

    @property
    def most(self) -> int:
        """The most minutes of one entry."""
        return self.each * PEOPLE_MAX if self.each else self.hours * HOUR


ACTIVITY: Final = "activity"
_TWO_ADULTS: Final = "要有两位成年人在场。"
_SERVICES: Final = (
    Service(ACTIVITY, "参加村里的志愿活动", "daily", "聚", "S-124", "村里组织的活动，从到场算到散场。"),
    Service("errands", "代购代取、送餐", "daily", "购", "K-07", "替出不了门的乡亲买东西、取东西、送饭。", 3),
    Service("haircut", "上门理发", "daily", "剪", "K-09", "给行动不便的乡亲理发，一位记半小时。", each=30),
    Service("fraud-talk", "反诈宣传入户", "daily", "防", "K-17", "到各家讲讲怎么防骗。", 4),
    Service(
        "elder-greeting", "独居老人每日问候", "care", "问", "K-06", "上门看看独居老人好不好，一位记半小时。", each=30
    ),
    Service("clinic-company", "陪同就医", "care", "医", "K-08", "陪乡亲去看病，路上的时间不算。", 10),
    Service("homework", "留守儿童课业辅导", "teach", "书", "K-10", "陪村里的孩子写作业、读书。", 4, hint=_TWO_ADULTS),
    Service("skills", "乡土技能教学", "teach", "艺", "K-20", "把您的手艺教给乡亲。", 4),
    Service("fire-watch", "森林防火值守", "guard", "火", "K-04", "每满一小时另加2分平安积分。", 8, safe=2),
    Service("water-patrol", "防溺水水域巡查", "guard", "水", "K-05", "到渠边、水库边走一走，劝孩子回家。", 4),
    Service("traffic-post", "交通劝导岗", "guard", "岗", "K-13", "赶集、上学放学时在路口劝导。", 4),
    Service("snow-clearing", "道路清雪、清障", "urgent", "雪", "K-11", "下雪、刮风之后，把路清出来。", 8, moral=2),
)


@lru_cache(maxsize=64)
def services(choices: Choices) -> dict[str, Service]:
    """Return the services by code; the village's own activities last as long as the settings allow."""
    return {
        one.code: one._replace(hours=choices.activity_hours_max) if one.code == ACTIVITY else one for one in _SERVICES
    }


def item_of(service: Service, choices: Choices) -> Item:
    """Return the item under which a service is recorded."""
    lines = [Line(asset=Asset.HOURS, amount_min=service.each or SHORTEST, amount_max=service.most)]
    points = converted(choices, service.kind, service.most)
    if service.moral or points:
        lines.append(Line(asset=Asset.MORAL, amount_min=service.moral or 1, amount_max=service.moral + points))
    if service.safe:
        most = service.safe * service.hours
        lines.append(Line(asset=Asset.SAFE, amount_min=service.safe, amount_max=most))
    how_many = Question(
        name="people",
        title="服务了几位",
        kind=QuestionKind.NUMBER,
        least=1,
        most=PEOPLE_MAX,
        unit="位",
        help="不填就是一位。",
        needed=False,
    )
    return Item(
        code=service.code,
        title=service.title,
        category=service.kind,
        asset=Asset.HOURS,
        ask=Ask.NOTHING if service.each else Ask.MINUTES,
        lines=tuple(lines),
        caps=(Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=service.most),),
        questions=(how_many,) if service.each else (),
        symbol=service.symbol,
        source=service.source,
        how=service.how,
        hint=service.hint or ("只算真正服务的时间，路上不算。" if not service.each else ""),
    )


def earned(choices: Choices, service: Service, deed: Deed) -> list[Award]:
    """Return what a deed earns: its minutes, what the village converts them to, and what the service adds."""
    minutes = minutes_of(service, deed)
    amounts = {
        Asset.HOURS: minutes,
        Asset.MORAL: service.moral + converted(choices, service.kind, minutes),
        Asset.SAFE: service.safe * (minutes // HOUR),
    }
    return awards(item_of(service, choices), {asset: amount for asset, amount in amounts.items() if amount})


def minutes_of(service: Service, deed: Deed) -> int:
    """Return how long a deed lasted, in minutes."""
    if not service.each:
        return deed.minutes or 0
    served = deed.answer("people")
    return service.each * (served if isinstance(served, int) else 1)


def converted(choices: Choices, kind: str, minutes: int) -> int:
    """Return hours × points × coefficient in whole points, what is over left away."""
    return minutes * choices.points_per_hour * choices.percent(kind) // (HOUR * WHOLE)
