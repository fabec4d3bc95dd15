"""Take an empty installation over, once, with the address that `dezhi serve` printed."""

import hashlib
import secrets
from collections.abc import Sequence

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.core.text import N_
from dezhi.service.places import Places
from dezhi.service.staff import StaffDesk
from dezhi.store import staff as store
from dezhi.store.database import Database


class Founded(msgspec.Struct, frozen=True, kw_only=True):
    """What set-up made."""

    township: Region
    administrator: StaffMember


class Setup:
    """The one-time set-up."""

    def __init__(self, database: Database, clock: Clock, places: Places, staff: StaffDesk) -> None:
        self._database = database
        self._clock = clock
        self._places = places
        self._staff = staff

    async def is_needed(self) -> bool:
        """Whether nobody works here yet."""
        return await store.is_empty(self._database)

    async def new_token(self) -> str | None:
        """Return a token for the set-up address, or None once somebody works here. An earlier unused one dies."""
        if not await self.is_needed():
            return None
        token = secrets.token_urlsafe(24)
        await store.keep_setup_token(self._database, _digest(token), self._clock())
        return token

    async def check(self, token: str) -> None:
        """Raise Problem `setup-closed` (404) unless the token opens the set-up."""
        if not (await self.is_needed() and await store.setup_token_is_open(self._database, _digest(token))):
            raise _closed()

    async def found(
        self, token: str, *, code: str, names: Sequence[str], login: str, name: str, password: str
    ) -> Founded:
        """Create the township and its first administrator, and use the token up: all of it or nothing.

        `names` are those of province, city, county, township. Raises Problem `setup-closed`, or what
        `Places.create_township` and `StaffDesk.create_with` raise; then the token still works.
        """
        async with self._database.engine.transaction():
            await self.check(token)
            township = await self._places.create_township(code, names)
            administrator = await self._staff.create_with(login, name, [Post(Role.TOWNSHIP, township.id)], password)
            if not await store.use_setup_token(self._database, _digest(token), self._clock()):
                raise _closed()
        return Founded(township=township, administrator=administrator)


def _closed() -> Problem:
    return Problem("setup-closed", N_("这个初始设置地址已经用过或者不对。重新启动服务会打印新的地址。"), status=404)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
