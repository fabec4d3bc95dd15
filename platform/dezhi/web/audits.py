"""What the nights' audits found, for the supervisor: when, how much, what differs, and what to do next."""

from dezhi.core.text import N_, phrase
from dezhi.service.audits import Last
from dezhi.web.languages import translate as _
from dezhi.web.views.frame import Tell

SHOWN = 10
"""Differences that a page names; the command names more."""

NEXT = N_(
    "请马上告诉管理员：先做一份备份留住现在的样子，别改数据库，再照《对账不符怎么办》一步一步核实。记账可以照常。"
)


def tell(last: Last | None) -> Tell:
    """The last night's result in words."""
    if last is None:
        return Tell(text=_("账每天夜里自己核对一遍，还没有到第一夜。核对完了，结果写在这里。"))
    when = f"{last.ended_at:%Y-%m-%d %H:%M}"
    if last.trouble or last.book is None:
        failed = phrase(N_("%(when)s 的账没有核对成"), when=when)
        return Tell(text=_(failed), kind="wrong", more=(_("请管理员运行 dezhi audit，看看是什么原因。账没有动。"),))
    values = {"when": when, "events": f"{last.book.events:,}"}
    if not last.count:
        clean = phrase(N_("%(when)s 把 %(events)s 笔账从头核对了一遍，每一行都和原文一样"), **values)
        return Tell(text=_(clean))
    text = N_("%(when)s 把 %(events)s 笔账从头核对了一遍，%(count)s 处和原文不一样")
    named = [_(fault.phrase) for fault in last.faults[:SHOWN]]
    rest = last.count - len(named)
    if rest:
        more = phrase(N_("还有 %(rest)s 处"), rest=rest)
        named.append(_(more))
    return Tell(text=_(phrase(text, count=last.count, **values)), kind="wrong", more=(*named, _(NEXT)))
