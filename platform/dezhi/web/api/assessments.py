"""What an assessment came to, as programs read it."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from dezhi.plugin import Assessment
from dezhi.web.api.kinds import Answer


class SectionOf(Answer, frozen=True, kw_only=True):
    """One section. A precondition has `most` 0: it is met, or was not assessed, and never says why."""

    title: Annotated[str, Meta(description="In Chinese.", examples=["安全防范"])]
    met: Annotated[bool, Meta(description="Whether anything of it is there.", examples=[True])]
    points: Annotated[int, Meta(ge=0, description="Of `most`.", examples=[27])]
    most: Annotated[int, Meta(ge=0, description="At most.", examples=[30])]


class AssessmentOf(Answer, frozen=True, kw_only=True):
    """Sections, stars, and until when they hold."""

    stars: Annotated[int, Meta(ge=0, description="How many.", examples=[4])]
    until: Annotated[date, Meta(description="The last day.", examples=["2027-11-22"])]
    reason: Annotated[str, Meta(description="The plugin's sentence, in Chinese.", examples=["七无符合"])]
    sections: list[SectionOf]


def assessment_of(found: Assessment | None) -> AssessmentOf | None:
    """An assessment for programs, if there is one."""
    if found is None:
        return None
    return AssessmentOf(
        stars=found.stars,
        until=found.until,
        reason=found.reason,
        sections=[SectionOf(title=one.title, met=one.met, points=one.points, most=one.most) for one in found.sections],
    )
