"""Spending points: choose, set aside, hand over or cancel. The price is what the reward's plugin quotes."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from weakref import WeakValueDictionary

import msgspec

from dezhi.core import events as ledger
from dezhi.core.calendar import ZONE, Clock, day as day_number, micros, today
from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.core.people import Household
from dezhi.core.text import N_
from dezhi.host import Answer, Failure
from dezhi.plugin import Amount, Asset, Facts, Holder, HolderKind, Intent, IntentKind, Quote, Refusal, Reward
from dezhi.service.actors import Actor
from dezhi.service.checks import ask_checks
from dezhi.service.facts import look_up
from dezhi.service.people import People
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import books, redemptions
from dezhi.store.accounts import REWARD_PREFIX
from dezhi.store.database import Database
from dezhi.store.ledger import Redemption, Submission
from dezhi.store.poster import Poster
from dezhi.store.redemptions import Order

ORDERS_OPEN_MAX = 10
"""Orders one household may have waiting: more is a mistake or a game, and somebody else's oil."""

RETRIES = 3
"""How often an order is worked out anew because its household's accounts moved meanwhile."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A reward at this household's price today; `reason` explains the price, `refusal` why it cannot be had now."""

    code: str
    reward: Reward
    price: int
    reason: str = ""
    refusal: str = ""


def _pick_up_by(day: date, days: int) -> int | None:
    """The midnight after the last day to pick it up; None where the programme names no days."""
    return micros(datetime.combine(day + timedelta(days=days + 1), time(), ZONE)) if days else None


class Redemptions:
    """Places, hands over and cancels orders."""

    def __init__(
        self,
        database: Database,
        poster: Poster,
        sheets: Sheets,
        people: People,
        clock: Clock,
    ) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._people = people
        self._clock = clock
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def place(self, household: int, code: str, *, source: str, key: str, actor: Actor | None = None) -> Order:
        """Set a reward's price aside for a household, which then has a pick-up code; `actor` asks on its behalf.

        Raises `Problem`.
        """
        asked = f"order {household} {code}".encode()
        again = await self._again(household, source, key, asked)
        if again is not None:
            return again
        book = await self._set_aside(household, code, actor, source, key, asked)
        return await self._order(book, self._ref(source, key))

    async def hand_over_at_desk(self, household: int, code: str, actor: Actor, key: str) -> Order:
        """Choose, pay and hand over in one visit, without the resident's phone or PIN; recorded as done at the desk."""
        source = actor.source
        asked = f"desk {household} {code}".encode()
        again = await self._again(household, source, key, asked)
        if again is not None:
            return again
        capture = ledger.Capture(order=self._ref(source, key), event_day=self._day())
        book = await self._set_aside(household, code, actor, source, key, asked, capture)
        return await self._order(book, self._ref(source, key))

    async def hand_over(self, book: int, order: str, actor: Actor, key: str) -> Order:
        """The goods left the counter: spend what was set aside. Works once."""
        command = ledger.Command(
            source=actor.source,
            key=key,
            actor=actor.staff,
            events=(ledger.Capture(order=order, event_day=self._day()),),
            asked=f"hand over {order}".encode(),
        )
        await self._post(book, Submission(command))
        return await self._order(book, order)

    async def cancel(self, book: int, order: str, *, source: str, actor: Actor | None, key: str) -> Order:
        """Give back what was set aside, before the goods are handed over."""
        command = ledger.Command(
            source=source,
            key=key,
            actor=actor.staff if actor else 0,
            events=(ledger.Void(order=order, event_day=self._day()),),
            asked=f"cancel {order}".encode(),
        )
        await self._post(book, Submission(command))
        return await self._order(book, order)

    async def find(self, book: int, text: str, villages: Sequence[int]) -> list[Order]:
        """Open orders with the typed or scanned pick-up code, in the clerk's own villages."""
        code = "".join(character for character in text if character.isdigit())
        return await redemptions.by_code(self._database, book, code, villages) if code else []

    async def offers(self, home: Household, sheet: Sheet) -> list[Offer]:
        """Everything that can be had for points, cheapest first, at what it costs this household today."""
        facts, _ = await look_up(self._database, sheet, ("quote", "check"), _holder(home), home.on)
        found = []
        for code, reward in sheet.spendable():
            try:
                price, reason = await self._ask(sheet, code, reward, home, facts)
            except Problem as problem:
                found.append(Offer(code=code, reward=reward, price=reward.price, refusal=problem.say()))
            else:
                found.append(Offer(code=code, reward=reward, price=price, reason=reason))
        return found

    async def order(self, book: int, order: str) -> Order:
        """One order. Raises `Problem` when there is none of that name."""
        return await self._order(book, order)

    async def of_household(self, book: int, household: int) -> list[Order]:
        """A household's orders, newest first."""
        return await redemptions.of_household(self._database, book, household)

    async def waiting(self, book: int, villages: Sequence[int]) -> list[Order]:
        """What some villages still have to hand over, oldest first."""
        return await redemptions.waiting(self._database, book, villages)

    async def _order(self, book: int, order: str) -> Order:
        found = await redemptions.by_ref(self._database, book, order)
        if found is None:
            raise Problem("no_order", N_("没有找到这张兑换单。请核对领取码。"), status=404)
        return found

    async def _post(self, book: int, submission: Submission) -> Outcome:
        outcome = await self._poster.post(book, submission)
        if not outcome.booked:
            raise problem(outcome)
        return outcome

    def _day(self) -> int:
        return day_number(today(self._clock()))

    @staticmethod
    def _ref(source: str, key: str) -> str:
        """An order's name: the same request always names the same order."""
        return hashlib.sha256(f"{source} {key}".encode()).hexdigest()[:20]

    async def _again(self, household: int, source: str, key: str, asked: bytes) -> Order | None:
        """The order this very request made before; its price is not asked anew, for it is already set aside."""
        home = await self._people.household(household)
        book = await self._sheets.book(home.village)
        before = (await books.remembered(self._database, book, source, [key])).get(key)
        if before is None:
            return None
        if before.digest != hashlib.sha256(asked).digest():
            raise problem(Outcome(code="conflict"))
        return await redemptions.by_ref(self._database, book, self._ref(source, key))

    async def _set_aside(
        self, household: int, code: str, actor: Actor | None, source: str, key: str, asked: bytes, *then: ledger.Capture
    ) -> int:
        """Book a hold and what follows it at once; return the book. What was read is read again if it has moved."""
        # A household's orders of this process queue here: fifty at once would each make the others' reading stale.
        # Other processes' are few enough for the retries.
        async with self._turns.setdefault(household, asyncio.Lock()):
            for left in reversed(range(RETRIES)):
                submission, book = await self._hold(household, code, actor, source, key, asked)
                command = msgspec.structs.replace(submission.command, events=(*submission.command.events, *then))
                outcome = await self._poster.post(book, Submission(command, submission.record))
                if outcome.booked or outcome.code != "stale" or not left:
                    break
        if not outcome.booked:
            raise problem(outcome)
        return book

    async def _hold(
        self, household: int, code: str, actor: Actor | None, source: str, key: str, asked: bytes
    ) -> tuple[Submission, int]:
        day = today(self._clock())
        home = await self._people.household(household, day)
        sheet = await self._sheets.in_force(home.village, day)
        reward = dict(sheet.spendable()).get(code)
        if reward is None:
            raise Problem("reward-unknown", N_("没有存上：这样东西现在换不了。请看看现在能换什么。"), status=404)
        ref = self._ref(source, key)
        # First of all that is read: if the household's accounts move from here on, it is all read again.
        seen_at = await self._limit_open(sheet.book, household)
        price, reason = await self._quote(sheet, code, reward, home)
        event = ledger.Hold(
            order=ref,
            programme=sheet.lineage,
            version=sheet.id,
            item=REWARD_PREFIX + code,
            holder=ledger.Holder(ledger.HolderId.HOUSEHOLD, household),
            place=ledger.Place(household=household, village=home.village, grid=home.grid),
            event_day=day_number(day),
            asset=ledger.AssetId.MORAL,
            amount=price,
            reason=reason,
            seen_at=seen_at,
            expires_at=_pick_up_by(day, sheet.programme.document.keeping.pick_up_days),
        )
        record = Redemption(
            order=ref,
            code=f"{secrets.randbelow(1_000_000):06d}",
            village=home.village,
            household=household,
            version=sheet.id,
            reward=code,
            title=reward.title,
            price=price,
            at_desk=actor is not None,
            placed_by=actor.staff if actor else 0,
        )
        command = ledger.Command(
            source=source,
            key=key,
            actor=actor.staff if actor else 0,
            events=(event,),
            asked=asked,
        )
        return Submission(command, record), sheet.book

    async def _limit_open(self, book: int, household: int) -> int:
        """Return the last event that was seen. Raises `Problem` where as much waits as may."""
        waiting, seen_at = await redemptions.count_waiting(self._database, book, household)
        if waiting >= ORDERS_OPEN_MAX:
            text = N_("没有存上：您家已有%(count)s样东西等着领。先去领了，或者取消一样，再换新的。您的分没有动。")
            raise Problem("too-many-open", text, status=409, count=ORDERS_OPEN_MAX)
        return seen_at

    async def _quote(self, sheet: Sheet, code: str, reward: Reward, home: Household) -> tuple[int, str]:
        """What the reward's own plugin asks of this household now, and its sentence."""
        facts, _ = await look_up(self._database, sheet, ("quote", "check"), _holder(home), home.on)
        return await self._ask(sheet, code, reward, home, facts)

    async def _ask(
        self, sheet: Sheet, code: str, reward: Reward, home: Household, facts: Mapping[str, Facts]
    ) -> tuple[int, str]:
        plugin, _, bare = code.partition("/")
        programme = sheet.context(home.on)
        holder = _holder(home)
        answer: Answer | Failure = (
            Answer(name=plugin, value=None)
            if sheet.roster.asleep
            else await sheet.roster.owner(
                plugin, "quote", programme=programme, reward=reward, holder=holder, facts=facts
            )
        )
        if isinstance(answer, Failure):
            raise answer.problem
        if isinstance(answer.value, Refusal):
            raise Problem("refused", N_("没有存上：%(reason)s"), status=409, reason=answer.value.reason)
        quote = answer.value
        if quote is None:
            quote = Quote(reward=bare, price=reward.price, reason=reward.title)
        if quote.reward != bare or quote.price < 1:
            raise Problem("quote", N_("没有存上：插件 %(plugin)s 报的价不对。您的分没有动。"), plugin=plugin)
        intent = Intent(
            kind=IntentKind.REDEMPTION,
            code=code,
            holder=holder,
            holder_kind=HolderKind.HOUSEHOLD,
            date=home.on,
            lines=(Amount(asset=Asset.MORAL, amount=quote.price),),
        )
        await ask_checks(sheet, programme, intent, facts)
        return quote.price, quote.reason


def _holder(home: Household) -> Holder:
    return Holder(household=home.id, village=home.village, grid=home.grid)
