"""A plugin from a file runs in a chamber: it answers as one that runs here, and what it breaks is its own chamber."""

import asyncio
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from dezhi.core.programmes import Enabled
from dezhi.host import Answer, Directory, Failure, Roster, Rosters, wire
from dezhi.host.forms import fill_settings, settings_form
from dezhi.plugin import (
    Amount,
    Asset,
    Award,
    Cell,
    Facts,
    Grid,
    Page,
    Paragraph,
    Participant,
    PastDeed,
    Role,
    Rows,
    Total,
    Workbook,
    hooks,
)
from dezhi.testing import A_DAY, A_HOLDER, a_deed, a_programme
from parcels import keep, parcel, toml_of
from workshop import GOOD

DEED = a_deed("trial/thing")
ASK = {"programme": a_programme(), "deed": DEED, "facts": {}}
PATIENCE = 30

CHOOSY = """
from typing import Annotated, Literal
import msgspec
from dezhi.plugin import *

class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    points: Annotated[int, msgspec.Meta(ge=1)]

class Choices(Settings, frozen=True):
    most: Annotated[int, msgspec.Meta(ge=1, le=9, title="最多", description="几次")] = 3
    bold: Annotated[bool, msgspec.Meta(title="大字", description="是不是")] = False
    word: Annotated[str, msgspec.Meta(max_length=5, title="一句", description="什么")] = "好"
    kind: Annotated[Literal["b", "a"], msgspec.Meta(title="哪种", description="选")] = "b"
    rows: Annotated[tuple[Row, ...], msgspec.Meta(title="行", description="每行")] = ()

PLUGIN = Declaration(settings=Choices, notice="看")

@hook
def boards(settings):
    return [Board(code=f"b{settings.most}", title=settings.word, kind=BoardKind.GOAL, target=settings.rows[0].points,
        weights=(Weight(asset=Asset.MORAL),), window=Window.YEAR, unit_label="分")]
"""

BAD = {
    "loop": "while True: pass",
    "sleep": "import time; time.sleep(60)",
    "exit": "import os; os._exit(3)",
    "memory": "bytearray(2_000_000_000)",
    "segfault": "import faulthandler; faulthandler._sigsegv()",
    "deep": "import sys; sys.setrecursionlimit(10**9); f = lambda: f(); f()",
}


def bad(line: str) -> str:
    """A plugin that scores once in its life with `line`, its imports hidden from who reads it before it runs."""
    if found := re.match(r"import ([a-z0-9, ]+); ", line):
        names = found[1].split(", ")
        line = "".join(f"{name} = __import__({name!r}); " for name in names) + line[found.end() :]
    return GOOD.replace("    return awards_as_declared", f"    {line}\n    return awards_as_declared")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "plugins"


@pytest.fixture
def opened(store: Path) -> Iterator[list[Directory]]:
    made: list[Directory] = []
    yield made
    for directory in made:
        directory.close()


def directory_of(store: Path, opened: list[Directory]) -> Directory:
    opened.append(Directory(store=store))
    return opened[-1]


def value(answer: Answer | Failure) -> Any:
    assert isinstance(answer, Answer), answer
    return answer.value


def failure_of(answer: Answer | Failure) -> str:
    assert isinstance(answer, Failure), answer
    return answer.code


def test_it_answers_as_one_that_runs_here(store: Path, tmp_path: Path, opened: list[Directory]) -> None:
    keep(store, parcel(tmp_path))
    directory = directory_of(store, opened)
    assert directory.faults == ()
    roster = Roster(directory, {"trial": {}})
    (award,) = value(roster.ask_owner("trial", "score", **ASK))
    assert (award.amount, award.asset.value) == (3, "moral")
    assert [item.code for item in value(roster.ask_owner("trial", "items", programme=a_programme()))] == ["thing"]
    assert roster.categories["trial"][0].title == "试"


@pytest.mark.row("PL-07")
def test_the_same_question_has_the_same_answer_here_in_a_chamber_and_in_another(
    store: Path, tmp_path: Path, opened: list[Directory]
) -> None:
    answers = []
    for _ in range(2):
        keep(store, parcel(tmp_path))
        answers.append(Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK))
    folder = tmp_path / "here" / "trial"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(GOOD, "utf-8")
    (folder / "plugin.toml").write_text(toml_of(), "utf-8")
    answers.append(Roster(Directory(folders=[folder]), {"trial": {}}).ask_each("score", **ASK))
    assert answers[0] == answers[1] == answers[2]


def test_its_settings_are_a_form_and_its_documents_are_checked_where_it_runs(
    store: Path, tmp_path: Path, opened: list[Directory]
) -> None:
    keep(store, parcel(tmp_path, CHOOSY, permissions='["board"]'))
    directory = directory_of(store, opened)
    assert directory.faults == ()
    kind = directory.plugins["trial"].declaration.settings
    fields = settings_form(kind)
    assert [(one.name, one.kind, one.default) for one in fields] == [
        ("most", "int", 3),
        ("bold", "bool", False),
        ("word", "str", "好"),
        ("kind", "choice", "b"),
        ("rows", "document", []),
    ]
    assert fields[3].choices == ("b", "a")
    assert fill_settings(kind, {"most": "12"})[1][0].field == "most"
    roster = Roster(directory, {"trial": {"most": 4, "rows": [{"points": 7}]}})
    (board,) = value(roster.ask_owner("trial", "boards", programme=a_programme()))
    assert (board.code, board.target) == ("b4", 7)
    odd = Roster(directory, {"trial": {"rows": [{"points": 0}]}}).ask_owner("trial", "boards", programme=a_programme())
    assert isinstance(odd, Failure)
    assert Roster(directory, {"trial": {"stray": 1}}).absent["trial"].code == "plugin-settings"


@pytest.mark.row("PL-05")
@pytest.mark.parametrize("how", BAD)
def test_what_breaks_a_chamber_is_held_at_once_and_others_go_on(
    store: Path, tmp_path: Path, opened: list[Directory], how: str
) -> None:
    keep(store, parcel(tmp_path, bad(BAD[how])))
    keep(store, parcel(tmp_path, name="good-one"))
    directory = directory_of(store, opened)
    told: list[str] = []
    directory.ward.told = lambda held: told.append(f"{held.key.plugin} {held.hook} {held.reason}")
    roster = Roster(directory, {"trial": {}, "good-one": {}})
    began = time.monotonic()
    good, broken = roster.ask_each("score", **ASK)
    assert time.monotonic() - began < PATIENCE
    assert isinstance(good, Answer)
    assert isinstance(broken, Failure)
    assert told == [f"trial score {broken.code}"]
    again = roster.ask_each("score", **ASK)
    assert isinstance(again[0], Answer)
    assert isinstance(again[1], Failure)
    assert again[1].code == "plugin-held"
    assert roster.ask_each("items", programme=a_programme())[1].code == "plugin-held"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("import importlib; importlib.import_module('so' + 'cket').socket()", "PermissionError"),
        ("open('/tmp/x', 'w')", "PermissionError"),
        ("import os; os.system('true')", "PermissionError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit", "SystemExit"),
        ("deed.date = None", "AttributeError"),
        ("f = lambda: f(); f()", "RecursionError"),
    ],
)
def test_what_it_may_not_do_is_its_own_failure(
    store: Path, tmp_path: Path, opened: list[Directory], line: str, named: str
) -> None:
    keep(store, parcel(tmp_path, bad(line)))
    (failed,) = Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK)
    assert isinstance(failed, Failure)
    assert failed.code == "plugin-raised"
    assert named in failed.text


@pytest.mark.row("PL-04")
@pytest.mark.parametrize(
    "way",
    [
        "import sqlite3; sqlite3.connect({ledger!r}).execute('DELETE FROM entry')",
        "import os; os.write(os.open({ledger!r}, os.O_WRONLY), b'x')",
        "open({ledger!r}, 'r+b').write(b'x')",
        "import os; os.remove({ledger!r})",
        "import os; os.truncate({ledger!r}, 0)",
        "import shutil; shutil.copy(__file__, {ledger!r})",
        "import os; os.chmod({ledger!r}, 0)",
        "import importlib; importlib.import_module('cty' + 'pes').CDLL(None).truncate({ledger!r}.encode(), 0)",
    ],
)
def test_no_way_to_the_ledgers_file_opens(store: Path, tmp_path: Path, opened: list[Directory], way: str) -> None:
    ledger = tmp_path / "dezhi.db"
    with closing(sqlite3.connect(ledger)) as db, db:
        db.execute("CREATE TABLE entry (points)")
        db.execute("INSERT INTO entry VALUES (5)")
    before = ledger.read_bytes()
    keep(store, parcel(tmp_path, bad(way.format(ledger=str(ledger)))))
    (failed,) = Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK)
    assert isinstance(failed, Failure), failed
    assert ledger.read_bytes() == before


@pytest.mark.row("PL-04")
@pytest.mark.parametrize(
    "way",
    [
        "open({key!r}).read()",
        "import pathlib; pathlib.Path({key!r}).read_bytes()",
        "import os; os.open({key!r}, os.O_RDONLY)",
        "open('/proc/self/../' + str(__import__('os').getppid()) + '/environ').read()",
        "open(__file__ + '/../../../../../key').read()",
    ],
)
def test_no_file_of_the_house_can_be_read(store: Path, tmp_path: Path, opened: list[Directory], way: str) -> None:
    """What could be read could be told in a reason: names, numbers of identity cards, and the key to them."""
    key = tmp_path / "key"
    key.write_text("secret", "utf-8")
    keep(store, parcel(tmp_path, bad(way.format(key=str(key)))))
    (failed,) = Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK)
    assert isinstance(failed, Failure), failed
    assert failed.code == "plugin-raised"
    assert "PermissionError" in failed.text or "FileNotFoundError" in failed.text


def test_its_own_files_and_the_standard_library_can_be_read(
    store: Path, tmp_path: Path, opened: list[Directory]
) -> None:
    """Also late, within a hook, and a time zone's table."""
    line = (
        "import decimal, pathlib, zoneinfo; zoneinfo.ZoneInfo('Asia/Urumqi');"
        " assert pathlib.Path(__file__).with_name('rows.txt').read_text() == 'rows'; from . import more"
    )
    files = {"trial/rows.txt": "rows", "trial/more.py": "import colorsys"}
    keep(store, parcel(tmp_path, bad(line), more=files))
    (answer,) = Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK)
    assert len(value(answer)) == 1


def test_it_finds_nothing_of_the_house(store: Path, tmp_path: Path, opened: list[Directory]) -> None:
    look = (
        "import os, sys; print('x' * 3_000_000); sys.stderr.write('y' * 3_000_000); sys.stdin.read();"
        " assert not os.environ.keys() - {'LC_CTYPE', 'PYTHONHASHSEED'} and os.getcwd() == '/';"
        " assert 'dezhi.store' not in sys.modules and 'dezhi.service' not in sys.modules"
    )
    keep(store, parcel(tmp_path, bad(look)))
    (answer,) = Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK)
    assert len(value(answer)) == 1


def test_nonsense_is_told_apart(store: Path, tmp_path: Path, opened: list[Directory]) -> None:
    keep(store, parcel(tmp_path, bad("return 'five'")))
    (failed,) = Roster(directory_of(store, opened), {"trial": {}}).ask_each("score", **ASK)
    assert isinstance(failed, Failure)
    assert failed.code == "plugin-nonsense"


@pytest.mark.row("PL-12")
@pytest.mark.parametrize("code", ["while True: pass", "__import__('os')._exit(0)", "bytearray(2_000_000_000)", "1 / 0"])
def test_one_that_breaks_while_it_is_read_in_never_stops_another(
    store: Path, tmp_path: Path, opened: list[Directory], code: str
) -> None:
    keep(store, parcel(tmp_path, code))
    keep(store, parcel(tmp_path, name="good-one"))
    directory = directory_of(store, opened)
    assert list(directory.plugins) == ["good-one"]
    assert [(fault.name, fault.problem.code) for fault in directory.faults] == [("trial", "plugin-import")]


async def test_whoever_does_not_ask_it_does_not_wait_for_a_chamber(
    store: Path, tmp_path: Path, opened: list[Directory]
) -> None:
    keep(store, parcel(tmp_path, bad(BAD["loop"])))
    directory = directory_of(store, opened)
    asking = asyncio.ensure_future(Roster(directory, {"trial": {}}).each("score", **ASK))
    turns = 0
    while not asking.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 5
    assert failure_of(asking.result()[0]) == "plugin-slow"


async def test_of_many_who_ask_a_bad_one_at_once_one_waits_for_it(
    store: Path, tmp_path: Path, opened: list[Directory]
) -> None:
    keep(store, parcel(tmp_path, bad(BAD["loop"])))
    keep(store, parcel(tmp_path, name="good-one"))
    directory = directory_of(store, opened)
    roster = Roster(directory, {"trial": {}, "good-one": {}})
    impatient = asyncio.ensure_future(roster.owner("trial", "score", **ASK))
    asked = [asyncio.ensure_future(roster.owner("trial", "score", **ASK)) for _ in range(4)]
    good = asyncio.ensure_future(roster.owner("good-one", "score", **ASK))
    await asyncio.sleep(0.1)
    impatient.cancel()  # what it found is known all the same
    assert {failure_of(one) for one in await asyncio.gather(*asked)} == {"plugin-held"}
    assert len(value(await good)) == 1
    assert failure_of(await roster.owner("gone", "score", **ASK)) == "plugin-not-enabled"
    assert value(await roster.owner("good-one", "check", **ASK)) is None


def test_two_versions_answer_side_by_side(store: Path, tmp_path: Path, opened: list[Directory]) -> None:
    keep(store, parcel(tmp_path))
    keep(store, parcel(tmp_path, GOOD.replace("=3", "=4"), version="1.1.0"))
    directory = directory_of(store, opened)
    rosters = Rosters(directory)
    amounts = [
        value(rosters.of(number, {"trial": Enabled(version=version)}).ask_owner("trial", "score", **ASK))[0].amount
        for number, version in enumerate(["1.0.0", "1.1.0", "1.0.5"])
    ]
    assert amounts == [3, 4, 4]
    assert rosters.of(3, {"trial": Enabled(version="2.0.0")}).absent["trial"].code == "plugin-version"


async def test_what_is_installed_or_taken_away_meanwhile_is_noticed(
    store: Path, tmp_path: Path, opened: list[Directory]
) -> None:
    directory = directory_of(store, opened)
    rosters = Rosters(directory)
    assert rosters.of(1, {"trial": {}}).absent["trial"].code == "plugin-missing"
    keep(store, parcel(tmp_path))
    assert await directory.refresh()
    assert not await directory.refresh()
    assert not rosters.of(1, {"trial": {}}).absent


def test_whatever_a_hook_takes_and_answers_travels_as_it_is() -> None:
    doer = Participant(role=Role.DOER, household=7, person=9)
    past = PastDeed(item="thing", date=A_DAY, doer=doer, earned=(Amount(asset=Asset.HOURS, amount=60),))
    deed = msgspec.structs.replace(DEED, answers=(("n", 3), ("who", "a"), ("yes", True), ("marks", (1, 2))), minutes=5)
    given: dict[tuple[str, str], object] = {
        ("score", "deed"): msgspec.structs.replace(deed, participants=(doer,)),
        ("score", "programme"): a_programme(),
        ("schedule", "day"): A_DAY,
        ("reports", "totals"): (Total(item="x", month=A_DAY, asset=Asset.MORAL, times=1, amount=2, households=5),),
        ("read_sheet", "workbook"): Workbook(grids=(Grid(name="表", cells=(Cell(row=1, column=1, text="做好事"),)),)),
        ("quote", "holder"): A_HOLDER,
    }
    for (hook, word), value_given in given.items():
        got = wire.argument(hook, word, wire.raw(value_given))
        assert got == value_given or list(got) == list(value_given)  # type: ignore[call-overload]
    facts = wire.argument("score", "facts", wire.raw(Facts({"n": 2}, {"helped": (past,)})))
    assert isinstance(facts, Facts)
    assert (facts.n, facts.past("helped")) == (2, (past,))
    for hook in hooks.PERMISSION_OF:
        for word in get_type_hints(getattr(hooks, hook)):
            if word not in {"settings", "return"}:
                with pytest.raises(msgspec.MsgspecError):
                    wire.argument(hook, word, msgspec.Raw(b"\xc1"))
    page = Page(title="页", blocks=(Paragraph(text="一"), Rows(columns=("a",), rows=(("b",),))))
    for answer in (page, None, (past, "five"), ()):
        told = msgspec.msgpack.decode(msgspec.msgpack.encode(wire.said(answer)), type=wire.Said)
        assert wire.meant(told) == ((past, "'five'") if isinstance(answer, tuple) and answer else answer)
    odd = Award(item="x", asset="gold", amount="many", reason="")  # type: ignore[arg-type]
    assert wire.meant(wire.said((odd,))) == (odd,)
