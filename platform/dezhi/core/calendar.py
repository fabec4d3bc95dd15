"""Days as the village counts them. Dates are kept as whole numbers, 20261122, the same on every database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
"""Tells the aware time now. Built in app.py and handed down; nothing else reads the machine's clock."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def day(of: date) -> int:
    """20261122 for 22 November 2026."""
    return of.year * 10_000 + of.month * 100 + of.day


def to_date(number: int) -> date:
    """The date of a day number. Raises `ValueError` for a number that is no day."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(at: int) -> datetime:
    """The village's local time of a number of microseconds since 1970."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(ZONE)


def today(now: datetime) -> date:
    """The village's date at an aware time."""
    return now.astimezone(ZONE).date()
