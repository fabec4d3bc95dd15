"""What a bench prints: named figures, some with a goal."""

import operator
import statistics
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

_SENSES: Final[dict[str, Callable[[float, float], bool]]] = {">=": operator.ge, "<=": operator.le}


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `goal` is like `>= 0.4`, empty where the figure only informs; `met` is None then."""

    name: str
    value: float
    unit: str
    goal: str = ""
    met: bool | None = None


def figure(name: str, value: float, unit: str, goal: str = "") -> Figure:
    """A figure, judged by its goal. Raises ValueError for a goal that is none."""
    met = None
    if goal:
        sense, number = goal.split()
        met = _SENSES[sense](value, float(number))
    return Figure(name=name, value=value, unit=unit, goal=goal, met=met)


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def ratio(mine: Sequence[float], yardstick: Sequence[float]) -> float:
    """The median of the rounds' own ratios: each round's two measurements had the same machine around them."""
    return statistics.median(one / other for one, other in zip(mine, yardstick, strict=True))
