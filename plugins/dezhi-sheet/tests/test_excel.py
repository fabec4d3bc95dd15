"""R1 to R28 as workbooks: written, read again, and held to the one table of expectations."""

import msgspec
import pytest

from dezhi.core.programme_files import ProgrammeFile, read_programme_file
from dezhi.core.scoring import accept
from dezhi.service.sheetbooks import read_sheet_book, write_sheet_book
from dezhi_sheet import NAME, declares, items, score
from dezhi_sheet.model import Sheet
from shapes import ASKED, CASES, LIMITS, TOML, check, deed_of, toml_of

pytestmark = pytest.mark.sqlite


def by_excel(shape: str) -> ProgrammeFile:
    return read_sheet_book(write_sheet_book(read_programme_file(toml_of(shape)), Sheet), Sheet)


@pytest.mark.row("RU-01")
@pytest.mark.parametrize("shape", TOML)
def test_a_shape_comes_back_from_its_workbook_as_it_was(shape: str) -> None:
    assert msgspec.to_builtins(by_excel(shape)) == msgspec.to_builtins(read_programme_file(toml_of(shape)))


@pytest.mark.row("RU-01")
@pytest.mark.parametrize("shape", CASES)
def test_a_shape_gives_the_same_from_its_workbook(shape: str) -> None:
    sheet = msgspec.convert(by_excel(shape).plugins[NAME].settings, Sheet)
    offered = {f"{NAME}/{item.code}": item for item in items(sheet)}
    known = [fact.name for fact in declares(sheet).facts]
    for case in CASES[shape]:
        awards = check(case, known, lambda deed, facts: score(sheet, deed, facts))
        assert [str(refusal) for refusal in accept(offered, [(NAME, awards)], deed_of(case), version=1).refusals] == []
    for code, caps in LIMITS.get(shape, {}).items():
        assert offered[f"{NAME}/{code}"].caps == caps
    for code, names in ASKED.get(shape, {}).items():
        assert tuple(question.name for question in offered[f"{NAME}/{code}"].questions) == names
