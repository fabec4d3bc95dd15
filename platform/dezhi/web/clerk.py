"""What the pages of a clerk's round share: whose villages, which tabs, which key, and what was typed."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF, AssetId
from dezhi.core.people import Found, Household
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.store.journal import Slip
from dezhi.web import words
from dezhi.web.languages import translate as _
from dezhi.web.respond import frame
from dezhi.web.views.frame import Amount, Link, Page
from dezhi.web.visitors import AnyRequest, Visitor, villages_of

TABS = (
    ("/round", N_("今天")),
    ("/round/many", N_("多户记分")),
    ("/round/hand-over", N_("发奖品")),
    ("/desk", N_("服务台")),
)

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
_DIGITS_MAX = 9


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """The villages a clerk goes round in, in code order."""

    villages: Sequence[Region]

    @property
    def keys(self) -> list[int]:
        return [village.id for village in self.villages]

    def only(self) -> Region | None:
        """The village, where there is just one."""
        return self.villages[0] if len(self.villages) == 1 else None

    async def by_book(self, house: House) -> Mapping[int, list[int]]:
        """The villages by the book their entries are in: a clerk of two townships has two."""
        books: dict[int, list[int]] = {}
        for village in self.villages:
            books.setdefault(await house.sheets.book(village.id), []).append(village.id)
        return books


async def round_of(house: House, visitor: Visitor) -> Round:
    """Where the clerk works. Raises `LogInFirst`, or `Problem` 403 for whoever is no clerk."""
    visitor.need_staff(Role.CLERK)
    return Round(villages=await villages_of(house, visitor, Role.CLERK))


async def clerk_frame(
    request: AnyRequest, house: House, visitor: Visitor, current: str, place: Region | None = None
) -> Page:
    """The frame of a clerk's page; `current` is the tab it belongs to."""
    tabs = tuple(Link(href=href, text=_(text), current=href == current) for href, text in TABS)
    return await frame(request, house, visitor, place, tabs=tabs)


async def search(house: House, visitor: Visitor, text: str) -> list[Found]:
    """Households of the clerk's own regions by number, name, pinyin, initials or card; each once. Raises `Problem`."""
    found: dict[int, Found] = {}
    for region in dict.fromkeys(visitor.regions(Role.CLERK)):
        for one in await house.people.search(region, text):
            found.setdefault(one.household, one)
    return list(found.values())


async def homes_of(house: House, visitor: Visitor, village: Region) -> list[Household]:
    """The households of a village that are the clerk's: of a clerk of one grid, that grid's."""
    found: dict[int, Household] = {}
    for region in dict.fromkeys(visitor.regions(Role.CLERK)):
        for home in await house.people.list_below(region):
            if home.village == village.id:
                found[home.id] = home
    return list(found.values())


async def staff_names(house: House, visitor: Visitor, staff: Sequence[int]) -> dict[int, str]:
    """What to call who booked something: 您 for the visitor."""
    own = visitor.actor.staff if visitor.actor else 0
    names = {own: _("您"), 0: _("村民自己")}
    for one in set(staff) - names.keys():
        names[one] = (await house.staff.member(one)).name
    return names


def who(home: Household | None, slip: Slip) -> str:
    """Whom a slip is about: a household, one of its people, or how many households."""
    if slip.households > 1:
        return _(counted("%(n)s 户", slip.households))
    if home is None:
        return _("一户（已不在册）")
    member = next((one for one in home.members if one.person == slip.person), None)
    return member_of(home, member.name if member else "")


def member_of(home: Household, member: str) -> str:
    """A household, and which of its people where one is meant: `陈桂芳家 李明`."""
    label = words.household(home.label)
    return f"{label} {member}" if member else label


def amounts_of(amounts: Mapping[int, int]) -> tuple[Amount, ...]:
    """Amounts of the ledger as pages show them, in the order of the assets."""
    return tuple(Amount(asset=ASSET_OF[AssetId(asset)], value=value) for asset, value in sorted(amounts.items()))


def new_key() -> str:
    """A key for the one entry a page may make."""
    return secrets.token_hex(12)


def need_key(text: str) -> str:
    """The key a form brought. Raises `Problem` for a form without one: it could be booked twice."""
    if not _KEY.fullmatch(text):
        raise Problem("key", N_("没有记上：这一页不完整。请重新打开这一页再记。"), status=400, field="key")
    return text


def whole(text: str, field: str) -> int | None:
    """A typed whole number; None where nothing was typed. Raises `Problem` for anything else, and for a huge one."""
    plain = text.strip()
    if not plain:
        return None
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS_MAX):
        raise Problem(f"{field}-number", N_("没有记上：数目要填整数，不能带小数，也不能太大。"), field=field)
    return int(plain)


def a_date(text: str, otherwise: date) -> date:
    """A typed date; the other one where nothing was typed. Raises `Problem` for anything else."""
    if not text.strip():
        return otherwise
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("day", N_("没有记上：日期看不懂，请重新选一天。"), field="day") from None
