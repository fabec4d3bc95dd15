"""What stands around an item: headings, what they say of all below them, and what was passed over."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from .grid import Spot, address
from .items import Found, Place, say
from .phrases.cells import read_unit
from .phrases.headings import BASE, BASE_TITLE, GOODS, GRADE, MINUS_HEADING, PLUS_HEADING, PRICE_SHEET, PRICED
from .phrases.people import PERSON, redacted
from .phrases.terms import Terms
from .phrases.text import Line, line, unnumbered

LEAD: Final = re.compile(r"下列|以下|如下|之一|[:]$")
"""Words after which the items follow that have the points said before."""
_COUNTED: Final = re.compile(
    r"(?:分/|(?<=单位:)分每)(?P<unit>(?:人|户)?(?:人次|户次|半年|季度|年度|小时|次|人|户|天|日|周|月|季|年|场|件|起))(?=[,;。)/·]|$)"
    r"|\(每(?P<each>(?:人|户)?(?:人次|户次|半年|季度|年度|小时|次|人|户|天|日|周|月|季|年|场|件|起))"
    r"(?:计分|得分|积分|评分|加分|扣分|一评|评一次)?\)"
    r"|^(?:每|按)(?P<section>季度|年度?|月度?|周|日|天|次|户|人次)(?:必?[做评查看]|检查|考核)?(?:积分|计分|加分|扣分|评分)?的?(?:事项?|项目?|内容|类|清单|部分)"
)
_ONCE: Final = re.compile(r"^一次性(?:积分|奖励|加分)?的?(?:事项?|项目?|内容|类|清单|部分)?$")
_TABLED: Final = 90
WHOLES: Final = re.compile(
    r"(?:每?[户人]|家庭|个人|全年|每?[年季月]度?|半年|本项|各项|单项|所有|累计|全部|同类|该类|[加减扣奖]分|积分|得分|正|负|项目|的){0,6}"
    r"(?:总[额分和数量]|合计|累计|上限|限额|最高限?额?|封顶|[加减扣]分)分?值?"
)
"""What all items together come to, of which nobody does anything: 每户每年加分总额."""
WHOLE: Final = "（总的规定）"
_SHORT_NAME: Final = 2
_PEOPLE_LEAST: Final = 3
QUOTED_MAX: Final = 24
REMARKS_SHOWN: Final = 8


class Around:
    """One sheet while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Found] = []
        self.passed: list[str] = []
        self.title = ""
        self.base: int | None = None
        self.lead: Terms | None = None
        self.led: int | None = None
        """The rank of the line that said what the lines below it give, while they go on."""
        self.led_bare = False
        """Whether that line said points alone, so that lines without a number follow it as well."""
        self._headings: list[tuple[int, str]] = []
        self._counted: dict[str, Terms] = {}
        self.remarks: list[str] = []
        self.explained: set[tuple[int, int]] = set()
        """Places that say points, of which it is known why they are no items of their own."""

    @property
    def headed(self) -> bool:
        """Whether a heading stands above."""
        return bool(self._headings)

    @property
    def above(self) -> str:
        """The nearest heading, or the sheet's title where there is none."""
        return self._headings[-1][1] if self._headings else self.title

    @property
    def priced(self) -> bool:
        """Whether the nearest heading is of what points are spent on."""
        return self.headed and PRICED.fullmatch(line(self.above).plain.strip("【】[]<>《》:")) is not None

    @property
    def counted(self) -> list[Terms]:
        """What the nearest of the headings above says that points are counted by: 每月看（分/月）."""
        names = [text for _, text in reversed(self._headings)]
        return [self._counted[name] for name in (*names, "") if name in self._counted][:1]

    def count(self, text: Line, heading: str = "") -> None:
        """Remember what a heading, or the whole sheet's 单位, says that points are counted by."""
        bare = unnumbered(text).plain
        found = _COUNTED.search(bare)
        if _ONCE.search(bare):
            self._counted[heading] = Terms(once=True)
        elif found is not None:
            unit = "每" + (found["unit"] or found["each"] or found["section"])
            self._counted[heading] = msgspec.structs.replace(read_unit(Line(unit, unit)), amounts=(), left="")

    def enter(self, style: int, words: str) -> None:
        """Stand below a heading now; `style` is its rank, 0 the highest."""
        self._headings = [(each, text) for each, text in self._headings if each < style]
        self._headings.append((style, words))

    def place(
        self,
        spot: Spot,
        *,
        sure: int,
        doubts: tuple[str, ...] = (),
        own: tuple[str, ...] = (),
        minus: bool | None = None,
        hint: str = "",
        text: str = "",
    ) -> Place:
        """Where an item stands. `own` are the categories its row names, `minus` the direction its column tells."""
        headings = tuple(text for _, text in self._headings) or self._named()
        categories = own if len(own) > 1 else (*headings, *own)
        told = (minus, sign_in(own), sign_in(headings), sign_in((self.name,)), sign_in((self.title,)))
        sign = next((one for one in told if one is not None), None)
        return Place(spot=spot, categories=categories, minus=sign, sure=sure, doubts=doubts, hint=hint, text=text)

    def add(self, found: Found | None) -> None:
        """Keep an item, if it is one."""
        if found is not None:
            self.found.append(found)

    def kept(self) -> list[Found]:
        """The items that are deeds: no goods with their prices, no grades of households, no base."""
        goods = _listed_goods(self.found)
        grades = [one for one in self.found if GRADE.fullmatch(one.title) and not one.levels]
        people = [one for one in self.found if one.sure < _TABLED and PERSON.fullmatch(one.title)]
        people = people if any(len(one.title) > _SHORT_NAME for one in people) else []  # 高考 and 白事 are no names
        people = [*people, *(one for one in _listed_people(self.found) if one not in people)]
        bases = [one for one in self.found if is_base(one)]
        for one in bases[:1]:
            self.base = int(one.most)
            self.say(f"第{one.spot.row}行说的是基础分（“{one.title}”{say(one.most)}分），没有当作条目。")
        wholes = [one for one in self.found if WHOLES.fullmatch(one.title)]
        several = [one for some in (goods, grades, people) if len(some) > 1 for one in some]
        if PRICE_SHEET.search(self.name) and len(goods) * 3 > len(self.found):
            several = self.found
        away = {id(one) for one in (*several, *bases[1:], *wholes)}
        for one in self.found:
            if id(one) in away:
                self.pass_over(one.spot, WHOLE if one in wholes else "（不是积分条目）")
        away.update(id(one) for one in bases)
        return [one for one in self.found if id(one) not in away]

    def join(self, other: "Around") -> None:
        """Take what was found in another part of the sheet."""
        self.found.extend(other.found)
        self.passed.extend(other.passed)
        self.remarks.extend(other.remarks)
        self.explained |= other.explained
        self.title = self.title or other.title
        self.base = other.base if self.base is None else self.base

    def pass_over(self, spot: Spot, why: str = "") -> None:
        """Remember a cell that is no item."""
        person = PERSON.fullmatch(spot.flat) is not None and len(spot.flat) > _SHORT_NAME
        self.remarks.append(f"{address(spot)}{'（人名）' if person else f'：{quote(spot.text)}{why}'}")

    def price(self, spots: Sequence[Spot]) -> None:
        """Remember cells that tell what points are spent on."""
        self.pass_over(spots[0], "（兑换价目）")
        self.explained.update((spot.row, spot.column) for spot in spots)

    def say(self, text: str) -> None:
        """Tell something about the whole sheet."""
        self.passed.append(f"工作表“{self.name}”：{text}")

    def close(self) -> None:
        """Tell of the cells that were no items."""
        if self.remarks:
            shown = "；".join(self.remarks[:REMARKS_SHOWN])
            count = len(self.remarks)
            more = f"，一共{count}处" if count > REMARKS_SHOWN else ""
            self.say(f"这些没有当作条目{more}：{shown}{'……' if more else '。'}")
        elif not self.found and not self.passed:
            self.say("没有找到写着分数的条目，没有读。")

    def _named(self) -> tuple[str, ...]:
        """The sheet's name as a category, unless it says nothing."""
        bare = re.sub(r"^\d+[.、]?", "", self.name)
        if not bare or re.fullmatch(r"(?i)sheet\d*|工作表\d*|csv|\d*|.*(?:细则|积分|表|清单|标准)", bare):
            return ()
        return (bare,)


def _listed_goods(found: Sequence[Found]) -> list[Found]:
    """Items that are goods, and what stands in one list with several of them."""
    known = [one for one in found if GOODS.fullmatch(one.title)]
    runs: list[list[Found]] = []
    for one in sorted(found, key=lambda one: (one.spot.column, one.spot.row)):
        last = runs[-1][-1].spot if runs else None
        if last is None or last.column != one.spot.column or not 0 <= one.spot.row - last.row <= 1:
            runs.append([])
        runs[-1].append(one)
    several = [run for run in runs if sum(one in known for one in run) * 5 >= max(2 * len(run), 10)]
    return [*known, *(one for run in several for one in run if one not in known)]


def _listed_people(found: Sequence[Found]) -> list[Found]:
    """Items that are names of people, several below one another in one column: 王大明 12, 李秀英 8."""
    people: list[Found] = []
    runs: dict[int, list[Found]] = {}
    for one in found:
        run = runs.setdefault(one.spot.column, [])
        named = PERSON.fullmatch(one.title) is not None and not one.minus
        if not named or (run and one.spot.row != run[-1].spot.row + 1):
            run.clear()
        if named:
            run.append(one)
        if len(run) >= _PEOPLE_LEAST and sum(len(each.title) > _SHORT_NAME for each in run) * 2 > len(run):
            people.extend(each for each in run if each not in people)
    return people


def sign_in(words: Sequence[str]) -> bool | None:
    """Whether headings speak of minus rows (True) or plus rows (False), the nearest first; None where they do not."""
    for word in reversed(words):
        plus, minus = PLUS_HEADING.search(word), MINUS_HEADING.search(word)
        if bool(plus) != bool(minus):
            return bool(minus)
    return None


def quote(text: Line) -> str:
    """The beginning of a cell's text."""
    flat = redacted(text.shown.replace("\n", ""))
    return f"“{flat[:QUOTED_MAX]}{'…' if len(flat) > QUOTED_MAX else ''}”"


def less_sure(place: Place, by: int, *doubts: str) -> Place:
    """The place with less confidence, and why."""
    return msgspec.structs.replace(place, sure=place.sure - by, doubts=(*place.doubts, *doubts))


def is_base(one: Found) -> bool:
    """Tell whether an item is what every household begins with: by its title, or as nothing but a household has it."""
    plain = Line(one.title, one.title).plain
    return (
        not one.minus
        and not one.levels
        and (
            BASE_TITLE.fullmatch(plain) is not None
            or (BASE.search(one.text) is not None and _EVERYONE.fullmatch(plain) is not None)
        )
    )


_EVERYONE: Final = re.compile(r"(?:每|各|全体|所有)?(?:村民|农户|住户|家庭|户)(?:家庭|农户)?(?:每年|年初|年度)?")
