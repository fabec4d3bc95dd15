"""Asking every plugin whether there is a reason against an award or a redemption. It fails closed."""

from collections.abc import Mapping

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.host import Failure
from dezhi.plugin import Facts, Intent, Programme as Context
from dezhi.service.sheets import Sheet


async def ask_checks(sheet: Sheet, programme: Context, intent: Intent, facts: Mapping[str, Facts]) -> None:
    """Raise `Problem` with all reasons against `intent`, or with the failure of a plugin that could not say."""
    reasons = []
    for answer in await sheet.roster.each("check", programme=programme, intent=intent, facts=facts):
        if isinstance(answer, Failure):
            raise answer.problem
        if answer.value is not None:
            reasons.append(answer.value.reason)
    if reasons:
        raise Problem("refused", N_("没有存上：%(reason)s"), status=409, reason=" ".join(reasons))
