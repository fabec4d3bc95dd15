"""The language of whoever reads a page: chosen on the page and kept by the browser, else what the browser asks for.

The texts of the source are Simplified Chinese and are the ids of the catalogues (`locale/<language>/LC_MESSAGES`). A
catalogue is read when its language is first asked for. See docs/adr/0059-languages.md.
"""

import gettext
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Self

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from dezhi.core.text import N_, Phrase, Text
from dezhi.host import Directory
from dezhi.host.phrases import PLACE, unsayable
from dezhi.plugin import Manifest

SOURCE: Final = "zh-Hans"
LANGUAGES: Final = {SOURCE: "中文", "en": "English"}
"""The languages and what each calls itself."""

HTML_LANGUAGES: Final = {SOURCE: "zh-CN", "en": "en"}
"""What pages declare: voices that read aloud are found by the country, not by the script."""

COOKIE: Final = "lang"

LOCALES: Final = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("language", default=SOURCE)


class PluginTexts:
    """What the installed plugins say in English; in a text, `{name}` stands for whatever was put there."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        # The one that says most itself comes first: `{hours}小时` fits what `一天{hours}小时` is meant for.
        placed = sorted((text for text in texts if PLACE.search(text)), key=lambda text: -len(PLACE.sub("", text)))
        self._patterns = [(_pattern(text), _between(text), texts[text]) for text in placed]

    @classmethod
    def of(cls, directory: Directory) -> Self:
        """The texts of all plugins, with the titles and summaries of those that were refused."""
        texts: dict[str, str] = {}
        for fault in directory.faults:
            texts |= _titles(fault.manifest)
        # Of two versions that say it otherwise the newer one is heard, and no stranger in the place of one of ours.
        for plugin in sorted(directory.every(), key=lambda one: not one.apart):
            texts |= {**_titles(plugin.manifest), **plugin.declaration.english}
        return cls(texts)

    def find(self, text: str, deep: int = 0) -> str:
        """The text in English; as it is where no plugin knows it, or it has parts within parts without end."""
        if text in self._texts:
            return self._texts[text]
        if deep > _DEEP_MAX:
            return text
        for pattern, between, english in self._patterns:
            if _fits(between, text) and (found := pattern.fullmatch(text)):
                values = {name: self.find(value, deep + 1) for name, value in found.groupdict().items()}
                return english.format_map(values)
        return self._parts(text, deep + 1)

    def _parts(self, text: str, deep: int) -> str:
        """A sentence put together of known parts; as it is where none is known."""
        if text.endswith("。") and (said := self.find(text[:-1], deep)) != text[:-1]:
            return f"{said}."
        head, colon, rest = text.partition("：")
        if colon and (both := (self.find(head, deep), self.find(rest, deep))) != (head, rest):
            return ": ".join(both)
        parts = text.split("；")
        said_parts = [self.find(part, deep) for part in parts] if len(parts) > 1 else parts
        return text if said_parts == parts else "; ".join(said_parts)


class Spoken:
    """The texts of the plugins that are here now: others come and go while the site runs."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._generation = -1

    def now(self) -> PluginTexts:
        """The texts, collected anew when something else is here."""
        if self._generation != self._directory.generation:
            self._generation = self._directory.generation
            self._texts = PluginTexts.of(self._directory)
        return self._texts


_FIGURES: Final = {"n": r"\d+", **dict.fromkeys(("points", "hours", "minutes"), r"\d[\d,.～至]*")}
"""What stands in the places of these names: else `{points}分` would fit 家庭基础分, which is a village's own title."""
_DEEP_MAX: Final = 20
_WAYS_MAX: Final = 100_000

_plugins: ContextVar[PluginTexts | None] = ContextVar("plugin-texts", default=None)


def _titles(manifest: Manifest | None) -> dict[str, str]:
    told = () if manifest is None else (manifest.title, manifest.summary)
    return {one.zh: one.en for one in told if not PLACE.search(one.zh) and not unsayable(one.zh, one.en)}


def _pattern(text: str) -> re.Pattern[str]:
    parts = PLACE.split(text)
    return re.compile("".join(_hole(part) if at % 2 else re.escape(part) for at, part in enumerate(parts)))


def _between(text: str) -> Sequence[str]:
    """What stands before, between and after the places of a text."""
    return [part for part in PLACE.split(text)[::2] if part]


def _fits(between: Sequence[str], text: str) -> bool:
    """Whether a text has all of a pattern's words, and not so often that there are too many ways to read it."""
    ways = 1
    for word in between:
        ways *= text.count(word)
        if not 0 < ways <= _WAYS_MAX:
            return False
    return True


def _hole(name: str) -> str:
    """What a placeholder stands for: a number or range for those of `_FIGURES`, for another anything in one clause."""
    return f"(?P<{name}>{_FIGURES.get(name, '[^；：]+?')})"


def current() -> str:
    """The language of the request being answered; outside of one, the source language."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Answer in `language` within the block, whatever was chosen."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def heard(plugins: PluginTexts) -> Iterator[None]:
    """Know these plugins' English within the block."""
    token = _plugins.set(plugins)
    try:
        yield
    finally:
        _plugins.reset(token)


def translate(text: Text, language: str | None = None) -> str:
    """The text in `language`, by default the reader's. One that neither catalogue nor plugin knows stays as it is."""
    spoken = language or current()
    if not isinstance(text, Phrase):
        return _found(text, spoken)
    return text.fill(_found(text.text, spoken, text.count), lambda part: translate(part, spoken))


def _found(text: str, language: str, count: int | None = None) -> str:
    """What the catalogue has for a text, else the plugins."""
    catalogue = _catalogue(language)
    # The empty id is the catalogue's own head.
    found = text and (catalogue.gettext(text) if count is None else catalogue.ngettext(text, text, count))
    plugins = _plugins.get() if language == "en" and found == text else None
    return plugins.find(text) if plugins else found


def joined(sentences: Iterable[str]) -> str:
    """Sentences or names one after the other, with a space between them in languages that put one there."""
    return ("" if current() == SOURCE else " ").join(filter(None, sentences))


def listed(parts: Iterable[str]) -> str:
    """Things one after the other: `甲、乙`."""
    return translate(N_("、")).join(parts)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    # Most installations are never read in a second language, and these take about 50 ms and 5 to 9 MB.
    from babel.messages.mofile import write_mo  # late: only for a second language
    from babel.messages.pofile import read_po  # late: only for a second language

    compiled = io.BytesIO()
    with (LOCALES / language / "LC_MESSAGES" / "dezhi.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=256)  # by what browsers send, which is much the same
def choose(kept: str, asked_for: str) -> str:
    """The language for a cookie's value and an `Accept-Language` header, either of which may be empty or nonsense."""
    if kept in LANGUAGES:
        return kept
    ranked = sorted(_ranges(asked_for), key=lambda each: -each[1])
    ours = {language.partition("-")[0]: language for language in LANGUAGES}
    return next((ours[tag] for tag, weight in ranked if weight > 0 and tag in ours), SOURCE)


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """The languages a header names, without their countries, and how much each is wanted."""
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        name, _, weight = parameters.partition("=")
        try:
            yield tag.strip().lower().partition("-")[0], float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            continue


def follow(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Answer this request in its reader's language from here on. The application's state has the plugins' texts."""
    _plugins.set(connection.app.state.plugin_texts.now())
    sent = dict(connection.scope["headers"])
    # Most requests of programs bring neither; a cookie is taken apart only where it may be ours.
    kept = connection.cookies.get(COOKIE, "") if COOKIE.encode() in sent.get(b"cookie", b"") else ""
    _current.set(choose(kept, sent.get(b"accept-language", b"").decode("latin-1")))


class Languages(ASGIMiddleware):
    """Each request in its reader's language. What fails before any middleware is reached calls `follow` itself."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        follow(ASGIConnection(scope))
        await next_app(scope, receive, send)
