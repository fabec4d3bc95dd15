"""Let staff in, give them posts, take them away (SE-01, SE-03)."""

from collections.abc import Sequence
from datetime import date

import msgspec

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.names import clean_name
from dezhi.core.staff import Post, Role, StaffMember, check_login, check_password
from dezhi.core.text import N_
from dezhi.service.secrets import Secrets, draw_password, mark_of
from dezhi.store import people as people_store, places as place_store, staff as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id


class TemporaryPassword(msgspec.Struct, frozen=True, kw_only=True):
    """A password for the first log-in, shown once and changed there."""

    staff: int
    login: str
    password: str


class StaffDesk:
    """The staff of one installation."""

    def __init__(self, database: Database, clock: Clock, secrets: Secrets) -> None:
        self._database = database
        self._clock = clock
        self._secrets = secrets

    def today(self) -> date:
        """Return the villages' date now."""
        return calendar.today(self._clock())

    # ── logging in ──

    async def log_in(self, login: str, password: str) -> StaffMember:
        """Return who logs in. An unknown name, a wrong password and a disabled account sound and take the same.

        Raises Problem `login-wrong` (401), or `locked` (429) from the fifth wrong try on, for a time that doubles.
        """
        plain = login.strip().lower()[:60]
        subject = f"staff:{plain}"
        await self._secrets.start_try(subject)
        member = await store.by_login(self._database, plain, self.today())
        hashed = await store.password_hash(self._database, member.id) if member else None
        right = await self._secrets.password_is(password[:1000], hashed)
        if member is None or not right or not member.is_active:
            raise Problem("login-wrong", N_("登录名或密码不对。连错5次要等一会儿。"), status=401)
        await self._secrets.right(subject)
        return member

    async def change_password(self, staff: int, old: str, new: str) -> None:
        """Let a member of staff choose a password. Raises Problem `login-wrong`, `locked` or `password-…`."""
        member = await self.member(staff)
        await self.log_in(member.login, old)
        check_password(new, member.login, member.name)
        if new == old:
            raise Problem("password-weak", N_("新密码要和旧密码不一样。"), field="password")
        hashed = await self._secrets.hash_password(new)
        await store.set_password(self._database, staff, hashed, must_change=False)

    async def speak(self, staff: int, language: str) -> None:
        """Keep the language that a member of staff chose; it goes with the account to every computer."""
        await store.set_language(self._database, staff, language)

    # ── asking ──

    async def member(self, staff: int) -> StaffMember:
        """Return a member of staff with today's posts. Raises Problem `staff-unknown`."""
        found = await store.by_id(self._database, staff, self.today())
        if found is None:
            raise Problem("staff-unknown", N_("没有这位工作人员。"), status=404)
        return found

    async def by_login(self, login: str) -> StaffMember:
        """Return who has a log-in and may use it. Raises Problem `staff-unknown`, `staff-disabled`."""
        found = await store.by_login(self._database, login, self.today())
        if found is None:
            raise Problem("staff-unknown", N_("没有这位工作人员。"), status=404)
        if not found.is_active:
            raise Problem("staff-disabled", N_("这个账号已经停用。"), status=403)
        return found

    async def active(self, staff: int) -> StaffMember | None:
        """Return who a session belongs to, or None once the account is disabled: it ends with the next request."""
        found = await store.by_id(self._database, staff, self.today())
        return found if found and found.is_active else None

    async def mark(self, staff: int) -> str:
        """Return what tells one password of an account from the next: a session opened with the one ends with it."""
        return mark_of(await store.password_hash(self._database, staff))

    async def everybody(self, scope: int) -> Sequence[StaffMember]:
        """Return the staff with a post at a region or below it, and those left without any, by name."""
        below = {one.id for one in await place_store.below(self._database, scope, self.today())}
        everyone = await store.everybody(self._database, self.today())
        return [one for one in everyone if not one.posts or any(post.region in below for post in one.posts)]

    # ── keeping ──

    async def create(
        self, login: str, name: str, posts: Sequence[Post], person: int | None = None
    ) -> TemporaryPassword:
        """Create an account with posts and a temporary password.

        `person` says which resident this is; a clerk of a village must be one before the first award. Raises Problem
        `login-form`, `login-taken`, `name-…`, `post-place` (a post below nothing) or `person-unknown`.
        """
        password = draw_password()
        member = await self.create_with(login, name, posts, password, person=person, must_change=True)
        return TemporaryPassword(staff=member.id, login=member.login, password=password)

    async def create_with(
        self,
        login: str,
        name: str,
        posts: Sequence[Post],
        password: str,
        *,
        person: int | None = None,
        must_change: bool = False,
    ) -> StaffMember:
        """Create an account with a password of its owner's choosing (set-up, demo). Raises as `create` does."""
        member = StaffMember(
            id=new_id(),
            login=check_login(login),
            name=clean_name(name),
            person=person,
            must_change=must_change,
            posts=tuple(posts),
        )
        check_password(password, member.login, member.name)
        hashed = await self._secrets.hash_password(password)
        async with self._database.engine.transaction():
            if await store.by_login(self._database, member.login, self.today()):
                raise Problem(
                    "login-taken", N_("登录名“%(login)s”已经有人用了。"), status=409, field="login", login=login
                )
            await self._check_posts(posts)
            await self._check_person(person)
            await store.add(self._database, member, hashed, posts, self._clock(), self.today())
        return member

    async def reset_password(self, staff: int) -> TemporaryPassword:
        """Give a temporary password, shown once; waiting for wrong tries ends."""
        member, password = await self.member(staff), draw_password()
        hashed = await self._secrets.hash_password(password)
        await store.set_password(self._database, staff, hashed, must_change=True)
        await self._secrets.right(f"staff:{member.login}")
        return TemporaryPassword(staff=staff, login=member.login, password=password)

    async def disable(self, staff: int) -> None:
        """End an account; its sessions end with their next request. What it booked keeps its name.

        Raises Problem `last-township` for the last active account that could let anybody else in.
        """
        async with self._database.engine.transaction():
            if (await self.member(staff)).regions(Role.TOWNSHIP):
                await self._check_others(staff)
            await store.set_state(self._database, staff, "disabled")

    async def enable(self, staff: int) -> TemporaryPassword:
        """Let a disabled account work again, with a temporary password."""
        await self.member(staff)
        await store.set_state(self._database, staff, "active")
        return await self.reset_password(staff)

    async def give(self, staff: int, post: Post) -> None:
        """Give a role below a region from today on; nothing happens when it is held already."""
        async with self._database.engine.transaction():
            member = await self.member(staff)
            await self._check_posts([post])
            if post not in member.posts:
                await store.give(self._database, staff, post, self.today())

    async def take(self, staff: int, post: Post) -> None:
        """End a role from today on. Raises Problem `last-township` as `disable` does: two may take each other's."""
        async with self._database.engine.transaction():
            keys = [one for one in (await self.member(staff)).posts if one.role is Role.TOWNSHIP]
            if keys == [post]:
                await self._check_others(staff)
            await store.take(self._database, staff, post, self.today())

    async def link_person(self, staff: int, person: int) -> None:
        """Say which resident a member of staff is, so that nobody can award themselves or their own household."""
        await self.member(staff)
        await self._check_person(person)
        await store.set_person(self._database, staff, person)

    async def _check_others(self, staff: int) -> None:
        """Raise Problem `last-township` when nobody else could let anybody in."""
        others = [one for one in await store.everybody(self._database, self.today()) if one.id != staff]
        if not any(one.is_active and one.regions(Role.TOWNSHIP) for one in others):
            raise Problem(
                "last-township", N_("这是最后一个乡镇管理员，停用后就没人能管理了。请先添加另一位。"), status=409
            )

    async def _check_posts(self, posts: Sequence[Post]) -> None:
        for post in posts:
            region = await place_store.region(self._database, post.region)
            if region is None or not region.in_force(self.today()):
                raise Problem("post-place", N_("请选这个角色管哪个乡镇、村或网格。"), field="region")

    async def _check_person(self, person: int | None) -> None:
        if person is not None and await people_store.household_of(self._database, person, self.today()) is None:
            raise Problem("person-unknown", N_("这个人不在册，请先登记。"), status=404, field="person")
