"""The odd shapes once more, as somebody who programs would write them: one function a row, no model of a sheet."""

from collections.abc import Callable
from typing import Final

from dezhi.plugin import (
    Ask,
    Asset,
    Award,
    Category,
    Declaration,
    Deed,
    Fact,
    Facts,
    Item,
    Line,
    Measure,
    People,
    Question,
    QuestionKind,
    Role,
    Subject,
    Window,
    hook,
)

NAME: Final = "python-rules"
LEVELS: Final = {"county": 15, "town": 10}
TIERS: Final = ((90, 30), (80, 20), (70, 10))
PRAISE: Final = ("honour", "star")


def total(name: str, items: tuple[str, ...], asset: Asset, measure: Measure = Measure.SUM) -> Fact:
    return Fact(name=name, measure=measure, items=items, asset=asset, window=Window.YEAR)


def had(name: str, item: str) -> Fact:
    return Fact(name=name, measure=Measure.COUNT, items=(item,), window=Window.YEAR)


PLUGIN = Declaration(
    categories=(Category(code="good", title="好事"),),
    facts=(
        total("highest_honour", PRAISE, Asset.MORAL),
        total("highest_star", PRAISE, Asset.MORAL),
        total("reminded_litter", ("litter",), Asset.COUNT),
        total("reminded_straw", ("straw",), Asset.COUNT),
        total("sum_silver", ("sweep",), Asset.MORAL),
        total("sum_gold", ("sweep",), Asset.MORAL),
        had("had_silver", "silver"),
        had("had_gold", "gold"),
    ),
)


def row(
    code: str, *lines: tuple[Asset, int, int], asks: tuple[Question, ...] = (), people: tuple[People, ...] = ()
) -> Item:
    assets = {asset: Line(asset=asset, amount_min=least, amount_max=most) for asset, least, most in lines}
    return Item(
        code=code,
        title=code,
        category="good",
        asset=lines[0][0],
        lines=tuple(assets.values()),
        how=code,
        ask=Ask.NOTHING,
        questions=asks,
        people=people,
        quiet=set(assets) == {Asset.COUNT} and code in {"litter", "straw"},
    )


def number(name: str, most: int = 100) -> Question:
    return Question(name=name, title=name, kind=QuestionKind.NUMBER, most=most)


def marks(few: int, many: int) -> Question:
    return Question(name="scores", title="分", kind=QuestionKind.NUMBERS, count_least=few, count_most=many)


GRID: Final = People(role=Role.GROUP, title="网格", of=Subject.GRID, most=200)
HELPED: Final = People(role=Role.HELPED, title="两家", least=2, most=2)
ONCE: Final = (Asset.COUNT, 1, 1)
ITEMS: Final = (
    row("honour", (Asset.MORAL, 1, 15), ONCE),
    row("star", (Asset.MORAL, 1, 20), ONCE),
    row("base", (Asset.HONOUR, 1, 100), ONCE),
    row("litter", ONCE),
    row("straw", ONCE),
    row("home", (Asset.SAFE, 10, 30), ONCE, asks=(number("section_fire"), number("section_peace"))),
    row("sweep", (Asset.MORAL, 5, 5)),
    row("silver", (Asset.HONOUR, 10, 10)),
    row("gold", ONCE),
    row("speech", (Asset.MORAL, 1, 36), asks=(marks(2, 36),)),
    row("yard", (Asset.MORAL, 1, 20), asks=(marks(5, 9),)),
    row("moral", (Asset.MORAL, 1, 100), asks=(number("own"), number("mutual"))),
    row("moral-many", (Asset.MORAL, 1, 100), asks=(number("own"), marks(2, 20))),
    row("mediate", (Asset.MORAL, 3, 10), people=(HELPED,)),
    row("cleanest-grid", (Asset.MORAL, 10, 10), people=(GRID,)),
    row("prize", (Asset.MORAL, 1, 100), people=(GRID,)),
)


def half_up(top: int, bottom: int) -> int:
    return (2 * top + bottom) // (2 * bottom)


def answered(deed: Deed, name: str) -> int:
    answer = deed.answer(name)
    return answer if isinstance(answer, int) else 0


def scores(deed: Deed) -> tuple[int, ...]:
    answer = deed.answer("scores")
    return tuple(sorted(answer)) if isinstance(answer, tuple) else ()


def gives(code: str, amount: int, asset: Asset = Asset.MORAL) -> list[Award]:
    if amount <= 0:
        return [Award(item=code, asset=Asset.COUNT, amount=1, reason=f"{code}：只记一次")]
    return [Award(item=code, asset=asset, amount=amount, reason=f"{code}：记{amount}")]


def highest(deed: Deed, facts: Facts) -> list[Award]:
    worth = LEVELS[str(deed.answer("level"))] if deed.code == "honour" else 20
    return gives(deed.code, worth - facts[f"highest_{deed.code}"])


def base(deed: Deed, facts: Facts) -> list[Award]:
    litter = min(30, 10 * max(0, facts.reminded_litter - 1))
    straw = min(100, 60 * max(0, facts.reminded_straw - 2))
    return gives(deed.code, 100 - litter - straw, Asset.HONOUR)


def home(deed: Deed, facts: Facts) -> list[Award]:
    marked = answered(deed, "section_fire") + answered(deed, "section_peace")
    return gives(deed.code, next((points for least, points in TIERS if marked >= least), 0), Asset.SAFE)


def sweep(deed: Deed, facts: Facts) -> list[Award]:
    awards = gives(deed.code, 5)
    if facts.sum_silver + 5 >= 100 and not facts.had_silver:
        awards += gives("silver", 10, Asset.HONOUR)
    if facts.sum_gold + 5 >= 300 and not facts.had_gold:
        awards += gives("gold", 0)
    return awards


def speech(deed: Deed, facts: Facts) -> list[Award]:
    given = scores(deed)
    return gives(deed.code, half_up(sum(given), len(given)))


def yard(deed: Deed, facts: Facts) -> list[Award]:
    kept = scores(deed)[1:-1]
    return gives(deed.code, half_up(20 * half_up(sum(kept), len(kept)), 100))


def moral(deed: Deed, facts: Facts) -> list[Award]:
    return gives(deed.code, half_up(30 * answered(deed, "own") + 70 * answered(deed, "mutual"), 100))


def moral_many(deed: Deed, facts: Facts) -> list[Award]:
    given = scores(deed)
    return gives(deed.code, half_up(answered(deed, "own") * len(given) + sum(given), 2 * len(given)))


def mediate(deed: Deed, facts: Facts) -> list[Award]:
    helped = [one for one in deed.participants if one.role is Role.HELPED]
    parties = [Award(item=deed.code, asset=Asset.MORAL, amount=3, reason="两家各记3分", to=one) for one in helped]
    return gives(deed.code, 10) + parties


def grid(deed: Deed, facts: Facts) -> list[Award]:
    homes = [one for one in deed.participants if one.role is Role.GROUP]
    share = 10 if deed.code == "cleanest-grid" else 100 // max(1, len(homes))
    return [
        Award(
            item=deed.code,
            asset=Asset.MORAL,
            amount=share,
            reason=f"每户记{share}分",
            to=None if one.household == deed.doer.household else one,
        )
        for one in homes
    ]


def reminder(deed: Deed, facts: Facts) -> list[Award]:
    return gives(deed.code, 0)


RULES: Final[dict[str, Callable[[Deed, Facts], list[Award]]]] = {
    "honour": highest,
    "star": highest,
    "base": base,
    "litter": reminder,
    "straw": reminder,
    "home": home,
    "sweep": sweep,
    "speech": speech,
    "yard": yard,
    "moral": moral,
    "moral-many": moral_many,
    "mediate": mediate,
    "cleanest-grid": grid,
    "prize": grid,
}


@hook
def items() -> list[Item]:
    return list(ITEMS)


@hook
def score(deed: Deed, facts: Facts) -> list[Award]:
    rule = RULES.get(deed.code) if deed.plugin == NAME else None
    return rule(deed, facts) if rule else []
