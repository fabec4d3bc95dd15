"""Limits over time: which counters an award adds to, and how a full one, or what is left of it, is said."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from dezhi.core.amounts import duration, points, times
from dezhi.core.errors import Problem
from dezhi.core.periods import WINDOW_WORDS, period_key
from dezhi.core.text import N_, Phrase, phrase
from dezhi.plugin import Asset, Cap, Deed, HolderKind, Item, Participant, Role, Subject, Window

TIMES: Final = "times"
ONCE_A_DAY: Final = Cap(window=Window.DAY, times_max=1)
SHARED: Final = "&"
"""Before the word by which items count together; no item's code begins so."""


class CapUse(msgspec.Struct, frozen=True, kw_only=True):
    """One counter an award adds to; the ledger refuses when `used + add > limit`.

    Its key is the holder, or `subject` (the grid or village that shares it, as `of` says), together with `counter` and
    `period_key`. `metric` is an asset's word, or `times`. `share` joins items: they count together.
    """

    rule: str  # the item's full code
    metric: str
    window: Window
    period_key: str
    add: int
    limit: int
    of: Subject | None = None
    subject: int | None = None
    share: str = ""

    @property
    def counter(self) -> str:
        """The ledger's name for what is counted."""
        rule = f"{self.rule.partition('/')[0]}/{SHARED}{self.share}" if self.share else self.rule
        of = f"#{self.of.value}" if self.of else ""
        return f"{rule}#{self.metric}#{self.window.value}{of}"


def cap_uses(
    code: str,
    item: Item,
    lines: Sequence[tuple[Asset, int]],
    deed: Deed,
    to: Participant | None = None,
    *,
    others: bool = False,
) -> tuple[CapUse, ...]:
    """List the counters that `lines` of one holder add to under the item with this full code.

    `to` is whom they are for, None for the doer; `others` that the deed gives to somebody else than the helped too.
    Households that belong to no grid share one count, their village's.
    """
    amounts = dict(lines)
    kind = item.holder_of(lines[0][0])
    helped = others and to is not None and to.role is Role.HELPED
    uses = []
    for cap in _caps(item):
        if helped and cap.asset is None and cap.of is None:
            continue  # once a week is how often a household may do it: who was helped may still help
        add = _cap_add(item, cap, amounts, kind)
        if add:
            limit = cap.times_max if cap.times_max is not None else cap.amount_max
            uses.append(
                CapUse(
                    rule=code,
                    metric=TIMES if cap.asset is None else cap.asset.value,
                    window=cap.window,
                    period_key=period_key(cap.window, deed.date),
                    add=add,
                    limit=limit or 0,
                    of=cap.of,
                    subject=_subject(cap, deed, to),
                    share=cap.share,
                )
            )
    return tuple(uses)


def _caps(item: Item) -> Sequence[Cap]:
    """What an item limits itself to; a reminder besides to once a day, whatever it says (L-02)."""
    if not item.quiet:
        return item.caps
    others = [cap for cap in item.caps if (cap.window, cap.asset, cap.of, cap.share) != (Window.DAY, None, None, "")]
    return (*others, ONCE_A_DAY)


def _subject(cap: Cap, deed: Deed, to: Participant | None) -> int | None:
    """Who shares the count: nobody but the holder, the holder's grid, or the village."""
    if cap.of is None:
        return None
    grid = (to or deed.doer).grid
    return grid if cap.of is Subject.GRID and grid is not None else deed.doer.village


def _cap_add(item: Item, cap: Cap, amounts: Mapping[Asset, int], kind: HolderKind) -> int:
    """Return what one cap's counter grows by: an asset's amount, or one time for the main asset's holder."""
    if cap.asset is not None:
        return amounts.get(cap.asset, 0)
    return 1 if kind is item.holder_of(item.asset) else 0


def cap_refusal(item: Item, use: CapUse, used: int) -> Problem:
    """Say why the ledger's counter stopped an award: how much is allowed, to whom together, and what is left of it."""
    text = N_("没有记上：“%(item)s”%(window)s%(whose)s最多%(limit)s，已经有%(used)s，还剩%(left)s。")
    return Problem(
        "cap-reached",
        text,
        status=409,
        item=phrase(item.title),
        window=phrase(WINDOW_WORDS[use.window]),
        whose=_whose(use),
        limit=metric_words(use.metric, use.limit),
        used=metric_words(use.metric, used),
        left=metric_words(use.metric, max(0, use.limit - used)),
    )


def cap_warning(item: Item, use: CapUse, used: int, adding: int) -> Problem:
    """Say before saving that a deed would pass a limit, by how much, and what can be done about it."""
    text = N_("这样记不上：“%(item)s”%(window)s%(whose)s最多%(limit)s，已经有%(used)s，这一次是%(adding)s。%(advice)s")
    left = max(0, use.limit - used)
    advice = phrase(N_("已经满了，请换一条，或者等下一期再记。"))
    if left and use.metric != TIMES:
        fewer = N_(
            "还能记%(left)s：请把人数、时间或数量改少。想自动只记剩下的，请村里在细则这条上限里写明“只记到满”（fill）。"
        )
        advice = phrase(fewer, left=metric_words(use.metric, left))
    return Problem(
        "cap-reached",
        text,
        status=409,
        item=phrase(item.title),
        window=phrase(WINDOW_WORDS[use.window]),
        whose=_whose(use),
        limit=metric_words(use.metric, use.limit),
        used=metric_words(use.metric, used),
        adding=metric_words(use.metric, adding),
        advice=advice,
    )


def remaining(use: CapUse, used: int) -> Phrase:
    """Say before saving what a limit still leaves: `本月还能记40分（最多60分）`."""
    return phrase(
        N_("%(window)s%(whose)s还能记%(left)s（最多%(limit)s）"),
        window=phrase(WINDOW_WORDS[use.window]),
        whose=_whose(use),
        left=metric_words(use.metric, max(0, use.limit - used)),
        limit=metric_words(use.metric, use.limit),
    )


_WHOSE: Final = {
    (None, False): "",
    (None, True): N_("和同类条目合起来"),
    (Subject.GRID, False): N_("全组合起来"),
    (Subject.GRID, True): N_("全组同类条目合起来"),
    (Subject.VILLAGE, False): N_("全村合起来"),
    (Subject.VILLAGE, True): N_("全村同类条目合起来"),
}


def _whose(use: CapUse) -> Phrase | str:
    words = _WHOSE[use.of, bool(use.share)]
    return phrase(words) if words else ""


def metric_words(metric: str, number: int) -> Phrase:
    """Say a counter's number with its unit: times, minutes or points."""
    if metric in {TIMES, Asset.COUNT.value}:
        return times(number)
    return duration(number) if metric == Asset.HOURS.value else points(number)
