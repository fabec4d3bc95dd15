"""What everybody may read about the savings bank."""

from typing import Final

from dezhi.plugin import Heading, Onward, Page, Paragraph, Rows

from .rewards import catalogue
from .rows import FILIAL, FRIEND, HONEST
from .settings import Choices

GIVING_BACK: Final = "giving-back"


def page(choices: Choices, path: str) -> Page | None:
    """Return the page of the three savings, or that of what comes back."""
    if path == GIVING_BACK:
        return _giving_back(choices)
    return None if path else _savings()


def _savings() -> Page:
    rows = (
        (FRIEND.title, "帮邻居、出公工、劝和气、护公物。"),
        (FILIAL.title, "陪老人、照料老人、常回家看看。"),
        (HONEST.title, "捡到交还、借了归还、说到做到。"),
    )
    return Page(
        title="道德储蓄怎么存",
        blocks=(
            Paragraph(text="做一件好事，就像往存折里存一笔。谁做的、哪天做的、按哪一条，都写在存折上，随时能查。"),
            Rows(columns=("存什么", "举几个例子"), rows=rows),
            Heading(text="怎么才算数"),
            Paragraph(text="自己说、邻居说、组长看见，都行；村里核实了才记。只加分，不扣分。"),
            Paragraph(text="没有手机也一样：拿上存折卡到村服务台，查、问、换都能办。"),
            Onward(text="存了有什么回馈", path=GIVING_BACK),
        ),
    )


def _giving_back(choices: Choices) -> Page:
    rows = tuple((reward.title, reward.about, f"{reward.price}分") for reward in catalogue(choices))
    return Page(
        title="关爱回馈",
        blocks=(
            Paragraph(text="攒下的道德积分能换用得上的东西，也能换邻里的一次帮忙。荣誉积分不花，留着。"),
            Rows(columns=("什么", "多少", "要几分"), rows=rows),
            Onward(text="道德储蓄怎么存", path=""),
        ),
    )
