"""Passing hours on."""

from dezhi.web.views.frame import Option, Part


class Transfer(Part, frozen=True, kw_only=True):
    """The form; without takers the village's programme allows none."""

    ref: str
    household: str
    givers: tuple[Option, ...]
    takers: tuple[Option, ...]
    key: str
    minutes: str = ""
    error: str = ""
