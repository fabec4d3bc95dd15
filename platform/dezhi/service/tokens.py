"""Make tokens for programs, check them at each call, end them."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from dezhi.core import calendar
from dezhi.core.acts import Act, ActKind
from dezhi.core.calendar import ZONE, Clock
from dezhi.core.errors import Problem
from dezhi.core.staff import Post, StaffMember
from dezhi.core.text import N_
from dezhi.core.tokens import (
    SECRET_BYTES,
    Scope,
    Token,
    check_expiry,
    check_name,
    check_scopes,
    digest,
    is_secret,
    read_token,
    written,
)
from dezhi.service.actors import Actor
from dezhi.store import acts as act_store, places as place_store, staff as staff_store, tokens as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token fresh from making: the only time its text is known."""

    token: Token
    text: str


class Bearer(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls: a token, and its owner as far as the token lets them reach."""

    token: Token
    actor: Actor


class Tokens:
    """The tokens of one installation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # ── calling ──

    async def check(self, text: str) -> Bearer:
        """Say who calls with a token's text.

        Raises Problem (401) `token-unknown`, and only to whoever has the secret `token-revoked`, `token-expired`, or
        `token-owner` while its owner's account is disabled or waits for a new password.
        """
        sent, now = read_token(text), self._clock()
        today = calendar.today(now)
        held = await store.held(self._database, sent.id, today) if sent else None
        if sent is None or held is None or not is_secret(sent.secret, held.digest):
            raise Problem("token-unknown", N_("令牌不对，什么都没有做。请核对后再试。"), status=401)
        token = held.token
        if token.revoked_at is not None:
            raise Problem("token-revoked", N_("这个令牌已经作废，什么都没有做。请换一个新的。"), status=401)
        if now >= token.expires_at:
            raise Problem("token-expired", N_("这个令牌过期了，什么都没有做。请换一个新的。"), status=401)
        if not held.owner.is_active or held.owner.must_change:
            text = N_("这个令牌的主人现在不能登录（账号停用，或者要先改密码），什么都没有做。")
            raise Problem("token-owner", text, status=401)
        if token.used_on != today:
            await store.note_use(self._database, token.id, today)
        owner = held.owner if token.region is None else await self._within(held.owner, token.region)
        return Bearer(token=token, actor=Actor(member=owner, household=held.household, token=token.id))

    async def _within(self, owner: StaffMember, region: int) -> StaffMember:
        """The owner with no more of each post than lies in the token's region."""
        above = {one.id for one in await place_store.path(self._database, region)}
        posts = []
        for post in owner.posts:
            if post.region in above:
                posts.append(Post(post.role, region))
            elif any(one.id == region for one in await place_store.path(self._database, post.region)):
                posts.append(post)
        return msgspec.structs.replace(owner, posts=tuple(posts))

    # ── keeping ──

    async def make(
        self,
        actor: Actor,
        name: str,
        scopes: Collection[Scope],
        expires_on: date,
        region: int | None = None,
        parent: Token | None = None,
    ) -> NewToken:
        """Make a token of the actor's own; it works until the end of `expires_on`, at most a year.

        `parent` is the token that asks, if one does: the new one has none of the scopes it lacks, no wider region, and
        no later end. Raises Problem `token-name`, `token-scopes`, `token-expiry` or `token-region`.
        """
        now = self._clock()
        expires_at = _end_of(check_expiry(expires_on, calendar.today(now)))
        if parent is not None:
            if not set(scopes) <= set(parent.scopes):
                raise Problem("token-scopes", N_("令牌能做的事不能比您自己多。请重新选。"), status=403, field="scopes")
            expires_at = min(expires_at, parent.expires_at)
            region = parent.region if region is None else region
        await self._check_region(actor.member, region)
        token = Token(
            id=new_id(),
            owner=actor.staff,
            name=check_name(name),
            scopes=check_scopes(scopes, {post.role for post in actor.member.posts}),
            region=region,
            made_at=now,
            expires_at=expires_at,
        )
        secret = secrets.token_urlsafe(SECRET_BYTES)
        async with self._database.engine.transaction():
            await store.add(self._database, token, digest(secret))
            await self._note(actor, ActKind.TOKEN_MADE, actor.member)
        return NewToken(token=token, text=written(token.id, secret))

    async def _check_region(self, member: StaffMember, region: int | None) -> None:
        if region is None:
            return
        above = {one.id for one in await place_store.path(self._database, region)}
        if not any(post.region in above for post in member.posts):
            raise Problem("token-region", N_("请选您管的乡镇、村或网格。"), status=404, field="region")

    async def token(self, key: int) -> Token:
        """One token, dead or alive. Raises Problem `token-none` (404)."""
        found = await store.by_id(self._database, key)
        if found is None:
            raise Problem("token-none", N_("没有这个令牌，或者它不归您管。"), status=404)
        return found

    async def of_owners(self, owners: Collection[int]) -> Sequence[Token]:
        """The tokens of some staff, dead ones among them, newest first."""
        return await store.of_owners(self._database, list(owners))

    async def covers(self, one: Token, other: Token) -> bool:
        """Whether a token can do all that another can, and so may see and end it."""
        if not set(other.scopes) <= set(one.scopes):
            return False
        if one.region is None or one.region == other.region:
            return True
        path = await place_store.path(self._database, other.region) if other.region is not None else ()
        return any(above.id == one.region for above in path)

    async def revoke(self, actor: Actor, token: Token) -> None:
        """End a token at once; nothing happens to one that is ended already."""
        async with self._database.engine.transaction():
            if await store.revoke(self._database, token.id, self._clock()):
                owner = await staff_store.by_id(self._database, token.owner, calendar.today(self._clock()))
                await self._note(actor, ActKind.TOKEN_REVOKED, owner or actor.member)

    async def _note(self, actor: Actor, kind: ActKind, owner: StaffMember) -> None:
        """Keep who made or ended a token: at the place of the owner's first post, whose supervisor reads it."""
        place = next(iter(owner.posts or actor.member.posts), None)
        if place is None:
            return
        act = Act(
            id=new_id(), done_at=self._clock(), staff=actor.staff, kind=kind, region=place.region, subject=owner.id
        )
        await act_store.add(self._database, act)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZONE)
