"""Who is at the page: nobody, a resident with a card, or a member of staff; and what that lets them see."""

import secrets
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request
from litestar.di import NamedDependency

from dezhi.core.calendar import from_micros, micros
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.core.staff import Role, StaffMember
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.house import House
from dezhi.service.journal import EntryRef, Told, no_entry
from dezhi.store.cards import Card

STAFF_TIME = timedelta(hours=12)
CARD_TIME = timedelta(minutes=30)
"""A resident's page stays open half an hour: it is often opened on somebody else's phone."""

ROLE_WORDS = {Role.TOWNSHIP: N_("乡镇"), Role.CLERK: N_("村干部"), Role.SUPERVISOR: N_("监督")}
ROLE_HOMES = {Role.TOWNSHIP: "/township", Role.CLERK: "/round", Role.SUPERVISOR: "/journal"}

ID_MAX = 2**63 - 1

AnyRequest = Request[Any, Any, Any]


class LogInFirst(Exception):
    """Nobody is logged in who could see this page; `door` is where to log in."""

    def __init__(self, door: str) -> None:
        super().__init__(door)
        self.door = door


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A household at its own passbook, let in by its card and PIN."""

    card: Card
    home: Household

    @property
    def source(self) -> str:
        """Under which its requests are kept in the ledger: the card, which names nobody."""
        return f"card:{self.card.id}"


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever sent the request. At most one of the two is there."""

    actor: Actor | None = None
    resident: Resident | None = None

    def role(self) -> Role | None:
        """The first of a staff member's roles, in the order township, clerk, supervisor."""
        held = {post.role for post in self.actor.member.posts} if self.actor else set()
        return next((role for role in ROLE_HOMES if role in held), None)

    def home(self) -> str:
        """Where the visitor's own page is."""
        role = self.role()
        return ROLE_HOMES[role] if role else "/me" if self.resident else "/"

    def regions(self, *roles: Role) -> list[int]:
        """The regions in which the visitor holds one of the roles."""
        return [post.region for post in self.actor.member.posts if post.role in roles] if self.actor else []

    def need_staff(self, *roles: Role) -> Actor:
        """The acting member of staff. Raises `LogInFirst`, or `Problem` 403 for a role that does not open the page."""
        if self.actor is None:
            raise LogInFirst("/staff")
        if self.actor.member.must_change:
            # A password somebody else knows opens nothing but the page where it is changed.
            raise LogInFirst("/staff/password")
        if not self.regions(*roles):
            raise Problem("role", N_("这一页不归您管，没有做任何改动。"), status=403)
        return self.actor

    def need_resident(self) -> Resident:
        """The household at its passbook. Raises `LogInFirst`."""
        if self.resident is None:
            raise LogInFirst("/card")
        return self.resident


def whole(text: str) -> int:
    """The id that a form or address holds, or 0, which is nobody's."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(ID_MAX)) else 0
    return number if number <= ID_MAX else 0


async def villages_of(house: House, visitor: Visitor, *roles: Role) -> list[Region]:
    """The villages a role of the visitor reaches, in code order. A post in a grid reaches its village's pages."""
    found: dict[int, Region] = {}
    for region in visitor.regions(*roles):
        for village in await house.places.villages(region):
            found[village.id] = village
        for above in await house.places.path(region):
            if above.level.value == "village":
                found[above.id] = above
    return sorted(found.values(), key=lambda village: village.code)


async def need_village(house: House, visitor: Visitor, code: str, *roles: Role) -> Region:
    """The village of a code, if a role of the visitor reaches it. Raises `Problem` 404 otherwise, as for no village."""
    visitor.need_staff(*roles)
    village = next((one for one in await villages_of(house, visitor, *roles) if one.code == code), None)
    if village is None:
        raise Problem("region-unknown", N_("没有找到这个村，或者它不归您管。"), status=404)
    return village


async def need_household(house: House, visitor: Visitor, ref: str, *roles: Role) -> Household:
    """The household of a reference, if a role of the visitor reaches where it lives. Raises `Problem` 404 otherwise."""
    actor = visitor.need_staff(*roles)
    if not whole(ref):
        raise unknown_household()
    home = await house.people.household(whole(ref))
    for role in roles:
        if await house.places.in_scope(home.grid or home.village, actor.member, role):
            return home
    raise unknown_household()


async def need_person(house: House, visitor: Visitor, ref: str, *roles: Role) -> tuple[int, Household]:
    """A person with the household they belong to, if a role reaches it. Raises `Problem` 404 otherwise."""
    visitor.need_staff(*roles)
    try:
        household = await house.people.household_of(whole(ref))
    except Problem:
        raise unknown_household() from None
    return whole(ref), await need_household(house, visitor, str(household), *roles)


async def need_entry(house: House, visitor: Visitor, ref: str, *roles: Role) -> Told:
    """An entry of the villages a role reaches, by its printed number or as `book-number`. Raises `Problem` 404."""
    villages = {village.id for village in await villages_of(house, visitor, *roles)}
    visitor.need_staff(*roles)
    book, _, seq = ref.partition("-")
    if whole(book) and whole(seq):
        told = await house.journal.at(whole(book), whole(seq))
    else:
        told = await house.journal.entry(EntryRef.parse(ref))
    if told.entry.village not in villages:
        raise no_entry()
    return told


def unknown_household() -> Problem:
    """What to raise for a household that is none, or somebody else's: nobody learns which."""
    return Problem("household-unknown", N_("没有找到这一户，或者它不归您管。"), status=404)


async def provide_visitor(request: AnyRequest, house: NamedDependency[House]) -> Visitor:
    """Who sent the request, looked up anew each time: a disabled account or a lost card is out with its next click."""
    session = request.session
    now = house.clock()
    if "until" not in session or from_micros(session["until"]) <= now:
        return Visitor()
    if "staff" in session:
        member = await house.staff.active(session["staff"])
        if member is None or session["mark"] != await house.staff.mark(member.id):
            return Visitor()
        return Visitor(actor=await actor_of(house, member))
    try:
        card = await house.cards.check(session["card"])
        if session["mark"] != house.cards.mark(card):
            return Visitor()
        return Visitor(resident=Resident(card=card, home=await house.people.household(await household_of(house, card))))
    except Problem:
        return Visitor()


async def actor_of(house: House, member: StaffMember) -> Actor:
    """A member of staff with the household they live in, if they are in the register."""
    household = None
    if member.person is not None:
        try:
            household = await house.people.household_of(member.person)
        except Problem:
            household = None
    return Actor(member=member, household=household)


async def household_of(house: House, card: Card) -> int:
    """The household a card opens: its own, or its person's."""
    if card.holder_kind.value == "household":
        return card.holder
    return await house.people.household_of(card.holder)


async def enter_staff(request: AnyRequest, house: House, staff: int) -> None:
    """Log a member of staff in. The session backend gives the session a new name; it ends with the password."""
    until = micros(house.clock() + STAFF_TIME)
    mark = await house.staff.mark(staff)
    request.set_session({"staff": staff, "until": until, "mark": mark, "nonce": secrets.token_hex(4)})


def enter_card(request: AnyRequest, house: House, card: Card) -> None:
    """Open a resident's passbook with a card whose PIN was right, until that PIN is changed."""
    until = micros(house.clock() + CARD_TIME)
    mark = house.cards.mark(card)
    request.set_session({"card": card.id, "until": until, "mark": mark, "nonce": secrets.token_hex(4)})
