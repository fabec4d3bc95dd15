"""What all pages of a draft share: finding it by its address, the bar of steps, what is used beside it now."""

from dezhi.core.drafts import Draft, DraftState, RowState
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web.languages import listed, translate as _
from dezhi.web.views import drafts as views
from dezhi.web.visitors import Visitor, need_village, whole

STEPS = {
    "begin": N_("收表"),
    "rows": N_("确认"),
    "findings": N_("红线"),
    "try": N_("试算"),
    "resolution": N_("决议"),
    "review": N_("启用"),
}


async def need_draft(house: House, visitor: Visitor, code: str, key: int) -> tuple[Region, Draft]:
    """The draft of an address, with its village. Raises `Problem` 404 for another village's."""
    village = await need_village(house, visitor, code, Role.TOWNSHIP)
    return village, await house.drafts.find(village.id, whole(str(key)))


async def others_of(house: House, draft: Draft) -> views.Others | None:
    """What the village uses now beside the sheet; None where there is nothing else."""
    others = await house.drafts.others(draft)
    latest = next(iter(await house.programmes.history(draft.village)), None)
    if not others or latest is None:
        return None
    titles = {str(entry["code"]): str(entry["item"]["title"]) for entry in latest.items}
    theirs = {code: title for code, title in titles.items() if code.partition("/")[0] in others}
    same = {one.title for one in draft.rows if one.state is not RowState.DROPPED} & set(theirs.values())
    return views.Others(
        titles=listed(_(house.plugins.title(name)) for name in others),
        items=len(theirs),
        rewards=sum(code.partition("/")[0] in others for code in latest.kept.rewards),
        same=tuple(sorted(same)),
        wanted=bool(set(others) & set(draft.document.plugins)),
    )


def path_of(village: Region, draft: Draft, step: str) -> str:
    """The address of a step."""
    return f"/township/v/{village.code}/draft/{draft.id}/{step}"


def head_of(village: Region, draft: Draft, now: str) -> views.Head:
    """What stands above a page: the draft, and where in it one is. Every step is open at any time but adopting."""
    names = list(STEPS)
    at = names.index(now)
    return views.Head(
        code=village.code,
        village=village.name,
        key=str(draft.id),
        title=draft.title,
        edition=draft.edition,
        steps=tuple(
            views.Step(
                text=_(text),
                href="" if name == now or draft.state is not DraftState.OPEN else _href(village, draft, name),
                state="now" if name == now else "past" if names.index(name) < at else "",
            )
            for name, text in STEPS.items()
        ),
        now=now,
        about=draft.source,
    )


def _href(village: Region, draft: Draft, step: str) -> str:
    return f"/township/v/{village.code}/draft" if step == "begin" else path_of(village, draft, step)
