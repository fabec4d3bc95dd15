"""What a row of a draft says in words, whatever plugin it is of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dezhi.core.draftparts import CAMPAIGNS, FIELDS, PARTS
from dezhi.core.draftrows import BASES, besides, listed_in, others
from dezhi.core.drafts import Draft, DraftRow, RowState, Sureness
from dezhi.core.field_words import PERS, WINDOWS, entries_of, field_word, leaf_word, leaves_of, titles_of, value_word
from dezhi.core.programmes import Document
from dezhi.core.text import N_, phrase
from dezhi.plugin import Asset, HolderKind, Window
from dezhi.web import words
from dezhi.web.languages import SOURCE, current, listed, translate as _
from dezhi.web.rendering import ASSET_WORDS
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Fact, Option

SURE = {Sureness.SURE: N_("有把握"), Sureness.LIKELY: N_("大致看懂"), Sureness.UNSURE: N_("请细看")}
CAP_KINDS = {"times": N_("次"), "points": N_("分"), "minutes": N_("分钟")}
CAP_ASSETS = {"times": Asset.COUNT, "points": Asset.MORAL, "minutes": Asset.HOURS}
ASSETS = {**ASSET_WORDS, Asset.COUNT: N_("只计次数")}
SHARED = {"grid": N_("全网格合计%(cap)s"), "village": N_("全村合计%(cap)s")}
HOLDERS = {HolderKind.HOUSEHOLD: N_("记在户上"), HolderKind.PERSON: N_("记在个人")}
_AMOUNTS = frozenset(
    {"points", "least", "most", "minus", "levels", "inspection", "sections", "judges", "vote", "analogy"}
)
"""Fields of a row, one of which says how much it gives."""


def says(row: Mapping[str, Any]) -> str:
    """What a row gives, and its limits: `每次 5 分；每月最多 20 分`."""
    asset = next((one for one in Asset if one.value == row.get("asset")), Asset.MORAL)
    if row.get("analogy") is True:
        return _("像哪一条，就给哪一条的分；要写明为什么像")
    if "minus" in row:
        text = _("先提醒 %(warnings)s 次，以后每次从期末基础分里减 %(minus)s 分，最多减 %(most)s 分；不动存折里的分")
        return text % {"warnings": row.get("warnings", 1), "minus": row["minus"], "most": row.get("most", row["minus"])}
    parts = [_amount(row, asset)]
    if row.get("holder") == HolderKind.PERSON:
        parts.append(_(HOLDERS[HolderKind.PERSON]))
    for cap in listed_in(row, "caps"):
        kind = next((kind for kind in CAP_KINDS if isinstance(cap, Mapping) and cap.get(kind)), None)
        window = next((one for one in Window if kind and one.value == cap.get("window")), None)
        if kind and window:
            most = _("%(window)s最多 %(most)s") % {"window": _(WINDOWS[window]), "most": _most(kind, cap[kind])}
            shared = SHARED.get(str(cap.get("of")))
            parts.append(_(phrase(shared, cap=most)) if shared else most)
    return _("；").join(part for part in parts if part)


def says_all(row: Mapping[str, Any]) -> str:
    """What a row gives, its limits, and all else it says: `分级 县级 给多少 30`."""
    told = [_(leaf_word(at, value, {})) for name in others(row) for at, value in leaves_of(row[name], (name,))]
    return _("；").join(filter(None, (says(row), *told)))


def _most(kind: str, most: object) -> str:
    """So many times, points or minutes, in the form its number asks for; what is no number as it stands."""
    return words.quantity(CAP_ASSETS[kind], most) if isinstance(most, int) else str(most)


def _amount(row: Mapping[str, Any], asset: Asset) -> str:
    per, every, unit = row.get("per") or "time", row.get("every") or 0, row.get("unit") or ""
    each = _(PERS.get(str(per), PERS["time"]))
    if per == "quantity":
        each = _("每 %(every)s%(unit)s") % {"every": every or "", "unit": unit}
    elif per == "hour" and every:
        each = _("每 %(minutes)s 分钟") % {"minutes": every}
    points, least, most = (_number(row, name) for name in ("points", "least", "most"))
    if points:
        return f"{each} {words.quantity(asset, points)}"
    if most:
        return f"{each} {least}～{words.quantity(asset, most)}"
    return "" if others(row) else f"{each} {_('只计次数，不加分')}"


def _number(row: Mapping[str, Any], name: str) -> int:
    """A number of a row; 0 for what is none, which the findings tell of."""
    value = row.get(name)
    return value if isinstance(value, int) else 0


def row_view(draft: Draft, row: DraftRow, headings: Mapping[str, str]) -> views.Row:
    """A row for the page, beside the cell it came from."""
    code = str(row.row.get("category") or "")
    told = list(others(row.row))
    titles = {str(one.row.get("code")): one.title for one in draft.rows}
    if row.into in PARTS:
        understood = part_says(row.into, row.row, titles)
        told = [name for name in told if name not in FIELDS[row.into]]
    else:
        understood = _understood(row)
    owner = draft.owner(row)
    return views.Row(
        id=row.id,
        title=row.title,
        kind=row.into if row.into in PARTS else "",
        says=understood,
        category=headings.get(code, code),
        at=row.at,
        text=row.text,
        beside=row.beside,
        sure=_(SURE[row.sureness]) if row.at else "",
        sureness=row.sureness.name.lower(),
        doubts=tuple(map(_, row.doubts)),
        others=(
            *((Fact(label=_("从哪一项里减"), text=owner.title),) if owner else ()),
            *(Fact(label=_(field_word(key)), text=_told(key, row.row[key], titles)) for key in told),
        ),
        state={RowState.OPEN: "open", RowState.KEPT: "kept", RowState.DROPPED: "dropped"}[row.state],
    )


def _understood(row: DraftRow) -> str:
    """What a plugin understood, in its own words; in another language what the row says, which is known in both."""
    if row.says and (current() == SOURCE or not _AMOUNTS & row.row.keys()):
        return _(row.says)
    return says(row.row)


def _told(name: str, value: object, titles: Mapping[str, str]) -> str:
    """What stands in a field that the form does not show: `国家级 50、省级 30`, or every value with its place."""
    coded = entries_of(value)
    if coded and all(one.keys() == {"code", "title", "points"} for one in coded.values()):
        return listed(f"{one['title']} {one['points']}" for one in coded.values())
    return _("；").join(
        _(leaf_word(at, one, titles) if any(not step.isdigit() for step in at) else value_word(name, one, titles))
        for at, one in leaves_of(value)
    )


def besides_view(draft: Draft) -> tuple[Fact, ...]:
    """What the sheet has besides its rows."""
    return tuple(Fact(label=_(field_word(key)), text=text) for key, text in besides(draft).items())


def parts_said(settings: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[Fact, ...]:
    """The bases, campaigns and milestones in the settings of a sheet, each in a sentence."""
    return tuple(
        Fact(
            label=_(field_word(name)),
            text=_("%(title)s：%(says)s")
            % {"title": one.get("title") or one.get("code", ""), "says": part_says(name, one, titles)},
        )
        for name in PARTS
        for one in listed_in(settings, name)
        if isinstance(one, Mapping)
    )


def campaigns_said(document: Document, today: date) -> tuple[str, ...]:
    """The campaigns of a programme that are not over, each in a sentence for everybody."""
    found = []
    for enabled in document.plugins.values():
        titles = titles_of(enabled.settings)
        for one in listed_in(enabled.settings, CAMPAIGNS):
            if isinstance(one, Mapping) and str(one.get("last", "")) >= today.isoformat():
                told = {"title": one.get("title", ""), "says": part_says(CAMPAIGNS, one, titles)}
                found.append(_("%(title)s：%(says)s") % told)
    return tuple(found)


def part_says(name: str, part: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """What a base, campaign or milestone does, in a sentence; `titles` are those of the rows by code."""
    window = _(WINDOWS.get(str(part.get("window")), WINDOWS[Window.YEAR]))
    rows = listed(titles.get(str(code), str(code)) for code in part.get("rows") or ()) or _("所有条目")
    if name == CAMPAIGNS:
        text = _("从%(first)s到%(last)s，按%(percent)s%%算分；管的是：%(rows)s")
        told = text % {**{key: part.get(key, "") for key in ("first", "last", "percent")}, "rows": rows}
        before = listed(titles.get(str(code), str(code)) for code in part.get("before") or ())
        return told + _("；比它先算：%(before)s") % {"before": before} if before else told
    asset = next((one for one in Asset if one.value == part.get("asset")), Asset.HONOUR)
    gives = words.signed(asset, part.get("points") or 0)
    if name == BASES and part.get("on"):
        return _("每年%(day)s自动记%(gives)s") % {"day": part["on"], "gives": gives}
    if name == BASES:
        return _("%(window)s期末自动记%(gives)s，被提醒过的从里面减") % {"window": window, "gives": gives}
    counts = next((one for one in Asset if one.value == part.get("counts")), Asset.MORAL)
    reached = f"{_(ASSETS[counts])} {words.quantity(counts, part.get('least') or 0)}"
    text = _("%(window)s攒满%(reached)s；管的是：%(rows)s")
    if part.get("points"):
        text = _("%(window)s攒满%(reached)s，另给%(gives)s；管的是：%(rows)s")
    return text % {"window": window, "reached": reached, "gives": gives, "rows": rows}


def options(texts: Mapping[Any, str], chosen: str) -> tuple[Option, ...]:
    """Choices in the reader's language."""
    return tuple(Option(value=str(value), text=_(text), chosen=str(value) == chosen) for value, text in texts.items())
