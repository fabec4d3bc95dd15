"""A draft's rows, as they are sent and told."""

from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta

from dezhi.core.drafts import DraftRow, RowState, called
from dezhi.web.api.kinds import Answer, Body
from dezhi.web.languages import translate

RowValues = Annotated[
    dict[str, Any],
    Meta(
        max_length=60,
        description="The row as the plugin's settings have it.",
        examples=[{"code": "row-1", "title": "清扫门前", "category": "tidy", "points": 5}],
    ),
]


class Decided(StrEnum):
    """What a person decided of a row."""

    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"


class NewRow(Body, frozen=True, kw_only=True):
    """One row, and whether it stays."""

    row: RowValues
    decided: Annotated[Decided, Meta(description="Kept, dropped, or not decided.", examples=["kept"])] = Decided.KEPT
    into: Annotated[
        str,
        Meta(
            max_length=60,
            pattern=r"^[a-z_]*(\.[0-9]{1,4}\.[a-z_]+)?$",
            description="Where it goes other than among the items: `bases`, `campaigns`, `milestones`, or"
            " `bases.0.reminders`, counting the rows that go to `bases`.",
            examples=[""],
        ),
    ] = ""


class DraftRowOf(Answer, frozen=True, kw_only=True):
    """A row, with the cell it came from and how surely that was understood."""

    id: Annotated[int, Meta(description="Within the draft.", examples=[1])]
    title: Annotated[str, Meta(description="What it calls itself.", examples=["清扫门前"])]
    row: RowValues
    decided: Annotated[Decided, Meta(description="What a person decided.", examples=["kept"])]
    into: Annotated[str, Meta(description="Where it goes other than among the items.", examples=[""])]
    at: Annotated[str, Meta(description="The cell.", examples=["积分表!B7"])]
    text: Annotated[str, Meta(description="What stands there.", examples=["清扫门前，每次5分"])]
    confidence: Annotated[int, Meta(ge=0, le=100, description="0 to 100.", examples=[95])]
    doubts: Annotated[list[str], Meta(description="What to look at.", examples=[[]])]


def row_told(row: DraftRow) -> DraftRowOf:
    """A row, for programs."""
    return DraftRowOf(
        id=row.id,
        title=row.title,
        row=dict(row.row),
        decided=Decided[row.state.name],
        into=row.into,
        at=row.at,
        text=row.text,
        confidence=row.confidence,
        doubts=[translate(doubt) for doubt in row.doubts],
    )


def row_sent(number: int, sent: NewRow) -> DraftRow:
    """A row as a program wrote it."""
    return DraftRow(
        id=number,
        row=sent.row,
        title=called(sent.row),
        into=sent.into,
        state=RowState[sent.decided.name],
        edited=True,
    )
