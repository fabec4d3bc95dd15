"""One broken plugin never stops another, and none is skipped silently."""

import re
import sys
from importlib import metadata

import pytest

from dezhi.host import Directory, Failure, Roster, inspection
from dezhi.plugin import hooks
from dezhi.plugin.deprecations import RemovedInDezhi03
from dezhi.testing import a_deed, a_programme
from workshop import GOOD, MANIFEST, Workshop

HEAD = "from dezhi.plugin import Declaration, Item, hook\nPLUGIN = Declaration()\n"


def reason(package: str) -> str:
    """Why a package alone is refused; proves at once that a good neighbour is not."""
    directory = Directory(modules=[package, "dezhi_hello"])
    assert list(directory.plugins) == ["dezhi-hello"]
    (fault,) = directory.faults
    assert fault.name == package.replace("_", "-")
    return fault.text


def test_bundled_plugins_are_found_by_name() -> None:
    directory = Directory(modules=["dezhi_yinger", "dezhi_hello"])
    assert list(directory.plugins) == ["dezhi-hello", "dezhi-yinger"]
    assert directory.faults == ()


@pytest.mark.row("PL-02")
def test_missing_manifest_is_refused_with_text_before_any_import(workshop: Workshop) -> None:
    package = workshop.write("no_manifest", code="raise SystemExit", manifest=None)
    assert reason(package) == "插件 no-manifest 没有装上：包 no_manifest 里没有 plugin.toml。请向作者要完整的安装包。"
    assert package not in sys.modules


@pytest.mark.row("PL-02")
@pytest.mark.parametrize(
    "field", ["name", "version", "api", "scope", "author", "licence", "permissions", "data", "title", "summary"]
)
def test_manifest_without_a_field_is_refused_by_its_name(workshop: Workshop, field: str) -> None:
    package = workshop.write(f"without_{field}", manifest=re.sub(rf"(?m)^{field} = .*\n", "", MANIFEST))
    assert f"required field `{field}`" in reason(package)


@pytest.mark.row("PL-02")
@pytest.mark.parametrize(
    ("line", "wrong", "named"),
    [
        ('version = "1.0.0"', "version = 1", "$.version"),
        ('version = "1.0.0"', 'version = "new"', "$.version"),
        ("api = [1, 1]", "api = [2, 1]", "api must be"),
        ("api = [1, 1]", "api = 1", "$.api"),
        ('scope = "village"', 'scope = "county"', "$.scope"),
        ('data = ["deed", "holder"]', 'data = ["deed", "names"]', "$.data"),
        ('data = ["deed", "holder"]', 'data = ["deed", "deed"]', "data names something twice"),
        ('author = "test"', 'author = "test"\nsudo = true', "sudo"),
        ('author = "test"', 'author = "', "plugin.toml"),
    ],
)
def test_wrong_manifest_is_refused_by_the_field(workshop: Workshop, line: str, wrong: str, named: str) -> None:
    assert named in reason(workshop.write("wrong_field", manifest=MANIFEST.replace(line, wrong)))


@pytest.mark.row("PL-02")
@pytest.mark.parametrize(
    ("manifest", "permissions", "named"),
    [
        (MANIFEST.replace('"{name}"', '"another"'), '["award"]', "name 与程序不符（another ≠ a-lie）"),
        (MANIFEST, "[]", "permissions 与程序不符（award"),
        (MANIFEST, '["award", "refuse"]', "permissions 与程序不符（refuse"),
        (MANIFEST.replace('["deed", "holder"]', '["holder"]'), '["award"]', "data 与程序不符（deed"),
    ],
)
def test_lying_manifest_is_refused_by_the_field(
    workshop: Workshop, manifest: str, permissions: str, named: str
) -> None:
    assert named in reason(workshop.write("a_lie", manifest=manifest, permissions=permissions))


@pytest.mark.row("PL-02")
def test_facts_without_the_word_history_are_refused(workshop: Workshop) -> None:
    declared = 'Declaration(facts=(Fact(name="n", measure=Measure.COUNT),), '
    code = GOOD.replace("import Asset", "import Fact, Measure, Asset").replace("Declaration(cat", f"{declared}cat")
    assert "data 与程序不符（history" in reason(workshop.write("curious", code=code))


@pytest.mark.row("PL-02")
def test_version_must_be_the_distributions(monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint(name="dezhi-hello", value="dezhi_hello", group="dezhi.plugins")
    found = Directory(candidates=[])
    assert found.plugins == {}

    class Distribution(metadata.PathDistribution):
        name = "dezhi-hello"
        version = "9.9.9"

        def __init__(self) -> None: ...

    vars(point)["dist"] = Distribution()
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] if group == "dezhi.plugins" else [])
    (fault,) = Directory.installed().faults
    assert "version 与程序不符（0.1.0 ≠ 9.9.9）" in fault.text


@pytest.mark.row("PL-05")
def test_a_strangers_distribution_runs_in_a_chamber_and_ends_no_more_than_that(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = workshop.folder / "site"
    about = site / "strange_one-1.0.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: strange-one\nVersion: 1.0.0\n")
    (about / "entry_points.txt").write_text("[dezhi.plugins]\nstrange-one = strange_one\n")
    monkeypatch.syspath_prepend(str(site))
    workshop.write(
        "strange_one", GOOD.replace("    return awards_as", "    __import__('os')._exit(1)\n    return awards_as")
    )
    directory = Directory.installed()
    strange = directory.plugins["strange-one"]
    assert strange.apart
    assert "strange_one" not in sys.modules
    assert [item.code for item in strange.functions["items"].call()] == ["thing"]  # type: ignore[attr-defined]
    assert not directory.plugins["dezhi-yinger"].apart
    roster = Roster(directory, {"strange-one": {}})
    (died,) = roster.ask_each("score", programme=a_programme(), deed=a_deed("strange-one/thing"), facts={})
    assert isinstance(died, Failure)
    assert died.code == "plugin-died"
    assert directory.ward.find(strange.key) is not None
    directory.close()


def test_other_api_is_refused_with_what_to_do(workshop: Workshop) -> None:
    text = reason(workshop.write("later", manifest=MANIFEST.replace("[1, 1]", "[2, 3]")))
    assert text == "插件 later 没有装上：它要接口 api 2 到 3，这里是 1。请换一个合适的版本。"


@pytest.mark.row("PL-08")
def test_an_old_plugin_still_loads_or_says_why(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    package = workshop.write("old_one")
    warning = RemovedInDezhi03("items(settings) goes; use items(programme, settings)")
    monkeypatch.setitem(vars(hooks.items)["dezhi_spec"], "warn_on_impl", warning)
    plugin = Directory(modules=[package]).plugins["old-one"]
    assert plugin.ageing == ("items(settings) goes; use items(programme, settings)",)
    monkeypatch.setattr(inspection, "API", 2)
    (fault,) = Directory(modules=[package]).faults
    assert fault.text == "插件 old-one 没有装上：它要接口 api 1 到 1，这里是 2。请换一个合适的版本。"
    both = workshop.write("new_one", manifest=MANIFEST.replace("[1, 1]", "[1, 2]"))
    assert list(Directory(modules=[both]).plugins) == ["new-one"]


@pytest.mark.row("PL-04")
@pytest.mark.parametrize(
    "line",
    [
        "from dezhi.store import ledger",
        "from dezhi import store",
        "import dezhi.store.database",
        "def late():\n    import piccolo",
        "import litestar",
        "import wishful",
    ],
)
def test_plugin_that_imports_more_than_the_contract_is_refused_unrun(workshop: Workshop, line: str) -> None:
    package = workshop.write("burglar", code=f"{line}\nraise SystemExit")
    assert "插件只许引用标准库、msgspec 和 dezhi.plugin。" in reason(package)
    assert package not in sys.modules


@pytest.mark.row("PL-07")
@pytest.mark.parametrize(
    "line",
    [
        "import random, uuid",
        "from time import time_ns as q",
        "import secrets",
        "import os.path",
        "def late():\n    import threading",
        "from _random import Random",
    ],
)
def test_plugin_that_could_answer_otherwise_tomorrow_is_refused_unrun(workshop: Workshop, line: str) -> None:
    package = workshop.write("fickle", code=f"from urllib.parse import quote\n{line}\nraise SystemExit")
    assert "同一个问题就会有别的回答" in reason(package)
    assert package not in sys.modules


@pytest.mark.row("PL-07")
@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("from datetime import date\ndef late(): return date.today()", "（__init__.py:2 today）"),
        ("import datetime\ndef late(): return datetime.datetime.now(datetime.UTC)", "（__init__.py:2 now）"),
    ],
)
def test_plugin_that_reads_a_clock_is_refused_unrun_with_its_line(workshop: Workshop, line: str, named: str) -> None:
    package = workshop.write("watchful", code=f"{line}\nraise SystemExit")
    assert named in reason(package)
    assert package not in sys.modules


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("def broken(:", "SyntaxError"),
        ("raise RuntimeError('boom')", "RuntimeError: boom"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("1 / 0", "ZeroDivisionError"),
        ("from .missing import x", "ModuleNotFoundError"),
        ("", "PLUGIN = Declaration(...)"),
        ("PLUGIN = 3", "PLUGIN = Declaration(...)"),
        (HEAD + "@hook\ndef itemz(): ...", "unknown hook 'itemz'"),
        (HEAD + "@hook\ndef score(deeds): ...", "score(deeds) → score(programme, settings, deed, facts)"),
        (HEAD + "@hook\ndef score(deed, fact=None): ...", "score(fact=None)"),
        (HEAD + "@hook\ndef score(*deed): ...", "score(*deed)"),
        (HEAD + "@hook\ndef score(**deed): ...", "score(**deed)"),
        (HEAD + "@hook\nasync def score(deed): ...", "score: async"),
        (HEAD + "@hook\nasync def score(deed): yield", "score: async"),
        (HEAD + "@hook\ndef score(deed): yield", "score: yield"),
        (HEAD + "@hook(wrapper=True)\ndef score(deed): return (yield)", "@hook(wrapper)"),
        (HEAD + "@hook(hookwrapper=True)\ndef score(deed): yield", "@hook(hookwrapper)"),
        (HEAD + "@hook(tryfirst=True)\ndef score(deed): ...", "@hook(tryfirst)"),
        (HEAD + "@hook(optionalhook=True)\ndef scores(deed): ...", "@hook(optionalhook)"),
        (HEAD + "@hook(specname='score')\ndef again(deed): ...", "@hook(specname)"),
        (HEAD + "@hook\ndef score(): ...\n@hook(specname='score')\ndef twice(): ...", "@hook(specname)"),
    ],
)
def test_broken_plugin_is_refused_and_named(workshop: Workshop, code: str, named: str) -> None:
    assert named in reason(workshop.write("broken", code=code))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ("settings=int", "settings: not a subclass"),
        ("settings=Loose", "settings: must stay frozen"),
        ("settings=Bare", "a: needs Meta(title"),
        ("settings=Unbound", "a: a number needs Meta(ge"),
        ("settings=Odd", "a: only int, bool, str"),
        ("settings=Needy", "a: needs a default"),
        ("settings=Off", "Expected `int` <= 3"),
        ("facts=(FACT, FACT)", "facts: n × 2"),
        ("categories=(CATEGORY,) * 25", "categories: 25 > 24"),
    ],
)
def test_unusable_declaration_is_refused_by_what_is_wrong(workshop: Workshop, settings: str, named: str) -> None:
    code = f"""
from typing import Annotated
from msgspec import Meta
from dezhi.plugin import Category, Declaration, Fact, Measure, Settings
def told(**more): return Meta(title="t", description="d", **more)
class Loose(Settings, forbid_unknown_fields=False): ...
class Bare(Settings): a: int = 1
class Unbound(Settings): a: Annotated[int, told()] = 1
class Odd(Settings): a: Annotated[tuple[int, ...], told()] = ()
class Needy(Settings): a: Annotated[int, told(ge=1, le=3)]
class Off(Settings): a: Annotated[int, told(ge=1, le=3)] = 9
FACT = Fact(name="n", measure=Measure.COUNT)
CATEGORY = Category(code="c", title="类")
PLUGIN = Declaration({settings})
"""
    assert named in reason(workshop.write("unusable", code=code))


def test_two_plugins_of_one_name_are_both_refused(workshop: Workshop) -> None:
    package = workshop.write("twin")
    directory = Directory(modules=[package, package, "dezhi_hello"])
    assert list(directory.plugins) == ["dezhi-hello"]
    assert [fault.text for fault in directory.faults] == ["有两个安装包都叫 twin，一个也没有启用。请卸载其中一个。"] * 2


def test_order_of_finding_changes_nothing() -> None:
    here = Directory(modules=["dezhi_yinger", "dezhi_hello"])
    there = Directory(modules=["dezhi_hello", "dezhi_yinger"])
    assert list(here.plugins) == list(there.plugins)


def test_huge_manifest_is_refused_unread(workshop: Workshop) -> None:
    assert "plugin.toml 太大" in reason(workshop.write("huge", manifest=MANIFEST + "#" * 70_000))
