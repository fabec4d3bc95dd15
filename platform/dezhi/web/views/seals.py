"""Seals for everybody, and one household's receipt."""

from datetime import date, datetime

from dezhi.web.views.frame import Option, Pager, Part


class Row(Part, frozen=True, kw_only=True):
    """One seal of the list."""

    number: int
    day: date
    code: str
    entries: int  # of all books together


class Nightly(Part, frozen=True, kw_only=True):
    """For staff: how the last night went. `trouble` is empty or says what to do."""

    at: datetime
    trouble: str = ""


class Seals(Part, frozen=True, kw_only=True):
    """Every seal, newest first."""

    rows: tuple[Row, ...] = ()
    pager: Pager | None = None
    nightly: Nightly | None = None


class Book(Part, frozen=True, kw_only=True):
    """A book under a seal; `proof_href` proves that it only grew since."""

    name: str
    entries: int
    root: str
    proof_href: str = ""


class Seal(Part, frozen=True, kw_only=True):
    """A seal as it hangs on the wall."""

    number: int
    day: date
    code: str
    note: str
    key: str
    qr_svg: str  # trusted: drawn by us
    books: tuple[Book, ...]
    address: str = ""  # where the page that checks is found, as it would be typed
    paper: str = "a4"  # or a5


class Receipt(Part, frozen=True, kw_only=True):
    """The receipt of one entry, to read, print, download and check. `held` is false when it fails here and now."""

    number: str
    day: date
    title: str
    amounts: str
    booked_at: datetime
    print_code: str  # the fingerprint of the entry
    seal_number: int
    seal_day: date
    seal_code: str
    held: bool
    file_href: str
    check_href: str
    back: str
    seals: tuple[Option, ...] = ()
    address: str = ""
