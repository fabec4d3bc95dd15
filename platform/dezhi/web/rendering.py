"""The template engine: what every template may rely on, and how dates, hours and figures are said."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dezhi.plugin import Asset
from dezhi.web.symbols import symbol

TEMPLATES: Final = Path(__file__).parent / "templates"
BUILT: Final = Path(__file__).parent / "static" / "built"
BUILT_URL: Final = "/static/built/"
WEEKDAYS: Final = "一二三四五六日"
GROUPED_FROM: Final = 10_000
# China has had no summer time since 1991; the offset needs no zone file on the machine.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

ASSET_SYMBOLS: Final = {Asset.MORAL: "heart", Asset.HONOUR: "rosette", Asset.HOURS: "clock", Asset.SAFE: "shield"}
ASSET_WORDS: Final = {Asset.MORAL: "道德积分", Asset.HONOUR: "荣誉积分", Asset.HOURS: "志愿时", Asset.SAFE: "平安积分"}


class Translations(Protocol):
    """What the engine needs of a message catalogue; `gettext.NullTranslations` and Babel's have it."""

    def gettext(self, message: str) -> str:
        """The message in the catalogue's language."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The message for `n` things."""


def environment(translations: Translations, asset_url: Callable[[str], str]) -> Environment:
    """An engine that escapes everything and refuses unknown names.

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
    engine.install_gettext_callables(translations.gettext, translations.ngettext, newstyle=True)  # type: ignore[attr-defined]
    engine.globals.update(
        asset_url=asset_url, symbol=symbol, asset_symbols=ASSET_SYMBOLS, asset_words=ASSET_WORDS, assets=tuple(Asset)
    )
    engine.filters.update(
        hours=hours, day=day, short_day=short_day, weekday=weekday, moment=moment, clock=clock, num=num
    )
    return engine


def built_asset_url(manifest: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """The addresses of the built scripts and styles, by source name; raises KeyError for one that was not built.

    Reads `static/built/manifest.json` once if no manifest is given (FileNotFoundError: run `make assets`).
    """
    names = json.loads((BUILT / "manifest.json").read_bytes()) if manifest is None else manifest
    return lambda name: BUILT_URL + str(names[name])


def hours(minutes: int) -> str:
    """Whole minutes as people say them: 750 → `12 小时 30 分`, 45 → `45 分钟`, 120 → `2 小时`."""
    whole, rest = divmod(abs(minutes), 60)
    if not whole:
        return f"{rest} 分钟" if rest else "0 小时"
    return f"{num(whole)} 小时 {rest} 分" if rest else f"{num(whole)} 小时"


def num(value: int) -> str:
    """A whole number, grouped from five digits on: 9999, 99,999."""
    return f"{value:,}" if abs(value) >= GROUPED_FROM else str(value)


def day(value: date) -> str:
    """`2026年11月22日`."""
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date) -> str:
    """`11月22日`."""
    return f"{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """`星期日`."""
    return f"星期{WEEKDAYS[value.weekday()]}"


def moment(value: datetime) -> str:
    """An aware time, on the village's clock: `11月22日 10:32`."""
    local = value.astimezone(SHANGHAI)
    return f"{short_day(local)} {local:%H:%M}"


def clock(value: datetime) -> str:
    """An aware time of today, on the village's clock: `10:32`."""
    return f"{value.astimezone(SHANGHAI):%H:%M}"
