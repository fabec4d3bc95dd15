"""What differs between two versions, who decided it and where to object: for a page, and for the village's wall."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from dezhi.core.calendar import today
from dezhi.core.differences import differences
from dezhi.core.lineages import followed
from dezhi.core.programmes import Deciding, Programme, Resolution
from dezhi.core.text import N_, phrase
from dezhi.plugin import Item
from dezhi.service.house import House
from dezhi.web import words
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Fact, Link

BODIES = {Deciding.ASSEMBLY: N_("村民会议"), Deciding.REPRESENTATIVES: N_("村民代表会议")}

OBJECTIONS = (
    N_("对细则有意见的，到村服务台说，或者写下来交给村务监督委员会；不想在村里说的，可以找乡镇。"),
    N_("十分之一以上的村民，或者三分之一以上的村民代表，可以提议召开村民会议（村民委员会组织法第二十一条）。"),
)


def resolution_of(resolution: Resolution | None) -> tuple[Fact, ...]:
    """Who decided, when, and how they voted."""
    if resolution is None:
        return (Fact(label=_("决议"), text=_("还没有附")),)
    facts = [Fact(label=_("决议"), text=words.resolution(resolution))]
    if resolution.by is not None:
        facts.append(Fact(label=_("谁定的"), text=_(BODIES[resolution.by])))
    if (votes := resolution.votes) is not None:
        text = N_("到会%(present)s人：赞成%(agreed)s，反对%(against)s，弃权%(abstained)s")
        facts.append(Fact(label=_("表决"), text=_(phrase(text, **msgspec.structs.asdict(votes)))))
    return tuple(facts)


def compared_of(history: Sequence[Programme], after: Programme) -> tuple[Programme | None, bool]:
    """Which version one is compared with, and whether it ends a suspension: then with the rules before that."""
    before = followed(history, after)
    if before is None or before.document.suspended is None or after.document.suspended is not None:
        return before, False
    while before is not None and before.document.suspended is not None:
        former = before.derived_from
        before = next((one for one in history if one.id == former), None)
    return before, True


def changes_of(
    house: House,
    before: Programme | None,
    after: Programme,
    village: str,
    *,
    paper_href: str = "",
    again: bool = False,
    back: Link | None,
) -> views.Changes:
    """The sheet of changes, from the rules before to these; `again` where points are recorded again from then on."""
    suspended = after.document.suspended
    withdrawn = after.document.withdrawn
    facts = [Fact(label=_("从哪天起"), text=day(after.effective_from))]
    if withdrawn is not None:
        facts = [
            Fact(label=_("哪天撤回"), text=day(today(after.created_at))),
            Fact(label=_("为什么撤回"), text=withdrawn.reason),
            Fact(label=_("谁决定的"), text=withdrawn.decided_by),
        ]
    elif suspended is not None:
        facts += [
            Fact(label=_("为什么暂停"), text=suspended.reason),
            Fact(label=_("谁决定的"), text=suspended.decided_by),
        ]
    else:
        facts += resolution_of(after.resolution)
    return views.Changes(
        heading=_("%(title)s：第%(n)s版改了什么") % {"title": _(after.title), "n": after.version},
        changes=(*_again(again=again), *_listed(house, before, after)),
        facts=tuple(facts),
        objections=tuple(map(_, OBJECTIONS)),
        village=village,
        before=_("和第%(n)s版比") % {"n": before.version} if before else _("第一版，以前没有规则"),
        paper_href=paper_href,
        back=back,
    )


def _again(*, again: bool) -> tuple[views.Change, ...]:
    return (views.Change(kind="new", text=_("从这天起恢复记分。")),) if again else ()


def _listed(house: House, before: Programme | None, after: Programme) -> tuple[views.Change, ...]:
    if (withdrawn := after.document.withdrawn) is not None:
        number = {"n": withdrawn.version}
        if before is None:
            return (views.Change(kind="gone", text=_("第%(n)s版撤回，不起用：这个村没有方案在用。") % number),)
        text = _("第%(n)s版撤回，不起用：第%(before)s版的办法接着用。")
        return (views.Change(kind="gone", text=text % {**number, "before": before.version}),)
    if after.document.suspended is not None:
        what = _("从这天起不记分。已经有的分照样能查、能兑换。")
        return (views.Change(kind="gone", text=what),)
    found = differences(_items(before), _items(after), before.document if before else None, after.document)
    plugins = {**(before.document.plugins if before else {}), **after.document.plugins}
    titles = {name: _(house.plugins.title(name)) for name in plugins}
    return tuple(views.Change(kind=one.kind.value, text=_named(_(one.sentence), titles)) for one in found)


def _named(sentence: str, titles: Mapping[str, str]) -> str:
    """A sentence with the plugins called what they call themselves."""
    for name, title in titles.items():
        sentence = sentence.replace(name, title)
    return sentence


def _items(programme: Programme | None) -> Mapping[str, Item]:
    entries: tuple[Mapping[str, Any], ...] = programme.items if programme else ()
    return {entry["code"]: msgspec.convert(entry["item"], Item) for entry in entries}
