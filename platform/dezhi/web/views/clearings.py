"""Year clearings, for the township."""

from datetime import date, datetime

from dezhi.web.views.frame import Option, Part


class Row(Part, frozen=True, kw_only=True):
    """What one household loses; `number` is empty for who is no longer registered."""

    name: str
    number: str
    amount: int


class Open(Part, frozen=True, kw_only=True):
    """A clearing that is announced or was stopped half way."""

    id: str
    year: int
    due: date
    by: str
    announced_at: datetime
    rows: tuple[Row, ...]
    total: int
    mark: str
    ready: bool = False  # its day has come
    halfway: bool = False  # begun and not ended


class Past(Part, frozen=True, kw_only=True):
    """One that was made, undone or called off."""

    id: str
    year: int
    state: str
    when: date
    by: str
    households: int
    total: int
    reason: str = ""
    undoable: bool = False


class Clearings(Part, frozen=True, kw_only=True):
    """A village's clearings. `off`: its programme clears no years."""

    village: str
    code: str
    off: bool
    years: tuple[Option, ...]
    earliest: date | None = None
    open: tuple[Open, ...] = ()
    past: tuple[Past, ...] = ()
    error: str = ""


class Notice(Part, frozen=True, kw_only=True):
    """What is put up on the wall."""

    village: str
    code: str
    programme: str
    resolution: str
    year: int
    due: date
    announced_on: date
