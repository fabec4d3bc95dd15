"""The doors."""

from dezhi.web.views.frame import Part


class Card(Part, frozen=True, kw_only=True):
    """Log in with a card and its PIN."""

    card: str = ""
    error: str = ""
    next: str = ""


class Staff(Part, frozen=True, kw_only=True):
    """Log in as staff."""

    login: str = ""
    error: str = ""
    next: str = ""


class ChangePassword(Part, frozen=True, kw_only=True):
    """Choose a password of one's own; `forced` after a first log-in or a reset."""

    login: str
    error: str = ""
    forced: bool = False
    least: int = 10
