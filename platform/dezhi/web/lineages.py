"""Versions that are to come and versions that were set aside, in sentences for villagers and the township."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from dezhi.core.lineages import SetAside, puts_aside
from dezhi.core.programmes import Programme
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day

SHOWN: Final = timedelta(days=30)
"""How long after the day it was announced for people are still told that a version did not begin."""


def comes(one: Programme) -> str:
    """That a version begins on a later day."""
    values = {"day": day(one.effective_from), "n": one.version}
    text = _("%(day)s起暂停记分（第%(n)s版）") if one.document.suspended else _("%(day)s起改用第%(n)s版")
    return text % values


def did_not_come(pair: SetAside, history: Sequence[Programme]) -> str:
    """Why a version that was announced does not begin."""
    one, by = pair.version, pair.by
    values = {"what": _announced(one), "since": day(by.effective_from)}
    if (words := by.document.withdrawn) is not None:
        text = _("%(what)s已撤回：%(reason)s。决定的是：%(by)s。")
        return text % {**values, "reason": words.reason.rstrip("。"), "by": words.decided_by.rstrip("。")}
    if by.document.suspended is not None:
        return _("%(what)s不会自己开始：%(since)s起方案暂停。恢复时用哪一版由村里定，到时候写在这里。") % values
    taken = next((each for each in history if each.id == by.derived_from), by)
    return _("%(what)s没有起用：%(since)s起恢复第%(n)s版的办法。") % {**values, "n": taken.version}


def told(aside: Sequence[SetAside], history: Sequence[Programme], today: date) -> tuple[str, ...]:
    """The same of all that people may still expect."""
    return tuple(did_not_come(one, history) for one in aside if one.version.effective_from + SHOWN >= today)


def what_becomes_of(one: Programme, after: Programme) -> str:
    """What a version adopted now does to one that has not begun yet."""
    values = {"what": _announced(one), "until": day(after.effective_from)}
    if one.effective_from < after.effective_from:
        return _("%(what)s照旧起用，用到%(until)s的前一天。") % values
    if not puts_aside(after, one):
        return _("%(what)s照旧起用。") % values
    if after.document.withdrawn is not None:
        return _("%(what)s不会起用。公开细则页会写明撤回了、为什么、谁决定的。") % values
    if after.document.suspended is not None:
        return _("%(what)s不会自己开始。它还留在各版里：恢复记分时，由村里选用哪一版。") % values
    return _("%(what)s不会自己开始。它还留在各版里，要用的时候再恢复它。") % values


def _announced(one: Programme) -> str:
    values = {"day": day(one.effective_from), "n": one.version}
    text = _("原定%(day)s起的暂停（第%(n)s版）") if one.document.suspended else _("原定%(day)s起的新办法（第%(n)s版）")
    return text % values
