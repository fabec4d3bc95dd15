"""The yearly assessment: seven preconditions as one answer, four sections, stars until the same day next year.

What the preconditions are about belongs to police and health. Here stands only whether they are met; where they are
not, nothing is assessed, nothing is booked, and nobody can read which of them it was.
"""

from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from dezhi.plugin import (
    Assessment,
    Asset,
    Award,
    Cap,
    Category,
    Deed,
    Event,
    Item,
    Line,
    Section,
    Window,
    questions_of,
)

from .settings import Choices

CATEGORY: Final = Category(code="standing", title="平安家庭评定", symbol="安")
CODE: Final = "assessment"
SEVEN: Final = "七无：无毒品、无赌博、无暴力、无纠纷、无邪教、无事故、无犯罪"
NUMBERS: Final = {3: "三", 4: "四", 5: "五"}


class Yearly(Event, frozen=True):
    """What those who assess a household say; the sections' maxima add up to 100."""

    preconditions: Annotated[
        bool,
        Meta(
            title="七无都符合",
            description="只记“符合”或者“未评”。哪一条、为什么，不问、不写、不存。",
        ),
    ]
    protection: Annotated[
        int,
        Meta(title="安全防范", description="用电用气、灭火急救、防盗防骗、参加培训。", ge=0, le=30),
    ]
    dwelling: Annotated[int, Meta(title="居室环境", description="房屋、灶房、电线、柴草堆放、通道畅通。", ge=0, le=20)]
    harmony: Annotated[int, Meta(title="家庭邻里", description="家人和睦，邻里互助，有事商量着办。", ge=0, le=25)]
    taking_part: Annotated[int, Meta(title="参与平安", description="演练、巡防、议事，村里的事搭把手。", ge=0, le=25)]


SECTIONS: Final = tuple((one.name, one.title, one.most, one.help) for one in questions_of(Yearly)[1:])


def item(choices: Choices) -> Item:
    """Return the item of the yearly assessment."""
    points = [points for _, _, points in choices.stars]
    return Item(
        code=CODE,
        title="平安家庭年度评定",
        category=CATEGORY.code,
        asset=Asset.SAFE,
        lines=(Line(asset=Asset.SAFE, amount_min=min(points), amount_max=max(points)),),
        caps=(Cap(window=Window.YEAR, times_max=1),),
        questions=questions_of(Yearly),
        symbol="安",
        source="K-19",
        how="一年评一次：七无都符合，再看四项，满100分，够了就是三星、四星、五星平安家庭。",
        hint="由评定小组一起看、一起打分。七无只记符不符合，不记原因。",
    )


def assessed(choices: Choices, deed: Deed) -> Assessment:
    """Return the result of an assessment."""
    said = deed.read(Yearly)
    until = a_year_on(deed.date)
    if not said.preconditions:
        reason = "这次没有评定。什么时候都可以再评。"
        return Assessment(sections=(Section(title="七无", met=False),), stars=0, until=until, reason=reason)
    given = [(title, getattr(said, name), most) for name, title, most, _ in SECTIONS]
    total = sum(points for _, points, _ in given)
    stars, _, credits_ = next((star for star in choices.stars if total >= star[1]), (0, 0, 0))
    told = "，".join(f"{title}{points}分" for title, points, _ in given)
    if stars:
        ends = f"{until.year}年{until.month}月{until.day}日"
        reason = f"七无符合；{told}，共{total}分，评为{NUMBERS[stars]}星平安家庭，平安积分加{credits_}分，到{ends}。"
    else:
        reason = f"七无符合；{told}，共{total}分，离三星还差{choices.three_from - total}分。补上以后可以再评。"
    # A section has no pass mark of its own: what counts is the sum.
    sections = tuple(Section(title=title, met=points > 0, points=points, most=most) for title, points, most in given)
    return Assessment(sections=(Section(title="七无", met=True), *sections), stars=stars, until=until, reason=reason)


def earned(choices: Choices, deed: Deed) -> list[Award]:
    """Return the credits of the stars reached, with the assessment's own sentence."""
    found = assessed(choices, deed)
    points = next((points for stars, _, points in choices.stars if stars == found.stars), 0)
    if not points:
        return []
    return [Award(item=CODE, asset=Asset.SAFE, amount=points, reason=found.reason)]


def a_year_on(day: date) -> date:
    """Return the same day of the next year; after 29 February comes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
