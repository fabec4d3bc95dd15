"""The template engine: what every template may rely on, and how dates, hours and figures are said."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dezhi.core.text import N_, counted
from dezhi.plugin import Asset
from dezhi.web.languages import HTML_LANGUAGES, LANGUAGES, SOURCE, current, joined, listed, translate as _
from dezhi.web.symbols import symbol

TEMPLATES: Final = Path(__file__).parent / "templates"
BUILT: Final = Path(__file__).parent / "static" / "built"
BUILT_URL: Final = "/static/built/"
WEEKDAYS: Final = "一二三四五六日"
GROUPED_FROM: Final = 10_000
# China has had no summer time since 1991; the offset needs no zone file on the machine.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

ASSET_SYMBOLS: Final = {
    Asset.MORAL: "heart",
    Asset.HONOUR: "rosette",
    Asset.HOURS: "clock",
    Asset.SAFE: "shield",
    Asset.COUNT: "book",
}
ASSET_WORDS: Final = {
    Asset.MORAL: N_("道德积分"),
    Asset.HONOUR: N_("荣誉积分"),
    Asset.HOURS: N_("志愿时"),
    Asset.SAFE: N_("平安积分"),
    Asset.COUNT: N_("次数"),
}

DATE_LOCALES: Final = {"en": "en_GB"}
"""Whose way of writing dates a language follows; the source language's is written down below."""


def environment(asset_url: Callable[[str], str]) -> Environment:
    """An engine that escapes everything, refuses unknown names and says its texts in the reader's language.

    `asset_url` turns a source name such as `app.css` into the address of the built file.
    """
    engine = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Templates count with `counted`: one text stands for both forms.
    engine.install_gettext_callables(_, _counted, newstyle=True)  # type: ignore[attr-defined]
    engine.globals.update(
        asset_url=asset_url,
        symbol=symbol,
        asset_symbols=ASSET_SYMBOLS,
        asset_words=ASSET_WORDS,
        assets=tuple(Asset),
        language=lambda: HTML_LANGUAGES[current()],
        other_languages=_other_languages,
        counted=_counted,
        joined=joined,
    )
    engine.filters.update(
        {
            each.__name__: each
            for each in (hours, day, short_day, weekday, month, short_month, moment, clock, num, listed)
        }
    )
    return engine


def _counted(text: str, n: int, /, **values: object) -> str:
    return _(counted(text, n, **values))


def _other_languages() -> list[tuple[str, str, str]]:
    """The languages to switch to: ours, the one pages declare, and what each calls itself."""
    return [(one, HTML_LANGUAGES[one], name) for one, name in LANGUAGES.items() if one != current()]


def built_asset_url(manifest: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """The addresses of the built scripts and styles, by source name; raises KeyError for one that was not built.

    Reads `static/built/manifest.json` once if no manifest is given (FileNotFoundError: run `make assets`).
    """
    names = _manifest() if manifest is None else manifest
    return lambda name: BUILT_URL + str(names[name])


def built_name(name: str) -> str:
    """The built file of a source's name. Raises as `built_asset_url` does."""
    return _manifest()[name]


@cache
def _manifest() -> Mapping[str, str]:
    found: dict[str, str] = json.loads((BUILT / "manifest.json").read_bytes())
    return found


def hours(minutes: int) -> str:
    """Whole minutes as people say them: 750 → `12 小时 30 分`, 45 → `45 分钟`, 120 → `2 小时`."""
    whole, rest = divmod(abs(minutes), 60)
    if not whole:
        return _("%(minutes)s 分钟") % {"minutes": rest} if rest else _("0 小时")
    said = {"hours": num(whole), "minutes": rest}
    return (_("%(hours)s 小时 %(minutes)s 分") if rest else _("%(hours)s 小时")) % said


def num(value: int) -> str:
    """A whole number, grouped from five digits on: 9999, 99,999."""
    return f"{value:,}" if abs(value) >= GROUPED_FROM else str(value)


def day(value: date) -> str:
    """`2026年11月22日`, `22 November 2026`."""
    return _dated(value, "long") or f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date) -> str:
    """`11月22日`, `22 Nov`."""
    return _dated(value, "d MMM") or f"{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """`星期日`, `Sunday`."""
    return _dated(value, "EEEE") or f"星期{WEEKDAYS[value.weekday()]}"


def month(value: date) -> str:
    """`11月`, `November`."""
    return _dated(value, "LLLL") or f"{value.month}月"


def short_month(value: date) -> str:
    """`11月`, `Nov`."""
    return _dated(value, "LLL") or f"{value.month}月"


def moment(value: datetime) -> str:
    """An aware time, on the village's clock: `11月22日 10:32`."""
    local = value.astimezone(SHANGHAI)
    return f"{short_day(local)} {local:%H:%M}"


def clock(value: datetime) -> str:
    """An aware time of today, on the village's clock: `10:32`."""
    return f"{value.astimezone(SHANGHAI):%H:%M}"


def _dated(value: date, pattern: str) -> str:
    """A date in Babel's `pattern`; empty in the source language, whose dates need no library."""
    if current() == SOURCE:
        return ""
    # late: as in dezhi.web.languages
    from babel.dates import format_date

    return format_date(value, pattern, locale=DATE_LOCALES[current()])
