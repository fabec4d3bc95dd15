"""Tokens of programs."""

from datetime import date

from dezhi.web.views.frame import Option, Part


class Token(Part, frozen=True, kw_only=True):
    """A token in the list; `scopes` are in words, `used` is the day of last use, `ended` says why it opens nothing."""

    id: str
    name: str
    owner: str  # empty for the reader's own
    scopes: tuple[str, ...]
    region: str
    last_day: date
    used: date | None = None
    ended: str = ""


class Choice(Part, frozen=True, kw_only=True):
    """Something a token may be for."""

    value: str
    text: str
    chosen: bool = False


class Tokens(Part, frozen=True, kw_only=True):
    """The page: tokens that live or ended, and the form for a new one as typed. `secret` is shown this once."""

    action: str
    tokens: tuple[Token, ...]
    scopes: tuple[Choice, ...]
    regions: tuple[Option, ...]
    earliest: date
    latest: date
    name: str = ""
    last_day: date | None = None
    secret: str = ""
    error: str = ""
