"""Tokens: a program may renew its own, and end what its owner may end; never make one that can do more than itself."""

from datetime import date, datetime, timedelta
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta, structs

from dezhi.core.calendar import ZONE
from dezhi.core.errors import Problem
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope, Token
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import (
    GRID,
    Answer,
    Body,
    Cursor,
    Key,
    Limit,
    RegionId,
    StaffId,
    TokenId,
    TokenPath,
)
from dezhi.web.api.paging import LIMIT, Page, page_of
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.tokens import owners
from dezhi.web.visitors import whole

TokenName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$", description="Who uses it.", examples=["镇政务平台"])
]
LastDay = Annotated[date, Meta(description="The last day on which it works; a year at most.", examples=["2026-12-31"])]


class NewTokenOf(Body, frozen=True, kw_only=True):
    """A token to be made: with no scope this one lacks, nowhere it does not reach, and not beyond its end."""

    name: TokenName
    scopes: Annotated[
        list[Scope], Meta(min_length=1, max_length=20, description="What it may do.", examples=[["read"]])
    ]
    last_day: LastDay
    region: Annotated[RegionId | None, Meta(description="Confines it to this region.", examples=[GRID])] = None


class TokenOf(Answer, frozen=True, kw_only=True):
    """A token without its secret."""

    id: TokenId
    owner: StaffId
    name: TokenName
    scopes: Annotated[list[Scope], Meta(description="What it may do.", examples=[["read"]])]
    region: RegionId | None
    last_day: LastDay
    used_on: Annotated[date | None, Meta(description="The day of last use.", examples=["2026-11-22"])]
    revoked_at: Annotated[datetime | None, Meta(description="When it was ended.", examples=[None])]


class MadeToken(Answer, frozen=True, kw_only=True):
    """A new token with its text."""

    token: TokenOf
    text: Annotated[
        str | None, Meta(description="Shown in the first answer only; null when repeated.", examples=["dz_…"])
    ]


class TokenCalls(Controller):
    """Tokens."""

    path = "/tokens"
    tags = ("Tokens",)

    @read("/", Scope.TOKEN, "list_tokens", "The tokens that can do no more than this one, dead ones among them")
    async def everything(
        self, request: Call, house: TheHouse, visitor: TheVisitor, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Page[TokenOf]:
        own = request.auth.token
        theirs = await house.tokens.of_owners(await owners(house, visitor))
        found = sorted([one for one in theirs if await house.tokens.covers(own, one)], key=_order)
        shown, following = page_of("tokens", found, _order, cursor, limit)
        return Page(items=[_told(one) for one in shown], next=following)

    @write("/", Scope.TOKEN, "make_token", "Make a token of the caller's own")
    async def make(
        self, request: Call, house: TheHouse, visitor: TheVisitor, data: JSONBody[NewTokenOf], key: Key
    ) -> Response[MadeToken]:
        async def work() -> MadeToken:
            actor = visitor.need_staff(*Role)
            region = whole(data.region) if data.region else None
            made = await house.tokens.make(
                actor, data.name, set(data.scopes), data.last_day, region, parent=request.auth.token
            )
            return MadeToken(token=_told(made.token), text=made.text)

        return await once(request, house, key, data, work, keep=lambda one: structs.replace(one, text=None))

    @write("/{token:str}/revoke", Scope.TOKEN, "revoke_token", "End a token at once")
    async def revoke(
        self, request: Call, house: TheHouse, visitor: TheVisitor, token: TokenPath, key: Key
    ) -> Response[TokenOf]:
        async def work() -> TokenOf:
            found = await house.tokens.token(whole(token))
            mine = await house.tokens.covers(request.auth.token, found)
            if not mine or found.owner not in await owners(house, visitor):
                raise Problem("token-none", N_("没有这个令牌，或者它不归您管。"), status=404)
            await house.tokens.revoke(visitor.need_staff(*Role), found)
            return _told(await house.tokens.token(found.id))

        return await once(request, house, key, None, work)


def _order(token: Token) -> str:
    return f"{token.id:019}"


def _told(token: Token) -> TokenOf:
    return TokenOf(
        id=str(token.id),
        owner=str(token.owner),
        name=token.name,
        scopes=list(token.scopes),
        region=str(token.region) if token.region is not None else None,
        last_day=(token.expires_at - timedelta(seconds=1)).astimezone(ZONE).date(),
        used_on=token.used_on,
        revoked_at=token.revoked_at,
    )
