"""What a sheet lists beside its items: bases, campaigns and milestones. In a draft each is a row, edited in a form.

The names are those of a sheet's parts; what the form has no field for stays with the row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from dezhi.core.draftrows import (
    BASES,
    REMINDERS,
    fresh_code,
    listed_in,
    plain_text,
    plain_title,
    whole_number,
    with_heading,
)
from dezhi.core.drafts import Draft, DraftRow, RowState, kept_rows, no_row
from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled
from dezhi.core.text import N_
from dezhi.plugin import Asset, HolderKind, Window

CAMPAIGNS: Final = "campaigns"
MILESTONES: Final = "milestones"
PARTS: Final = (BASES, CAMPAIGNS, MILESTONES)
"""What a sheet lists beside its items."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    BASES: ("title", "category", "points", "asset", "window", "on", "how"),
    CAMPAIGNS: ("title", "first", "last", "percent", "rows", "before"),
    MILESTONES: ("title", "category", "counts", "least", "window", "holder", "rows", "asset", "points"),
}
"""What the form of each shows."""
PERCENT_MAX: Final = 1_000
CHOICES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    BASES: {
        "asset": (Asset.HONOUR, Asset.SAFE),
        "window": tuple(one for one in Window if one is not Window.LIFE),
    },
    CAMPAIGNS: {},
    MILESTONES: {
        "counts": tuple(one for one in Asset if one is not Asset.COUNT),
        "window": tuple(Window),
        "holder": tuple(HolderKind),
        "asset": tuple(one for one in Asset if one is not Asset.HOURS),
    },
}
"""What can be chosen in each. A base is never spent, and lapses with its window."""
_DEFAULTS: Final = {
    "asset": Asset.HONOUR.value,
    "window": Window.YEAR.value,
    "counts": Asset.MORAL.value,
    "holder": HolderKind.HOUSEHOLD.value,
}


class PartForm(msgspec.Struct, frozen=True, kw_only=True):
    """A base, campaign or milestone as typed; `category` is the heading's title, `rows` and `before` are codes."""

    title: str = ""
    category: str = ""
    points: str = ""
    least: str = ""
    percent: str = ""
    first: str = ""
    last: str = ""
    how: str = ""
    on: str = ""
    asset: str = _DEFAULTS["asset"]
    window: str = _DEFAULTS["window"]
    counts: str = _DEFAULTS["counts"]
    holder: str = _DEFAULTS["holder"]
    rows: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


def part_form(row: Mapping[str, Any], headings: Mapping[str, str]) -> PartForm:
    """A part as a form shows it; `headings` are the titles of categories by code."""
    code = str(row.get("category") or "")
    shown = {name: str(row.get(name) or _DEFAULTS.get(name, "")) for name in PartForm.__struct_fields__}
    codes = {name: tuple(map(str, listed_in(row, name))) for name in ("rows", "before")}
    return PartForm(**{**shown, **codes, "category": headings.get(code, code)})  # type: ignore[arg-type]


def items_of(draft: Draft) -> Sequence[DraftRow]:
    """The items that a campaign or milestone can be about."""
    return [one for one in draft.rows if not one.into and one.state is not RowState.DROPPED]


def beside_part(draft: Draft, key: int | None) -> Sequence[DraftRow]:
    """The other campaigns, before which one can count."""
    return [one for one in draft.rows if one.into == CAMPAIGNS and one.id != key and one.state is not RowState.DROPPED]


def with_part(draft: Draft, kind: str, key: int | None, form: PartForm) -> Draft:
    """The draft with a part as typed, or with one more where `key` is None.

    Raises Problem `row-title`, `row-number`, `row-range`, `row-choice`, `row-text`, `row-day` or `row-category`, each
    of its field, and `draft-row` (404) for a row that is no such part.
    """
    old = draft.row(key).row if key is not None else {}
    if kind not in PARTS or (key is not None and draft.row(key).into != kind):
        raise no_row()
    new = {"title": plain_title(form.title), **_FILL[kind](draft, key, form)}
    code = old.get("code") or fresh_code(kind.removesuffix("s"), [str(one.row.get("code")) for one in draft.rows])
    if "category" in FIELDS[kind]:
        draft, new["category"] = with_heading(draft, form.category)
    chosen = {name: _chosen(kind, name, getattr(form, name)) for name in CHOICES[kind]}
    kept = {name: value for name, value in old.items() if name not in FIELDS[kind]}
    row = {
        "code": code,
        **{name: value for name, value in new.items() if value not in ("", 0, [])},
        **{name: value for name, value in chosen.items() if value != _DEFAULTS[name]},
        **{name: value for name, value in kept.items() if name != "code"},
    }
    return draft.added(row, kind) if key is None else draft.edited(key, row)


def _base(_draft: Draft, _key: int | None, form: PartForm) -> dict[str, Any]:
    return {
        "points": _at_least_one("points", form.points),
        "on": plain_text("on", form.on),
        "how": plain_text("how", form.how),
    }


def _campaign(draft: Draft, key: int | None, form: PartForm) -> dict[str, Any]:
    first, last = _day("first", form.first), _day("last", form.last)
    if last < first:
        raise Problem("row-range", N_("最后一天不能比第一天早。"), field="last")
    percent = _at_least_one("percent", form.percent)
    if percent > PERCENT_MAX:
        text = N_("最多填%(most)s：100是平常，200是双倍。")
        raise Problem("row-number", text, field="percent", most=PERCENT_MAX)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "percent": percent,
        "rows": _codes("rows", form.rows, items_of(draft)),
        "before": _codes("before", form.before, beside_part(draft, key)),
    }


def _milestone(draft: Draft, _key: int | None, form: PartForm) -> dict[str, Any]:
    return {
        "least": _at_least_one("least", form.least),
        "rows": _codes("rows", form.rows, items_of(draft)),
        "points": whole_number("points", form.points),
    }


_FILL: Final[Mapping[str, Callable[[Draft, int | None, PartForm], dict[str, Any]]]] = {
    BASES: _base,
    CAMPAIGNS: _campaign,
    MILESTONES: _milestone,
}


def _at_least_one(name: str, text: str) -> int:
    number = whole_number(name, text)
    if not number:
        raise Problem("row-number", N_("要填一个整数，最少是1。"), field=name)
    return number


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("row-day", N_("日期要写成 2026-10-01 这样。"), field=name) from None


def _chosen(kind: str, name: str, value: str) -> str:
    if value not in CHOICES[kind][name]:
        raise Problem("row-choice", N_("请从列出的几项里选一项。"), field=name)
    return value


def _codes(name: str, chosen: Sequence[str], known: Sequence[DraftRow]) -> list[str]:
    """The chosen codes in the order of the draft; that nothing is chosen means all."""
    codes = [str(one.row.get("code")) for one in known]
    if not set(chosen) <= set(codes):
        raise Problem("row-choice", N_("选的条目里有一条已经不在了，请再选一次。"), field=name)
    return [code for code in codes if code in set(chosen)]


# ── between settings and rows ──


def parts_as_rows(draft: Draft, state: RowState) -> Draft:
    """The draft with the parts in its settings turned into rows, which staff decide on and edit like any other.

    A list that is not one of parts stays in the settings, for the plugin to say what is wrong with it.
    """
    enabled = draft.document.plugins.get(draft.plugin)
    if enabled is None or not draft.field:
        return draft
    settings, rows = dict(enabled.settings), list(draft.rows)
    if not any(listed_in(settings, name) for name in PARTS):
        return draft
    for name in PARTS:
        listed = listed_in(settings, name)
        if any(one.into == name for one in rows) or not all(isinstance(one, Mapping) for one in listed):
            continue
        settings.pop(name, None)
        bare = [{key: value for key, value in one.items() if key != REMINDERS} for one in listed]
        rows += kept_rows(bare, name, max((one.id for one in rows), default=0), state)
    plugins = {**draft.document.plugins, draft.plugin: Enabled(version=enabled.version, settings=settings)}
    document = msgspec.structs.replace(draft.document, plugins=plugins)
    return msgspec.structs.replace(draft, document=document).with_rows(rows)


def reminders_of(settings: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Any]]]:
    """The reminders that stand in the bases of a sheet, by the path they go to."""
    for number, base in enumerate(listed_in(settings, BASES)):
        if isinstance(base, Mapping) and base.get(REMINDERS):
            yield f"{BASES}.{number}.{REMINDERS}", base[REMINDERS]


def without_reminders(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the bases' reminders taken out, to be put in again as rows."""
    bases = listed_in(settings, BASES)
    if not bases:
        return dict(settings)
    return {**settings, BASES: [{**base, REMINDERS: []} if isinstance(base, Mapping) else base for base in bases]}
