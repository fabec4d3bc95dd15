"""Who sends requests: callers with a plan of their own, little patience and a bad connection."""

import random

from booking import award, capture, command, hold, reverse, void
from dezhi.core.events import AssetId, Award, Cap, Event
from dezhi.store.ledger import Deed, Submission
from sim.promises import Asked

HOUSEHOLDS = (11, 12, 13)
DAY = 20261122


class Plans:
    """Thinks of requests. All callers of a seed share what they have heard: numbers to reverse, orders to settle."""

    def __init__(self, chance: random.Random, books: list[int]) -> None:
        self._chance = chance
        self._books = books
        self._made = 0
        self._past: list[Asked] = []
        self.numbers: dict[int, list[int]] = {book: [] for book in books}
        self._orders: dict[int, list[str]] = {book: [] for book in books}

    def next(self) -> Asked:
        """Something new; now and then an old request, or an old key with something else under it."""
        dice = self._chance.random()
        if self._past and dice < 0.08:
            return self._chance.choice(self._past)
        book = self._chance.choice(self._books)
        self._made += 1
        key = f"key-{self._made}"
        if self._past and dice > 0.97:
            book, key = self._chance.choice(self._past).name
        events = self._events(book)
        record = None
        if isinstance(events[0], Award):
            record = Deed(key, 520, events[0].holder.id, None, "i", 1, DAY, None, None, "", 1)
        # Not `asking`, which may count keys of its own: they would differ from run to run.
        asked = Asked(book, Submission(command(*events, key=key), record))
        self._past.append(asked)
        return asked

    def _events(self, book: int) -> tuple[Event, ...]:
        kind = self._chance.choices(
            ("award", "capped", "hold", "visit", "settle", "reverse"), weights=(6, 2, 3, 3, 3, 2)
        )[0]
        order = f"order-{self._made}"
        household = self._chance.choice(HOUSEHOLDS)
        amount = self._chance.randint(1, 12)
        match kind:
            case "capped":
                cap = Cap(rule="r", period="2026", add=1, limit=3)
                lines = ((AssetId.MORAL, amount), (AssetId.HONOUR, 1))
                return (award(household, event_day=DAY, lines=lines, caps=(cap,)),)
            case "hold":
                self._orders[book].append(order)
                return (hold(order, amount, household),)
            case "visit":
                return hold(order, amount, household), capture(order)
            case "settle" if self._orders[book]:
                wanted = self._chance.choice(self._orders[book])
                return (self._chance.choice((capture, capture, void))(wanted),)
            case "reverse" if self.numbers[book]:
                policy = self._chance.choice(("clip", "clip", "refuse"))
                return (reverse(self._chance.choice(self.numbers[book]), if_spent=policy),)
            case _:
                return (award(household, 2 * amount),)
