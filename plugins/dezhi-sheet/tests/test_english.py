"""What the plugin says can be read in English, whatever a village wrote in its own words."""

import re
from collections.abc import Iterator

import msgspec
import pytest

from dezhi.core.programme_files import read_programme_file
from dezhi.plugin import Cell, Facts, Grid, Workbook
from dezhi.web.languages import PluginTexts
from dezhi_sheet import NAME, PLUGIN, boards, declares, items, score
from dezhi_sheet.model import Sheet
from dezhi_sheet.reading import read_sheet
from shapes import CASES, TOML, deed_of, toml_of
from test_checks import WRONG, faults, row

pytestmark = pytest.mark.sqlite

TEXTS = PluginTexts(PLUGIN.english)
ALOUD = re.compile(r"[\u4e00-\u9fff0-9%，。；：、“”（）？！]*")
HAN = re.compile("[\u4e00-\u9fff；：]")


def left(text: str, own: list[str]) -> str:
    """What stays Chinese in English beside the village's own words."""
    said = TEXTS.find(text)
    for word in sorted(own, key=len, reverse=True):
        said = said.replace(word, "")
    return "".join(HAN.findall(said)) and said


def spoken(shape: str) -> Iterator[str]:
    sheet = msgspec.convert(read_programme_file(toml_of(shape)).plugins[NAME].settings, Sheet)
    known = dict.fromkeys([fact.name for fact in declares(sheet).facts], 0)
    for item in items(sheet):
        yield item.how
        yield item.worth
        yield from (question.title for question in item.questions)
    for case in CASES[shape]:
        yield from (award.reason for award in score(sheet, deed_of(case), Facts({**known, **case.facts})))


@pytest.mark.row("RU-04")
@pytest.mark.parametrize("shape", [shape for shape in TOML if shape in CASES])
def test_every_explanation_has_its_english(shape: str) -> None:
    own = [*re.findall(r'(?:title|unit) = "(.*?)"', TOML[shape]), "处"]
    assert [text for text in spoken(shape) if left(text, own)] == []


@pytest.mark.row("B-13")
@pytest.mark.parametrize("shape", CASES)
def test_every_explanation_can_be_read_aloud(shape: str) -> None:
    """Words, figures, and the marks at which a voice pauses: no sign of plus or minus, no stroke, no code."""
    assert [text for text in spoken(shape) if not ALOUD.fullmatch(text)] == []


def test_boards_and_settings_have_their_english() -> None:
    [board] = boards(Sheet(board=True))
    fields = [field.type.__metadata__[0] for field in msgspec.structs.fields(Sheet)]
    texts = [board.title, board.about, *(text for meta in fields for text in (meta.title, meta.description))]
    assert [text for text in texts if left(text, [])] == []


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "cells", [("2分/人次", "每季度最多2次"), ("5分", "当年有效"), ("扣5分/次", ""), ("扣5分/次", "每年最多扣20分")]
)
def test_every_doubt_of_a_limit_has_its_english(cells: tuple[str, str]) -> None:
    table = (("项目", "分值", "备注"), ("扫地", *cells), ("看望老人", "5分", ""))
    grid = Grid(
        name="细则",
        cells=tuple(
            Cell(row=row, column=column, text=text)
            for row, texts in enumerate(table, start=1)
            for column, text in enumerate(texts, start=1)
            if text
        ),
    )
    read = read_sheet(Workbook(grids=(grid,)))
    assert read is not None
    doubts = [doubt for draft in read.drafts for doubt in draft.doubts]
    assert doubts
    assert [doubt for doubt in doubts if left(doubt, ["当年有效"])] == []


@pytest.mark.parametrize("fields", [fields for fields, _, _ in WRONG])
def test_every_fault_has_its_english(fields: dict[str, object]) -> None:
    told = [line.partition(": ")[2] for line in faults(items=[row(**fields)])]
    assert [text for text in told if left(text, ["sweep", "扫地"])] == []
