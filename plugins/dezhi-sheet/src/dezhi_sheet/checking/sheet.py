"""Whether a sheet can be adopted: its codes, words, limits, dates and precedence, and each row's own shape."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

from dezhi.plugin import AMOUNT_MAX, CODE_MAX, TEXT_MAX, TITLE_MAX, Asset, Category, Window

from ..awarding.days import day_fault
from ..awarding.precedence import Ordered, after, chosen_by_people, circle, covers, undecided
from ..offering.items import bounds, item_of
from ..outline import Outline
from ..parts import Base, Campaign, Milestone, Row
from .faults import Fault
from .rows import row_faults

ITEMS_MAX: Final = 300
CATEGORIES_MAX: Final = 24
CAMPAIGNS_MAX: Final = 60
PERCENT_MAX: Final = 1_000
SHORT: Final = 20  # of a code or text quoted in a sentence


class Titled(Protocol):
    """Anything with a code and a title."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...


def sheet_faults(sheet: Outline) -> tuple[Fault, ...]:
    """Return everything that is wrong, in the order of the sheet; nothing for a sheet that can be adopted."""
    found = [*_sizes(sheet), *_codes(sheet), *_headings(sheet)]
    for number, row in enumerate(sheet.items):
        found += [Fault(f"items[{number}]{at}", row.code[:SHORT], text) for at, text in row_faults(row, sheet.items)]
    for number, base in enumerate(sheet.bases):
        found += _base(f"bases[{number}]", base)
    for number, campaign in enumerate(sheet.campaigns):
        found += _campaign(sheet, f"campaigns[{number}]", campaign)
    for number, milestone in enumerate(sheet.milestones):
        found += _milestone(sheet, f"milestones[{number}]", milestone)
    found += [*_order(sheet), *_highest(sheet)]
    # What is left is said by the contract itself: it is the last to look, and only at a sheet that seems sound.
    return tuple(found) or tuple(_contract(sheet))


def _sizes(sheet: Outline) -> Iterator[Fault]:
    count = len(sheet.items) + len(sheet.milestones) + sum(1 + len(base.reminders) for base in sheet.bases)
    for at, size, most in (
        ("items", count, ITEMS_MAX),
        ("categories", len(sheet.categories), CATEGORIES_MAX),
        ("campaigns", len(sheet.campaigns), CAMPAIGNS_MAX),
    ):
        if size > most:
            yield Fault(at, "", f"一共{size}条，最多{most}条")


def coded(sheet: Outline) -> Iterator[tuple[str, Titled]]:
    """Everything that becomes an item, with its place."""
    yield from ((f"items[{number}]", row) for number, row in enumerate(sheet.items))
    for number, base in enumerate(sheet.bases):
        yield f"bases[{number}]", base
        yield from ((f"bases[{number}].reminders[{at}]", one) for at, one in enumerate(base.reminders))
    yield from ((f"milestones[{number}]", one) for number, one in enumerate(sheet.milestones))


def _codes(sheet: Outline) -> Iterator[Fault]:
    """Codes that cannot be one, that are used twice; titles that are missing or endless."""
    headings = ((f"categories[{number}]", one) for number, one in enumerate(sheet.categories))
    campaigns = ((f"campaigns[{number}]", one) for number, one in enumerate(sheet.campaigns))
    for group in (headings, coded(sheet), campaigns):
        seen: dict[str, str] = {}
        for at, one in group:
            code = one.code[:SHORT]
            if not _is_code(one.code):
                yield Fault(f"{at}.code", code, f"代号只用小写字母、数字和短横线，最多{CODE_MAX}个字")
            elif one.code in seen:
                yield Fault(f"{at}.code", code, f"代号用了两次，前一次在{seen[one.code]}")
            seen.setdefault(one.code, at)
            yield from _text(f"{at}.title", code, one.title, TITLE_MAX, needed=True)


def _is_code(code: str) -> bool:
    try:
        Category(code=code, title=code)
    except ValueError:
        return False
    return True


def _text(at: str, code: str, text: str, most: int, *, needed: bool = False) -> Iterator[Fault]:
    if needed and not text.strip():
        yield Fault(at, code, "要有名称")
    elif len(text) > most:
        yield Fault(at, code, f"最多{most}个字，现在有{len(text)}个")


def _headings(sheet: Outline) -> Iterator[Fault]:
    known = {heading.code for heading in sheet.categories}
    for at, one in coded(sheet):
        category = getattr(one, "category", "")
        if category not in known:
            yield Fault(f"{at}.category", one.code[:SHORT], f"没有“{category[:SHORT]}”这一类")


def _base(at: str, base: Base) -> Iterator[Fault]:
    code = base.code[:SHORT]
    if not 1 <= base.points <= AMOUNT_MAX:
        yield Fault(f"{at}.points", code, f"要是1到{AMOUNT_MAX}的整数")
    if base.asset not in {Asset.HONOUR, Asset.SAFE}:
        yield Fault(f"{at}.asset", code, "基础分不能花，只能是荣誉积分或平安积分")
    if base.window is Window.LIFE:
        yield Fault(f"{at}.window", code, "要有期限，最长一年，提醒到期就不算了")
    if base.on:
        yield from _yearly(at, code, base)
    yield from _text(f"{at}.how", code, base.how, TEXT_MAX)
    for number, one in enumerate(base.reminders):
        place, name = f"{at}.reminders[{number}]", one.code[:SHORT]
        if one.warnings < 1:
            yield Fault(f"{place}.warnings", name, "第一次只提醒，至少要有1次")
        if not 1 <= one.minus <= one.most:
            yield Fault(f"{place}.minus", name, "每次减的分要大于0，并且不超过一共最多减的分")
        if one.most > base.points:
            yield Fault(f"{place}.most", name, f"一共最多减的分不能超过基础分{base.points}分")
        yield from _text(f"{place}.how", name, one.how, TEXT_MAX)
        yield from _text(f"{place}.hint", name, one.hint, TEXT_MAX)


def _yearly(at: str, code: str, base: Base) -> Iterator[Fault]:
    if wrong := day_fault(base.on):
        yield Fault(f"{at}.on", code, wrong)
    if base.window is not Window.YEAR:
        yield Fault(f"{at}.window", code, "写了哪一天记（on），就是一年一次，期限只能是year")
    if base.reminders:
        yield Fault(f"{at}.reminders", code, "写了哪一天记（on）就没有提醒，提醒要到期末才算得清")


def _campaign(sheet: Outline, at: str, campaign: Campaign) -> Iterator[Fault]:
    code = campaign.code[:SHORT]
    rows = {row.code: row for row in sheet.items}
    if campaign.last < campaign.first:
        yield Fault(f"{at}.last", code, f"日期写反了，{campaign.first}开始，{campaign.last}结束")
    if not 1 <= campaign.percent <= PERCENT_MAX:
        yield Fault(f"{at}.percent", code, f"要是1到{PERCENT_MAX}的整数，200就是双倍")
    for one in campaign.rows:
        if one not in rows:
            yield Fault(f"{at}.rows", code, f"没有“{one[:SHORT]}”这一条")
        elif chosen_by_people(rows[one]):
            yield Fault(f"{at}.rows", code, f"“{one}”的分由人来定，不能再加倍")
        elif not covers(campaign, rows[one]):
            yield Fault(f"{at}.rows", code, f"“{one}”记的是时间或次数，不能加倍")


def _milestone(sheet: Outline, at: str, one: Milestone) -> Iterator[Fault]:
    code = one.code[:SHORT]
    known = {row.code for row in sheet.items}
    if one.least < 1:
        yield Fault(f"{at}.least", code, "要大于0")
    if not 0 <= one.points <= AMOUNT_MAX:
        yield Fault(f"{at}.points", code, f"要是0到{AMOUNT_MAX}的整数")
    if one.asset is Asset.HOURS or one.counts is Asset.COUNT:
        yield Fault(f"{at}.asset", code, "不能奖志愿时，也不能按次数累计")
    for row in one.rows:
        if row not in known:
            yield Fault(f"{at}.rows", code, f"没有“{row[:SHORT]}”这一条")


def _order(sheet: Outline) -> Iterator[Fault]:
    """Precedence: declared where two rules meet, without a circle, and between things that there are."""
    yield from _ordered("campaigns", sheet.campaigns)
    yield from _ordered("items", sheet.items)
    if circle(sheet.campaigns) or circle(sheet.items):
        return
    later = after(sheet.campaigns)
    about = {one.code: {row.code for row in sheet.items if covers(one, row)} for one in sheet.campaigns}
    for one, other in undecided(sheet.campaigns, later):
        both = sorted(about[one.code] & about[other.code])
        if both and one.first <= other.last and other.first <= one.last:
            at = f"campaigns[{sheet.campaigns.index(other)}].before"
            said = f"和“{one.code}”日期重叠，都管“{both[0]}”，要用before写明哪个先算"
            yield Fault(at, other.code[:SHORT], said)
    for event in dict.fromkeys(row.event for row in sheet.items if row.event):
        rows = [row for row in sheet.items if row.event == event]
        for row, second in undecided(rows, after(rows)):
            at = f"items[{sheet.items.index(second)}].before"
            said = f"和“{row.code}”说的是同一件事（{event[:SHORT]}），要用before写明哪个先算"
            yield Fault(at, second.code[:SHORT], said)


def _ordered(at: str, things: Sequence[Ordered]) -> Iterator[Fault]:
    known = {one.code for one in things}
    for number, one in enumerate(things):
        for code in one.before:
            if code not in known:
                yield Fault(f"{at}[{number}].before", one.code[:SHORT], f"没有“{code[:SHORT]}”")
            elif isinstance(one, Row) and not _same_event(one, code, things):
                yield Fault(f"{at}[{number}].before", one.code[:SHORT], f"和“{code}”不是同一件事（event），不用排先后")
    if found := circle(things):
        number = next(number for number, one in enumerate(things) if one.code == found[0])
        yield Fault(f"{at}[{number}].before", found[0], f"先后绕成了圈，{' → '.join(found)}")


def _same_event(row: Row, code: str, things: Iterable[Ordered]) -> bool:
    return any(isinstance(one, Row) and one.code == code and row.event and one.event == row.event for one in things)


def _highest(sheet: Outline) -> Iterator[Fault]:
    """Rows of which the highest counts, and rows of one event, must be comparable."""
    for number, row in enumerate(sheet.items):
        for field, key in (("highest", row.highest and row.highest.group), ("event", row.event)):
            first = next((one for one in sheet.items if key and _key(one, field) == key), row)
            if (first.asset, first.holder) != (row.asset, row.holder):
                said = f"和“{first.code}”一起算，积分种类、记给谁也要一样"
                yield Fault(f"items[{number}].{field}", row.code[:SHORT], said)
            if field == "highest" and first.highest and row.highest and first.highest.window != row.highest.window:
                yield Fault(f"items[{number}].highest", row.code[:SHORT], f"期限要和“{first.code}”一样")


def _key(row: Row, field: str) -> str:
    return row.event if field == "event" else row.highest.group if row.highest else ""


def _contract(sheet: Outline) -> Iterator[Fault]:
    for number, row in enumerate(sheet.items):
        if (most := bounds(sheet, row).most) > AMOUNT_MAX:
            said = f"一次最多会到{most}分，超过{AMOUNT_MAX}分，请写quantity_most或event_most"
            yield Fault(f"items[{number}].points", row.code[:SHORT], said)
            continue
        try:
            item_of(sheet, row)
        except ValueError as error:
            yield Fault(f"items[{number}]", row.code[:SHORT], f"这样写用不了（{error}）")
