"""Whether one row makes sense by itself. Each fault is the place within the row and a sentence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from dezhi.plugin import AMOUNT_MAX, MINUTES_MAX, TEXT_MAX, TITLE_MAX, Asset, HolderKind, Role, Subject

from ..awarding.reckoning import FULL, weights
from ..offering.spans import GROUP_MAX, LIKE_MAX, alike_to, span
from ..parts import Limit, Per, Row

Found = Iterator[tuple[str, str]]

PARTS_MAX: Final = 25  # sections, defects: the contract takes 30 questions
JUDGES_MAX: Final = 60
MARKS_MAX: Final = 10_000
_TEXTS: Final = {"how": 200, "rhyme": 60, "hint": TEXT_MAX, "symbol": 8, "source": TITLE_MAX, "unit": 8, "event": 48}


def row_faults(row: Row, others: Sequence[Row]) -> Found:
    """Everything that is wrong with a row; `others` are the sheet's rows."""
    yield from _texts(row)
    yield from _numbers(row)
    yield from _shape(row)
    yield from _unit(row)
    yield from _marks(row)
    yield from _judges(row)
    yield from _tiers(row)
    yield from _inspection(row)
    yield from _parts(row)
    yield from _people(row)
    yield from _kinds(row)
    for number, limit in enumerate(row.caps):
        for text in _limit(row, limit):
            yield f".caps[{number}]", text
    counted = [(one.window, bool(one.times), one.of, one.share) for one in row.caps]
    if len(set(counted)) != len(counted):
        yield ".caps", "同一段时间里同样的上限写了两次"
    if row.analogy and not alike_to(row, others):
        yield ".analogy", "没有可以参照的条目，要有分值固定、积分种类相同的条目"


def _texts(row: Row) -> Found:
    for name, most in _TEXTS.items():
        size = len(getattr(row, name))
        if size > most:
            yield f".{name}", f"最多{most}个字，现在有{size}个"


def _numbers(row: Row) -> Found:
    for name, most in (("points", AMOUNT_MAX), ("least", AMOUNT_MAX), ("most", AMOUNT_MAX), ("event_most", AMOUNT_MAX)):
        number = getattr(row, name)
        if number < 0:
            yield f".{name}", "不能写负数，细则只加分，要减的写成基础分里的提醒（bases.reminders）"
        elif number > most:
            yield f".{name}", f"最多{most}"
    if row.least > row.most:
        yield ".least", f"最少{row.least}分比最多{row.most}分还多"
    if row.most and row.points:
        yield ".points", "写了分值范围，就不再写固定的分值"
    if row.every < 0 or row.quantity_most < 0 or (row.quantity_most and row.quantity_most < (row.every or 1)):
        yield ".every", "单位数量要大于0，最多能填的数不能比它还小"
    for number, one in enumerate(row.beside):
        if not 1 <= one.points <= AMOUNT_MAX or one.asset in {row.asset, Asset.COUNT}:
            yield f".beside[{number}]", "另记的要是别的一种积分，并且大于0"
        if one.per not in {Per.TIME, Per.HOUR} or (one.per is Per.HOUR and row.per is not Per.HOUR):
            yield f".beside[{number}].per", "另记的按次（time），或者在按小时的条目里按小时（hour）"


def _shape(row: Row) -> Found:
    """One way of finding the amount, and an amount."""
    given = [name for name in ("levels", "inspection", "sections", "vote", "analogy") if getattr(row, name)]
    if row.judges or row.blend:
        given.append("judges" if row.judges else "blend")
    if row.most and not row.vote:
        given.append("range")
    if len(given) > 1:
        yield f".{given[1]}", f"分怎么算写了不止一种（{' / '.join(given)}）"
    if row.vote and not row.most:
        yield ".vote", "由村民议定的，要写least和most"
    if given and row.per not in {Per.TIME, Per.HOUSEHOLD}:
        yield ".per", "这样算分的条目只能按次或按户次"
    if not given and not row.points and row.asset is not Asset.COUNT and not _minutes_alone(row):
        yield ".points", "没有写分值，只想记次数的，积分种类写count"
    if row.asset is Asset.COUNT and (row.points or given or row.beside or row.people or row.group):
        yield ".asset", "只记次数的条目不能有分值"


def _unit(row: Row) -> Found:
    """What the points are for."""
    if row.coefficients and row.asset is Asset.HOURS:
        yield (
            ".coefficients",
            "志愿时按真做的时间记，不乘系数；要按系数给分，积分种类改成moral，想两样都记，志愿时写在另记（beside）里",
        )
    elif row.coefficients and row.per is not Per.HOUR:
        yield ".coefficients", "系数只用在按小时记分的条目（per = hour）"
    if row.per is Per.QUANTITY and not row.unit:
        yield ".unit", "按数量的，要写单位，例如毫升、元"
    if row.per is Per.HOUSEHOLD and row.holder is HolderKind.PERSON:
        yield ".holder", "按户次的只能记给户"


def _minutes_alone(row: Row) -> bool:
    return row.asset is Asset.HOURS and row.per is Per.HOUR


def _kinds(row: Row) -> Found:
    """What hours can and cannot be."""
    if row.asset is not Asset.HOURS:
        return
    shaped = row.levels or row.inspection or row.sections or row.judges or row.blend or row.most or row.analogy
    if shaped or row.highest or row.group or row.event or row.per not in {Per.TIME, Per.HOUR}:
        yield ".asset", "志愿时只按做的时间记"
    if row.points > MINUTES_MAX or (row.points and row.per is Per.HOUR):
        yield ".points", f"志愿时按分钟，每次固定的写分钟数（最多{MINUTES_MAX}），按实际时间的不写"


def _marks(row: Row) -> Found:
    """Marks of sections, and one's own beside the neighbours'."""
    if row.sections:
        listed = weights(row.sections)
        if sum(listed) != FULL:
            yield ".sections", f"各项权重（没写权重的看满分）加起来是{sum(listed)}，要正好{FULL}"
        if any(not 1 <= one.most <= MARKS_MAX or one.weight < 0 for one in row.sections):
            yield ".sections", f"每项的满分要是1到{MARKS_MAX}的整数"
    if row.blend and (row.blend.own < 0 or row.blend.own + row.blend.mutual != FULL):
        yield ".blend", f"自评和互评的百分比加起来要正好{FULL}"
    if row.blend and row.judges and row.judges.most != row.blend.most:
        yield ".judges.most", "互评的满分要和自评的一样"


def _judges(row: Row) -> Found:
    judges = row.judges
    if judges is None:
        return
    if not 0 <= judges.least < judges.most <= MARKS_MAX:
        yield ".judges.least", "评委打分的最低分要小于最高分"
    if not 1 <= judges.count_least <= judges.count_most <= JUDGES_MAX:
        yield ".judges.count_least", f"评委人数要在1到{JUDGES_MAX}之间，最少不能多过最多"
    if judges.trim < 0 or 2 * judges.trim >= judges.count_least:
        yield ".judges.trim", "去掉的分太多，人少的时候就没有分了"


def _tiers(row: Row) -> Found:
    """Tiers and preconditions, which only marks have."""
    marked = row.sections or row.judges or row.blend or row.inspection
    if row.tiers and not marked:
        yield ".tiers", "等级要有评分（sections、judges、blend或inspection）"
    if row.preconditions and not marked:
        yield ".preconditions", "前提条件要和评分一起用"
    if any(high.least <= low.least for low, high in pairwise(row.tiers)):
        yield ".tiers", "等级要从低到高，起点不能重复"
    if row.tiers and (any(one.points < 0 or one.least < 0 for one in row.tiers) or not row.tiers[-1].points):
        yield ".tiers", "等级的分不能是负数，最高一档要有分"


def _inspection(row: Row) -> Found:
    inspection = row.inspection
    if inspection is None:
        return
    if not 1 <= inspection.full <= AMOUNT_MAX or not inspection.defects:
        yield ".inspection", "检查要写满分，和扣哪些"
    if any(one.off < 1 or not 1 <= one.most <= MARKS_MAX for one in inspection.defects):
        yield ".inspection", "每处少的分要大于0"


def _parts(row: Row) -> Found:
    """Codes and titles of what the clerk chooses from or fills in."""
    defects = row.inspection.defects if row.inspection else ()
    for name, parts in (
        ("levels", row.levels),
        ("sections", row.sections),
        ("coefficients", row.coefficients),
        ("inspection.defects", defects),
    ):
        codes = [one.code for one in parts]
        if len(set(codes)) != len(codes):
            yield f".{name}", "代号用了两次"
        most = PARTS_MAX if name in {"sections", "inspection.defects"} else LIKE_MAX
        if len(codes) > most:
            yield f".{name}", f"一共{len(codes)}项，最多{most}项"
        if any(not 1 <= len(one.title.strip()) <= TITLE_MAX for one in parts):
            yield f".{name}", f"每项都要有名称，最多{TITLE_MAX}个字"
    if any(not 1 <= level.points <= AMOUNT_MAX for level in row.levels):
        yield ".levels", "每一级的分要大于0"
    if any(not 1 <= one.percent <= 10 * FULL for one in row.coefficients):
        yield ".coefficients", f"系数按百分比写，1到{10 * FULL}"
    if sum(len(one.title) + 1 for one in row.preconditions) > TEXT_MAX or any(not p.title for p in row.preconditions):
        yield ".preconditions", f"前提条件一共最多{TEXT_MAX}个字，每条都要写"


def _people(row: Row) -> Found:
    roles = [one.role for one in row.people]
    if len(set(roles)) != len(roles) or Role.GROUP in roles:
        yield ".people", "同一种人只写一次，一整组的写group"
    for number, one in enumerate(row.people):
        if not 0 <= one.least <= one.most <= GROUP_MAX or one.of not in {Subject.HOUSEHOLD, Subject.PERSON}:
            yield f".people[{number}]", f"人数要在0到{GROUP_MAX}之间，最少不能多过最多，是户或者人"
        if not 0 <= one.points <= AMOUNT_MAX or (one.role is Role.WITNESS and one.points):
            yield f".people[{number}].points", "分不能是负数，见证人不得分"
        if one.of is Subject.HOUSEHOLD and one.points and _of_person(row):
            yield f".people[{number}].of", "这一条记给个人，一起的也要写明是人（person）"
    if row.group and (row.people or row.highest or row.event or row.caps or row.beside or _of_person(row)):
        yield ".group", "一整组的条目只写分值和怎么分，不另设上限、另记和一起的人"
    if row.group and row.group.of not in {Subject.GRID, Subject.VILLAGE}:
        yield ".group.of", "一整组是网格（grid）或全村（village）"


def _of_person(row: Row) -> bool:
    return row.holder is HolderKind.PERSON or row.asset is Asset.HOURS


def _limit(row: Row, limit: Limit) -> Iterator[str]:
    given = [number for number in (limit.times, limit.points, limit.minutes) if number]
    if len(given) != 1 or given[0] < 0:
        yield "次数（times）、分数（points）、分钟（minutes）只写一个，要大于0"
        return
    if limit.of not in {None, Subject.GRID, Subject.VILLAGE}:
        yield "名额（of）是网格（grid）或全村（village）的"
    if limit.minutes and row.asset is not Asset.HOURS and all(one.asset is not Asset.HOURS for one in row.beside):
        yield "不记志愿时的条目，上限不能写分钟"
    if limit.points and row.asset in {Asset.HOURS, Asset.COUNT}:
        yield "记时间或次数的条目，上限不能写分数"
    if limit.fill and limit.times:
        yield "补到上限（fill）只用于分数和分钟"
    single = span(row).least
    if limit.points and not limit.fill and single > limit.points:
        yield f"上限{limit.points}分比一次的{single}分还少"
    if limit.minutes and row.per is Per.TIME and row.points > limit.minutes:
        yield f"上限{limit.minutes}分钟比一次的{row.points}分钟还少"
