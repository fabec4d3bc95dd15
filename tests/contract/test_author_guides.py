"""The guides for authors of plugins: both languages say the same, and nothing is forgotten."""

import re
from pathlib import Path

import pytest

from dezhi.plugin import hooks

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "plugins"
SHEETS = GUIDES.parents[1] / "plugins" / "dezhi-sheet" / "tests" / "sheets"
BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
SHAPES = [f"R{number}" for number in range(1, 29)]


@pytest.mark.parametrize("name", ["tutorial", "cookbook", "hooks", "limits", "sheets", "testing"])
@pytest.mark.row("PL-10")
def test_both_languages_show_the_same_code_and_headings(name: str) -> None:
    english, chinese = ((GUIDES / f"{name}{language}.md").read_text(encoding="utf-8") for language in ("", ".zh-CN"))
    assert BLOCK.findall(english) == BLOCK.findall(chinese)
    assert len(re.findall("^#", BLOCK.sub("", english), re.MULTILINE)) == len(
        re.findall("^#", BLOCK.sub("", chinese), re.MULTILINE)
    )


def test_the_sheets_of_the_guide_are_those_that_are_tested() -> None:
    shown = BLOCK.findall((GUIDES / "sheets.md").read_text(encoding="utf-8"))
    tested = [(SHEETS / f"{shape}.toml").read_text(encoding="utf-8").partition("\n")[2].strip() for shape in SHAPES]
    shapes = [block for block in shown if re.match(r"```toml\n(?!# )", block)]  # one that names its file is no shape
    assert shapes == [f"```toml\n{sheet}\n```" for sheet in tested]


def test_every_hook_has_its_guide() -> None:
    told = (GUIDES / "hooks.md").read_text(encoding="utf-8")
    headings = " ".join(re.findall("^## (.*)$", told, re.MULTILINE))
    assert [hook for hook in hooks.PERMISSION_OF if f"`{hook}`" not in headings] == []


def test_every_shape_has_its_recipe() -> None:
    told = " ".join(re.findall("^## (.*)$", (GUIDES / "cookbook.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert [shape for shape in SHAPES if not re.search(rf"\b{shape}\b", told)] == []
