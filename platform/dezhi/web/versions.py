"""What a version of a programme says on the township's page: its plugins, settings, limits, papers and changes."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.programmes import Programme
from dezhi.core.text import counted
from dezhi.host import Field
from dezhi.plugin import Item
from dezhi.service.plugins import Shelved
from dezhi.web import words
from dezhi.web.doors import Form
from dezhi.web.languages import listed, translate as _
from dezhi.web.rendering import day
from dezhi.web.views import township as views
from dezhi.web.views.frame import Fact, Option

SETTING = "set."
"""Before the names of settings in forms, so that none of a plugin's can be taken for one of ours."""

_KINDS = {"int": "number", "bool": "yes", "str": "text", "choice": "choice", "document": "document"}


class PapersForm(Form):
    """Title, privacy notice and resolution."""

    version: str = ""
    title: str = ""
    privacy_notice: str = ""
    resolution: str = ""
    decided_on: str = ""


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent and not saved, to be shown again."""

    plugin: str = ""
    values: Mapping[str, str] = {}
    papers: PapersForm | None = None
    problems: tuple[Problem, ...] = ()


def change_of(before: Programme | None, after: Programme, title: Callable[[str], str]) -> str:
    """What a version changed, in words; `title` tells what a plugin is called."""
    if before is None:
        gone = after.document.withdrawn
        return _("撤回第%(n)s版") % {"n": gone.version} if gone else _("第一版")
    was, now = before.document, after.document
    told = [_("启用%(plugin)s") % {"plugin": _(title(name))} for name in now.plugins if name not in was.plugins]
    told += [_("停用%(plugin)s") % {"plugin": _(title(name))} for name in was.plugins if name not in now.plugins]
    told += [
        _("改%(plugin)s的设置") % {"plugin": _(title(name))}
        for name, one in now.plugins.items()
        if name in was.plugins and one != was.plugins[name]
    ]
    if now.withdrawn is not None:
        told.append(_("撤回第%(n)s版") % {"n": now.withdrawn.version})
    if now.suspended != was.suspended:
        told.append(_("暂停记分") if now.suspended else _("恢复记分"))
    if was.keeping != now.keeping:
        told.append(_("改积分的保管办法"))
    if before.title != after.title:
        told.append(_("改名称"))
    if was.privacy_notice != now.privacy_notice:
        told.append(_("改告知书"))
    if after.resolution is not None and before.resolution != after.resolution:
        told.append(_("附上决议%(number)s") % {"number": after.resolution.number})
    return listed(told) or _("重新存了一次")


def suspended_of(programme: Programme) -> str:
    """That a version is suspended, since when, why and by whom; empty where it is not."""
    words = programme.document.suspended
    if words is None:
        return ""
    text = _("%(day)s起暂停记分。原因：%(reason)s。决定的是：%(by)s。已有的分照样能查、能兑换。")
    return text % {"day": day(programme.effective_from), "reason": words.reason, "by": words.decided_by}


def facts_of(programme: Programme, households: int) -> tuple[Fact, ...]:
    """What stands beside the version: how many households it is for, and what it rests on."""
    resolution = programme.resolution
    told = words.resolution(resolution)
    return (
        Fact(label=_("户"), text=str(households)),
        Fact(label=_("决议"), text=told or _("还没有附")),
        Fact(label=_("告知书"), text=_("有") if programme.document.privacy_notice else _("还没有写")),
        Fact(label=_("公示"), text=_("没有公示期，试运行") if not programme.document.notice_days else _("有")),
    )


def papers_of(programme: Programme, typed: Typed) -> views.Papers:
    """The form of the papers, with what was typed where it was not saved."""
    if typed.papers is not None:
        problem = typed.problems[0]
        return views.Papers(
            title=typed.papers.title,
            privacy_notice=typed.papers.privacy_notice,
            resolution=typed.papers.resolution,
            decided_on=typed.papers.decided_on,
            field=problem.field or "",
            error=problem.say(_),
        )
    resolution = programme.resolution
    return views.Papers(
        title=programme.title,
        privacy_notice=programme.document.privacy_notice,
        resolution=resolution.number if resolution else "",
        decided_on=resolution.decided_on.isoformat() if resolution else "",
    )


def plugin_of(shelved: Shelved, programme: Programme, typed: Typed) -> views.Plugin:
    """A plugin as this village has it."""
    wrong = {problem.field: problem.say(_) for problem in typed.problems if problem.field}
    adopted = [
        msgspec.convert(entry["item"], Item)
        for entry in programme.items
        if entry["code"].partition("/")[0] == shelved.name
    ]
    return views.Plugin(
        name=shelved.name,
        title=_(shelved.title),
        about=_(shelved.summary),
        version=shelved.version,
        on=shelved.on,
        installed=shelved.installed,
        wanted=shelved.wanted if shelved.stands_in else "",
        others=tuple(one for one in shelved.versions if one != shelved.wanted) if shelved.on else (),
        from_whom=_signed(shelved),
        guards=shelved.guards,
        held=words.held(shelved.held) if shelved.held else "",
        settings=tuple(
            _setting(field, shelved.values, typed.values, wrong) for field in shelved.fields if field.kind in _KINDS
        ),
        limits=tuple(
            views.Limit(item=_(item.title), amount=words.earns(item), caps=words.limits(item), asset=item.asset.value)
            for item in adopted or shelved.items.values()
        ),
        troubles=tuple(problem.say(_) for problem in shelved.troubles),
        error="".join(problem.say(_) for problem in typed.problems[:1]),
    )


def _rows(document: Any) -> str:
    """How much a document holds, which no form shows."""
    return _(counted("%(n)s 条", len(document) if isinstance(document, list | tuple) else 1))


def _signed(shelved: Shelved) -> str:
    """Where a plugin installed from a file comes from."""
    if not shelved.filed:
        return ""
    return _("%(name)s签名") % {"name": shelved.signer} if shelved.signer else _("没有签名")


def _setting(
    field: Field, kept: Mapping[str, Any], typed: Mapping[str, str], wrong: Mapping[str, str]
) -> views.Setting:
    """One field, with what was typed where it was not saved."""
    value = typed.get(field.name, "") if typed else kept.get(field.name, field.default)
    match field.kind:
        case "bool":
            said = "yes" if value else ""
        case "document":
            said = _rows(value)
        case _:
            said = str(value)
    return views.Setting(
        name=f"{SETTING}{field.name}",
        label=_(field.title),
        kind=_KINDS[field.kind],
        value=said,
        help=_(field.help),
        least=field.ge if field.kind == "int" else None,
        most=field.le if field.kind == "int" else None,
        options=tuple(Option(value=one, text=_(one), chosen=one == said) for one in field.choices),
        error=wrong.get(field.name, ""),
    )
