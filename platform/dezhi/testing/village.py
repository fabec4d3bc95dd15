"""A village for tests: the real house on a database of its own, in a temporary folder, with a clock the test moves.

Nothing here is an imitation. What a deed earns goes through the host, the core's judgement and the ledger's lock, as it
does in a township; only that it is asked in plain, synchronous calls.
"""

import asyncio
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from dezhi.app import furnish
from dezhi.core.caps import remaining
from dezhi.core.errors import Problem
from dezhi.core.events import ASSETS, Holder, HolderId
from dezhi.core.people import Household, NewMember
from dezhi.core.precedents import Precedent
from dezhi.core.programmes import Enabled, Resolution
from dezhi.core.staff import Post, Role as StaffRole
from dezhi.core.text import as_it_is
from dezhi.host import Directory
from dezhi.plugin import Asset, HolderKind, Item, Role
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked, Named
from dezhi.service.house import House
from dezhi.service.journal import EntryRef
from dezhi.service.precedents import Precedents
from dezhi.service.sheets import Sheet
from dezhi.settings import Settings as Operating
from dezhi.testing.samples import A_DAY

LONG_AGO = date(2020, 1, 1)
T = TypeVar("T")

MORNING = time(2, 30, tzinfo=UTC)  # half past ten in the village


class Family(msgspec.Struct, frozen=True):
    """A household: its id, and the ids of its people, the head first."""

    id: int
    people: tuple[int, ...]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one deed brought: `amounts` by asset and kind of holder, the plugin's sentence, and where it is booked."""

    amounts: tuple[tuple[HolderKind, Asset, int], ...]
    reason: str
    seqs: tuple[int, ...]
    book: int
    period: int  # the month it was booked in, as 202611
    version: int  # of the programme, the one in force on the deed's day

    @property
    def points(self) -> int:
        """All of it in one number, for an entry that gives one thing."""
        return sum(amount for _, _, amount in self.amounts)


class Village:
    """A village whose programme is the plugins under test. Use it as a context manager, or by the fixture `village`.

    `today` is the village's date, which the test may set to a later one: `village.today += timedelta(days=7)`.
    """

    def __init__(
        self, folder: Path, *packages: str, settings: Mapping[str, Mapping[str, object]] | None = None
    ) -> None:
        """Open one in an empty folder with these packages' plugins on; `settings` are by the plugin's name.

        Raises `Problem` where a plugin is refused, with the sentence the township would read, and KeyError for settings
        of a plugin that is not on.
        """
        self.today = A_DAY
        directory = Directory(modules=packages)
        for fault in directory.faults:
            raise fault.problem
        self._versions = {name: plugin.manifest.version for name, plugin in directory.plugins.items()}
        self._check(settings or {})
        self._runner = asyncio.Runner()
        self._house: House = self._run(furnish(Operating(data_dir=folder), self._now, directory))
        self._numbers = 1
        self._run(self._settle(settings or {}))

    # ── people ──

    def family(self, persons: int = 2, grid: int = 0) -> Family:
        """Register a household of so many persons in the village's first grid, or the second (`grid=1`)."""
        return self._run(self._family(persons, self._grids[grid]))

    def grid(self, number: int = 0) -> int:
        """Return the id of the first grid, or the second."""
        return self._grids[number]

    # ── deeds ──

    def record(
        self,
        item: str,
        home: Family,
        *,
        on: date | None = None,
        helped: Sequence[Family] = (),
        group: int | None = None,
        **asked: Any,
    ) -> Entry:
        """Record a deed under a full code, `plugin/code`, as a clerk would; raises `Problem` when nothing was booked.

        `helped` are the households named as helped, `group` is the grid the deed was done with. `asked` are the clerk's
        other answers: `person`, `minutes`, `points`, `note`, and `answers` to the item's questions.
        """
        request = self._asked(item, home, on, helped, group, asked)
        done = self._run(self._house.awards.record(request, self._actor, secrets.token_hex(8)))
        scored = done.scored
        if scored is None:
            raise AssertionError("a new request was taken for an old one")
        return Entry(
            amounts=tuple((one.holder_kind, asset, amount) for one in scored.proposals for asset, amount in one.lines),
            reason="；".join(dict.fromkeys(one.reason for one in scored.proposals)),
            seqs=done.seqs,
            book=done.book,
            period=self.today.year * 100 + self.today.month,
            version=scored.sheet.programme.version,
        )

    def refusal(self, item: str, home: Family, **asked: Any) -> Problem:
        """Return why a deed is refused; fails the test where it is not."""
        try:
            entry = self.record(item, home, **asked)
        except Problem as problem:
            return problem
        raise AssertionError(f"{item} was booked: {entry.reason}")

    def left(self, item: str, home: Family, **asked: Any) -> list[str]:
        """Return what a clerk reads of the limits before saving: `本月还能记15分（最多20分）`. Books nothing."""
        request = self._asked(
            item, home, asked.pop("on", None), asked.pop("helped", ()), asked.pop("group", None), asked
        )
        scored = self._run(self._house.awards.score(request, "staff", "preview"))
        return [as_it_is(remaining(one.use, one.used)) for one in self._run(self._house.awards.left(scored))]

    def reverse(self, entry: Entry) -> None:
        """Correct an entry by its opposite, as staff do."""
        ref = EntryRef(entry.book, entry.period, entry.seqs[0])
        self._run(self._house.journal.reverse(ref, "试一试冲正", self._actor, secrets.token_hex(8)))

    def precedents(self) -> Sequence[Precedent]:
        """Return what was decided by analogy up to today, in the order of the deeds."""
        service = Precedents(self._house.database, self._house.sheets)
        return self._run(service.of(self._village, LONG_AGO, self.today))

    def balance(self, home: Family, asset: Asset = Asset.MORAL, person: int | None = None) -> int:
        """Return what a household has of an asset, or one of its people (hours are always a person's)."""
        holder = Holder(HolderId.HOUSEHOLD, home.id) if person is None else Holder(HolderId.PERSON, person)
        sheet = self._sheet()
        return self._run(self._house.statements.balance(sheet.book, sheet.lineage, holder, ASSETS[asset]))

    # ── the programme ──

    @property
    def items(self) -> Mapping[str, Item]:
        """The items of the version in force today, by full code."""
        return self._sheet().items

    def adopt(self, settings: Mapping[str, Mapping[str, object]]) -> None:
        """Adopt a new version from today on with other settings, by the plugin's name; the others' become defaults."""
        self._run(self._adopt(settings, self.today))

    def close(self) -> None:
        """Close the database."""
        self._run(self._house.close())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # ── how ──

    def _asked(
        self,
        item: str,
        home: Family,
        on: date | None,
        helped: Sequence[Family],
        group: int | None,
        more: Mapping[str, Any],
    ) -> Asked:
        people = [Named(role=Role.HELPED, household=family.id) for family in helped]
        people += [] if group is None else [Named(role=Role.GROUP, grid=group)]
        return Asked(household=home.id, item=item, on=on or self.today, people=tuple(people), **more)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self._runner.run(work)
        except Problem as problem:
            # The house's own lines would bury the author's.
            raise problem.with_traceback(None) from None

    def _now(self) -> datetime:
        return datetime.combine(self.today, MORNING)

    def _sheet(self) -> Sheet:
        return self._run(self._house.sheets.in_force(self._village, self.today))

    def _check(self, settings: Mapping[str, object]) -> None:
        if strange := set(settings) - set(self._versions):
            raise KeyError(f"settings are by the plugin's name ({', '.join(self._versions)}), not {sorted(strange)}")

    async def _settle(self, settings: Mapping[str, Mapping[str, object]]) -> None:
        places = self._house.places
        township = await places.create_township("620902101000", ("某省", "某市", "某县", "某镇"), LONG_AGO)
        village = await places.create_village(township.id, "620902101201", "某村", LONG_AGO)
        self._village = village.id
        grids = [await places.create_grid(village.id, number, f"第{number}网格", LONG_AGO) for number in ("01", "02")]
        self._grids: Sequence[int] = [grid.id for grid in grids]
        clerk = await self._family(1, self._grids[0])
        posts = [Post(StaffRole.CLERK, village.id), Post(StaffRole.TOWNSHIP, township.id)]
        member = await self._house.staff.create_with(
            "clerk", "记分员", posts, secrets.token_urlsafe(16), person=clerk.people[0]
        )
        self._actor = Actor(member=member, household=clerk.id)
        await self._adopt(settings, LONG_AGO)

    async def _family(self, persons: int, grid: int) -> Family:
        members = [
            NewMember(name=f"村民{letter}", relation=relation)
            for letter, relation in zip("甲乙丙丁戊己庚辛壬癸"[:persons], ("户主", *["其他"] * 9), strict=False)
        ]
        number = f"{self._numbers:03}"
        self._numbers += 1
        home: Household = await self._house.people.open_household(self._village, grid, number, members, on=LONG_AGO)
        return Family(home.id, tuple(member.person for member in home.members))

    async def _adopt(self, settings: Mapping[str, Mapping[str, object]], since: date) -> None:
        self._check(settings)
        await self._house.programmes.adopt(
            self._village,
            {
                name: Enabled(version=version, settings=settings.get(name, {}))
                for name, version in self._versions.items()
            },
            title="试行方案",
            effective_from=since,
            staff=self._actor.staff,
            resolution=Resolution(number="试行决议", decided_on=LONG_AGO),
        )
