"""The hooks: every question Dezhi asks a plugin, and nothing else.

A plugin answers by defining functions of these names, marked with `@hook`. A function may take any subset of the
arguments, by these names. All are synchronous and pure: the same arguments give the same answer, and nothing is read
or changed besides. A hook is asked of *each* enabled plugin, or of the *owner* of the thing asked about; there is no
first answer that wins and no wrapping, so the order of installation never decides. `docs/reference/hooks.md` tells
more, with the promise of stability.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pluggy

from dezhi.plugin.answers import Assessment, Due, Entry, Notice, Page, Reading, Table, Total, Visit, Workbook
from dezhi.plugin.declaration import Declared, Settings
from dezhi.plugin.facts import Facts
from dezhi.plugin.items import Item
from dezhi.plugin.model import Award, Board, Deed, Holder, Intent, Programme, Quote, Refusal, Reward
from dezhi.plugin.vocabulary import Permission

PROJECT: Final = "dezhi"
spec = pluggy.HookspecMarker(PROJECT)
hook = pluggy.HookimplMarker(PROJECT)

# None: whoever may answer any other hook may answer this one too.
PERMISSION_OF: Final[Mapping[str, Permission | None]] = {
    "items": Permission.AWARD,
    "declares": None,
    "score": Permission.AWARD,
    "assess": Permission.AWARD,
    "check": Permission.REFUSE,
    "rewards": Permission.REWARD,
    "quote": Permission.REWARD,
    "boards": Permission.BOARD,
    "read_sheet": Permission.READ,
    "schedule": Permission.SCHEDULE,
    "reports": Permission.REPORT,
    "notices": Permission.NOTICE,
    "page": Permission.PAGE,
}


@spec
def items(programme: Programme, settings: Settings) -> Sequence[Item] | None:
    """Which items, with which limits, does this version of the programme offer?

    *Asked*: of each enabled plugin, once for a version; the answer is kept with the version.
    *Returns*: the items; None or nothing for a plugin that only checks or shows.
    *If it raises*: the version offers none of this plugin's items, and staff are told why.
    *Example*: `return [SWEEP]`
    *Since*: API 1
    """


@spec
def declares(settings: Settings) -> Declared | None:
    """Which headings, and which facts, do these settings call for beside those of the Declaration?

    *Asked*: of each enabled plugin, once for a version.
    *Returns*: a Declared; None for nothing more.
    *If it raises*: the plugin cannot be asked anything in this version, and staff are told why.
    *Example*: `return Declared(categories=settings.categories, facts=facts_of(settings.items))`
    *Since*: API 1
    """


@spec
def score(programme: Programme, settings: Settings, deed: Deed, facts: Facts) -> Sequence[Award] | None:
    """Which awards does this deed earn, and why?

    *Asked*: of each enabled plugin, before a deed is booked; `deed.item` may be another plugin's.
    *Returns*: awards under the plugin's own items and inside their lines; None or nothing for none, as clerks are told.
    *If it raises*: this plugin proposes nothing, the others' awards stand, and the clerk is told which one failed.
    *Example*: `return awards_as_declared(SWEEP, deed) if deed.item == "dezhi-hello/sweep" else None`
    *Since*: API 1
    """


@spec
def check(programme: Programme, settings: Settings, intent: Intent, facts: Facts) -> Refusal | None:
    """Is there a reason against this award or redemption?

    *Asked*: of each enabled plugin, after the core's own checks and before booking; all refusals are shown.
    *Returns*: a Refusal, or None to let it pass.
    *If it raises*: it counts as a refusal, because a broken check must not let things through.
    *Example*: `return Refusal(reason="这个月已经换过一次，下月1日再来。") if facts.had_this_month else None`
    *Since*: API 1
    """


@spec
def rewards(programme: Programme, settings: Settings) -> Sequence[Reward] | None:
    """What can be had for points, and at what price?

    *Asked*: of each enabled plugin, once for a version; the answer is kept with the version.
    *Returns*: the rewards; None or nothing for a plugin that offers none.
    *If it raises*: this plugin's rewards are left out of the catalogue, and staff are told why.
    *Example*: `return [Reward(code="soap", title="香皂", price=10, kind=RewardKind.GOOD)]`
    *Since*: API 1
    """


@spec
def quote(
    programme: Programme, settings: Settings, reward: Reward, holder: Holder, facts: Facts
) -> Quote | Refusal | None:
    """What does this reward cost this holder now?

    *Asked*: of the owner of the reward only, when somebody wants to redeem it.
    *Returns*: a Quote; a Refusal if this holder cannot have it now; None for the listed price.
    *If it raises*: the reward cannot be had until it is mended; no points move.
    *Example*: `return Quote(reward=reward.code, price=reward.price // 2, reason="重阳节半价，5分。")`
    *Since*: API 1
    """


@spec
def boards(programme: Programme, settings: Settings) -> Sequence[Board] | None:
    """Which boards exist: unit, assets and weights, window, tie rule?

    *Asked*: of each enabled plugin, once for a version; the core computes every place and bar from the ledger.
    *Returns*: the boards; None or nothing for a plugin that has none.
    *If it raises*: this plugin's boards are left out, and staff are told why.
    *Example*: `return [Board(code="bench", title="村口长椅", kind=BoardKind.GOAL, target=3000, ...)]`
    *Since*: API 1
    """


@spec
def assess(programme: Programme, settings: Settings, deed: Deed, facts: Facts) -> Assessment | None:
    """What does this assessment come to: section by section, in stars, until when?

    *Asked*: of the owner of the deed's item, beside `score`, when a deed is recorded or looked at before.
    *Returns*: an Assessment; None where the item is none. It is kept with the deed, and nowhere if nothing is awarded.
    *If it raises*: the deed is not booked, and the clerk is told which plugin failed.
    *Example*: `return Assessment(sections=sections, stars=3, until=deed.date.replace(year=deed.date.year + 1), ...)`
    *Since*: API 1
    """


@spec
def read_sheet(programme: Programme, settings: Settings, workbook: Workbook) -> Reading | None:
    """What does this village's own workbook say, row by row, and how sure is that?

    *Asked*: of the owner chosen by whoever uploads the workbook; nothing is adopted before a person confirmed it.
    *Returns*: a Reading; None where this is not a sheet the plugin can read.
    *If it raises*: nothing is read, and whoever uploaded it is told which plugin failed.
    *Example*: `return Reading(settings={}, rows="items", drafts=drafts_of(workbook))`
    *Since*: API 1
    """


@spec
def schedule(programme: Programme, settings: Settings, day: date) -> Sequence[Due] | None:
    """Which deeds does the calendar make due on this day?

    *Asked*: of each enabled plugin, once for every day, also for the last 40 days if nothing ran on them.
    *Returns*: what each household of the village is recorded with, by whoever adopted the version; mostly nothing.
    *If it raises*: nothing of this plugin is due that day, staff are told why, and it is asked again the next night.
    *Example*: `return [Due(item="family-base")] if (day.month, day.day) == (1, 1) else None`
    *Since*: API 1
    """


@spec
def reports(programme: Programme, settings: Settings, totals: Sequence[Total]) -> Sequence[Table] | None:
    """Which tables does this plugin make of the village's totals of its own items?

    *Asked*: of each enabled plugin, when the reports page is opened.
    *Returns*: tables; None or nothing for a plugin that has none.
    *If it raises*: this plugin's tables are left out, and staff are told why.
    *Example*: `return [Table(code="visits", title="中心户长走访", columns=("月份", "户次"), rows=rows)]`
    *Since*: API 1
    """


@spec
def notices(programme: Programme, settings: Settings, entry: Entry, facts: Facts) -> Sequence[Notice] | None:
    """What else should the people of this house know about what was just booked?

    *Asked*: of the owner of the entry's item, whenever it is shown; facts are of its day, the entry itself included.
    *Returns*: sentences; None or nothing mostly.
    *If it raises*: the entry is shown without them, and staff are told why.
    *Example*: `return [Notice(text="您已满100小时，可以评一星志愿者。")] if facts.minutes >= 6000 else None`
    *Since*: API 1
    """


@spec
def page(programme: Programme, settings: Settings, visit: Visit) -> Page | None:
    """What stands on this plugin's own public page?

    *Asked*: of the owner, when somebody opens the page; it is drawn by the house and holds no data of people.
    *Returns*: a Page; None where there is no page of this path.
    *If it raises*: the page says that it cannot be shown now.
    *Example*: `return Page(title="中心户长", blocks=(Paragraph(text="每月走访一次。"),)) if not visit.path else None`
    *Since*: API 1
    """
