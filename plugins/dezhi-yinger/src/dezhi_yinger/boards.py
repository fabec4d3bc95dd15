"""The honour board of households that opted in, and the wish the whole village saves for."""

from typing import Final

from dezhi.plugin import Asset, Board, BoardKind, Weight, Window

from .rows import FILIAL, FRIEND, HONEST
from .settings import EVERYTHING, Choices

SAVINGS: Final = (FRIEND.code, FILIAL.code, HONEST.code)
_COUNTED: Final = {
    EVERYTHING: SAVINGS,
    "只算友爱": (FRIEND.code,),
    "只算孝顺": (FILIAL.code,),
    "只算诚信": (HONEST.code,),
}


def both(choices: Choices) -> list[Board]:
    """Return the quarter's honour board and the quarter's common goal."""
    return [
        Board(
            code="honour",
            title="道德储蓄光荣榜",
            kind=BoardKind.HONOUR,
            weights=(Weight(asset=Asset.MORAL, categories=_COUNTED[choices.board_counts]),),
            window=Window.QUARTER,
            unit_label="分",
            size_max=choices.board_size,
            about=f"本季挣到的道德积分，{choices.board_counts}；自愿上榜，分数相同名次相同。",
        ),
        Board(
            code="wish",
            title=choices.goal_title,
            kind=BoardKind.GOAL,
            weights=(Weight(asset=Asset.MORAL),),
            window=Window.QUARTER,
            unit_label="分",
            target=choices.goal_points,
            about=f"全村本季一起攒满{choices.goal_points}分道德积分，就办成这件事。",
        ),
    ]
