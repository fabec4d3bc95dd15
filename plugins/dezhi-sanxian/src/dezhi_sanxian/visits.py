"""The three lines, the round through a whole grid, and what was raised and settled. Everything counts, nothing pays.

A visit's count is the number of households visited, so that a month's sum says how many doors were opened.
"""

from typing import Final, NamedTuple

from dezhi.plugin import (
    Asset,
    Award,
    Cap,
    Category,
    Deed,
    HolderKind,
    Item,
    Line,
    Option,
    People,
    Question,
    QuestionKind,
    Role,
    Subject,
    Window,
)

from .settings import Choices

VISITS: Final = Category(code="visits", title="三线走访", symbol="访")
LOOP: Final = Category(code="loop", title="办理闭环", symbol="办")
GRID_MAX: Final = 200  # households of one grid that the core hands over
ROUND: Final = "centre-round"
CENTRE: Final = "centre-visit"
RAISED, SETTLED = "raised", "settled"


class Walk(NamedTuple):
    """One of the three lines: who goes to whom."""

    code: str
    line: str
    title: str
    symbol: str
    how: str


LINES: Final = (
    Walk("party-visit", "党员联系群众", "党员走访联系户", "党", "党员到联系的人家坐一坐，听一听，办一办。"),
    Walk("deputy-visit", "人大代表联系选民", "人大代表走访选民", "代", "代表到选民家里听意见，带回去办。"),
    Walk(CENTRE, "中心户长联系村民", "中心户长走访", "户", "中心户长到联系的人家走一走，有事早知道、早办。"),
)
SUBJECTS: Final = (
    Option(code="safety", title="安全提醒"),
    Option(code="policy", title="政策讲解"),
    Option(code="hardship", title="生活难处"),
    Option(code="peace", title="邻里的事"),
    Option(code="advice", title="意见建议"),
    Option(code="greeting", title="看望"),
)
_ABOUT: Final = Question(
    name="about",
    title="主要为什么事",
    kind=QuestionKind.CHOICE,
    options=SUBJECTS,
    help="只记是哪一类，不写谁说了什么。",
)
_TOLD_BACK: Final = Question(
    name="told_back", title="结果已经告诉本人", kind=QuestionKind.YES, help="没有告诉本人的，还不算办结。"
)


def items(choices: Choices) -> list[Item]:
    """Return what is recorded."""
    return [
        *(_visit(walk, choices) for walk in LINES),
        _counted(
            ROUND,
            "中心户长走遍本格",
            "每月把一格的人家都走到，记一次就行。",
            "格",
            category=VISITS,
            most=GRID_MAX,
            caps=(Cap(window=Window.MONTH, times_max=1),),
            people=(People(role=Role.GROUP, title="走遍了哪一格", of=Subject.GRID, help="不选就是自己这一格。"),),
        ),
        _counted(RAISED, "群众反映的事登记", "听来的事登记一件，交给该办的人。", "记", category=LOOP),
        _counted(
            SETTLED,
            "反映的事办结回访",
            "办好一件，回去告诉本人，这件事才算完。",
            "结",
            category=LOOP,
            questions=(_TOLD_BACK,),
        ),
    ]


def earned(choices: Choices, deed: Deed) -> list[Award]:
    """Return what a deed counts for: the households visited, or one matter."""
    item = next((one for one in items(choices) if one.code == deed.code), None)
    if item is None or (item.code == SETTLED and deed.answer("told_back") is not True):
        return []
    if item.category == LOOP.code:
        return [Award(item=item.code, asset=Asset.COUNT, amount=1, reason=f"{item.title}：一件")]
    role = Role.GROUP if item.code == ROUND else Role.HELPED
    # Somebody named twice was visited once.
    homes = {one.household for one in deed.participants if one.role is role}
    if not homes:
        return []
    return [Award(item=item.code, asset=Asset.COUNT, amount=len(homes), reason=f"{item.title}：{len(homes)}户")]


def _visit(walk: Walk, choices: Choices) -> Item:
    whom = People(role=Role.HELPED, title="走访了哪几户", least=1, most=choices.group_size)
    return _counted(
        walk.code,
        walk.title,
        walk.how,
        walk.symbol,
        category=VISITS,
        most=choices.group_size,
        questions=(_ABOUT,),
        people=(whom,),
    )


def _counted(
    code: str,
    title: str,
    how: str,
    symbol: str,
    *,
    category: Category,
    most: int = 1,
    caps: tuple[Cap, ...] = (),
    questions: tuple[Question, ...] = (),
    people: tuple[People, ...] = (),
) -> Item:
    """Make an item of the person who did it that gives counts and nothing else."""
    return Item(
        code=code,
        title=title,
        category=category.code,
        asset=Asset.COUNT,
        lines=(Line(asset=Asset.COUNT, amount_min=1, amount_max=most),),
        holder=HolderKind.PERSON,
        caps=caps,
        questions=questions,
        people=people,
        symbol=symbol,
        source="紫阳 321",
        how=how,
    )
