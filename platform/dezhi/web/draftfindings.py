"""What stands in the way of a draft, in the reader's words."""

from collections.abc import Sequence

from dezhi.core.drafts import Draft
from dezhi.service.house import House
from dezhi.web.languages import translate as _
from dezhi.web.views import drafts as views


async def findings_of(house: House, draft: Draft) -> Sequence[views.Finding]:
    """What the plugins and the red lines have against the rows that were kept; links are the page's to add."""
    return [
        views.Finding(
            code=one.code,
            article=_(one.article) if one.article else "",
            reason=_(one.reason),
            text=one.text,
            blocks=one.blocks,
            row=one.row.title if one.row else "",
            drop=one.row.id if one.row else 0,
        )
        for one in await house.drafts.findings(draft)
    ]
