"""How far a plugin has come: bronze, silver, gold, each by facts that anybody can check again.

*Bronze*: it is accepted, keeps every promise (`Conformance`) and has a README. *Silver*: besides, its own tests pass
and name every item and reward it offers, neither they nor the README are the template's, other settings than the
defaults keep the promises too, a refusal is tested, and somebody is named as its author. *Gold*: besides, its tests
run every line, its types are strict, and every text it shows is there in English.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import msgspec

import dezhi
from dezhi.core.text import N_, Text, phrase
from dezhi.host import Answer, Directory, Roster, settings_form
from dezhi.host.directory import OURS
from dezhi.host.inspection import Installed
from dezhi.plugin import Declared, Settings
from dezhi.testing.conformance import Conformance
from dezhi.testing.samples import a_programme
from dezhi.testing.template import untouched
from dezhi.web.languages import translate

FIXTURES: Final = "dezhi.testing.fixtures"
SUITE_SECONDS: Final = 600
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
REFUSING: Final = re.compile(r"def test_\w*(refus|not|no_|nothing|without|never|only|cap|limit)\w*\(")
TEXTS: Final = frozenset({"title", "how", "hint", "about", "unit_label", "help", "unit", "notice", "description"})


ACCEPTED: Final = N_("能装上：清单属实，写法合约定")
PROMISES: Final = {
    "test_an_empty_workbook_is_read_without_a_fault": N_("空的表格也读得，不出错"),
    "test_answers_are_quick": N_("回答得快，不到千分之一秒"),
    "test_assessments_are_sound": N_("评定的结果完整"),
    "test_boards_count_known_categories": N_("光荣榜只数自己的类别"),
    "test_every_item_can_be_earned": N_("每个条目都挣得到，分数在写明的范围里，并说明理由"),
    "test_every_reward_has_a_price": N_("每样东西都有价"),
    "test_foreign_deeds_do_no_harm": N_("遇到别的插件的事、已经取消的条目，不出错"),
    "test_notices_take_any_entry": N_("任何一笔都提示得，不出错"),
    "test_offers_do_not_depend_on_the_day": N_("条目、兑换和榜单不随日子变"),
    "test_offers_have_no_fault": N_("条目不重复，都归了类"),
    "test_pages_lead_to_pages": N_("自己的页面互相连得通"),
    "test_plugin_imports_nothing_but_the_contract": N_("只用标准库、msgspec 和约定"),
    "test_plugin_is_accepted": ACCEPTED,
    "test_plugin_reads_no_clock_and_no_file": N_("不看钟、不读文件、不打印"),
    "test_reports_take_any_totals": N_("什么合计都做得成表"),
    "test_same_question_has_the_same_answer": N_("同样的问题，同样的回答"),
    "test_settings_survive_json": N_("设置存下来再读出来是一样的"),
    "test_what_the_calendar_makes_due_is_offered": N_("按日子该记的，都是自己有的条目"),
}
"""What each test of `Conformance` is called for people."""


class Grade(StrEnum):
    """What a plugin has earned."""

    NONE = "none"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at, as a message id. `why` says what is missing, and is empty where nothing is."""

    grade: Grade
    what: str
    why: str = ""

    @property
    def good(self) -> bool:
        return not self.why


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was looked at, and the grade it comes to: the last one below which nothing is missing."""

    name: str
    grade: Grade
    findings: tuple[Finding, ...]


def grade(folder: Path, begin: Callable[[str], None] = lambda _step: None) -> Report:
    """Look a plugin's folder over: the one with `pyproject.toml`, `src/` and `tests/`.

    `begin` is told each step that takes seconds before it is taken, as a message id.

    Raises ValueError where that is no plugin's folder. Its code is imported and its tests are run, as by its author.
    """
    package = package_of(folder)
    source = str(folder / "src")
    if source not in sys.path:
        sys.path.insert(0, source)
    directory = Directory(modules=[package])
    name = package.replace("_", "-")
    plugin = directory.plugins.get(name)
    if plugin is None:
        refused = "；".join(translate(fault.problem.phrase) for fault in directory.faults)
        return _report(
            name, [Finding(grade=Grade.BRONZE, what=ACCEPTED, why=refused or translate(N_("没有找到这个插件")))]
        )
    begin(N_("逐条试约定…"))
    findings = [
        *_promises(package, Grade.BRONZE, ()),
        _have(
            Grade.BRONZE,
            N_("有 README，说明它是做什么的"),
            any(folder.glob("README*")),
            N_("写一份 README：它是做什么的，几句话就行"),
        ),
    ]
    if all(finding.good for finding in findings):
        begin(N_("跑插件自己的测试…"))
        tested = _suite(folder, package)
        begin(N_("换各种设置再试…"))
        findings += _silver(folder, package, plugin, tested)
        begin(N_("查类型标注（头一次最慢）…"))
        findings += _gold(folder, plugin, tested)
    return _report(name, findings)


def package_of(folder: Path) -> str:
    """Return the name of the one package under `src/` that has a `plugin.toml`; ValueError where there is none."""
    found = sorted(folder.glob("src/*/plugin.toml"))
    if len(found) != 1:
        text = N_("%(folder)s 的 src/ 里带 plugin.toml 的包有 %(count)d 个，应该正好一个")
        raise ValueError(translate(phrase(text, folder=folder, count=len(found))))
    return found[0].parent.name


def _report(name: str, findings: Sequence[Finding]) -> Report:
    reached = Grade.NONE
    for step in (Grade.BRONZE, Grade.SILVER, Grade.GOLD):
        asked = [finding for finding in findings if finding.grade is step]
        if not asked or not all(finding.good for finding in asked):
            break
        reached = step
    return Report(name=name, grade=reached, findings=tuple(findings))


def _have(step: Grade, what: str, there: bool, why: Text) -> Finding:  # noqa: FBT001 - the one thing it is about
    return Finding(grade=step, what=what, why="" if there else translate(why))


def _promises(package: str, step: Grade, settings: Sequence[Mapping[str, object]]) -> Iterator[Finding]:
    """Keep each promise of `Conformance`, one finding each."""

    class Promised(Conformance):
        pass

    Promised.package, Promised.settings = package, settings
    for name, what in PROMISES.items():
        try:
            getattr(Promised(), name)()
        except Exception as error:  # noqa: BLE001 - whatever a plugin does, the rest is looked at
            yield Finding(grade=step, what=what, why=f"{type(error).__name__}: {error}"[:2_000])
        else:
            yield Finding(grade=step, what=what)


class _Tested(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a plugin's own tests: what they said if they did not pass, and which lines none ran."""

    fault: str = ""
    missed: str = ""


def _silver(folder: Path, package: str, plugin: Installed, tested: _Tested) -> Iterator[Finding]:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "tests").rglob("*.py")))
    yield Finding(grade=Grade.SILVER, what=N_("自己的测试都通过"), why=tested.fault)
    if plugin.name not in OURS:
        still = [file.relative_to(folder).as_posix() for file in untouched(plugin.name, folder)]
        yield _have(
            Grade.SILVER,
            N_("README 和测试是自己写的"),
            not still,
            phrase(N_("%(files)s：还是模板里的，请写上这个插件是做什么的、必须做到什么"), files=", ".join(still)),
        )
    codes = sorted({one.code for one in _offers(plugin, "items", "rewards")})
    unnamed = [code for code in codes if code not in tests]
    yield _have(
        Grade.SILVER,
        N_("每个条目、每样兑换都有测试"),
        not unnamed,
        phrase(N_("没有测试提到 %(codes)s：每样举一个例子"), codes=", ".join(unnamed[:8])),
    )
    yield _have(
        Grade.SILVER,
        N_("试过不加分的情形"),
        REFUSING.search(tests) is not None,
        N_("没有测试说明什么事不得分、什么事记不上（`def test_…_earns_nothing`）"),
    )
    others = list(_other_settings(plugin.declaration.settings))
    if others:
        faults = [finding for finding in _promises(package, Grade.SILVER, others) if not finding.good]
        yield _have(
            Grade.SILVER,
            N_("换了设置也守约定"),
            not faults,
            "; ".join(f"{translate(fault.what)}: {fault.why}" for fault in faults[:3]),
        )
    yield _have(
        Grade.SILVER,
        N_("写明作者是谁"),
        plugin.manifest.author.strip().lower() not in {"", "test", "dezhi", "author"} or plugin.name in OURS,
        N_("在 plugin.toml 里写明谁负责：author = …"),
    )


def _gold(folder: Path, plugin: Installed, tested: _Tested) -> Iterator[Finding]:
    yield Finding(grade=Grade.GOLD, what=N_("测试走过每一行"), why=tested.missed)
    yield Finding(grade=Grade.GOLD, what=N_("类型标注严格"), why=_untyped(folder))
    patterns = [_pattern(text) for text in plugin.declaration.english]
    missing = [text for text in _texts(plugin) if not any(pattern.fullmatch(text) for pattern in patterns)]
    yield _have(
        Grade.GOLD,
        N_("每句话都有英文"),
        not missing,
        phrase(
            N_("Declaration(english=…) 里少 %(count)d 句：%(texts)s"), count=len(missing), texts="、".join(missing[:5])
        ),
    )


def _suite(folder: Path, package: str) -> _Tested:
    """Run the plugin's own tests in a process of their own, watched by `coverage` where that is installed."""
    if not any((folder / "tests").rglob("test_*.py")):
        return _Tested(fault=translate(N_("没有 tests/test_….py")), missed=translate(N_("一个测试也没有")))
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        watching = find_spec("coverage") is not None
        source = ("-m", "coverage", "run", f"--data-file={data}", f"--source={folder / 'src' / package}")
        command = [
            *(
                sys.executable,
                *(source if watching else ()),
                "-m",
                "pytest",
                "-q",
                "--tb=short",
                "-p",
                "no:cacheprovider",
            ),
            *(() if _announced() else ("-p", FIXTURES)),
            *("--import-mode=importlib", "-c", str(folder / "pyproject.toml"), "--rootdir", str(folder)),
            str(folder / "tests"),
        ]
        paths = [str(folder / "src"), *(path for path in sys.path if path)]
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
            timeout=SUITE_SECONDS,
            check=False,
        )
        fault = "" if done.returncode == 0 else (done.stdout or done.stderr)[-2_000:]
        if fault:
            return _Tested(fault=fault, missed=translate(N_("测试都通过了才看得出")))
        if not watching:
            return _Tested(missed=_wants("coverage"))
        return _Tested(missed=_missed(data))


def _wants(tool: str) -> str:
    return translate(phrase(N_("看不出，要先装 %(tool)s（pip install %(tool)s）"), tool=tool))


def _missed(data: Path) -> str:
    """Say which lines no test ran."""
    result = data.with_name("result.json")
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "coverage", "json", f"--data-file={data}", "-o", str(result), "-q"],
        check=True,
        capture_output=True,
    )
    missed = [
        f"{Path(file).name}: {', '.join(map(str, told['missing_lines'][:10]))}"
        for file, told in sorted(json.loads(result.read_bytes())["files"].items())
        if told["missing_lines"]
    ]
    return "; ".join(missed)


def _announced() -> bool:
    """Tell whether pytest finds our fixtures by itself, as where dezhi is installed and not only on the path."""
    return any(point.value == FIXTURES for point in entry_points(group="pytest11"))


def _offers(plugin: Installed, *hooks: str) -> list[Any]:
    """What the plugin offers under its defaults."""
    roster = Roster(Directory(modules=[plugin.name.replace("-", "_")]), {plugin.name: {}})
    answers = [roster.ask_owner(plugin.name, hook, programme=a_programme()) for hook in hooks]
    return [one for answer in answers if isinstance(answer, Answer) for one in answer.value]


def _other_settings(kind: type[Settings]) -> Iterator[Mapping[str, object]]:
    """Give each field alone its least, its most, or each of its other choices; documents stay as they are."""
    for field in settings_form(kind):
        tries: tuple[object, ...] = ()
        match field.kind:
            case "int":
                tries = (field.ge, field.le)
            case "bool":
                tries = (not field.default,)
            case "choice":
                tries = field.choices
        for value in tries:
            chosen = {field.name: value}
            if value != field.default and _fits(chosen, kind):
                yield chosen


def _fits(chosen: Mapping[str, object], kind: type[Settings]) -> bool:
    """Tell whether the settings themselves allow a choice: fields may depend on one another."""
    try:
        msgspec.convert(chosen, kind)
    except msgspec.ValidationError:
        return False
    return True


def _texts(plugin: Installed) -> list[str]:
    """List every Chinese text of the plugin's declaration and offers that people are shown."""
    offered = _offers(plugin, "items", "rewards", "boards")
    declared = Declared(categories=plugin.declaration.categories, notice=plugin.declaration.notice)
    form = [{"title": field.title, "description": field.help} for field in settings_form(plugin.declaration.settings)]
    found: dict[str, None] = {}
    for text in _walk([msgspec.to_builtins(declared), msgspec.to_builtins(offered), form]):
        if HAN.search(text):
            found[text] = None
    return list(found)


def _pattern(text: str) -> re.Pattern[str]:
    """What a translated text stands for: `{name}` is whatever the plugin puts there."""
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text)))


def _walk(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(inner, key)
    elif isinstance(value, str) and key in TEXTS:
        yield value


def _untyped(folder: Path) -> str:
    """Say what a strict type checker says; needs `mypy`."""
    if find_spec("mypy") is None:
        return _wants("mypy")
    here = Path(dezhi.__file__).parents[1]
    # A checkout is no installed package, which mypy would find by itself and does not want to be told of.
    roots = [str(folder / "src"), *([] if here.name == "site-packages" else [str(here)])]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", str(folder / "src")],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "MYPYPATH": os.pathsep.join(roots)},
        check=False,
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-1_000:]
