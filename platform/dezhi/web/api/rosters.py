"""Rosters: rows that are looked over, then taken in."""

from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.acts import ActKind
from dezhi.core.rosters import ROWS_MAX
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.rosters import Preview
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import ask, write
from dezhi.web.api.kinds import PREVIEW, Answer, Body, Key, VillagePath
from dezhi.web.api.writes import known, once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.problems import ProblemBody, problem_body
from dezhi.web.visitors import need_village

Cell = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
FAULTS_MAX = 500
"""Faults told at once; a roster with more is mended from the top."""


class RosterRow(Body, frozen=True, kw_only=True):
    """One person. Values are texts as a village writes them; what cannot be read is told with its row."""

    number: Annotated[Cell, Meta(description="The household's number.", examples=["102"])]
    name: Annotated[Cell, Meta(description="The person's name.", examples=["赵春梅"])]
    relation: Annotated[Cell, Meta(description="To the head: 户主, 妻, 子, 女, …", examples=["户主"])]
    birth_date: Annotated[Cell, Meta(description="As YYYY-MM-DD; may be empty.", examples=["1971-03-08"])] = ""
    grid: Annotated[Cell, Meta(description="The grid's name; a new one is added.", examples=["第一网格"])] = ""
    address: Annotated[Cell, Meta(description="Where they live.", examples=["渠北路 9 号"])] = ""


class NewRoster(Body, frozen=True, kw_only=True):
    """A village's roster: rows of one household share its number. No identity or telephone numbers."""

    rows: Annotated[
        list[RosterRow],
        Meta(
            min_length=1,
            max_length=ROWS_MAX,
            description="One for each person.",
            examples=[[{"number": "102", "name": "赵春梅", "relation": "户主"}]],
        ),
    ]


class Confirmation(Body, frozen=True, kw_only=True):
    """The preview that is confirmed."""

    preview: Annotated[
        str,
        Meta(
            min_length=16,
            max_length=64,
            pattern=r"^[A-Za-z0-9_-]+$",
            description="From the preview.",
            examples=[PREVIEW],
        ),
    ]


class RosterOf(Answer, frozen=True, kw_only=True):
    """What a roster would change, or what it changed."""

    preview: Annotated[
        str | None, Meta(description="Confirms it within half an hour; null once it was taken in.", examples=[PREVIEW])
    ]
    rows_read: Annotated[int, Meta(description="Rows that hold something.", examples=[1])]
    rows_in: Annotated[int, Meta(description="Rows that can go in, known persons among them.", examples=[1])]
    households_new: Annotated[int, Meta(description="Households to be opened.", examples=[1])]
    persons_new: Annotated[int, Meta(description="Persons to be registered.", examples=[1])]
    persons_known: Annotated[int, Meta(description="Persons who are in the register already.", examples=[0])]
    grids_new: Annotated[list[str], Meta(description="Grids to be added.", examples=[[]])]
    without_head: Annotated[list[str], Meta(description="Numbers of new households without a head.", examples=[[]])]
    faults: Annotated[list[ProblemBody], Meta(description="What keeps rows out, each with its row.")]


class RosterCalls(Controller):
    """The roster of a village."""

    path = "/villages/{village:str}/rosters"
    tags = ("Rosters",)

    @ask("/preview", Scope.REGISTER, "preview_roster", "Say what a roster would change, and keep it for half an hour")
    async def look(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, data: JSONBody[NewRoster]
    ) -> RosterOf:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        # In the order of the template's columns.
        rows = [(one.number, one.grid, one.address, one.name, one.relation, one.birth_date) for one in data.rows]
        roster = await house.rosters.read_rows(rows)
        preview = await house.rosters.preview(place.id, roster)
        return _told(preview, await house.previews.keep(actor.staff, place.id, roster))

    @write("/confirm", Scope.REGISTER, "confirm_roster", "Take a roster in that was looked over")
    async def confirm(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[Confirmation],
        key: Key,
    ) -> Response[RosterOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        if await known(request, house, key, data):
            roster, spelled = None, {}
        else:
            roster = await house.previews.find(data.preview, actor.staff, place.id)
            spelled = dict(await house.rosters.spelled(roster))

        async def work() -> RosterOf:
            kept = roster or await house.previews.find(data.preview, actor.staff, place.id)
            await house.acts.note(actor, ActKind.ROSTER_TAKEN, place.id, place.id)
            done = await house.rosters.commit(place.id, kept, spelled=spelled)
            await house.previews.drop(data.preview)
            return _told(done, None)

        return await once(request, house, key, data, work)


def _told(found: Preview, preview: str | None) -> RosterOf:
    problems = [(one.row, one.problem()) for one in found.faults[:FAULTS_MAX]]
    return RosterOf(
        preview=preview,
        rows_read=found.rows_read,
        rows_in=found.rows_in,
        households_new=found.households_new,
        persons_new=found.persons_new,
        persons_known=found.persons_known,
        grids_new=list(found.grids_new),
        without_head=list(found.without_head),
        faults=[problem_body(one.status, one.code, one.phrase, row=row) for row, one in problems],
    )
