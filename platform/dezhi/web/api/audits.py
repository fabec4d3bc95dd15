"""What the nights' audits of a book found, for its supervisor."""

from datetime import datetime
from typing import Annotated

from litestar import Controller
from msgspec import Meta

from dezhi.core.faults import Fault
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.web.api.calls import read
from dezhi.web.api.kinds import Answer, VillagePath
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_village

Value = int | str | None


class FaultOf(Answer, frozen=True, kw_only=True):
    """One row that is not what the events say."""

    table: Annotated[str, Meta(description="The table of the ledger.", examples=["account"])]
    key: Annotated[dict[str, Value], Meta(description="The row's key.", examples=[{"book_id": 1, "account_id": 7}])]
    what: Annotated[str, Meta(description="differs, missing, extra or unreadable.", examples=["differs"])]
    column: Annotated[str, Meta(description="The column that differs; empty for a whole row.", examples=["credits"])]
    stored: Annotated[Value, Meta(description="What the row says; bytes in hexadecimal.", examples=[120])]
    derived: Annotated[Value, Meta(description="What the events say.", examples=[110])]


class AuditOf(Answer, frozen=True, kw_only=True):
    """The last night's audit of the village's book."""

    began: Annotated[
        datetime | None, Meta(description="Null before the first night.", examples=["2026-11-22T02:30:00Z"])
    ]
    ended: Annotated[datetime | None, Meta(description="Null likewise.", examples=["2026-11-22T02:31:00Z"])]
    trouble: Annotated[str, Meta(description="Why it could not run; else empty.", examples=[""])]
    clean: Annotated[bool, Meta(description="Whether it ran and every row is what the events say.", examples=[True])]
    events: Annotated[int, Meta(description="Entries of the book.", ge=0, examples=[4120])]
    root: Annotated[str, Meta(description="The root of its log, hexadecimal.", examples=["e3b0c442"])]
    count: Annotated[int, Meta(description="Differences, named or not.", ge=0, examples=[0])]
    faults: Annotated[list[FaultOf], Meta(description="Those that are named, causes first.")]


class AuditCalls(Controller):
    """The audit of one village's book."""

    path = "/villages/{village:str}"
    tags = ("Entries",)

    @read("/audit", Scope.READ, "get_audit", "What the last night's audit of the book found, for its supervisor")
    async def last(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> AuditOf:
        place = await need_village(house, visitor, village, Role.SUPERVISOR)
        return await _last(house, await house.sheets.book(place.id))


async def _last(house: House, book: int) -> AuditOf:
    found = await house.audits.last(book)
    if found is None or found.book is None:
        return AuditOf(
            began=found.began_at if found else None,
            ended=found.ended_at if found else None,
            trouble=found.trouble if found else "",
            clean=False,
            events=0,
            root="",
            count=0,
            faults=[],
        )
    return AuditOf(
        began=found.began_at,
        ended=found.ended_at,
        trouble=found.trouble,
        clean=not found.count,
        events=found.book.events,
        root=found.book.root,
        count=found.count,
        faults=[_fault(one) for one in found.faults],
    )


def _fault(fault: Fault) -> FaultOf:
    return FaultOf(
        table=fault.table,
        key=fault.key,
        what=fault.what,
        column=fault.column,
        stored=fault.stored,
        derived=fault.derived,
    )
