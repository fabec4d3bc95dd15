"""Issue, find, revoke and replace cards, and check PINs (HH-08, SE-03)."""

import asyncio
import base64
import secrets
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.cards import (
    NUMBER_LENGTH,
    HolderKind,
    check_digit,
    check_pin_form,
    print_number,
    read_scan,
)
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.text import N_
from dezhi.service.people import People
from dezhi.service.secrets import Secrets, draw_pin, mark_of
from dezhi.store import cards as store
from dezhi.store.cards import Card
from dezhi.store.database import Database
from dezhi.store.ids import new_id

REASON_MAX = 200


class IssuedCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card fresh from issue: the only time its PIN is known. It is printed, handed over and never kept."""

    card: int
    number: str
    printed_number: str
    token: str
    pin: str
    holder_kind: HolderKind
    holder: int


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the sheet a village prints, cuts and hands out."""

    issued: IssuedCard
    household: Household


class DrawnSheet(NamedTuple):
    """Cards that were drawn and not issued yet: what to print, and what is kept."""

    lines: Sequence[SheetLine]
    cards: Sequence[Card]


class Cards:
    """The passbook cards of one installation."""

    def __init__(self, database: Database, clock: Clock, secrets: Secrets, people: People) -> None:
        self._database = database
        self._clock = clock
        self._secrets = secrets
        self._people = people

    async def find(self, text: str) -> Card:
        """Return the card that was scanned or typed. It only tells whose it is; nothing opens by it.

        Raises Problem `card-unknown` (404) or, for a lost or replaced card, `card-dead` (410).
        """
        scan = read_scan(text)
        card = await store.by_scan(self._database, scan) if scan else None
        if card is None:
            raise Problem("card-unknown", N_("没有找到这张卡，请核对卡号，或者报姓名查找。"), status=404, field="card")
        return _alive(card)

    async def card_of(self, holder: int, kind: HolderKind = HolderKind.HOUSEHOLD) -> Card | None:
        """Return the holder's card in use."""
        return await store.active_of(self._database, kind, holder)

    async def check(self, card: int) -> Card:
        """Return a card by id if it still lives: a session opened with a card ends with it. Raises as `find` does."""
        found = await store.by_id(self._database, card)
        if found is None:
            raise Problem("card-unknown", N_("没有找到这张卡，请核对卡号，或者报姓名查找。"), status=404, field="card")
        return _alive(found)

    def mark(self, card: Card) -> str:
        """Return what tells one PIN of a card from the next: a session opened with the one ends with it."""
        return mark_of(card.pin_hash)

    async def open(self, text: str, pin: str) -> Card:
        """Return the card if the PIN is right. There is no other way in: a name and four digits open nothing.

        Raises Problem `card-unknown`, `card-dead`, `pin-form`, `pin-wrong` (401) or, from the fifth wrong PIN on,
        `locked` (429) for a time that doubles.
        """
        card, plain = await self.find(text), check_pin_form(pin)
        subject = _subject(card.id)
        await self._secrets.start_try(subject)
        if not await self._secrets.pin_is(card.id, plain, card.pin_hash):
            raise Problem(
                "pin-wrong", N_("密码不对。连错5次要等一会儿，忘了密码可以到服务台重设。"), status=401, field="pin"
            )
        await self._secrets.right(subject)
        # Between the look-up and here the card may have been reported lost.
        return await self.check(card.id)

    async def issue(self, holder: int, kind: HolderKind = HolderKind.HOUSEHOLD, reason: str = "") -> IssuedCard:
        """Issue a card; the one in use dies in the same moment. The account is the holder's and stays."""
        return (await self._issue([holder], kind, reason or N_("换发新卡")))[0]

    async def reissue(self, holder: int, kind: HolderKind = HolderKind.HOUSEHOLD) -> IssuedCard:
        """Replace a lost card."""
        return await self.issue(holder, kind, N_("挂失补卡"))

    async def revoke(self, holder: int, reason: str, kind: HolderKind = HolderKind.HOUSEHOLD) -> None:
        """End the holder's card at once (lost, stolen). Raises Problem `card-none` when there is none."""
        if not await store.revoke(self._database, kind, holder, self._clock(), reason[:REASON_MAX]):
            raise Problem("card-none", N_("这一户现在没有可用的卡。"), status=404)

    async def reset_pin(self, card: int) -> str:
        """Give a card a new PIN at the desk and return it, to be shown once; waiting for wrong tries ends."""
        found = await self.check(card)
        pin = draw_pin()
        await store.change_pin(self._database, card, await self._secrets.hash_pin(found.id, pin))
        await self._secrets.right(_subject(card))
        return pin

    async def change_pin(self, text: str, old: str, new: str) -> None:
        """Let a resident choose another PIN. Raises as `open` does, and Problem `pin-form` for a bad new one."""
        card, plain = await self.open(text, old), check_pin_form(new)
        await store.change_pin(self._database, card.id, await self._secrets.hash_pin(card.id, plain))

    async def without_card(self, region: int) -> int:
        """Return how many households of a village or grid have no card in use."""
        homes = await self._people.ids_below(region)
        return len(homes) - len(await store.holders_with_card(self._database, HolderKind.HOUSEHOLD, homes))

    async def issue_sheet(self, village: int, *, replace: bool = False) -> Sequence[SheetLine]:
        """Issue a card to each household of a village or grid and return them for printing, in order of numbers.

        Households with a card in use are left out unless `replace`. The PINs are known here and nowhere after.
        """
        drawn = await self.draw_sheet(village, replace=replace)
        if not replace:
            # Two taps on one button, perhaps in two processes, must not print two sheets of which the first is dead.
            return await self.keep_sheet(drawn)
        await self._keep(drawn.cards, N_("换发新卡"))
        return drawn.lines

    async def draw_sheet(self, village: int, *, replace: bool = False) -> DrawnSheet:
        """Draw what `issue_sheet` would issue, and keep none of it: hashing the PINs of a village takes seconds."""
        homes = await self._people.list_below(village)
        if not replace:
            has = await store.holders_with_card(self._database, HolderKind.HOUSEHOLD, [home.id for home in homes])
            homes = [home for home in homes if home.id not in has]
        issued, cards = await self._draw([home.id for home in homes], HolderKind.HOUSEHOLD)
        lines = [SheetLine(issued=card, household=home) for card, home in zip(issued, homes, strict=True)]
        return DrawnSheet(lines, cards)

    async def keep_sheet(self, drawn: DrawnSheet) -> Sequence[SheetLine]:
        """Issue what was drawn, but for the households that got a card meanwhile; return what was issued."""
        async with self._database.engine.transaction():
            holders = [card.holder for card in drawn.cards]
            has = await store.holders_with_card(self._database, HolderKind.HOUSEHOLD, holders)
            await self._keep([card for card in drawn.cards if card.holder not in has], N_("换发新卡"))
        return [line for line in drawn.lines if line.issued.holder not in has]

    async def _issue(self, holders: Sequence[int], kind: HolderKind, reason: str) -> Sequence[IssuedCard]:
        issued, cards = await self._draw(holders, kind)
        await self._keep(cards, reason)
        return issued

    async def _draw(self, holders: Sequence[int], kind: HolderKind) -> tuple[Sequence[IssuedCard], Sequence[Card]]:
        """Numbers, tokens and PINs for some holders, and what is kept of them."""
        numbers = await self._draw_numbers(len(holders))
        issued = [
            IssuedCard(
                card=new_id(),
                number=number,
                printed_number=print_number(number),
                token=_draw_token(),
                pin=draw_pin(),
                holder_kind=kind,
                holder=holder,
            )
            for holder, number in zip(holders, numbers, strict=True)
        ]
        hashes = await asyncio.gather(*(self._secrets.hash_pin(one.card, one.pin) for one in issued))
        now = self._clock()
        cards = [
            Card(
                id=one.card,
                number=one.number,
                token=one.token,
                holder_kind=kind,
                holder=one.holder,
                pin_hash=hashed,
                state="active",
                issued_at=now,
            )
            for one, hashed in zip(issued, hashes, strict=True)
        ]
        return issued, cards

    async def _keep(self, cards: Sequence[Card], reason: str) -> None:
        await store.add(self._database, cards, self._clock(), reason)

    async def _draw_numbers(self, count: int) -> Sequence[str]:
        """Return numbers no card has or had: a dead card's number must never find somebody else."""
        drawn: set[str] = set()
        while len(drawn) < count:
            fresh = {_draw_number() for _ in range(min(count - len(drawn), 500))}
            drawn |= fresh - await store.numbers_taken(self._database, list(fresh))
        return list(drawn)


def _alive(card: Card) -> Card:
    if not card.is_active:
        raise Problem(
            "card-dead", N_("这张卡已经停用，账上的积分还在。请报姓名查找，或补办新卡。"), status=410, field="card"
        )
    return card


def _subject(card: int) -> str:
    return f"card:{card}"


def _draw_number() -> str:
    # The first digit is no zero, which a spreadsheet would eat.
    digits = f"{secrets.randbelow(9) + 1}{secrets.randbelow(10 ** (NUMBER_LENGTH - 2)):0{NUMBER_LENGTH - 2}}"
    return digits + check_digit(digits)


def _draw_token() -> str:
    """128 random bits in the capital letters and digits which a QR code stores most densely."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
