"""How many points a deed is worth by its row alone: pure arithmetic on whole numbers, with the words for it.

What was given before, campaigns and limits come after (`awarding`). Rounding is always half up, and only once.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

from dezhi.plugin import Asset, Deed, spoken_minutes

from ..parts import Per, Row, Section, Tier

FULL: Final = 100  # what weighted sections and percentages sum to
HOUR: Final = 60
DEFECT: Final = "defect_"
SECTION: Final = "section_"


class Worth(NamedTuple):
    """An amount of the row's asset, and how it was found."""

    amount: int
    clauses: tuple[str, ...] = ()


def rounded(number: Fraction) -> int:
    """Round to a whole number, a half upwards."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def percent_of(amount: int, percent: int) -> int:
    """So many per cent of an amount, rounded half up."""
    return rounded(Fraction(amount * percent, FULL))


def weights(sections: Iterable[Section]) -> tuple[int, ...]:
    """The sections' weights: as given, or where none is given the marks they go up to."""
    listed = tuple(sections)
    given = tuple(section.weight for section in listed)
    return given if any(given) else tuple(section.most for section in listed)


def reckon(row: Row, others: Iterable[Row], deed: Deed) -> Worth | None:
    """Return what a deed is worth under its row; None where a precondition is not met, so that nothing is appraised.

    `others` are the sheet's rows, for a row that goes by analogy.
    """
    if row.preconditions and deed.answer("conditions") is not True:
        return None
    if row.inspection is not None:
        return _inspected(row, deed)
    if row.sections or row.judges is not None or row.blend is not None:
        return _marked(row, deed)
    if row.levels or row.analogy or row.most:
        return _chosen(row, others, deed)
    return _counted(row, deed)


def step_of(row: Row) -> str:
    """Say what the points of a quantity are for: 500元, 条."""
    return f"{row.every}{row.unit}" if row.every > 1 else row.unit


def full_hours(row: Row, deed: Deed) -> int:
    """How many full hours, or full `every` minutes, a deed took."""
    return (deed.minutes or 0) // (row.every or HOUR)


def _chosen(row: Row, others: Iterable[Row], deed: Deed) -> Worth | None:
    """What the clerk chose: a level, a row that is alike, or points within a range."""
    if row.levels:
        level = next((one for one in row.levels if one.code == deed.answer("level")), None)
        return Worth(level.points, (f"按“{level.title}”",)) if level else None
    if row.analogy:
        like = next((one for one in others if one.code == deed.answer("like")), None)
        return Worth(like.points, (f"参照“{like.title}”，理由见记录",)) if like else None
    if deed.points is None:
        return None
    if row.vote:
        return Worth(deed.points, (f"村民议定{deed.points}分，决议见记录",))
    return Worth(deed.points, (f"在{row.least or 1}到{row.most}分里定为{deed.points}分，理由见记录",))


def _counted(row: Row, deed: Deed) -> Worth:
    """Points of each time, person, hour or quantity."""
    match row.per:
        case Per.PERSON:
            people = _number(deed, "people")
            return Worth(row.points * people, (f"{people}人次，每人次{row.points}分",))
        case Per.QUANTITY:
            amount, step = _number(deed, "quantity"), row.every or 1
            said = f"{amount}{row.unit}，每{step_of(row)}记{row.points}分"
            return Worth(amount // step * row.points, (said,))
        case Per.HOUR if row.asset is Asset.HOURS:
            return Worth(deed.minutes or 0)
        case Per.HOUR:
            said = f"做了{spoken_minutes(deed.minutes or 0)}，每满{spoken_minutes(row.every or HOUR)}记{row.points}分"
            worth = Worth(full_hours(row, deed) * row.points, (said,))
            return _weighed(row, deed, worth)
        case _:
            return Worth(row.points)


def _weighed(row: Row, deed: Deed, worth: Worth) -> Worth:
    """Apply the coefficient of the kind of service."""
    kind = next((one for one in row.coefficients if one.code == deed.answer("kind")), None)
    if kind is None:
        return worth
    said = f"按“{kind.title}”算{kind.percent}%"
    return Worth(percent_of(worth.amount, kind.percent), (*worth.clauses, said))


def _inspected(row: Row, deed: Deed) -> Worth:
    """Full marks less something for each defect, and never below nothing."""
    inspection = row.inspection
    if inspection is None:
        return Worth(0)
    left, said = inspection.full, [f"满分{inspection.full}分"]
    for defect in inspection.defects:
        count = _number(deed, DEFECT + defect.code.replace("-", "_"))
        if count:
            left -= count * defect.off
            said.append(f"{defect.title}{count}{defect.unit}少{count * defect.off}分")
    if len(said) == 1:
        said.append("没有发现问题")
    if left < 0:
        said.append("扣完为止")
    return _paid(row, max(0, left), inspection.full, said)


def _marked(row: Row, deed: Deed) -> Worth:
    """Sections, judges or a blend of one's own mark with the neighbours'."""
    if row.sections:
        total = rounded(
            sum(
                (
                    Fraction(_number(deed, SECTION + section.code.replace("-", "_")) * weight, section.most)
                    for section, weight in zip(row.sections, weights(row.sections), strict=True)
                ),
                Fraction(0),
            )
        )
        return _paid(row, total, FULL, [f"各项合计{total}分（满分100分）"])
    exact, said = _mean(row, deed)
    if row.blend is None:
        return _paid(row, rounded(exact), row.judges.most if row.judges else FULL, said)
    own = _number(deed, "own")
    mutual = exact if row.judges else Fraction(_number(deed, "mutual"))
    total = rounded((own * row.blend.own + mutual * row.blend.mutual) / FULL)
    said.append(f"自评{own}分占{row.blend.own}%，互评{rounded(mutual)}分占{row.blend.mutual}%，合{total}分（四舍五入）")
    return _paid(row, total, row.blend.most, said)


def _mean(row: Row, deed: Deed) -> tuple[Fraction, list[str]]:
    """The judges' mean, exactly, without the highest and lowest where the row says so."""
    scores = deed.answer("scores")
    if row.judges is None or not isinstance(scores, tuple) or not scores:
        return Fraction(0), []
    trim = row.judges.trim
    kept = sorted(scores)[trim : len(scores) - trim]
    mean = Fraction(sum(kept), len(kept))
    if not trim:
        return mean, [f"{len(scores)}位评委平均{rounded(mean)}分（四舍五入）"]
    return mean, [f"{len(scores)}位评委，去掉最高最低各{trim}个，平均{rounded(mean)}分（四舍五入）"]


def _paid(row: Row, marks: int, full: int, said: list[str]) -> Worth:
    """What marks come to: by tiers, in proportion to `points`, or as they are."""
    if row.tiers:
        tier = reached(row.tiers, marks)
        if tier is None:
            return Worth(0, (*said, "没有达到最低一档"))
        return Worth(tier.points, (*said, f"评为“{tier.title}”（{tier.least}分起）"))
    if row.points:
        return Worth(rounded(Fraction(row.points * marks, full)), (*said, f"满分给{row.points}分，按得分折算"))
    return Worth(marks, tuple(said))


def reached(tiers: Iterable[Tier], marks: int) -> Tier | None:
    """Return the highest tier that so many marks reach."""
    return max((tier for tier in tiers if tier.least <= marks), key=lambda tier: tier.least, default=None)


def _number(deed: Deed, name: str) -> int:
    """The clerk's number; 0 where the answer is missing, which the core does not let happen."""
    answer = deed.answer(name)
    return answer if type(answer) is int else 0
