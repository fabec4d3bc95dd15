"""Stars at 100, 300, 600, 1000 and 1500 hours (the 2013 measures of 福建): once each, for the person."""

from typing import Final, NamedTuple

from dezhi.plugin import (
    Asset,
    Award,
    Category,
    Entry,
    Fact,
    Facts,
    HolderKind,
    Item,
    Line,
    Measure,
    Notice,
    Subject,
    spoken_minutes,
)

from .services import HOUR

CATEGORY: Final = Category(code="star", title="志愿星级", symbol="星")


class Star(NamedTuple):
    """A star and the hours it needs."""

    code: str
    title: str
    hours: int

    @property
    def minutes(self) -> int:
        """The minutes it needs."""
        return self.hours * HOUR

    @property
    def fact(self) -> str:
        """The name of the fact that tells whether somebody has it."""
        return f"had_{self.code.replace('-', '_')}"


STARS: Final = (
    Star("star-1", "一星志愿者", 100),
    Star("star-2", "二星志愿者", 300),
    Star("star-3", "三星志愿者", 600),
    Star("star-4", "四星志愿者", 1_000),
    Star("star-5", "五星志愿者", 1_500),
)
FACTS: Final = tuple(
    Fact(name=star.fact, measure=Measure.COUNT, items=(star.code,), of=Subject.PERSON) for star in STARS
)


def items() -> list[Item]:
    """Return the stars as items that count and give no points."""
    return [
        Item(
            code=star.code,
            title=star.title,
            category=CATEGORY.code,
            asset=Asset.COUNT,
            lines=(Line(asset=Asset.COUNT, amount_min=1, amount_max=1),),
            holder=HolderKind.PERSON,
            symbol="星",
            source="福建省志愿服务星级",
            how=f"志愿时累计满{star.hours}小时，记到的那天自动评上，不用申请。",
            hint="平时不用点：满了会自动给。只有时长够了却没有评上时，才在这里补。",
        )
        for star in STARS
    ]


def reached(minutes: int, facts: Facts) -> list[Award]:
    """Return the stars that somebody with so many minutes in all has reached and was not given yet."""
    return [
        Award(
            item=star.code,
            asset=Asset.COUNT,
            amount=1,
            reason=f"{star.title}：志愿时累计{spoken_minutes(minutes)}，满了{star.hours}小时",
        )
        for star in STARS
        if minutes >= star.minutes and not facts[star.fact]
    ]


def told(entry: Entry, facts: Facts) -> list[Notice]:
    """Say how far somebody has come; of a star whose hours were corrected since, that it rests until they are back."""
    if entry.holder_kind is not HolderKind.PERSON:
        return []
    star = next((one for one in STARS if one.code == entry.item), None)
    if star is not None:
        if facts.minutes >= star.minutes:
            return []
        text = f"这颗星要{star.hours}小时；后来冲正了一些，现在是{spoken_minutes(facts.minutes)}。补足以前先不算。"
        return [Notice(text=text)]
    if all(line.asset is not Asset.HOURS for line in entry.lines):
        return []
    now = next((one for one in reversed(STARS) if facts.minutes >= one.minutes), None)
    after = next((one for one in STARS if facts.minutes < one.minutes), None)
    said = []
    if now is not None:
        said.append(Notice(text=f"您已满{now.hours}小时，是{now.title}。"))
    if after is not None:
        left = spoken_minutes(after.minutes - facts.minutes)
        said.append(Notice(text=f"志愿时累计{spoken_minutes(facts.minutes)}，再服务{left}就是{after.title}。"))
    return said
