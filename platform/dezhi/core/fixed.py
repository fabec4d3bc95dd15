"""What can be awarded while no plugin runs: what the village adopted in figures, and nothing that must be computed."""

from collections.abc import Sequence

from dezhi.core.errors import Problem
from dezhi.core.text import N_, phrase
from dezhi.plugin import Award, Deed, Item, awards_as_declared


def as_adopted(item: Item, deed: Deed) -> Sequence[Award]:
    """Return the awards of an item whose every line is fixed, or decided by the clerk's answer.

    Raises Problem `safe-mode-computed` (409) where only the plugin knows the amount: half of an item is not awarded.
    """
    awards = awards_as_declared(item, deed)
    if len(awards) != len(item.lines):
        text = N_("没有记上：现在是安全模式，插件都没有运行，“%(item)s”加多少要由插件来算。请等恢复以后再记。")
        raise Problem("safe-mode-computed", text, status=409, item=phrase(item.title))
    return awards
