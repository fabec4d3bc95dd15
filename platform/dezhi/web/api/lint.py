"""Look lines of a sheet over for red lines (RU-14); nothing is kept of them."""

from typing import Annotated, Literal

from litestar import Controller
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.redlines import Finding, lint_text
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.web.api.calls import ask
from dezhi.web.api.kinds import Answer, Body
from dezhi.web.given import TheVisitor
from dezhi.web.languages import translate


class Lines(Body, frozen=True, kw_only=True):
    """Lines of a sheet, one item each."""

    lines: Annotated[
        list[Annotated[str, Meta(max_length=400)]],
        Meta(min_length=1, max_length=300, description="As they stand there.", examples=[["不交卫生费的上黑榜"]]),
    ]


class RedLineOf(Answer, frozen=True, kw_only=True):
    """A red line that a line crosses."""

    code: Annotated[str, Meta(description="Which one, of RL-1 to RL-15.", examples=["RL-13"])]
    level: Annotated[
        Literal["block", "warn"],
        Meta(description="`block` is not adopted, `warn` should be mended.", examples=["block"]),
    ]
    at: Annotated[
        str, Meta(description="Where: an item's code, a plugin, `title`; empty for a line.", examples=["p/list"])
    ]
    words: Annotated[str, Meta(description="What it was seen in.", examples=["黑榜"])]
    reason: Annotated[str, Meta(description="Why, and what would be allowed, in the language asked for.")]
    article: Annotated[str, Meta(description="The document, with its article where one is named.")]


class LintOf(Answer, frozen=True, kw_only=True):
    """What was found, in the order of the lines that were sent; an empty list for a line with nothing against it."""

    lines: list[list[RedLineOf]]


class LintCalls(Controller):
    """The linter."""

    path = "/lint"
    tags = ("Programmes",)

    @ask("", Scope.READ, "lint_lines", "Which red lines some lines of a sheet cross")
    async def lint(self, visitor: TheVisitor, data: JSONBody[Lines]) -> LintOf:
        """Meant for a form that is being filled in. What crosses a `block` is refused when a version is adopted."""
        visitor.need_staff(*Role)
        return LintOf(lines=[[red_line_of(one) for one in lint_text(line)] for line in data.lines])


def red_line_of(found: Finding) -> RedLineOf:
    """Tell a finding in the language asked for."""
    return RedLineOf(
        code=found.code,
        level=found.level,
        at=found.at,
        words=found.text,
        reason=translate(found.reason),
        article=translate(found.article),
    )
