"""A programme goes into a file and comes back the same; what is wrong is told with its line, all at once."""

import time
from datetime import date
from typing import Annotated

import pytest
from hypothesis import given, settings, strategies as st
from msgspec import Meta, Struct, convert

from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.programme_files import (
    ProgrammeFile,
    file_of,
    read_programme_file,
    settings_problems,
    write_programme_file,
)
from dezhi.core.programmes import Document, Enabled
from dezhi.core.toml_places import line_of
from dezhi.plugin import Settings

pytestmark = pytest.mark.sqlite

WHOLE = """\
# kept by the village's clerk
[programme]
title = "罗峪村积分方案"
notice_days = 7
[programme.keeping]
lapse = "year"
overdraft = 20

[plugins.dezhi-sheet]
version = "0.1.0"
[plugins.dezhi-sheet.settings]
notice = '''
[items]
'''
[[plugins.dezhi-sheet.settings.items]]
code = "sweep"
first = 2026-03-01
points = "5"
[[plugins.dezhi-sheet.settings.items]]
code = "plant"
caps = [
  { window = "year" },
  { window = "week" },
]
"""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    points: int = 0
    first: date | None = None


class Rows(Settings, frozen=True):
    title: Annotated[str, Meta(title="名", description="名")] = ""
    items: Annotated[tuple[Line, ...], Meta(title="条目", description="条目")] = ()

    def __post_init__(self) -> None:
        if len({one.code for one in self.items}) < len(self.items):
            raise ValueError("items[1].code: 代号用了两次\nitems: 条目太多")


def problems(text: str, kind: type[Settings] = Rows) -> list[tuple[int | None, str]]:
    chosen = read_programme_file(text.encode()).plugins["dezhi-sheet"].settings
    return [(one.row, one.say()) for one in settings_problems(kind, chosen, toml=text.encode())]


def test_a_whole_programme_is_read() -> None:
    found = read_programme_file(WHOLE.encode())
    assert (found.programme.title, found.programme.notice_days) == ("罗峪村积分方案", 7)
    assert found.document.keeping == Keeping(lapse=Lapse.YEAR, overdraft=20)
    assert found.plugins["dezhi-sheet"].version == "0.1.0"
    assert found.plugins["dezhi-sheet"].settings["items"][0]["first"] == "2026-03-01"


def test_a_bare_sheet_is_the_sheet_plugin_alone() -> None:
    found = read_programme_file(b'\xef\xbb\xbfnotice = "x"\r\nboard = true\r\n')
    assert found == convert({"plugins": {"dezhi-sheet": {"settings": {"notice": "x", "board": True}}}}, ProgrammeFile)


def test_an_adopted_version_becomes_a_file_and_comes_back() -> None:
    document = Document(
        plugins={
            "dezhi-yinger": Enabled(version="0.1.0", settings={"board_size": 7, "rows": [{"code": "a", "of": []}]})
        },
        notice_days=3,
        privacy_notice="收集姓名。\n只用于记分。",
        keeping=Keeping(fen=10),
    )
    written = write_programme_file(file_of("方案", document))
    assert read_programme_file(written).document == document


json_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
json_values = st.recursive(
    st.booleans() | st.integers(-(2**62), 2**62) | json_texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(json_texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(json_texts, json_values, max_size=4))
def test_any_settings_survive_the_file(chosen: dict[str, object]) -> None:
    file = convert({"plugins": {"some-plugin": {"version": "1.0.0", "settings": chosen}}}, ProgrammeFile)
    assert read_programme_file(write_programme_file(file)) == file


@pytest.mark.parametrize(
    ("content", "code", "row", "field"),
    [
        (b"a = 1\n[b\n", "file-not-toml", 2, None),
        (b"\xff\xfe", "file-not-text", None, None),
        (b"x" * 2_000_001, "file-too-large", None, None),
        (b"a = " + b"[" * 50_000, "file-not-toml", None, None),
        (b"[programme]\n\ntitle = 3\n", "file-wrong", 3, "programme.title"),
        (b'[programme]\ntitle = "x"\nnotice = 2\n', "file-wrong", 1, "programme"),
        (b'[plugins]\n"a b" = 3\n', "file-wrong", 1, None),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(content: bytes, code: str, row: int | None, field: str) -> None:
    with pytest.raises(Problem) as refused:
        read_programme_file(content)
    assert (refused.value.code, refused.value.row) == (code, row)
    if field:
        assert refused.value.field == field


def test_every_wrong_type_is_told_at_once_with_its_line() -> None:
    assert problems(WHOLE.replace('code = "plant"', "code = 3")) == [
        (12, "第12行（notice）：没有“notice”这一项"),
        (18, "第18行（items[0].points）：这里要填整数，现在写的是文字"),
        (21, "第21行（items[1].caps）：没有“caps”这一项"),
        (20, "第20行（items[1].code）：这里要填文字，现在写的是整数"),
    ]


def test_what_the_plugin_says_keeps_its_places() -> None:
    assert problems('[[items]]\ncode = "a"\n[[items]]\ncode = "a"\n') == [
        (4, "第4行（items[1].code）：代号用了两次"),
        (1, "第1行（items）：条目太多"),
    ]


def test_without_a_file_the_place_alone_is_told() -> None:
    [problem] = settings_problems(Rows, {"items": [{"points": 3}]})
    assert (problem.row, problem.say()) == (None, "items[0]：少了“code”")
    assert settings_problems(Rows, {"items": [{"code": "a"}]}) == ()


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("programme.title", 3),
        ("programme.keeping.overdraft", 7),
        ("plugins.dezhi-sheet.settings.items[0].points", 18),
        ("plugins.dezhi-sheet.settings.items[1]", 19),
        ("plugins.dezhi-sheet.settings.items[1].caps[1].window", 23),
        ("plugins.dezhi-sheet.settings.items[7].code", 15),
        ("nothing.of.this", None),
    ],
)
def test_a_place_has_its_line(place: str, line: int | None) -> None:
    assert line_of(WHOLE, place) == line


BOMBS = {
    "a key of many parts": "a." * 20_000 + "b = 1",
    "a table of many parts": "[" + "a." * 3_000 + "b]",
    "lists in lists": "x = " + "[" * 300 + "]" * 300,
    "more lists in lists": "x = " + "[" * 100_000,
    "a number of 5,000 digits": "x = " + "9" * 5_000,
    "a number beyond JSON": "[[items]]\npoints = 1" + "0" * 30,
    "a number in hex": "x = 0x" + "f" * 5_000,
    "no number": "[[items]]\npoints = nan",
    "a long text": f'title = "{"字" * 100_000}"',
    "a NUL": r'title = "a\u0000b"',
    "blanks without end": "x = [\n[" + " " * 5_000 + "\n1, nan]]",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_file_made_to_break_the_reader_is_refused_at_once(bomb: str) -> None:
    began = time.monotonic()
    with pytest.raises(Problem) as caught:
        read_programme_file(BOMBS[bomb].encode())
    assert caught.value.code in {"file-wrong", "file-not-toml"}
    assert caught.value.say()
    assert time.monotonic() - began < 5  # they took half a minute, or days


def test_dots_in_words_are_no_keys() -> None:
    words = "见细则1.2.3。" + ".".join("abcdefgh") + "……" * 40
    assert read_programme_file(f'how = "{words}"'.encode()).plugins["dezhi-sheet"].settings == {"how": words}
