"""The parts of a row that staff edit in a form. A row is JSON of some plugin's: what a form has no field for stays.

The names are those of a sheet's rows: `title`, `category`, `points`, `least`, `most`, `per`, `asset`, `holder`, `caps`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from dezhi.core.drafts import HEADINGS, Draft, called, no_row
from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled
from dezhi.core.text import N_
from dezhi.plugin import Asset, HolderKind, Window

TITLE_MAX: Final = 40
TEXT_MAX: Final = 400
POINTS_MAX: Final = 100_000
CAPS_MAX: Final = 4
CAP_KINDS: Final = ("times", "points", "minutes")
PERS: Final = ("time", "person", "household", "hour", "quantity")
TEXTS: Final = ("how", "hint", "source", "unit")
NUMBERS: Final = ("points", "least", "most", "every", "event_most", "minus", "warnings")

EDITED: Final = frozenset({"code", "title", "category", "asset", "holder", "per", "caps", "analogy", *TEXTS, *NUMBERS})
"""What the form shows. The rest of a row is told in words and left as it is."""

REMINDER: Final = frozenset({"code", "title", "category", "minus", "most", "warnings", "how", "hint"})
"""What a reminder has of it: a row that takes something off a base."""

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "asset": tuple(Asset),
    "holder": tuple(HolderKind),
    "per": PERS,
}
_DEFAULTS: Final = {"asset": Asset.MORAL.value, "holder": HolderKind.HOUSEHOLD.value, "per": "time"}


class CapForm(msgspec.Struct, frozen=True, kw_only=True):
    """One limit as typed: at most so many times, points or minutes in a window."""

    window: str = ""
    kind: str = "times"
    most: str = ""


class RowForm(msgspec.Struct, frozen=True, kw_only=True):
    """A row as typed; `category` is the heading's title."""

    title: str = ""
    category: str = ""
    points: str = ""
    least: str = ""
    most: str = ""
    every: str = ""
    event_most: str = ""
    minus: str = ""
    warnings: str = ""
    unit: str = ""
    asset: str = _DEFAULTS["asset"]
    holder: str = _DEFAULTS["holder"]
    per: str = _DEFAULTS["per"]
    how: str = ""
    hint: str = ""
    source: str = ""
    analogy: str = ""  # yes: by analogy with another row
    caps: tuple[CapForm, ...] = ()


def form_of(row: Mapping[str, Any], headings: Mapping[str, str]) -> RowForm:
    """A row as a form shows it; `headings` are the titles of categories by code."""
    texts = {name: str(row.get(name) or "") for name in ("title", *TEXTS, *NUMBERS)}
    chosen = {name: str(row.get(name) or otherwise) for name, otherwise in _DEFAULTS.items()}
    code = str(row.get("category") or "")
    caps = row.get("caps")
    return RowForm(
        **texts,
        **chosen,
        category=headings.get(code, code),
        analogy="yes" if row.get("analogy") is True else "",
        caps=tuple(_cap_form(cap) for cap in caps if isinstance(cap, Mapping))
        if isinstance(caps, list | tuple)
        else (),
    )


def _cap_form(cap: Mapping[str, Any]) -> CapForm:
    kind = next((kind for kind in CAP_KINDS if cap.get(kind)), CAP_KINDS[0])
    return CapForm(window=str(cap.get("window") or ""), kind=kind, most=str(cap.get(kind) or ""))


def filled(row: Mapping[str, Any], form: RowForm, *, reminder: bool = False) -> Mapping[str, Any]:
    """The row, or reminder, with what was typed but for the category, which `with_heading` finds.

    Raises Problem `row-title`, `row-number`, `row-range`, `row-choice`, `row-text` or `row-cap`, each of its field.
    """
    new = {key: value for key, value in row.items() if key not in EDITED - {"code", "category"}}
    new["title"] = plain_title(form.title)
    for name in TEXTS:
        if text := plain_text(name, getattr(form, name)):
            new[name] = text
    for name in NUMBERS:
        if number := whole_number(name, getattr(form, name)):
            new[name] = number
    if reminder:
        return _reminder(new)
    _check_range(new, analogy=form.analogy == "yes")
    new |= _chosen(form)
    if caps := _caps(row.get("caps"), form.caps):
        new["caps"] = caps
    return new


def _chosen(form: RowForm) -> dict[str, Any]:
    found: dict[str, Any] = {"analogy": True} if form.analogy == "yes" else {}
    for name, options in _CHOICES.items():
        value = getattr(form, name)
        if value not in options:
            raise Problem("row-choice", N_("请从列出的几项里选一项。"), field=name)
        if value != _DEFAULTS[name]:
            found[name] = value
    return found


def _reminder(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reminder (RU-18): what each one takes off the base at the end of its window, and how much at most."""
    minus, most = row.get("minus", 0), row.get("most", 0)
    if not 0 < minus <= most:
        text = N_("每次减几分、最多减几分都要填，最多不能比一次少。")
        raise Problem("row-range", text, field="minus")
    kept = {key: row[key] for key in row if key in REMINDER or key not in EDITED}
    return {**kept, "warnings": row.get("warnings", 0)}


def _check_range(row: Mapping[str, Any], *, analogy: bool) -> None:
    points, least, most = (row.get(name, 0) for name in ("points", "least", "most"))
    if analogy and (points or least or most):
        text = N_("比照别条的，像哪一条就给哪一条的分，“几分”“最少”“最多”都空着。")
        raise Problem("row-range", text, field="analogy")
    if (least or most) and least >= most:
        text = N_("“最少”要比“最多”小。每次都一样多的，只填“每次几分”。")
        raise Problem("row-range", text, field="most")
    if most and points:
        raise Problem("row-range", N_("“每次几分”和“最少、最多”只填一种。"), field="points")


def _caps(before: object, typed: Sequence[CapForm]) -> list[Mapping[str, Any]]:
    """The limits as typed, in the places where they were: what else a limit says stays with it."""
    old = list(before) if isinstance(before, list | tuple) else []
    found: list[Mapping[str, Any]] = []
    for number, cap in enumerate(typed[:CAPS_MAX]):
        if not cap.most.strip():
            continue
        most = whole_number("caps", cap.most)
        if cap.window not in tuple(Window) or cap.kind not in CAP_KINDS or most < 1:
            text = N_("上限要选在多长时间里，再填最多多少；不要上限就空着。")
            raise Problem("row-cap", text, field="caps")
        kept = old[number] if number < len(old) and isinstance(old[number], Mapping) else {}
        more = {key: value for key, value in kept.items() if key not in {"window", *CAP_KINDS}}
        found.append({"window": cap.window, cap.kind: most, **more})
    return found


def plain_title(text: str) -> str:
    """A title as typed. Raises Problem `row-title`."""
    title = " ".join(text.split())
    if not 0 < len(title) <= TITLE_MAX or not title.isprintable():
        raise Problem("row-title", N_("做什么要写清楚，最多40个字。"), field="title")
    return title


def plain_text(name: str, text: str) -> str:
    """Words as typed into a field. Raises Problem `row-text`."""
    plain = " ".join(text.split())
    if len(plain) > TEXT_MAX or not plain.isprintable():
        raise Problem("row-text", N_("写得太长了，最多400个字。"), field=name)
    return plain


def whole_number(name: str, text: str) -> int:
    """A whole number as typed into a field, 0 for nothing. Raises Problem `row-number`."""
    plain = text.strip() or "0"
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= len(str(POINTS_MAX))) or int(plain) > POINTS_MAX:
        raise Problem("row-number", N_("要填整数，不带小数和减号；没有就空着。"), field=name)
    return int(plain)


# ── headings ──

BASES: Final = "bases"
REMINDERS: Final = "reminders"
"""What stands in a base: rows that take something off it."""


def listed_in(row: Mapping[str, Any], name: str) -> Sequence[Any]:
    """The list that a field of a row or setting holds; none where it holds anything else."""
    found = row.get(name)
    return found if isinstance(found, list | tuple) else ()


def rows_at(place: str, value: object) -> Sequence[Mapping[str, Any]]:
    """The rows at a place of the settings. Raises Problem `file-wrong`: what is no row must not be lost silently."""
    rows = value if isinstance(value, list | tuple) else (None,)
    if not all(isinstance(row, Mapping) for row in rows):
        text = N_("%(place)s：这里要一条一条地列，每条写明做什么、得几分。")
        raise Problem("file-wrong", text, field=place, place=place)
    return rows


def headings_of(draft: Draft) -> dict[str, str]:
    """The categories a draft's plugin has in its settings: titles by code."""
    enabled = draft.document.plugins.get(draft.plugin)
    listed = listed_in(enabled.settings, HEADINGS) if enabled else ()
    return {
        str(one["code"]): str(one["title"])
        for one in listed
        if isinstance(one, Mapping) and {"code", "title"} <= set(one)
    }


def besides(draft: Draft) -> dict[str, str]:
    """What the draft's plugin is set to besides rows and headings, in words by the name of the setting."""
    enabled = draft.document.plugins.get(draft.plugin)
    settings = enabled.settings if enabled else {}
    shown = {key: value for key, value in settings.items() if key not in {draft.field, HEADINGS}}
    return {key: _told(value) for key, value in shown.items() if value not in (None, "", [], (), False)}


def with_heading(draft: Draft, title: str) -> tuple[Draft, str]:
    """The code of a heading, and the draft with it: one that is not there yet is added at the end."""
    named = plain_title(title) if title.strip() else ""
    if not named:
        raise Problem("row-category", N_("请写这一条归到哪一类，例如：环境卫生。"), field="category")
    found = headings_of(draft)
    known = next((code for code, told in found.items() if named in (told, code)), None)
    if known is not None:
        return draft, known
    code = fresh_code("class", found)
    enabled = draft.document.plugins[draft.plugin]
    listed = [*listed_in(enabled.settings, HEADINGS), {"code": code, "title": named}]
    settings = {**enabled.settings, HEADINGS: listed}
    plugins = {**draft.document.plugins, draft.plugin: Enabled(version=enabled.version, settings=settings)}
    document = msgspec.structs.replace(draft.document, plugins=plugins)
    return msgspec.structs.replace(draft, document=document), code


def rewritten(draft: Draft, key: int | None, form: RowForm, base: int | None = None) -> Draft:
    """The draft with a row as typed, or with one more where `key` is None: an item, or a reminder of row `base`.

    Raises as `filled` and `with_heading`, and Problem `draft-row` (404).
    """
    old = draft.row(key).row if key is not None else {}
    if base is not None and draft.row(base).into != BASES:
        raise no_row()
    into = draft.inside(draft.row(base), REMINDERS) if base is not None else ""
    new = {**filled(old, form, reminder=bool(into) or "minus" in old)}
    draft, category = with_heading(draft, form.category)
    taken = [str(one.row.get("code", "")) for one in draft.rows]
    ordered = {
        "code": new.pop("code", None) or fresh_code("row", taken),
        "title": new.pop("title"),
        "category": category,
    }
    row = {**ordered, **new, "category": category}
    return draft.added(row, into) if key is None else draft.edited(key, row)


def fresh_code(stem: str, taken: Mapping[str, str] | Sequence[str]) -> str:
    """A code that nothing has yet."""
    return next(code for code in (f"{stem}-{number}" for number in range(1, 10_000)) if code not in taken)


def others(row: Mapping[str, Any]) -> dict[str, str]:
    """What a row says besides, by the name of its field, as plainly as it can be told."""
    return {key: _told(value) for key, value in row.items() if key not in EDITED and value not in (None, "", [], False)}


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        title = called(value)
        rest = "，".join(_told(each) for key, each in value.items() if key not in {"title", "code"} and each)
        return f"{title} {rest}".strip() if title else rest
    if isinstance(value, list | tuple):
        return "、".join(_told(each) for each in value)
    return "✓" if value is True else str(value)
