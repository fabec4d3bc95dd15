"""Every hook is told, used and proved: a question without an answer anywhere is not yet a hook."""

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dezhi.plugin import hooks

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("*Asked*: ", "*Returns*: ", "*If it raises*: ", "*Example*: ", "*Since*: ")
SPECS: dict[str, Callable[..., object]] = {
    name: value for name, value in vars(hooks).items() if hasattr(value, f"{hooks.PROJECT}_spec")
}
NINE = ["score", "validate", "redeem", "rank", "present", "report", "import", "notify", "schedule"]
# Hooks whose plugin, test and place in the house are being built: each leaves this list when it has them.
TO_COME: frozenset[str] = frozenset()


def functions_in(folder: str) -> set[str]:
    """Names of all functions defined under a folder."""
    return {
        node.name
        for file in ROOT.glob(folder)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_hooks_are_found() -> None:
    assert {"items", "score", "check", "rewards", "quote", "boards"} <= SPECS.keys()


@pytest.mark.parametrize("name", SPECS)
def test_hook_asks_a_question_and_tells_the_rest(name: str) -> None:
    text = inspect.getdoc(SPECS[name]) or ""
    assert text.splitlines()[0].endswith("?")
    assert [part for part in PARTS if part not in text] == []
    assert not inspect.iscoroutinefunction(SPECS[name])


@pytest.mark.parametrize("name", SPECS)
def test_hook_has_its_section_in_the_reference(name: str) -> None:
    reference = (ROOT / "docs/reference/hooks.md").read_text(encoding="utf-8")
    arguments = ", ".join(inspect.signature(SPECS[name]).parameters)
    assert f"## `{name}({arguments})`" in reference
    assert (inspect.getdoc(SPECS[name]) or "").splitlines()[0] in reference


@pytest.mark.parametrize("name", SPECS)
def test_hook_is_answered_by_a_plugin_of_ours(name: str) -> None:
    assert (name in functions_in("plugins/*/src/**/*.py")) != (name in TO_COME)


@pytest.mark.row("PL-01")
def test_each_hook_of_the_catalogue_has_its_sample() -> None:
    """Score, validate, redeem, rank, present, report, import, notify, schedule, each with a plugin and its test."""
    reference = (ROOT / "docs/reference/hooks.md").read_text(encoding="utf-8")
    table = reference.partition("## Each of them in use")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")
    ]
    assert [row[0] for row in rows[2:]] == [
        "score",
        "validate",
        "redeem",
        "rank",
        "present",
        "report",
        "import",
        "notify",
        "schedule",
    ]
    tests = functions_in("plugins/*/tests/**/*.py")
    for _, hooks_named, sample, test in rows[2:]:
        plugin = re.findall(r"dezhi-[a-z-]+", sample)[0]
        assert set(re.findall(r"`(\w+)`", hooks_named)) <= functions_in(f"plugins/{plugin}/src/**/*.py")
        assert set(re.findall(r"`(test_\w+)`", test)) <= tests


@pytest.mark.parametrize("name", sorted(SPECS.keys() - TO_COME))
def test_hook_has_a_test_named_after_it(name: str) -> None:
    tests = functions_in("tests/**/*.py") | functions_in("plugins/*/tests/**/*.py")
    assert [each for each in tests if re.match(rf"test_{name}(_|$)", each)] != []
