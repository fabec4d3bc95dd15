"""Assessments in the words of pages."""

from dezhi.core.text import N_
from dezhi.plugin import Assessment, Section
from dezhi.web.languages import translate as _
from dezhi.web.views import assessments as views


def assessed_view(found: Assessment | None) -> views.Assessed | None:
    """An assessment for pages; a precondition is met or not assessed, and never more."""
    if found is None:
        return None
    return views.Assessed(
        stars=found.stars,
        until=found.until,
        sections=tuple(views.Section(title=_(one.title), told=_told(one)) for one in found.sections),
    )


def _told(section: Section) -> str:
    if not section.most:
        return _(N_("符合") if section.met else N_("未评"))
    return f"{section.points} / {section.most}"
