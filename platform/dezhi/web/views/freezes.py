"""Frozen points."""

from datetime import datetime

from dezhi.web.views.frame import Part


class Frozen(Part, frozen=True, kw_only=True):
    """One freeze, in words."""

    text: str  # what is frozen: all points, or 10 points of an entry
    reason: str
    by: str
    at: datetime
    order: str = ""  # to end it; empty for whoever cannot


class Freeze(Part, frozen=True, kw_only=True):
    """A household's freezes, and the form of another."""

    ref: str
    household: str
    frozen: tuple[Frozen, ...]
    key: str
    entry: str = ""  # the entry whose points are to be frozen; empty: the whole account
    about: str = ""  # the same in words
    reason: str = ""
    error: str = ""
