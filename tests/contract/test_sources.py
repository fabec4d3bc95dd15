"""Rules about our own source files that no linter knows."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
SOURCES = sorted(
    file for folder in ("platform", "plugins", "migrations", "tests", "tools") for file in (ROOT / folder).rglob("*.py")
)
# Path → why this file may be longer.
LONG_FILES: dict[str, str] = tomllib.loads((ROOT / "tests/contract/long_files.toml").read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_files_stay_short() -> None:
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert {name for name, lines in lengths.items() if lines > LINES_MAX} == set(LONG_FILES)
    assert all(LONG_FILES.values()), "each long file has a written reason"


def test_functions_stay_short() -> None:
    long = [
        f"{name_of(file)}:{node.lineno} {node.name}: {lines} lines"
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_a_table(node)
        if (lines := length_of_body(node)) > FUNCTION_LINES_MAX
    ]
    assert long == []


def is_a_table(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Names and one return, without a decision: a sheet of items is as long as the village's sheet."""
    return all(isinstance(each, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return) for each in node.body)


def length_of_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement on: a signature and a docstring may take the room they need."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def imports_inside_functions(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node


@pytest.mark.parametrize("folder", ["platform", "plugins"])
def test_late_imports_say_why(folder: str) -> None:
    silent = []
    for file in sorted((ROOT / folder).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in imports_inside_functions(ast.parse(text)):
            # On the line itself, or on the one above.
            near = "\n".join(lines[max(node.lineno - 2, 0) : node.end_lineno])
            if "# late: " not in near:
                silent.append(f"{name_of(file)}:{node.lineno}")
    assert silent == []


def test_annotations_of_handlers_are_real() -> None:
    """Litestar reads annotations at run time: a postponed or type-checking-only import breaks a handler silently."""
    hidden = [
        name_of(file)
        for file in (ROOT / "platform/dezhi/web").rglob("*.py")
        if "TYPE_CHECKING" in (text := file.read_text(encoding="utf-8")) or "import annotations" in text
    ]
    assert hidden == []


def test_pages_work_under_the_strict_policy() -> None:
    """No inline script or style in a template, and none of htmx's attributes that need eval."""
    banned = (" style=", "<style", " onclick=", " onload=", " onchange=", " onsubmit=", "hx-on", "js:", "javascript:")
    found = [
        f"{name_of(file)}:{number}: {word.strip()}"
        for file in sorted((ROOT / "platform/dezhi/web").rglob("*.html"))
        # The page that checks receipts is one file, with a policy of its own that names its script and style.
        if "built" not in file.parts
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for word in banned
        if word in line
    ]
    assert found == []
