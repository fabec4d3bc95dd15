"""Statements and past balances of households."""

from datetime import date, datetime
from typing import Annotated

from litestar import Controller
from litestar.params import QueryParameter
from msgspec import Meta

from dezhi.core.events import ASSET_OF, HolderId
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.statements import Part, Statement
from dezhi.web.api.calls import read
from dezhi.web.api.entries import aware
from dezhi.web.api.households import PassbookLine, line_of
from dezhi.web.api.kinds import DAY, Answer, AssetWord, EntryId, HouseholdId, HouseholdPath, PersonId
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_household

Known = Annotated[
    datetime | None,
    QueryParameter(description="As the book knew it at this time, with an offset; left out: as it knows it now."),
]
Figure = Annotated[int, Meta(description="Points, or minutes of `hours`.", examples=[10])]
Programme = Annotated[str, Meta(description="The programme it is kept under, through all versions.", examples=["1"])]


class BalanceOf(Answer, frozen=True, kw_only=True):
    """What one account held."""

    asset: AssetWord
    programme: Programme
    person: Annotated[PersonId | None, Meta(description="The member it belongs to; null for the household's own.")]
    balance: Figure
    pending: Annotated[int, Meta(description="Under public notice then, not in the balance.", examples=[0])]


class PastBalances(Answer, frozen=True, kw_only=True):
    """What a household and its present members had at the end of a day."""

    household: HouseholdId
    on: Annotated[date, Meta(description="The day, by the days of deeds.", examples=[DAY])]
    last_entry: Annotated[EntryId | None, Meta(description="The newest entry of the book that was known.")]
    accounts: list[BalanceOf]


class PartOf(Answer, frozen=True, kw_only=True):
    """One account of a statement: `closing` is `opening` and every line together."""

    asset: AssetWord
    programme: Programme
    person: Annotated[PersonId | None, Meta(description="The member it belongs to; null for the household's own.")]
    opening: Figure
    lines: list[PassbookLine]
    closing: Figure
    pooled: Annotated[
        list[PassbookLine], Meta(description="What was above the limit of hours and went to the pool.", examples=[[]])
    ]
    pending: Annotated[int, Meta(description="Under public notice at the end, in neither figure.", examples=[0])]


class StatementOf(Answer, frozen=True, kw_only=True):
    """A household's statement of some days, both included, by the days of deeds."""

    household: HouseholdId
    since: Annotated[date, Meta(description="Its first day.", examples=[DAY])]
    until: Annotated[date, Meta(description="Its last day.", examples=[DAY])]
    last_entry: Annotated[EntryId | None, Meta(description="The newest entry of the book that was known.")]
    accounts: list[PartOf]


class StatementCalls(Controller):
    """What was."""

    path = "/households/{household:str}"
    tags = ("Households",)

    @read(
        "/statement", Scope.READ, "get_statement", "A statement of some days: opening figures, lines, closing figures"
    )
    async def statement(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        *,
        since: Annotated[date | None, QueryParameter(description="First day; left out, the year's first.")] = None,
        until: Annotated[date | None, QueryParameter(description="Last day; left out, today.")] = None,
        known_at: Known = None,
    ) -> StatementOf:
        home = await need_household(house, visitor, household, Role.CLERK)
        last = until or house.people.today()
        first = since or last.replace(month=1, day=1)
        told = await house.statements.of_household(home, first, last, known=aware(known_at))
        return StatementOf(
            household=household,
            since=told.since,
            until=told.until,
            last_entry=_last(told),
            accounts=[_part(one) for one in told.parts],
        )

    @read("/balances/past", Scope.READ, "get_past_balances", "What a household had at the end of a day")
    async def past(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        *,
        on: Annotated[date | None, QueryParameter(description="The day; left out, today.")] = None,
        known_at: Known = None,
    ) -> PastBalances:
        home = await need_household(house, visitor, household, Role.CLERK)
        day = on or house.people.today()
        told = await house.statements.of_household(home, day, day, known=aware(known_at))
        return PastBalances(
            household=household,
            on=day,
            last_entry=_last(told),
            accounts=[
                BalanceOf(
                    asset=ASSET_OF[one.asset],
                    programme=str(one.programme),
                    person=_person(one),
                    balance=one.closing,
                    pending=one.pending,
                )
                for one in told.parts
            ],
        )


def _last(told: Statement) -> str | None:
    return f"{told.book}-{told.seq}" if told.seq else None


def _person(part: Part) -> str | None:
    return str(part.owner) if part.holder is HolderId.PERSON else None


def _part(part: Part) -> PartOf:
    return PartOf(
        asset=ASSET_OF[part.asset],
        programme=str(part.programme),
        person=_person(part),
        opening=part.opening,
        lines=[line_of(line) for line in part.lines],
        closing=part.closing,
        pooled=[line_of(line) for line in part.pooled],
        pending=part.pending,
    )
