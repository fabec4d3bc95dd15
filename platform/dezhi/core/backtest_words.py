"""What a backtest found, in sentences a village understands, and what its tables call things."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from dezhi.core.amounts import duration, points, times
from dezhi.core.backtest_answers import MINUTES, POINTS
from dezhi.core.backtest_result import Backtest, CapRow, Cost, Group, ItemRow, Left, Pair
from dezhi.core.caps import TIMES
from dezhi.core.text import N_, Phrase, Text, counted, dated, phrase
from dezhi.plugin import Asset, Window

NAMED_MAX: Final = 3
"""Items that are named in one sentence."""

_ASSETS: Final = {
    Asset.MORAL: N_("道德积分"),
    Asset.HONOUR: N_("荣誉积分"),
    Asset.HOURS: N_("志愿时"),
    Asset.SAFE: N_("平安积分"),
    Asset.COUNT: N_("次数"),
}
_AGES: Final = {
    "alone": N_("独居老人家"),
    "old": N_("都是老人的家"),
    "mixed": N_("老少同住的家"),
    "young": N_("没有老人的家"),
    "unknown": N_("年龄没登记全的家"),
}
_WHY: Final = {
    "uncovered": N_("新办法里没有这一条"),
    "nothing": N_("新办法对这件事不加分"),
    "refused": N_("新办法说明理由不给记"),
    "person-missing": N_("要记到个人，当时没有写是谁做的"),
    "people-missing": N_("新办法还要写明有谁一起做，当时没有写够"),
    "people-unknown": N_("当时写的一起做的人，新办法不要写"),
    "people-many": N_("当时写的一起做的人，比新办法允许的多"),
    "people-person": N_("新办法要写明是家里哪一位，当时没有写"),
    "people-own": N_("帮的人或见证人是自己家的，新办法不算"),
    "people-twice": N_("同一个人（同一户）填了两次，新办法不算"),
    "award-red-line": N_("碰到红线，不给记"),
    "guessed": N_("当时没有问"),
    "moved": N_("当时填的数超出新办法的范围，按最近的数算"),
}
_EACH: Final = {
    Window.DAY: N_("每天"),
    Window.WEEK: N_("每周"),
    Window.MONTH: N_("每月"),
    Window.QUARTER: N_("每季"),
    Window.YEAR: N_("每年"),
    Window.LIFE: N_("总共"),
}


def asset_word(asset: Asset) -> str:
    """What an asset is called."""
    return _ASSETS[asset]


def size_word(code: str) -> Text:
    """What households of a size are called."""
    return N_("5口人以上的家") if code == "5+" else counted("%(n)s口人的家", int(code))


def age_word(code: str) -> Text:
    """What households of some ages are called."""
    return _AGES[code]


def place_word(name: str) -> Text:
    """What a grid or village is called; households may belong to no grid."""
    return name or N_("没有分网格")


def much(asset: Asset, amount: float) -> Text:
    """So much of an asset, without a sign; a tenth is said only of points on average."""
    if asset is Asset.HOURS:
        return duration(round(amount))
    whole = round(amount)
    if asset is Asset.COUNT:
        return times(whole)
    return points(whole) if amount == whole else phrase(N_("%(shown)s分"), shown=f"{amount:.1f}")


def why_left(row: Left) -> Text:
    """Why deeds could not be counted, or what of them was guessed."""
    kind, _, name = row.code.partition(":")
    if name == MINUTES:
        return phrase(N_("时长：%(why)s"), why=phrase(_WHY[kind]))
    if name == POINTS:
        return phrase(N_("分数：%(why)s"), why=phrase(_WHY[kind]))
    if name:
        return phrase(N_("%(question)s：%(why)s"), question=phrase(row.question or name), why=phrase(_WHY[kind]))
    return _WHY.get(kind) or phrase(N_("按新办法记不上（%(code)s）"), code=kind)


def limit_word(row: CapRow) -> Text:
    """A limit: `每月最多4次`."""
    if row.metric == TIMES:
        most: Text = times(row.limit)
    else:
        most = much(Asset(row.metric), row.limit)
    return phrase(N_("%(window)s最多%(most)s"), window=phrase(_EACH[Window(row.window)]), most=most)


def yuan(fen: int) -> str:
    """Hundredths of a yuan as yuan: 123450 is `1234.50`, 123400 is `1234`."""
    rest = f".{abs(fen) % 100:02}" if fen % 100 else ""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}{rest}"


def change(asset: Asset, amount: float) -> Phrase:
    """A change: `多12分`, `少3.5分`, `不变`."""
    if not amount:
        return phrase(N_("不变"))
    if amount > 0:
        return phrase(N_("多%(much)s"), much=much(asset, amount))
    return phrase(N_("少%(much)s"), much=much(asset, -amount))


def findings(found: Backtest) -> tuple[Phrase, ...]:
    """The findings, the most telling first."""
    return (
        *_mostly_uncovered(found),
        *_households(found),
        *_paired(found),
        *_uncovered(found),
        *_renamed(found),
        *_kinds(found),
        *_totals(found),
        *_items(found),
        *_caps(found),
        *_cost(found),
        *_guessed(found),
    )


def notes(found: Backtest) -> tuple[Phrase, ...]:
    """How it was counted, and what it cannot tell."""
    told = [
        phrase(
            N_("把%(since)s到%(until)s已经记过的%(deeds)s笔，按新办法从头算了一遍；账一笔没有动。"),
            since=dated(found.since),
            until=dated(found.until),
            deeds=found.deeds,
        )
    ]
    if found.asked:
        text = N_("您选的是%(asked_since)s到%(asked_until)s；试算只用过完的整月，用的是%(since)s到%(until)s。")
        days = dict(zip(("asked_since", "asked_until", "since", "until"), map(dated, _days(found)), strict=True))
        told.insert(0, phrase(text, **days))
    if found.withdrawn:
        told.append(counted("后来冲正的%(n)s笔两边都不算。", found.withdrawn))
    told += [
        phrase(
            N_("过去到日子自动记的（如每户的基础分），和别的事一样对条目算；新办法自己到日子会给每户记的，没有算进去。")
        ),
        phrase(N_("当时因为到了上限没有记上的事，没有留下记录：放宽上限会多给多少，这里看不全。")),
        phrase(N_("人口和年龄按最后一天的花名册，60岁起算老人。只算做过的事：办法变了，大家做的事也会变。")),
        phrase(
            N_("不到5户的数不显示，能由别的数推出来的也不显示。多得少得的户数、到上限和冲正的笔数，都取到5的整数。")
        ),
        phrase(
            N_(
                "同一条好事，几个月合起来够5户做过才一起算进来；没凑够的那几个月，前后两边都不算，免得两次试算一减就看出是谁。"
            )
        ),
    ]
    return tuple(told)


def _days(found: Backtest) -> tuple[date, ...]:
    return (*(found.asked or ()), found.since, found.until)


def _households(found: Backtest) -> Iterator[Phrase]:
    all_, asset = found.everybody, _ASSETS[found.main]
    if all_.households is None:
        yield phrase(N_("户数太少，只能看总数。"))
        return
    if all_.better == 0 and all_.worse == 0:
        yield phrase(N_("%(asset)s：没有一户多得，也没有一户少得。"), asset=phrase(asset))
        return
    told: list[Text] = []
    if all_.better is not None:
        told.append(counted("%(n)s户会多得", all_.better))
    if all_.worse is not None:
        told.append(counted("%(n)s户会少得", all_.worse))
    if all_.same is not None:
        told.append(counted("%(n)s户不变", all_.same))
    if None in {all_.better, all_.worse, all_.same}:
        told.append(phrase(N_("有的户数太少，不细说")))
    yield counted(
        "按新办法，这段时间%(n)s户里，%(told)s；%(asset)s平均每户%(mean)s。",
        all_.households,
        told=_listed(told),
        asset=phrase(asset),
        mean=change(found.main, all_.mean or 0),
    )
    half = all_.households / 2
    if all_.better is not None and all_.better > half:
        yield phrase(N_("一半以上的户多得。"))
    if all_.worse is not None and all_.worse > half:
        yield phrase(N_("一半以上的户少得。"))


def _listed(parts: Sequence[Text]) -> Text:
    """Things one after the other, as a clause."""
    said = parts[0]
    for part in parts[1:]:
        said = phrase(N_("%(first)s，%(then)s"), first=said, then=part)
    return said


def _kinds(found: Backtest) -> Iterator[Phrase]:
    """Which kinds of households change most, of ages always, of sizes and places where they stand out."""
    usual = found.everybody.mean
    if usual is None or len(found.by_age) + len(found.by_size) + len(found.by_place) == 0:
        return
    for rows, word in ((found.by_age, age_word), (found.by_size, size_word), (found.by_place, place_word)):
        far = _farthest(rows, usual)
        if far is not None and far.mean is not None:
            text = N_("%(who)s平均每户%(mean)s，全部平均%(usual)s。")
            who = word(far.code)
            yield phrase(
                text,
                who=phrase(who) if isinstance(who, str) else who,
                mean=change(found.main, far.mean),
                usual=change(found.main, usual),
            )


def _farthest(rows: Iterable[Group], usual: float) -> Group | None:
    """The kind farthest from what is usual: by a point at least, and by a fifth of what is usual."""
    shown = [one for one in rows if one.mean is not None]
    if len(shown) < 2:  # noqa: PLR2004 - one row is everybody
        return None
    far = max(shown, key=lambda one: abs((one.mean or 0) - usual))
    return far if abs((far.mean or 0) - usual) >= max(1, abs(usual) / 5) else None


def _totals(found: Backtest) -> Iterator[Phrase]:
    for total in found.totals:
        asset, moved = phrase(_ASSETS[total.asset]), total.after - total.before
        if not moved:
            if total.asset is found.main:
                text = N_("%(asset)s一共%(before)s，和原来一样。")
                yield phrase(text, asset=asset, before=much(total.asset, total.before))
            continue
        text = N_("%(asset)s原来一共%(before)s，按新办法一共%(after)s，%(change)s%(part)s。")
        part = phrase(N_("（%(percent)s%%）"), percent=round(abs(moved) * 100 / total.before)) if total.before else ""
        yield phrase(
            text,
            asset=asset,
            before=much(total.asset, total.before),
            after=much(total.asset, total.after),
            change=change(total.asset, moved),
            part=part,
        )


def _items(found: Backtest) -> Iterator[Phrase]:
    first = next((row for row in found.items if row.before is not None and row.after != row.before), None)
    if first is not None:
        yield phrase(
            N_("变得最多的是“%(title)s”：从%(before)s到%(after)s。"),
            title=phrase(first.title),
            before=much(first.asset, first.before or 0),
            after=much(first.asset, first.after or 0),
        )


def _caps(found: Backtest) -> Iterator[Phrase]:
    if not found.capped:
        return
    first = next((row for row in found.caps if row.times is not None), None)
    if first is None:
        yield counted("有%(n)s笔因为到了上限不加分。", found.capped)
        return
    yield counted(
        "有%(n)s笔因为到了上限不加分；最多的是“%(title)s”（%(limit)s）：%(times)s笔，%(households)s户。",
        found.capped,
        title=phrase(first.title),
        limit=limit_word(first),
        times=first.times,
        households=first.households,
    )


def _cost(found: Backtest) -> Iterator[Phrase]:
    cost = found.cost
    if cost is None:
        yield phrase(N_("方案里没有写一分折合多少钱，算不出花费。"))
        return
    moved = cost.after - cost.before
    how = phrase(N_("少花%(yuan)s元") if moved < 0 else N_("多花%(yuan)s元"), yuan=yuan(abs(moved)))
    yield phrase(
        N_("折成钱：原来%(before)s元，按新办法%(after)s元，%(how)s；%(owed)s。"),
        before=yuan(cost.before),
        after=yuan(cost.after),
        how=how if moved else phrase(N_("一样多")),
        owed=_owed(cost),
    )


def _owed(cost: Cost) -> Phrase:
    if cost.owed == cost.owed_after:
        return phrase(N_("还没兑换的%(owed)s元不变"), owed=yuan(cost.owed))
    text = N_("还没兑换的会从%(owed)s元变成%(owed_after)s元")
    return phrase(text, owed=yuan(cost.owed), owed_after=yuan(cost.owed_after))


def pair_word(pair: Pair) -> Phrase:
    """An item of the past and the row its deeds were counted under."""
    return phrase(N_("“%(old)s”=“%(new)s”"), old=phrase(pair.old_title), new=phrase(pair.new_title))


def _paired(found: Backtest) -> Iterator[Phrase]:
    if not found.pairs:
        return
    told = _listed([pair_word(pair) for pair in found.pairs[:NAMED_MAX]])
    if len(found.pairs) > NAMED_MAX:
        yield counted("按%(pairs)s等%(n)s对算的，都列在下面。", len(found.pairs), pairs=told)
    else:
        yield phrase(N_("按%(pairs)s算的。"), pairs=told)


def _mostly_uncovered(found: Backtest) -> Iterator[Phrase]:
    """Told before all else: where most deeds find no row, who gains or loses says nothing about the draft."""
    if found.uncovered * 2 > found.deeds:
        most = 100 if found.uncovered >= found.deeds else 99
        yield phrase(
            N_(
                "过去的事有%(percent)s%%在新办法里没有对应的条目，都按不加分算，下面的多得少得因此做不得准。先把老条目对上，再看。"
            ),
            percent=min(round(found.uncovered * 100 / found.deeds), most),
        )


def _uncovered(found: Backtest) -> Iterator[Phrase]:
    """Told early: whoever reads of less must know that it may come of other names alone."""
    if not found.uncovered:
        return
    named = [row.title for row in found.left if row.code == "uncovered" and row.times is not None][:NAMED_MAX]
    yield counted(
        "过去记的%(deeds)s笔里，有%(n)s笔在新办法里找不到同名的条目，都按不加分算%(titles)s。名称改了的先对上，才比得准。",
        found.uncovered,
        deeds=found.deeds,
        titles="".join(f"“{title}”" for title in named),
    )


def title_word(row: ItemRow) -> Text:
    """What an item is called, and what its deeds were called then where only the code brought them together."""
    if not row.was:
        return row.title
    return phrase(
        N_("%(title)s（原来是%(was)s，人工对上）") if row.paired else N_("%(title)s（原来叫%(was)s，按编号对上）"),
        title=phrase(row.title),
        was="".join(f"“{title}”" for title in row.was),
    )


def _renamed(found: Backtest) -> Iterator[Phrase]:
    """Deeds go by code first: one code for two different things would compare what cannot be."""
    renamed = [row for row in found.items if row.was and not row.paired]
    if renamed:
        yield counted(
            "有%(n)s条和过去的名称不一样，是按编号对上的，比如%(row)s。不是同一件事的，请给新办法里的换一个编号。",
            len(renamed),
            row=title_word(renamed[0]),
        )


def _guessed(found: Backtest) -> Iterator[Phrase]:
    if found.guessed:
        if found.seed is None:
            yield counted(
                "有%(n)s笔，新办法要问的事当时没有问：分数按中间的算，时长按最短的算，别的数按最少的算，选择按第一个算。",
                found.guessed,
            )
        else:
            yield counted("有%(n)s笔，新办法要问的事当时没有问：按种子%(seed)s抽取。", found.guessed, seed=found.seed)
        yield from _taken(found)


def _taken(found: Backtest) -> Iterator[Phrase]:
    """The numbers that were taken for what nobody was asked, by the questions' own words."""
    told = dict.fromkeys((row.question, row.taken, row.unit) for row in found.guesses if row.taken is not None)
    for question, taken, unit in list(told)[:NAMED_MAX]:
        number = phrase("%(number)s%(unit)s", number=taken, unit=phrase(unit) if unit else "")
        yield phrase(N_("“%(question)s”当时没有问，按%(taken)s算。"), question=phrase(question), taken=number)
