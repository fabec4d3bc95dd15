"""A village's versions as they follow each other: which rules a day, which is to come, which was set aside.

Of the versions that have begun the one adopted last rules. So a version that begins before others which were adopted
earlier and have not begun yet takes their place, and they never begin by themselves. Those adopted in the usual way
begin after those before them; only a suspension, a return and a withdrawal set others aside (ADR 0089).
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from dezhi.core.calendar import ZONE
from dezhi.core.programmes import Programme


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """A version that will not begin on its day, and the one that saw to that."""

    version: Programme
    by: Programme


def ruling(history: Sequence[Programme], on: date) -> Programme | None:
    """The version that rules deeds of a day; None before the first one."""
    begun = (one for one in history if one.effective_from <= on)
    return max(begun, key=lambda one: one.version, default=None)


def coming(history: Sequence[Programme], today: date) -> Sequence[Programme]:
    """The versions that will begin by themselves on a later day, the next one first."""
    found: list[Programme] = []
    for one in sorted(history, key=lambda each: each.version, reverse=True):
        if one.effective_from <= today:
            break
        if not found or one.effective_from < found[-1].effective_from:
            found.append(one)
    return found[::-1]


def followed(history: Sequence[Programme], after: Programme) -> Programme | None:
    """The version that would rule the first day of another one without it: what that one is compared with."""
    earlier = [one for one in history if one.version < after.version]
    kept = [one for one in earlier if one.id == after.derived_from or not puts_aside(after, one)]
    return ruling(kept, after.effective_from)


def set_aside(history: Sequence[Programme]) -> Sequence[SetAside]:
    """The versions that lost their day before it came and were not taken again since, the newest first.

    Not one that was merely changed before it began: it goes on in the changed one.
    """
    found = []
    for one in history:
        later = [each for each in history if each.version > one.version and each.effective_from <= one.effective_from]
        by = min(later, key=lambda each: each.version, default=None)
        if by is None or not puts_aside(by, one):
            continue
        if any(each.derived_from == one.id and each.version > by.version for each in history):
            continue
        found.append(SetAside(version=one, by=by))
    return sorted(found, key=lambda each: each.version.version, reverse=True)


def puts_aside(by: Programme, one: Programme) -> bool:
    """Whether a version keeps an earlier one from ever beginning, rather than going on with it."""
    if by.effective_from > one.effective_from or by.created_at.astimezone(ZONE).date() >= one.effective_from:
        return False
    goes_on = by.document.suspended is None or by.document.withdrawn is not None
    return by.derived_from != one.id or not goes_on
