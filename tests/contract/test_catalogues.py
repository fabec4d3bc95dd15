"""The catalogues are complete: every text has its English, with the same placeholders and in English letters."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from dezhi.web.languages import HTML_LANGUAGES, LANGUAGES, LOCALES, SOURCE
from dezhi.web.rendering import DATE_LOCALES

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "platform" / "dezhi" / "web" / "assets"

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")

QUOTED = ("户号", "姓名", "与户主关系", "网格", "地址", "出生日期")
"""What a roster's columns must be called, in whatever language it is asked for."""


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "dezhi.po").open("rb") as file:
        return read_po(file, locale=language)


def messages() -> list[Message]:
    return [message for message in catalogue("en") if message.id]


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def source(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def test_every_language_has_a_catalogue_and_a_way_to_write_dates() -> None:
    others = set(LANGUAGES) - {SOURCE}
    assert {file.parts[-3] for file in LOCALES.glob("*/LC_MESSAGES/dezhi.po")} == others == set(DATE_LOCALES)
    assert set(HTML_LANGUAGES) == set(LANGUAGES)


@pytest.mark.row("AC-05")
def test_every_text_has_its_english() -> None:
    """One that has none: `make messages` writes it into the catalogue, and the English is yours to write."""
    assert [source(message) for message in messages() if not all(forms(message)) or message.fuzzy] == []


def test_the_english_has_the_same_placeholders() -> None:
    odd = [
        (source(message), form)
        for message in messages()
        for form in forms(message)
        if {*PLACE.findall(source(message))} != {*PLACE.findall(form)}
    ]
    assert odd == []


def test_the_english_is_in_english() -> None:
    left = {}
    for message in messages():
        for form in forms(message):
            plain = form
            for quoted in QUOTED:
                plain = plain.replace(quoted, "")
            if CHINESE.search(plain):
                left[source(message)] = form
    assert left == {}


def test_texts_of_scripts_come_from_their_page() -> None:
    spoken = {}
    for file in ASSETS.rglob("*.js"):
        code = re.sub(
            r"^\s*//.*$|/\*.*?\*/|\s// .*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
        )
        if found := CHINESE.findall(code):
            spoken[file.name] = found
    assert spoken == {}
