"""The villagers' decision in the API's words."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from dezhi.core.programmes import NUMBER_MAX, VOTERS_MAX, Deciding, Resolution, Votes
from dezhi.web.api.kinds import Body

_People = Annotated[int, Meta(ge=0, le=VOTERS_MAX, description="People.", examples=[0])]


class VotesOf(Body, frozen=True, kw_only=True):
    """How those present voted: for, against and abstained make up the present, and more than half were for it."""

    present: Annotated[int, Meta(ge=1, le=VOTERS_MAX, description="People.", examples=[31])]
    agreed: Annotated[int, Meta(ge=0, le=VOTERS_MAX, description="People.", examples=[31])]
    against: _People
    abstained: _People


class ResolutionOf(Body, frozen=True, kw_only=True):
    """The villagers' decision a version rests on."""

    number: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=NUMBER_MAX,
            pattern=r"^[^\x00]*$",
            description="How it is cited.",
            examples=["村民代表会议决议〔2026〕3 号"],
        ),
    ]
    decided_on: Annotated[date, Meta(description="Its day.", examples=["2026-11-01"])]
    by: Annotated[
        Deciding | None, Meta(description="The villagers' assembly, or their representatives.", examples=["assembly"])
    ] = None
    votes: VotesOf | None = None
    paper_public: Annotated[bool, Meta(description="Everybody may read its paper.", examples=[False])] = False


def resolution_of(resolution: Resolution | None) -> ResolutionOf | None:
    """A resolution as it is told."""
    if resolution is None:
        return None
    votes = resolution.votes
    return ResolutionOf(
        number=resolution.number,
        decided_on=resolution.decided_on,
        by=resolution.by,
        votes=VotesOf(**msgspec.structs.asdict(votes)) if votes else None,
        paper_public=resolution.paper_public,
    )


def resolved_of(told: ResolutionOf | None) -> Resolution | None:
    """A resolution as it was sent; its paper is attached apart."""
    if told is None:
        return None
    return Resolution(
        number=told.number,
        decided_on=told.decided_on,
        by=told.by,
        votes=Votes(**msgspec.structs.asdict(told.votes)) if told.votes else None,
        paper_public=told.paper_public,
    )
