"""The forms of a draft: an item or reminder, and what stands beside items: bases, campaigns and milestones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from litestar import Controller, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from dezhi.core.draftparts import (
    CAMPAIGNS,
    CHOICES,
    MILESTONES,
    PARTS,
    PartForm,
    beside_part,
    items_of,
    part_form,
    with_part,
)
from dezhi.core.draftrows import (
    BASES,
    CAPS_MAX,
    REMINDERS,
    CapForm,
    RowForm,
    form_of,
    headings_of,
    listed_in,
    rewritten,
)
from dezhi.core.drafts import Draft, DraftRow, no_row
from dezhi.core.errors import Problem
from dezhi.core.field_words import PERS, WINDOWS
from dezhi.core.regions import Region
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web import draftwords as says, words
from dezhi.web.draftsteps import head_of, need_draft
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import see_other, show
from dezhi.web.township import desk
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Option
from dezhi.web.visitors import AnyRequest, Visitor, whole

TITLES = {BASES: N_("基础分"), CAMPAIGNS: N_("活动期"), MILESTONES: N_("累计等级")}
ABOUT = {
    BASES: N_("期末自动记给每一户，被提醒过的从里面减"),
    CAMPAIGNS: N_("这些天里，有些事加倍算"),
    MILESTONES: N_("一段时间里攒够了，就得一个称号或者再加几分"),
}
ADD = {BASES: N_("添一项基础分"), CAMPAIGNS: N_("添一个活动期"), MILESTONES: N_("添一个累计等级")}
PART_TEXTS = tuple(name for name in PartForm.__struct_fields__ if name not in {"rows", "before"})


class DraftFormPages(Controller):
    """A row or part of a draft, in a form."""

    path = "/township/v/{code:str}/draft/{key:int}"

    @get("/rows/new")
    async def new(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        base: FromQuery[str] = "",
    ) -> Template:
        """The form of a new item, or of a new reminder of a base."""
        village, draft = await need_draft(house, visitor, code, key)
        return await _edit(request, house, visitor, village, draft, (None, whole(base) or None), RowForm())

    @post("/rows/new")
    async def add(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        base: FromQuery[str] = "",
    ) -> Template | Redirect:
        return await _write(request, house, visitor, code, key, (None, whole(base) or None))

    @get("/rows/{row:int}")
    async def edit(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        row: FromPath[int],
    ) -> Template | Redirect:
        village, draft = await need_draft(house, visitor, code, key)
        if draft.row(row).into in PARTS:
            return see_other(f"/township/v/{code}/draft/{key}/parts/{row}")
        typed = form_of(draft.row(row).row, headings_of(draft))
        return await _edit(request, house, visitor, village, draft, (row, None), typed)

    @post("/rows/{row:int}")
    async def write(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        row: FromPath[int],
    ) -> Template | Redirect:
        return await _write(request, house, visitor, code, key, (row, None))

    @get("/parts/new/{kind:str}")
    async def new_part(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        kind: FromPath[str],
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        return await _edit_part(request, house, visitor, village, draft, (kind, None), PartForm())

    @post("/parts/new/{kind:str}")
    async def add_part(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        kind: FromPath[str],
    ) -> Template | Redirect:
        return await _write_part(request, house, visitor, code, key, (kind, None))

    @get("/parts/{row:int}")
    async def part(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        row: FromPath[int],
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        one = draft.row(row)
        typed = part_form(one.row, headings_of(draft))
        return await _edit_part(request, house, visitor, village, draft, (one.into, row), typed)

    @post("/parts/{row:int}")
    async def write_part(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[int],
        row: FromPath[int],
    ) -> Template | Redirect:
        _village, draft = await need_draft(house, visitor, code, key)
        return await _write_part(request, house, visitor, code, key, (draft.row(row).into, row))


# ── where the forms are ──


def form_of_new(what: str, draft: Draft) -> str:
    """The form behind a button that adds: `item`, a kind of part, or the number of the base that a reminder is of."""
    if what in PARTS:
        return f"parts/new/{what}"
    if base := whole(what):
        return f"rows/new?base={draft.row(base).id}"
    return "rows/new" if what == "item" else ""


def parts_of(house: House, draft: Draft, headings: Mapping[str, str]) -> tuple[views.Parts, ...]:
    """The parts that the draft's plugin knows, each with what the draft has of it."""
    fields = house.plugins.kind_of(draft.plugin).__struct_fields__ if draft.field else ()
    rows: dict[str, list[DraftRow]] = {kind: [one for one in draft.rows if one.into == kind] for kind in PARTS}
    return tuple(
        views.Parts(
            kind=kind,
            title=_(TITLES[kind]),
            about=_(ABOUT[kind]),
            add=_(ADD[kind]),
            rows=tuple(says.row_view(draft, one, headings) for one in rows[kind]),
        )
        for kind in PARTS
        if kind in fields or rows[kind]
    )


def _written(code: str, draft: Draft, row: int | None) -> Redirect:
    return see_other(f"/township/v/{code}/draft/{draft.id}/rows#r-{draft.rows[-1].id if row is None else row}")


async def _texts(request: AnyRequest) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}


# ── items and reminders ──


async def _write(
    request: AnyRequest, house: House, visitor: Visitor, code: str, key: int, at: tuple[int | None, int | None]
) -> Template | Redirect:
    """Write a row, or add one; `at` is the row's number, and that of the base that a new reminder is of."""
    village, draft = await need_draft(house, visitor, code, key)
    form = await _texts(request)
    typed = _typed(form)
    row, base = at
    try:
        edition = whole(form.get("edition", ""))
        draft = await house.drafts.change(village.id, key, edition, lambda one: rewritten(one, row, typed, base))
    except Problem as problem:
        draft = await house.drafts.find(village.id, key)
        return await _edit(request, house, visitor, village, draft, at, typed, problem)
    return _written(code, draft, row)


def _typed(form: Mapping[str, str]) -> RowForm:
    plain = {name: form[name] for name in RowForm.__struct_fields__ if name in form}
    caps = tuple(
        CapForm(
            window=form.get(f"cap{number}.window", ""),
            kind=form.get(f"cap{number}.kind", ""),
            most=form.get(f"cap{number}.most", ""),
        )
        for number in range(CAPS_MAX)
    )
    return RowForm(**plain, caps=caps)


async def _edit(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    draft: Draft,
    at: tuple[int | None, int | None],
    typed: RowForm,
    problem: Problem | None = None,
) -> Template:
    headings = headings_of(draft)
    shown = draft.row(at[0]) if at[0] is not None else None
    base = draft.row(at[1]) if at[1] is not None else draft.owner(shown) if shown else None
    if base is not None and base.into != BASES:
        raise no_row()
    view = views.RowEdit(
        head=head_of(village, draft, "rows"),
        row=None if shown is None else says.row_view(draft, shown, headings),
        values={name: getattr(typed, name) for name in RowForm.__struct_fields__ if name != "caps"},
        categories=tuple(headings.values()),
        assets=says.options(says.ASSETS, typed.asset),
        holders=says.options(says.HOLDERS, typed.holder),
        pers=says.options(PERS, typed.per),
        caps=_caps(typed.caps, listed_in(shown.row, "caps") if shown else ()),
        reminder=base is not None or (shown is not None and shown.into.endswith(REMINDERS)),
        base=base.title if base else "",
        error=problem.say(_) if problem else "",
        field=problem.field or "" if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/draft_row.html", page, view, status=problem.status if problem else 200)


def _caps(typed: Sequence[CapForm], kept: Sequence[object]) -> tuple[views.Cap, ...]:
    """The limits as they are and one empty line more, as far as there is room; `kept` are those of the row."""
    shown = [*(cap for cap in typed if cap.most), CapForm(window="month")][:CAPS_MAX]
    return tuple(
        views.Cap(
            windows=says.options(WINDOWS, cap.window),
            kinds=says.options(says.CAP_KINDS, cap.kind),
            most=cap.most,
            scope=_scope(kept, number),
        )
        for number, cap in enumerate(shown)
    )


def _scope(kept: Sequence[object], number: int) -> str:
    """Whose limit it is where it is not the household's own; empty where it is."""
    cap = kept[number] if number < len(kept) else None
    of = cap.get("of") if isinstance(cap, Mapping) else None
    return next((_(text) for subject, text in words.SHARED.items() if subject.value == of), "")


# ── bases, campaigns, milestones ──


async def _write_part(
    request: AnyRequest, house: House, visitor: Visitor, code: str, key: int, at: tuple[str, int | None]
) -> Template | Redirect:
    """Write a part, or add one; `at` is its kind and number."""
    village, draft = await need_draft(house, visitor, code, key)
    form = await request.form()
    texts = await _texts(request)
    rows, before = _chosen(form)
    typed = msgspec.structs.replace(
        PartForm(rows=rows, before=before), **{name: texts[name] for name in PART_TEXTS if name in texts}
    )
    kind, row = at
    try:
        edition = whole(texts.get("edition", ""))
        draft = await house.drafts.change(village.id, key, edition, lambda one: with_part(one, kind, row, typed))
    except Problem as problem:
        draft = await house.drafts.find(village.id, key)
        return await _edit_part(request, house, visitor, village, draft, at, typed, problem)
    return _written(code, draft, row)


def _chosen(form: FormMultiDict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ticked items and campaigns."""
    rows, before = (tuple(one for one in form.getall(name, []) if isinstance(one, str)) for name in ("rows", "before"))
    return rows, before


async def _edit_part(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    draft: Draft,
    at: tuple[str, int | None],
    typed: PartForm,
    problem: Problem | None = None,
) -> Template:
    kind, row = at
    if kind not in PARTS or not draft.field:
        raise no_row()
    headings = headings_of(draft)
    view = views.PartEdit(
        head=head_of(village, draft, "rows"),
        kind=kind,
        row=None if row is None else says.row_view(draft, draft.row(row), headings),
        values={name: getattr(typed, name) for name in PART_TEXTS},
        categories=tuple(headings.values()),
        assets=_choices(kind, "asset", says.ASSETS, typed.asset),
        counts=_choices(kind, "counts", says.ASSETS, typed.counts),
        windows=_choices(kind, "window", WINDOWS, typed.window),
        holders=_choices(kind, "holder", says.HOLDERS, typed.holder),
        rows=_rows(items_of(draft), typed.rows) if kind != BASES else (),
        before=_rows(beside_part(draft, row), typed.before) if kind == CAMPAIGNS else (),
        error=problem.say(_) if problem else "",
        field=problem.field or "" if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/draft_part.html", page, view, status=problem.status if problem else 200)


def _choices(kind: str, name: str, texts: Mapping[Any, str], chosen: str) -> tuple[Option, ...]:
    known = CHOICES[kind].get(name, ())
    return says.options({value: text for value, text in texts.items() if value in known}, chosen)


def _rows(rows: Iterable[DraftRow], chosen: Sequence[str]) -> tuple[Option, ...]:
    coded = ((str(one.row.get("code")), one.title) for one in rows)
    return tuple(Option(value=code, text=title, chosen=code in chosen) for code, title in coded)
