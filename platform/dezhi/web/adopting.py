"""The second half of a draft: red lines, trying it out, the resolution, the last look, adopting it."""

from datetime import date

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Template

from dezhi.core.drafts import Draft, DraftState, RowState
from dezhi.core.errors import Problem
from dezhi.core.papers import PAPER_MAX, PDF, SUFFIX_OF, Paper
from dezhi.core.programmes import Deciding, Programme, Resolution, Votes
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web.backtests import ALONE_MAX, alone_of, days_of
from dezhi.web.changes import BODIES, changes_of, compared_of
from dezhi.web.draftfindings import findings_of
from dezhi.web.draftsteps import head_of, need_draft, others_of, path_of
from dezhi.web.draftwords import options
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Link, Tell
from dezhi.web.visitors import AnyRequest, Visitor, whole

_VOTES = ("present", "agreed", "against", "abstained")
_FIELDS = ("title", "resolution", "decided_on", "by", *_VOTES, "effective_from")


class AdoptingPages(Controller):
    """From findings to adoption."""

    path = "/township/v/{code:str}/draft/{key:int}"

    @get("/findings")
    async def findings(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        view = views.Findings(
            head=head_of(village, draft, "findings"),
            findings=tuple(_linked(village, draft, one) for one in await findings_of(house, draft)),
            rows=len(draft.rows_in(RowState.KEPT)),
            next=path_of(village, draft, "try"),
        )
        return show("township/draft_findings.html", await desk(request, house, visitor, village), view)

    @post("/drop/{row:int}")
    async def drop(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        row: FromPath[int],
    ) -> Redirect:
        """Leave out a row that touches a red line."""
        village, draft = await need_draft(house, visitor, code, key)
        await house.drafts.change(village.id, key, draft.edition, lambda one: one.decided([row], RowState.DROPPED))
        return see_other(path_of(village, draft, "findings"))

    @get("/try")
    async def trying(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        since, until = days_of(house)
        others = await others_of(house, draft)
        alone = await alone_of(house, village, draft, since, until)
        view = views.Trying(
            head=head_of(village, draft, "try"),
            action=f"/township/v/{code}/backtest",
            since=since,
            until=until,
            next=path_of(village, draft, "resolution"),
            alone=alone[:ALONE_MAX],
            more=max(0, len(alone) - ALONE_MAX),
            others=others.titles if others and others.wanted else "",
        )
        return show("township/draft_try.html", await desk(request, house, visitor, village), view)

    @get("/resolution")
    async def resolution(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        return await _resolution(request, house, visitor, village, draft, _typed(draft))

    @post("/resolution")
    async def decide(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template | Redirect:
        village, draft = await need_draft(house, visitor, code, key)
        form = await request.form()
        typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        staff = visitor.need_staff(Role.TOWNSHIP).staff
        try:
            await house.drafts.change(
                village.id, key, whole(typed.get("edition", "")), lambda one: _named(one, typed, house)
            )
            draft = await house.drafts.find(village.id, key)
            given = _resolved(draft, typed, house.programmes.today())
            paper = await _paper_of(house, village, form.get("paper"), staff)
            draft = await house.drafts.resolve(
                village.id,
                key,
                given,
                paper,
                public=typed.get("paper_public") == "yes",
                effective_from=_day(typed.get("effective_from", ""), "effective_from"),
            )
        except Problem as problem:
            draft = await house.drafts.find(village.id, key)
            return await _resolution(request, house, visitor, village, draft, typed, problem)
        return see_other(path_of(village, draft, "review"))

    @get("/paper")
    async def paper(
        self, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Response[bytes]:
        village, draft = await need_draft(house, visitor, code, key)
        if draft.resolution is None or draft.resolution.paper is None:
            raise Problem("paper-unknown", N_("没有这份文件。"), status=404)
        return sent(await house.papers.find(village.id, draft.resolution.paper))

    @get("/review")
    async def review(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        return await _review(request, house, visitor, village, draft)

    @get("/changes")
    async def changes(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template:
        """The sheet of changes, to print and hang up before the vote."""
        village, draft = await need_draft(house, visitor, code, key)
        back = Link(href=path_of(village, draft, "review"), text=_("回到草稿"))
        after = await house.drafts.preview(draft, None)
        before, again = compared_of(await house.programmes.history(village.id), after)
        view = changes_of(house, before, after, village.name, again=again, back=back)
        view = msgspec.structs.replace(view, pending=_("草稿，还没有启用。供开会讨论，以启用的为准。"))
        return show("public/changes.html", await desk(request, house, visitor, village), view)

    @post("/adopt")
    async def adopt(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template | Redirect:
        village, draft = await need_draft(house, visitor, code, key)
        if draft.state is DraftState.ADOPTED:
            return see_other(f"/township/v/{code}")  # pressed twice
        staff = visitor.need_staff(Role.TOWNSHIP).staff
        form = await request.form()
        try:
            adopted = await house.drafts.adopt(village.id, key, whole(str(form.get("edition", ""))), staff)
        except Problem as problem:
            draft = await house.drafts.find(village.id, key)
            return await _review(request, house, visitor, village, draft, problem)
        text = _("第%(n)s版定下了，%(day)s起用。村民在公开细则页看得到，谁定的、票数多少都写着。")
        tell(request, Tell(text=text % {"n": adopted.version, "day": day(adopted.effective_from)}))
        return see_other(f"/township/v/{code}")

    @post("/rebase")
    async def rebase(self, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]) -> Redirect:
        """Go on although another version was adopted meanwhile: the changes are shown against that one now."""
        village, draft = await need_draft(house, visitor, code, key)
        await house.drafts.rebase(village.id, key, draft.edition)
        return see_other(path_of(village, draft, "review"))


def _linked(village: Region, draft: Draft, finding: views.Finding) -> views.Finding:
    """A finding with the way to its row."""
    rows = path_of(village, draft, "rows")
    return msgspec.structs.replace(finding, href=f"{rows}/{finding.drop}" if finding.drop else rows)


def sent(paper: Paper) -> Response[bytes]:
    """A paper as a file: a browser shows a picture, saves a PDF, and runs nothing of either."""
    shown = "attachment" if paper.media == PDF else "inline"
    headers = {
        "Content-Disposition": f'{shown}; filename="resolution.{SUFFIX_OF[paper.media]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return Response(paper.content, media_type=paper.media, headers=headers)


# ── the resolution ──


def _typed(draft: Draft) -> dict[str, str]:
    resolution = draft.resolution
    votes = resolution.votes if resolution else None
    typed = {
        "title": draft.title,
        "effective_from": draft.effective_from.isoformat() if draft.effective_from else "",
        "resolution": resolution.number if resolution else "",
        "decided_on": resolution.decided_on.isoformat() if resolution else "",
        "by": resolution.by.value if resolution and resolution.by else "",
    }
    return {**typed, **{name: str(getattr(votes, name)) if votes else "" for name in _VOTES}}


def _named(draft: Draft, typed: dict[str, str], house: House) -> Draft:
    return house.drafts.named(draft, typed.get("title", ""))


def _resolved(draft: Draft, typed: dict[str, str], today: date) -> Resolution | None:
    """The resolution as typed; None where nothing was. Raises `Problem` for half of one."""
    given = {name: typed.get(name, "").strip() for name in ("resolution", "decided_on", "by", *_VOTES)}
    if not any(given.values()):
        return None
    decided_on = _day(given["decided_on"], "decided_on")
    if decided_on is None:
        raise Problem("programme-resolution", N_("请填决议是哪天通过的。"), field="decided_on")
    if given["by"] not in tuple(Deciding):
        raise Problem("programme-resolution", N_("请选是村民会议还是村民代表会议通过的。"), field="by")
    before = draft.resolution
    resolution = Resolution(
        number=given["resolution"],
        decided_on=decided_on,
        by=Deciding(given["by"]),
        votes=Votes(**{name: _votes(given[name], name) for name in _VOTES}),
        paper=before.paper if before else None,
        paper_public=before.paper_public if before else False,
    )
    for problem in resolution.problems(today):
        raise problem
    return resolution


def _votes(text: str, field: str) -> int:
    plain = text or "0"
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 7):  # noqa: PLR2004 - more people than any village
        raise Problem("resolution-votes", N_("票数要填整数，没有就填0。"), field=field)
    return int(plain)


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("day", N_("没有存上：日期看不懂，请重新选一天。"), field=field) from None


async def _paper_of(house: House, village: Region, file: object, staff: int) -> Paper | None:
    """The file that came along; None where the one before stays."""
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    return await house.papers.add(village.id, file.filename, await file.read(PAPER_MAX + 1), staff)


async def _resolution(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    draft: Draft,
    typed: dict[str, str],
    problem: Problem | None = None,
) -> Template:
    kept = draft.resolution
    view = views.Resolution(
        head=head_of(village, draft, "resolution"),
        values={name: typed.get(name, "") for name in _FIELDS},
        bodies=options(BODIES, typed.get("by", "")),
        earliest=await house.programmes.earliest(village.id),
        today=house.programmes.today(),
        needed=house.programmes.needs_resolution(draft.document.plugins),
        paper=await house.papers.name(kept.paper) if kept and kept.paper else "",
        paper_href=path_of(village, draft, "paper") if kept and kept.paper else "",
        paper_public=bool(kept and kept.paper_public) or typed.get("paper_public") == "yes",
        error=problem.say(_) if problem else "",
        field=problem.field or "" if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/draft_resolution.html", page, view, status=problem.status if problem else 200)


# ── the last look ──


async def _review(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, draft: Draft, problem: Problem | None = None
) -> Template:
    if draft.state is not DraftState.OPEN:
        raise problem or Problem("draft-closed", N_("这份草稿已经启用或者丢掉了，不能再改。"), status=409)
    history = await house.programmes.history(village.id)
    latest = next(iter(history), None)
    missing = [Link(href=path_of(village, draft, step), text=text.say(_)) for step, text in house.drafts.missing(draft)]
    changes = None
    since = draft.effective_from or await house.programmes.earliest(village.id)
    try:
        after = await house.drafts.preview(draft, None)
        before, again = compared_of(history, after)
        changes = changes_of(house, before, after, village.name, again=again, back=None)
    except Problem as trouble:
        text = N_("细则里有没写对的地方，请先改好。") if trouble.code == "plugin-settings" else trouble.phrase
        missing.append(Link(href=path_of(village, draft, "findings"), text=_(text)))
    view = views.Review(
        head=head_of(village, draft, "review"),
        changes=changes,
        missing=tuple(missing),
        since=since,
        rows=len(draft.rows_in(RowState.KEPT)),
        print_href=path_of(village, draft, "changes"),
        overtaken=_overtaken(draft, latest),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/draft_review.html", page, view, status=problem.status if problem else 200)


def _overtaken(draft: Draft, latest: Programme | None) -> str:
    if latest is None or latest.version == draft.based_on:
        return ""
    text = _("做这份草稿以后，方案已经改成第%(n)s版了。下面比的是现在的方案；看过没有问题，再接着启用。")
    return text % {"n": latest.version}
