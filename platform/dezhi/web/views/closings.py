"""Closing the books of past days."""

from datetime import date

from dezhi.web.views.frame import Part


class Close(Part, frozen=True, kw_only=True):
    """What is closed, and the form."""

    village: str
    code: str
    closed: date | None
    latest: date  # the last day that can be closed
    proposed: date
    key: str
    error: str = ""
