"""Pages of lists: an opaque cursor names the last item shown, so that what is written meanwhile doubles nothing."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.web.api.kinds import Answer

T = TypeVar("T")
Thing = TypeVar("Thing")

LIMIT = 50

NextCursor = Annotated[
    str | None, Meta(description="Ask for `cursor` = this to go on; null on the last page.", examples=[None])
]


class Page(Answer, Generic[T], frozen=True, kw_only=True):
    """One page of a list."""

    items: list[T]
    next: NextCursor = None


class _Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    of: str
    after: list[int | str]


def cursor_of(of: str, *after: int | str) -> str:
    """The cursor of a place in a list; `of` names the list."""
    packed = msgspec.msgpack.encode(_Place(of, list(after)))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(of: str, cursor: str | None, kinds: Sequence[type]) -> list[int | str] | None:
    """The place a cursor names; None without one. Raises `Problem` 422 for one that was not made for this list.

    A forged one can only begin elsewhere in what the caller may read anyway.
    """
    if cursor is None:
        return None
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars="-_", validate=True)
        place = msgspec.msgpack.decode(packed, type=_Place)
    except (ValueError, UnicodeDecodeError):
        raise odd_cursor() from None
    shape = [type(part) for part in place.after]
    whole = all(not isinstance(part, int) or 0 <= part < 2**63 for part in place.after)
    if place.of != of or shape != list(kinds) or not whole:
        raise odd_cursor()
    return place.after


def page_of(
    of: str, found: Sequence[Thing], key: Callable[[Thing], str], cursor: str | None, limit: int
) -> tuple[Sequence[Thing], str | None]:
    """A page of a list that is read whole, sorted by `key`, which is unique."""
    place = read_cursor(of, cursor, [str])
    rest = [one for one in found if place is None or key(one) > str(place[0])]
    shown = rest[:limit]
    return shown, cursor_of(of, key(shown[-1])) if len(rest) > limit else None


def odd_cursor() -> Problem:
    """What to raise for a cursor that was not made for this list."""
    return Problem("cursor", N_("翻页的标记（cursor）不对，请从第一页重新取。"), field="cursor")
