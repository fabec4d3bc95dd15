"""How a row of the sheet is written down, so that the sheet itself reads like one.

`source` names the row of the collected village sheets (S-…) or of typical practice (K-…) a rule follows; COMPOSED marks
what was put together for this example. No row takes anything away, and none is about speech, belief, health or
children's results.
"""

from typing import Final

from dezhi.plugin import Ask, Asset, Cap, Category, Item, Line, Window

COMPOSED: Final = "K 组合"

FRIEND: Final = Category(code="friend", title="储蓄友爱", symbol="友")
FILIAL: Final = Category(code="filial", title="储蓄孝顺", symbol="孝")
HONEST: Final = Category(code="honest", title="储蓄诚信", symbol="诚")
VOLUNTEER: Final = Category(code="volunteer", title="志愿时", symbol="时")
SAFETY: Final = Category(code="safety", title="平安", symbol="安")
CATEGORIES: Final = (FRIEND, FILIAL, HONEST, VOLUNTEER, SAFETY)

# One character an item, for the drawing or the carved block beside its name.
SYMBOLS: Final = {
    "neighbour-help": "帮", "hard-times-help": "扶", "make-peace": "和", "street-cleaning": "扫",
    "voluntary-labour": "工", "tidy-yard": "院", "village-talk": "议", "disaster-help": "险", "brave-deed": "勇",
    "public-good": "公", "elder-care": "老", "respect": "敬", "parents-home": "洁", "come-home": "回",
    "double-ninth": "菊", "long-care": "养", "lost-property": "拾", "simple-feast": "俭", "tools-returned": "还",
    "fair-scale": "秤", "parcels": "托", "elder-greeting": "问", "errands": "购", "clinic-company": "医",
    "haircut": "剪", "homework": "书", "snow-clearing": "雪", "water-patrol": "水", "traffic-post": "岗",
    "fraud-talk": "防", "skills": "艺", "home-check": "查", "smoke-alarm": "警", "drill": "练", "fire-watch": "火",
    "hazard-report": "路", "patrol": "巡",
}  # fmt: skip

HOUR: Final = 60
SHORTEST: Final = 10  # minutes: less than that is a kindness, not an entry
ONCE_A_DAY: Final = Cap(window=Window.DAY, times_max=1)


def times(window: Window, most: int) -> Cap:
    """Limit how often."""
    return Cap(window=window, times_max=most)


def fixed(asset: Asset, amount: int) -> Line:
    """Give always the same."""
    return Line(asset=asset, amount_min=amount, amount_max=amount)


def saving(
    category: Category,
    code: str,
    title: str,
    points: int,
    how: str,
    cap: Cap,
    *,
    source: str = COMPOSED,
    hint: str = "",
    honour: bool = False,
) -> Item:
    """Make a saving of so many moral points; a great deed (`honour`) brings as many honour points beside them."""
    lines = (fixed(Asset.MORAL, points), *([fixed(Asset.HONOUR, points)] if honour else []))
    return Item(
        code=code,
        title=title,
        category=category.code,
        asset=Asset.MORAL,
        lines=lines,
        caps=(cap,),
        symbol=SYMBOLS[code],
        source=source,
        how=how,
        hint=hint,
    )


def service(
    code: str,
    title: str,
    hours_day_max: int,
    how: str,
    *,
    source: str,
    hint: str = "",
    beside: tuple[Line, ...] = (),
) -> Item:
    """Make a volunteer service counted by the minutes it took, with a limit of hours for a person and day."""
    most = hours_day_max * HOUR
    return Item(
        code=code,
        title=title,
        category=VOLUNTEER.code,
        asset=Asset.HOURS,
        ask=Ask.MINUTES,
        lines=(Line(asset=Asset.HOURS, amount_min=SHORTEST, amount_max=most), *beside),
        caps=(Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=most),),
        symbol=SYMBOLS[code],
        source=source,
        how=how,
        hint=hint,
    )


def visit(code: str, title: str, a_day: int, how: str, *, source: str) -> Item:
    """Make a service that counts as half an hour each time."""
    return Item(
        code=code,
        title=title,
        category=VOLUNTEER.code,
        asset=Asset.HOURS,
        lines=(fixed(Asset.HOURS, HOUR // 2),),
        caps=(times(Window.DAY, a_day),),
        symbol=SYMBOLS[code],
        source=source,
        how=how,
    )


def safety(code: str, title: str, points: int, how: str, cap: Cap, *, source: str, hint: str = "") -> Item:
    """Make an item of so many safety credits for the household."""
    return Item(
        code=code,
        title=title,
        category=SAFETY.code,
        asset=Asset.SAFE,
        lines=(fixed(Asset.SAFE, points),),
        caps=(cap,),
        symbol=SYMBOLS[code],
        source=source,
        how=how,
        hint=hint,
    )
