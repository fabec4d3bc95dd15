"""Set regions up, find them, merge villages (HH-01, HH-02)."""

from collections.abc import Sequence
from datetime import date
from itertools import count

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.regions import CODED, Level, Region, ancestor_codes, check_code, level_of, village_on
from dezhi.core.staff import Role, StaffMember
from dezhi.core.text import N_
from dezhi.store import places as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

NAME_MAX = 60


class Places:
    """The region tree of one installation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def today(self) -> date:
        """Return the villages' date now."""
        return calendar.today(self._clock())

    async def create_township(self, code: str, names: Sequence[str], on: date | None = None) -> Region:
        """Create a township with whatever is missing above it.

        `names` are those of province, city, county and township; a city without counties (东莞) leaves the county out.
        Raises Problem for a bad code (`region-code`), one already in force (`region-taken`) or names that do not match
        the code's levels (`region-names`).
        """
        if level_of(code) is not Level.TOWNSHIP:
            raise Problem("region-code", N_("乡镇的区划代码最后3位是000,例如620902101000。"), field="code")
        codes = (*ancestor_codes(code), code)
        if len(names) != len(codes):
            raise Problem("region-names", N_("请把省、市、县、乡镇的名称都写上。"), field="names")
        on = on or self.today()
        async with self._database.engine.transaction():
            above: Region | None = None
            for part, name in zip(codes, names, strict=True):
                known = await store.by_code(self._database, part, on)
                if known is None or part == code:
                    known = await self._create(part, level_of(part), name, above, on)
                above = known
        assert above is not None  # noqa: S101 - codes is never empty
        return above

    async def create_village(self, township: int, code: str, name: str, on: date | None = None) -> Region:
        """Create a village below a township."""
        return await self._create(code, Level.VILLAGE, name, await self.region(township), on or self.today())

    async def open_village(self, township: int, code: str, name: str, grids: Sequence[str]) -> Region:
        """Create a village with its grids, numbered 01, 02, … in the order given: all of it or nothing."""
        async with self._database.engine.transaction():
            village = await self.create_village(township, code, name)
            for grid in grids:
                await self.add_grid(village.id, grid)
        return village

    async def add_grid(self, village: int, name: str) -> Region:
        """Create a grid under the next free number. Raises Problem `grid-taken` for a name the village has already."""
        async with self._database.engine.transaction():
            there = await self.grids(village)
            if name.strip() in {grid.name for grid in there}:
                text = N_("这个村已经有叫“%(name)s”的网格了。")
                raise Problem("grid-taken", text, status=409, field="grids", name=name.strip())
            taken = {grid.code for grid in there}
            code = next(code for code in (f"{number:02}" for number in count(1)) if code not in taken)
            return await self.create_grid(village, code, name)

    async def create_grid(self, parent: int, code: str, name: str, on: date | None = None) -> Region:
        """Create a grid below a village; `code` is local, e.g. `01`."""
        return await self._create(code, Level.GRID, name, await self.region(parent), on or self.today())

    async def create_group(self, parent: int, code: str, name: str, on: date | None = None) -> Region:
        """Create a group below a grid or a village."""
        return await self._create(code, Level.GROUP, name, await self.region(parent), on or self.today())

    async def _create(self, code: str, level: Level, name: str, parent: Region | None, on: date) -> Region:
        check_code(code, level, parent)
        name = name.strip()
        if not 0 < len(name) <= NAME_MAX or not name.isprintable():
            raise Problem("region-name", N_("名称没有填，或者超过60个字。"), field="name")
        made = Region(
            id=new_id(), code=code, level=level, name=name, parent=parent.id if parent else None, valid_from=on
        )
        async with self._database.engine.transaction():
            beside = await store.children(self._database, made.parent, on)
            taken = (
                await store.by_code(self._database, code, on)
                if level in CODED
                else next((one for one in beside if (one.level, one.code) == (level, code)), None)
            )
            if taken:
                raise Problem(
                    "region-taken",
                    N_("代码“%(given)s”已经是“%(name)s”的了。"),
                    status=409,
                    field="code",
                    given=code,
                    name=taken.name,
                )
            await store.add(self._database, [made])
        return made

    async def region(self, key: int) -> Region:
        """Return one region, in force or not. Raises Problem `region-unknown`."""
        found = await store.region(self._database, key)
        if found is None:
            raise Problem("region-unknown", N_("没有找到这个村镇或网格。"), status=404)
        return found

    async def by_code(self, code: str, on: date | None = None) -> Region | None:
        """Return the region which carried a 12-digit code on a day (default: today)."""
        return await store.by_code(self._database, code, on or self.today())

    async def townships(self) -> Sequence[Region]:
        """Return the townships of this installation, in code order."""
        found: list[Region] = []
        for province in await store.children(self._database, None, self.today()):
            found += await store.below(self._database, province.id, self.today(), Level.TOWNSHIP)
        return found

    async def villages(self, scope: int) -> Sequence[Region]:
        """Return the villages of a region in force today, in code order and never by any figure."""
        return await store.below(self._database, scope, self.today(), Level.VILLAGE)

    async def grids(self, village: int) -> Sequence[Region]:
        """Return a village's grids in force today, in code order."""
        return await store.below(self._database, village, self.today(), Level.GRID)

    async def tree(self, scope: int, on: date | None = None) -> Sequence[Region]:
        """Return a region and everything below it on a day, in code order; `parent` makes the tree."""
        return await store.below(self._database, scope, on or self.today())

    async def path(self, key: int) -> Sequence[Region]:
        """Return a region and all above it, the province first. Raises Problem `region-unknown`."""
        found = await store.path(self._database, key)
        if not found:
            raise Problem("region-unknown", N_("没有找到这个村镇或网格。"), status=404)
        return found

    async def in_scope(self, key: int, staff: StaffMember, role: Role) -> bool:
        """Whether the role of this member of staff reaches the region."""
        return staff.may(role, await store.ids_above(self._database, key))

    async def village_on(self, village: int, on: date) -> Region:
        """Return what a village was, or had become part of, on that day."""
        return village_on(await store.successors(self._database, village), village, on)

    async def merge_villages(self, source: int, target: int, on: date | None = None) -> Region:
        """Merge one village into another from a day on (default: today); the past keeps both.

        Raises Problem `merge-refused` unless both are villages in force that day, and the day is not in the future.
        """
        on = on or self.today()
        one, other = await self.region(source), await self.region(target)
        both = (one, other)
        if (
            one.id == other.id
            or on > self.today()
            or not all(v.level is Level.VILLAGE and v.in_force(on) for v in both)
        ):
            raise Problem("merge-refused", N_("只能把一个现在的村并入另一个现在的村，日期不能晚于今天。"))
        await store.merge(self._database, one, other, on)
        return other
