import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import msgspec
import openpyxl
import pytest

from dezhi.core.errors import Problem
from dezhi.core.rosters import HouseholdRoster
from dezhi.service.rosters import RosterDesk
from dezhi.service.uploads import FILE_MAX, read_sheet
from township import Township

HEADER = ("户号", "网格", "地址", "姓名", "与户主关系", "出生日期")
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "建国秀兰志强玉梅海燕春花德福永红"


def workbook(rows: Iterable[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def five_hundred() -> list[list[object]]:
    """Return 500 rows in 125 households, 20 of them wrong in ten ways; the first row is the spreadsheet's second."""
    rows: list[list[object]] = []
    relations = ("户主", "妻", "长子", "儿媳")
    for n in range(500):
        home, place = divmod(n, 4)
        name = SURNAMES[home % 20] + GIVEN[2 * (n % 8)] + GIVEN[(2 * place + home + 1) % 16]
        day = date(1950 + 12 * (place // 2) + home % 9, 1 + n % 12, 1 + n % 28)
        rows.append(
            [f"{home + 1:03}", str(home // 50 + 1), f"{home // 50 + 1}组{home + 1}号", name, relations[place], day]
        )
    spoil = [
        lambda row: row.__setitem__(0, ""),
        lambda row: row.__setitem__(0, "户号太长太长太长太长太长太长太长太长太长太长太长"),
        lambda row: row.__setitem__(3, None),
        lambda row: row.__setitem__(3, "=SUM(A1)+张"),
        lambda row: row.__setitem__(3, "张三(已故)"),
        lambda row: row.__setitem__(4, "邻居"),
        lambda row: row.__setitem__(4, "户主"),
        lambda row: row.__setitem__(5, "1956-02-30"),
        lambda row: row.__setitem__(5, "明年"),
        lambda row: row.__setitem__(1, "99"),
    ]
    for n in range(20):
        spoil[n % 10](rows[n * 25 + 1 + n % 3 if (n * 25 + 1 + n % 3) % 4 else n * 25 + 2 + n % 3])
    return rows


@pytest.fixture
def rosters(town: Township) -> RosterDesk:
    return RosterDesk(town.database, town.clock, town.places)


async def count(town: Township) -> tuple[int, int, int]:
    row = await town.database.row(
        "SELECT (SELECT count(*) FROM household) AS a, (SELECT count(*) FROM person) AS b,"
        " (SELECT count(*) FROM membership) AS c"
    )
    assert row is not None
    return row["a"], row["b"], row["c"]


@pytest.mark.row("HH-12")
async def test_of_five_hundred_rows_with_twenty_errors_480_go_in_and_20_are_explained(
    town: Township, rosters: RosterDesk
) -> None:
    roster = await rosters.read(workbook([HEADER, *five_hundred()]))
    preview = await rosters.preview(town.yinger.id, roster)
    assert await count(town) == (0, 0, 0)  # a preview changes nothing
    assert (preview.rows_read, preview.rows_in, preview.persons_new, preview.households_new) == (500, 480, 480, 125)
    assert len({fault.row for fault in preview.faults}) == 20
    assert all(2 <= fault.row <= 501 and fault.problem().say() for fault in preview.faults)
    assert preview.grids_new == ("第1网格", "第2网格", "第3网格")

    kept = msgspec.json.decode(
        msgspec.json.encode(roster), type=HouseholdRoster
    )  # as a page keeps it until the confirmation
    assert await rosters.commit(town.yinger.id, kept) == preview
    assert await count(town) == (125, 480, 480)
    homes = await town.people.list_below(town.yinger.id)
    assert [home.number for home in homes] == [f"{n:03}" for n in range(1, 126)]
    assert all(home.head and home.grid_name and home.address for home in homes)
    assert [found.label for found in await town.people.search(town.yinger.id, "001")] == [homes[0].label]
    assert [grid.code for grid in await town.places.grids(town.yinger.id)] == ["01", "02", "03", "04"]


@pytest.mark.row("HH-12")
async def test_a_roster_uploaded_twice_changes_nothing_the_second_time(town: Township, rosters: RosterDesk) -> None:
    roster = await rosters.read(workbook([HEADER, *five_hundred()]))
    await rosters.commit(town.yinger.id, roster)
    before = await count(town)
    again = await rosters.commit(town.yinger.id, roster)
    assert (again.persons_new, again.persons_known, again.rows_in, again.grids_new) == (0, 480, 480, ())
    assert await count(town) == before


async def test_a_corrected_roster_adds_what_was_missing(town: Township, rosters: RosterDesk) -> None:
    home = await town.family()
    rows = [
        HEADER,
        ("012", "", "", "李小明", "户主", "1956-03-02"),
        ("012", "", "", "李小明", "孙子", "2010-01-01"),  # of his grandfather's name
        ("012", "", "", "王秀兰", "妻", ""),
    ]
    done = await rosters.commit(town.yinger.id, await rosters.read(workbook(rows)))
    assert (done.persons_known, done.persons_new, done.households_new) == (2, 1, 0)
    assert done.faults == ()
    other = await rosters.preview(town.yinger.id, await rosters.read("户号,姓名,关系\n012,赵敏,户主\n".encode()))
    assert [(fault.row, fault.code) for fault in other.faults] == [(2, "head-twice")]
    assert "李小明" in other.faults[0].problem().say()
    now = await town.people.household(home.id)
    assert sorted((member.name, member.relation) for member in now.members) == [
        ("李小明", "孙子"),
        ("李小明", "户主"),
        ("李建国", "长子"),
        ("王秀兰", "妻"),
    ]


async def test_a_household_without_a_head_goes_in_and_is_named(town: Township, rosters: RosterDesk) -> None:
    preview = await rosters.commit(
        town.yinger.id, await rosters.read("户号,姓名,关系\n7,张三,子\n8,李四,户主\n".encode())
    )
    assert (preview.rows_in, preview.without_head) == (2, ("7",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
async def test_a_csv_file_is_read_in_every_encoding_excel_writes(
    rosters: RosterDesk, encoding: str, delimiter: str
) -> None:
    text = '户号,姓名,与户主关系,地址\r\n012,李小明,户主,"渠边,3号"\r\n'.replace(",", delimiter)
    (line,) = (await rosters.read(text.encode(encoding))).lines
    assert (line.number, line.name, line.address) == ("012", "李小明", f"渠边{delimiter}3号".replace("\t", " "))


async def test_a_number_merged_down_counts_for_each_row(rosters: RosterDesk) -> None:
    rows = [
        HEADER,
        ("5", "", "", "张三", "户主", ""),
        (None, "", "", "李四", "妻", ""),
        ("6", "", "", "王五", "户主", ""),
    ]
    roster = await rosters.read(workbook(rows, merged=["A2:A3"]))
    assert [(line.number, line.name) for line in roster.lines] == [("5", "张三"), ("5", "李四"), ("6", "王五")]


async def test_formulas_are_not_calculated(rosters: RosterDesk) -> None:
    roster = await rosters.read(workbook([HEADER, ("1", "", '=HYPERLINK("http://x")', "张三", "户主", "")]))
    assert [line.address for line in roster.lines] == [""]  # openpyxl wrote no value for it
    (fault,) = (await rosters.read("户号,姓名,关系\n1,\"=cmd|' /C calc'!A0\",户主\n".encode())).faults
    assert fault.code == "name-strange"


async def test_the_template_can_be_filled_and_uploaded(rosters: RosterDesk) -> None:
    filled = rosters.template() + "1,1,渠边,张三,户主,1956-03-02\r\n".encode()
    (line,) = (await rosters.read(filled)).lines
    assert (line.grid, line.birth_date) == ("第1网格", date(1956, 3, 2))


def repack(data: bytes, **changed: bytes) -> bytes:
    """Return the workbook with some members replaced or added; `__` in a name stands for a slash."""
    new = {name.replace("__", "/"): content for name, content in changed.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in old.infolist():
            if member.filename not in new:
                kept.writestr(member.filename, old.read(member))
        for name, content in new.items():
            kept.writestr(name, content)
    return packed.getvalue()


def far_cell(place: str, *, told: bool = True) -> bytes:
    """Return a sheet with two cells, the second far away."""
    row = "".join(sign for sign in place if sign.isdigit())
    cell = f'<c r="{place}"><v>1</v></c>' if told else "<c><v>1</v></c>"
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}">{cell}</row></sheetData></worksheet>'
    ).encode()


SMALL = workbook([HEADER, ("1", "", "", "张三", "户主", "")])


SHEET = "xl__worksheets__sheet1.xml"

BAD_FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("sheet-empty", bytes),
    "only commas": ("sheet-empty", lambda: b"\n\n,,\n"),
    "more than 5 MB": ("sheet-large", lambda: b"x" * (FILE_MAX + 1)),
    "an old or encrypted workbook": ("sheet-old", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 500),
    "a zip's first bytes": ("sheet-broken", lambda: b"PK\x03\x04" + b"\0" * 500),
    "half a workbook": ("sheet-broken", lambda: SMALL[: len(SMALL) // 2]),
    "a program": ("sheet-broken", lambda: b"\x00\x01\x02" * 50),
    "no text in any encoding": ("sheet-broken", lambda: b"\xff" * 99),
    "a CSV with an open quote": ("sheet-broken", '户号,姓名\n"1,张三'.encode),
    "a broken sheet": ("sheet-broken", lambda: repack(SMALL, **{SHEET: b"<x"})),
    "no sheet": ("sheet-broken", lambda: repack(SMALL, **{"xl__workbook.xml": b"<none"})),
    "a cell that hides its place": ("sheet-broken", lambda: repack(SMALL, **{SHEET: far_cell("A&#49;048576")})),
    "a cell in the last corner": ("roster-rows", lambda: repack(SMALL, **{SHEET: far_cell("XFD1048576")})),
    "a cell in the last row": ("roster-rows", lambda: repack(SMALL, **{SHEET: far_cell("A1048576")})),
    "a cell without a place": ("roster-rows", lambda: repack(SMALL, **{SHEET: far_cell("A1048576", told=False)})),
    "a cell in the last column": ("roster-columns", lambda: repack(SMALL, **{SHEET: far_cell("XFD2")})),
    "a row of a million cells": (
        "roster-columns",
        lambda: repack(
            SMALL, **{SHEET: far_cell("A1").replace(b"</c></row>", b"</c>" + b"<c><v>1</v></c>" * 10**6, 1)}
        ),
    ),
    "a sheet of 60 MB": ("sheet-bomb", lambda: repack(SMALL, **{SHEET: b" " * 60_000_000})),
    "a picture of 60 MB": ("sheet-bomb", lambda: repack(SMALL, **{"xl__media__image1.png": b"\0" * 60_000_000})),
    "three hundred members": ("sheet-bomb", lambda: repack(SMALL, **{f"xl__{n}": b"" for n in range(300)})),
}


@pytest.mark.parametrize("file", BAD_FILES)
def test_a_file_that_is_broken_or_a_bomb_is_refused_in_words(file: str) -> None:
    code, make = BAD_FILES[file]
    with pytest.raises(Problem) as refused:
        read_sheet(make())
    assert refused.value.code == code
    assert refused.value.say()


def test_a_zip_that_lies_about_its_sizes_unpacks_no_further_than_it_says() -> None:
    bomb = bytearray(repack(SMALL, **{SHEET: b" " * 60_000_000}))
    told = (60_000_000).to_bytes(4, "little")
    assert bomb.count(told) == 2  # in the member's own head and in the list at the end
    with pytest.raises(Problem, match="sheet-broken"):
        read_sheet(bytes(bomb.replace(told, (100).to_bytes(4, "little"))))


def test_cells_that_hold_nothing_may_lie_anywhere() -> None:
    """Many sheets are painted down to the last row."""
    sheet = far_cell("A1048576").replace(b"><v>1</v></c></row></sheetData>", b"/></row></sheetData>")
    assert len(read_sheet(repack(SMALL, **{SHEET: sheet}))) == 1


@pytest.mark.alone
async def test_a_whole_township_s_roster_is_read_in_seconds(town: Township, rosters: RosterDesk) -> None:
    rows = [
        (str(n // 3), "", "", "张三李四王五"[n % 3 * 2 :][:2], ("户主", "妻", "子")[n % 3], "") for n in range(20_000)
    ]
    roster = await rosters.read(("户号,网格,地址,姓名,关系,出生日期\n" + "\n".join(map(",".join, rows))).encode())
    done = await rosters.commit(town.yinger.id, roster)
    assert (done.rows_in, done.households_new) == (20_000, 6_667)
