"""A book held in memory: the same rules on the same rows, with no database.

For the simulator, for histories in tests, and for whoever wants to see what would become of a book.
"""

from collections.abc import Sequence
from copy import copy

from dezhi.core.body import Body, CapMove
from dezhi.core.book import (
    Account,
    AccountKey,
    Book,
    CapKey,
    Cohort,
    CohortKey,
    Decision,
    Held,
    Remembered,
    State,
    Target,
    TxnRow,
)
from dezhi.core.events import Command, HoldState, Outcome
from dezhi.core.ledger import decide, refusal
from dezhi.core.touches import Touch, accounts_behind, holders_behind, lots_touched, touches


class MemoryBook:
    """A book that starts empty. Its rows are there to be looked at, and change only by `apply`."""

    def __init__(self, book_id: int = 1, region: int = 1) -> None:
        self.head = Book(id=book_id, next_seq=1, next_account=1, frontier=(), last_posted_at=0, region=region)
        self.txns: list[TxnRow] = []
        self.accounts: dict[AccountKey, Account] = {}
        self.by_id: dict[int, Account] = {}
        self.cohorts: dict[CohortKey, Cohort] = {}
        self.caps: dict[CapKey, int] = {}
        self.holds: dict[str, Held] = {}
        self.requests: dict[tuple[str, str], Remembered] = {}
        self.reversals: dict[int, int] = {}
        self.confirmations: dict[int, int] = {}
        self._of_holder: dict[int, list[int]] = {}
        self._lots_of: dict[int, list[CohortKey]] = {}
        self._timed: dict[int, set[str]] = {}

    def post(self, commands: Sequence[Command], clock: int, entropy: bytes) -> list[Outcome]:
        """Decide a batch and keep it, as a database would; `clock` and `entropy` are those of `decide`."""
        refusals = [refusal(command) for command in commands]
        sound = [command for command, refused in zip(commands, refusals, strict=True) if refused is None]
        decision = self.decide(sound, clock, entropy)
        self.apply(decision)
        decided = iter(decision.outcomes)
        return [next(decided) if refused is None else refused for refused in refusals]

    def decide(self, commands: Sequence[Command], clock: int, entropy: bytes) -> Decision:
        """What would become of a batch of sound commands. The book stays as it is."""
        return decide(self.state(touches(commands)), commands, clock, entropy)

    def state(self, touch: Touch) -> State:
        """What a batch touches and no more, as the store would read it."""
        state = State(book=self.head)
        state.requests = {key: self.requests[key] for key in touch.requests & self.requests.keys()}
        for seq in touch.targets:
            if 0 < seq <= len(self.txns):
                state.targets[seq] = self._target(seq)
        state.holds = {order: copy(self.holds[order]) for order in touch.orders & self.holds.keys()}
        numbers = accounts_behind(state)
        self._add_accounts(state, numbers)
        for holder in touch.holders | holders_behind(state):
            self._add_accounts(state, self._of_holder.get(holder, ()))
        for holder in touch.spent:
            for number in self._of_holder.get(holder, ()):
                for order in self._timed.get(number, ()):
                    state.holds.setdefault(order, copy(self.holds[order]))
        self._add_accounts(state, {held.account for held in state.holds.values()} | touch.emptied)
        caps = {_cap(use) for target in state.targets.values() for use in target.caps} | touch.caps
        state.caps = {key: self.caps[key] for key in caps & self.caps.keys()}
        self._add_lots(state, touch)
        if touch.totals:
            state.totals = self.totals()
        return state

    def body(self, seq: int) -> Body:
        """What event `seq` fixed. Raises `IndexError` for a number that no event has."""
        return self.txns[seq - 1].body

    def totals(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Credits and debits over all accounts, by asset and role."""
        sums: dict[tuple[int, int], tuple[int, int]] = {}
        for account in self.by_id.values():
            credits_, debits = sums.get((account.key.asset, account.key.role), (0, 0))
            sums[account.key.asset, account.key.role] = credits_ + account.credits, debits + account.debits
        return sums

    def _target(self, seq: int) -> Target:
        body = self.body(seq)
        confirmed = self.confirmations.get(seq)
        return Target(
            body=body,
            caps=body.caps,
            reversed_by=self.reversals.get(seq),
            confirmed=None if confirmed is None else self.body(confirmed),
        )

    def _add_accounts(self, state: State, numbers: Sequence[int] | set[int]) -> None:
        for number in numbers:
            if number in self.by_id:
                state.add(copy(self.by_id[number]))

    def _add_lots(self, state: State, touch: Touch) -> None:
        lots = lots_touched(touch, state)
        keys = lots.named & self.cohorts.keys()
        for account in lots.whole:
            keys.update(
                key for key in self._lots_of.get(account, ()) if self.cohorts[key].granted > self.cohorts[key].used
            )
        for key in keys:
            state.put(copy(self.cohorts[key]))

    def apply(self, decision: Decision) -> None:
        """Keep what was decided on this book as it stands. Raises `ValueError` when the book has moved since."""
        if len(self.txns) + len(decision.txns) != decision.book.next_seq - 1:
            raise ValueError("the book has moved since this was decided")
        self.head = decision.book
        self.txns += decision.txns
        for request in decision.requests:
            self.requests[request.source, request.key] = Remembered(request.digest, request.outcome)
        for account in decision.accounts:
            if account.id not in self.by_id:
                self._of_holder.setdefault(account.key.holder_id, []).append(account.id)
            self.accounts[account.key] = self.by_id[account.id] = account
        for cohort in decision.cohorts:
            if cohort.key not in self.cohorts:
                self._lots_of.setdefault(cohort.account, []).append(cohort.key)
            self.cohorts[cohort.key] = cohort
        for held in decision.holds:
            self.holds[held.order] = held
            timed = self._timed.setdefault(held.account, set())
            if held.state == HoldState.OPEN and held.expires_at is not None:
                timed.add(held.order)
            else:
                timed.discard(held.order)
        self.caps.update(decision.caps)
        self.reversals.update(decision.reversals)
        self.confirmations.update(decision.confirmations)


def _cap(use: CapMove) -> CapKey:
    return use.rule, use.subject, use.period
