"""A backtest in the reader's language: the same sentences and tables for the page and the terminal."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from dezhi.core.backtest import Outcome
from dezhi.core.backtest_result import Backtest, Bin, CapRow, Group, ItemRow
from dezhi.core.backtest_words import (
    age_word,
    asset_word,
    change,
    findings,
    limit_word,
    much,
    notes,
    place_word,
    size_word,
    title_word,
    why_left,
    yuan,
)
from dezhi.core.text import N_, Text, counted, phrase
from dezhi.plugin import Asset
from dezhi.web.languages import translate as _
from dezhi.web.rendering import num
from dezhi.web.views.backtests import Bar, Picture, Row, Table

HIDDEN: Final = "·"
"""What stands in a cell that is about too few households."""

FULL: Final = 100


def sentences_of(found: Backtest) -> tuple[str, ...]:
    """The findings."""
    return tuple(map(_, findings(found)))


def notes_of(found: Backtest) -> tuple[str, ...]:
    """How it was counted."""
    return tuple(map(_, notes(found)))


def tables_of(found: Backtest, *, codes: bool = False) -> tuple[Table, ...]:
    """Every table that has a row; with `codes` those of items, for whoever writes pairs by hand."""
    tables = (
        _totals(found),
        _groups(found, N_("按家里老人"), (("", found.everybody), *_coded(found.by_age)), age_word),
        _groups(found, N_("按人口"), _coded(found.by_size), size_word),
        _groups(found, N_("按网格") if len(found.villages) == 1 else N_("按村"), _coded(found.by_place), place_word),
        _pairs(found, codes=codes),
        _unmatched(found, codes=codes),
        _items(found),
        _caps(found.caps),
        _left(found),
        _costs(found),
        _goods(found),
    )
    return tuple(one for one in tables if one.rows)


def pictures_of(found: Backtest) -> tuple[Picture, ...]:
    """The pictures: how many change by how much, and which kinds of households change most."""
    told = [
        _spread(found),
        _means(found, N_("谁家变得多：按家里老人"), found.by_age, age_word),
        _means(found, N_("谁家变得多：按人口"), found.by_size, size_word),
    ]
    return tuple(one for one in told if any(bar.share for bar in one.bars))


# ── pictures ──


def _spread(found: Backtest) -> Picture:
    most = max((one.households or 0 for one in found.spread), default=0) or 1
    return Picture(
        title=_(N_("多得和少得的户数")),
        note=_(phrase(N_("%(asset)s，一户一户地比"), asset=phrase(asset_word(found.main)))),
        bars=tuple(
            Bar(
                label=_bin(found.main, one),
                share=round((one.households or 0) * FULL / most),
                text=_few() if one.households is None else _(counted("%(n)s户", one.households)),
            )
            for one in found.spread
        ),
    )


def _bin(asset: Asset, one: Bin) -> str:
    if one.least == one.most == 0:
        return _(N_("不变"))
    if one.least is None:
        return _(phrase(N_("少%(much)s以上"), much=much(asset, -(one.most or 0))))
    if one.most is None:
        return _(phrase(N_("多%(much)s以上"), much=much(asset, one.least)))
    if one.most < 0:
        return _(phrase(N_("少%(from)s到%(to)s"), **{"from": _bare(asset, -one.most), "to": much(asset, -one.least)}))
    return _(phrase(N_("多%(from)s到%(to)s"), **{"from": _bare(asset, one.least), "to": much(asset, one.most)}))


def _bare(asset: Asset, amount: int) -> object:
    """The first of two amounts: of points the figure alone."""
    return much(asset, amount) if asset is Asset.HOURS else amount


def _means(found: Backtest, title: str, groups: Iterable[Group], word: Callable[[str], Text]) -> Picture:
    shown = [one for one in groups if one.mean is not None]
    most = max((abs(one.mean or 0) for one in shown), default=0) or 1
    return Picture(
        title=_(title),
        note=_(N_("平均每户多得或少得")),
        two_sided=True,
        bars=tuple(
            Bar(
                label=_(word(one.code)),
                share=round((one.mean or 0) * FULL / most),
                text=_(change(found.main, one.mean or 0)),
            )
            for one in shown
        ),
    )


def _few() -> str:
    return _(N_("不显示"))


# ── tables ──


def _totals(found: Backtest) -> Table:
    return Table(
        title=_(N_("一共给多少")),
        headings=_all(N_("积分"), N_("原来"), N_("新办法"), N_("差多少")),
        rows=tuple(
            Row(
                cells=(
                    _(asset_word(one.asset)),
                    _(much(one.asset, one.before)),
                    _(much(one.asset, one.after)),
                    _(change(one.asset, one.after - one.before)),
                )
            )
            for one in found.totals
        ),
    )


def _coded(groups: Iterable[Group]) -> list[tuple[str, Group]]:
    return [(one.code or HIDDEN, one) for one in groups]


def _groups(found: Backtest, title: str, groups: Iterable[tuple[str, Group]], word: Callable[[str], Text]) -> Table:
    """Kinds of households; of the first table the row of everybody comes first."""
    return Table(
        title=_(title),
        note=_(phrase(N_("%(asset)s；“一半在”是中间一半的户多得或少得多少"), asset=phrase(asset_word(found.main)))),
        headings=_all(
            N_("哪些户"),
            N_("户数"),
            N_("多得"),
            N_("少得"),
            N_("不变"),
            N_("平均"),
            N_("原来每户"),
            N_("新办法"),
            N_("一半在"),
        ),
        rows=tuple(
            Row(
                cells=(_(word(one.code)) if place else _(N_("全部")), *_figures(found.main, one)),
                hidden=one.households is None,
            )
            for place, one in groups
        ),
    )


def _figures(asset: Asset, one: Group) -> tuple[str, ...]:
    if one.households is None:
        return (HIDDEN,) * 8
    return (
        num(one.households),
        *(HIDDEN if count is None else num(count) for count in (one.better, one.worse, one.same)),
        _(change(asset, one.mean or 0)),
        _(much(asset, one.before or 0)),
        _(much(asset, one.after or 0)),
        _(phrase(N_("%(low)s～%(high)s"), low=_signed(one.low or 0), high=_signed(one.high or 0))),
    )


def _signed(number: int) -> str:
    return f"+{num(number)}" if number > 0 else f"−{num(-number)}" if number else "0"


def _items(found: Backtest) -> Table:
    alike = [one for one in found.items if one.before is not None and _is_alike(one)]
    rows = [_item(one) for one in found.items if one not in alike]
    if alike:
        told = _(counted("另外%(n)s条没有变", len(alike)))
        times = num(sum(one.times_before or 0 for one in alike))
        rows.append(Row(cells=(told, times, times, *[_(N_("不变"))] * 3)))
    return Table(
        title=_(N_("按条目")),
        note=_(N_("变得多的在前；“给分”是按新办法给了分的笔数")),
        headings=_all(N_("做什么"), N_("记过"), N_("给分"), N_("原来"), N_("新办法"), N_("差多少")),
        rows=tuple(rows),
    )


def _is_alike(one: ItemRow) -> bool:
    return not one.was and (one.before, one.times_before) == (one.after, one.times_after)


def _item(one: ItemRow) -> Row:
    if one.times_before is None or one.times_after is None or one.before is None or one.after is None:
        return Row(cells=(_(title_word(one)), *(HIDDEN,) * 5), hidden=True)
    return Row(
        cells=(
            _(title_word(one)),
            num(one.times_before),
            num(one.times_after),
            _(much(one.asset, one.before)),
            _(much(one.asset, one.after)),
            _(change(one.asset, one.after - one.before)),
        )
    )


def _pairs(found: Backtest, *, codes: bool) -> Table:
    return Table(
        title=_(N_("对上的条目")),
        headings=_all(N_("老条目"), N_("新条目")),
        rows=tuple(
            Row(cells=(_named(one.old_title, one.old, codes=codes), _named(one.new_title, one.new, codes=codes)))
            for one in found.pairs
        ),
        figures=False,
    )


def _unmatched(found: Backtest, *, codes: bool) -> Table:
    return Table(
        title=_(N_("过去的条目，新办法里没有")),
        note=_(N_("“像哪一条”只是建议，没有按它算")),
        headings=_all(N_("做什么"), N_("笔数"), N_("像哪一条")),
        rows=tuple(
            Row(
                cells=(
                    _named(one.title, one.item, codes=codes),
                    HIDDEN if one.times is None else num(one.times),
                    _named(one.new_title, one.new, codes=codes) if one.new else "—",
                ),
                hidden=one.times is None,
            )
            for one in found.unmatched
        ),
    )


def _named(title: str, code: str, *, codes: bool) -> str:
    return f"{_(title)} ({code})" if codes else _(title)


def _caps(rows: Sequence[CapRow]) -> Table:
    return Table(
        title=_(N_("到了上限")),
        headings=_all(N_("做什么"), N_("上限"), N_("没给的笔数"), N_("户数")),
        rows=tuple(
            Row(
                cells=(
                    _(one.title),
                    _(limit_word(one)),
                    HIDDEN if one.times is None else num(one.times),
                    HIDDEN if one.households is None else num(one.households),
                ),
                hidden=one.times is None,
            )
            for one in rows
        ),
    )


def _left(found: Backtest) -> Table:
    return Table(
        title=_(N_("没算上的，和猜着算的")),
        headings=_all(N_("做什么"), N_("为什么"), N_("笔数")),
        rows=tuple(
            Row(
                cells=(_(one.title), _(why_left(one)), HIDDEN if one.times is None else num(one.times)),
                hidden=one.times is None,
            )
            for one in (*(one for one in found.left if one.code != Outcome.UNCOVERED), *found.guesses)
        ),
    )


def _costs(found: Backtest) -> Table:
    cost = found.cost
    rows: tuple[tuple[str, str, str], ...] = ()
    note = ""
    if cost is not None:
        rows = (
            (_(N_("这段时间给的分")), yuan(cost.before), yuan(cost.after)),
            (_(N_("现在还没兑换的分")), yuan(cost.owed), yuan(cost.owed_after)),
        )
        note = _(phrase(N_("一分折合%(yuan)s元"), yuan=yuan(cost.fen))) if cost.fen else _(N_("各村一分折合多少不一样"))
    return Table(
        title=_(N_("折成钱（元）")),
        note=note,
        headings=_all(N_("什么"), N_("原来"), N_("新办法")),
        rows=tuple(Row(cells=row) for row in rows),
    )


def _goods(found: Backtest) -> Table:
    return Table(
        title=_(N_("够换多少东西")),
        note=_(N_("假定这些道德积分全换成这一样；列的是兑换得最多的几样")),
        headings=_all(N_("东西"), N_("原来几分"), N_("新办法几分"), N_("原来够换"), N_("新办法够换")),
        rows=tuple(
            Row(
                cells=(
                    _(one.title),
                    HIDDEN if one.price_before is None else num(one.price_before),
                    num(one.price_after),
                    HIDDEN if one.pieces_before is None else num(one.pieces_before),
                    num(one.pieces_after),
                )
            )
            for one in found.goods
        ),
    )


def _all(*texts: str) -> tuple[str, ...]:
    return tuple(map(_, texts))
